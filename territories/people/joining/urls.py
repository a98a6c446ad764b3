from django.urls import path

from territories.people.joining import views

urlpatterns = [
    path("join/", views.join, name="join"),
    path("join/link/<str:token>/", views.application_link, name="application_link"),
    path("join/<str:reference>/", views.application, name="application"),
    path("join/<str:reference>/change/", views.application_change, name="application_change"),
    path("t/<slug:slug>/applications/", views.applications, name="applications"),
    path("t/<slug:slug>/applications/welcome/", views.welcome, name="welcome"),
    path("t/<slug:slug>/applications/<int:pk>/", views.review, name="application_review"),
    path("t/<slug:slug>/applications/<int:pk>/approve/", views.approve, name="application_approve"),
    path("t/<slug:slug>/applications/<int:pk>/return/", views.send_back, name="application_return"),
    path("t/<slug:slug>/applications/<int:pk>/refuse/", views.refuse, name="application_refuse"),
]
