from django.urls import path

from spo.tenders import views

urlpatterns = [
    path("tenders/", views.tenders, name="tenders"),
    path("tenders/new/", views.tender_new, name="tender_new"),
    path("tenders/<uuid:pk>/edit/", views.tender_edit, name="tender_edit"),
    path("tenders/<uuid:pk>/criteria/new/", views.criterion_new, name="criterion_new"),
    path("tenders/<uuid:pk>/open/", views.tender_open, name="tender_open"),
    path("criteria/<uuid:pk>/remove/", views.criterion_remove, name="criterion_remove"),
]
