from django.urls import path

from research import views

urlpatterns = [
    path("research/", views.publications, name="publications"),
    path("research/of/<uuid:pk>/", views.publications_of, name="publications_of"),
    path("research/of/<uuid:pk>/new/", views.publication_new, name="publication_new"),
    path("research/<uuid:pk>/", views.publication, name="publication"),
    path("research/<uuid:pk>/publish/", views.publication_publish, name="publication_publish"),
]
