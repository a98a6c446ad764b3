from django.urls import path

from community import views

urlpatterns = [
    path("activities/", views.activities, name="activities"),
    path("providers/introduction/", views.introduction, name="introduction"),
    path("activities/new/", views.activity_new, name="activity_new"),
    path("activities/<uuid:pk>/", views.activity, name="activity"),
    path("activities/<uuid:pk>/edit/", views.activity_edit, name="activity_edit"),
    path("activities/<uuid:pk>/publish/", views.activity_publish, name="activity_publish"),
    path("activities/<uuid:pk>/impacts/new/", views.impact_new, name="impact_new"),
    path("activities/<uuid:pk>/needs/new/", views.need_new, name="need_new"),
    path("impacts/<uuid:pk>/remove/", views.impact_remove, name="impact_remove"),
    path("needs/<uuid:pk>/remove/", views.need_remove, name="need_remove"),
    path("providers/new/", views.provider_new, name="provider_new"),
]
