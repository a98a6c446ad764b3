from django.urls import path

from spo.delivery import views

urlpatterns = [
    path("progress/", views.public_progress, name="public_progress"),
    path("contracts/<uuid:pk>/progress/", views.progress, name="progress"),
    path("contracts/<uuid:pk>/live/", views.progress_live, name="progress_live"),
    path("contracts/<uuid:pk>/claim/", views.claim, name="claim"),
    path("deliveries/", views.deliveries, name="deliveries"),
    path("deliveries/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("deliveries/<uuid:pk>/correct/", views.correct, name="correct"),
    path("deliveries/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("deliveries/<uuid:pk>/dispute/", views.dispute, name="dispute"),
    path("deliveries/<uuid:pk>/evidence/", views.evidence, name="evidence"),
]
