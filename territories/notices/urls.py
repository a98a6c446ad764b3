from django.urls import path

from territories.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
    path("letters/", views.letters, name="letters"),
]
# Of the public site.
public = [
    path("notices/", views.notices_public, name="notices"),
    path("notices/read/", views.notices_read_public, name="notices_read"),
    path("account/letters/", views.wishes, name="wishes"),
    path("stop/<str:token>/", views.stop_letters, name="stop_letters"),
]
