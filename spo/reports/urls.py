from django.urls import path

from spo.reports import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/new/", views.report_new, name="report_new"),
    path("reports/<uuid:pk>/", views.report, name="report"),
    path("reports/<uuid:pk>/making/", views.report_making, name="report_making"),
    path("reports/<uuid:pk>/live/", views.report_live, name="report_live"),
    path("reports/<uuid:pk>/again/", views.report_again, name="report_again"),
    path("reports/<uuid:pk>/pdf/", views.report_pdf, name="report_pdf"),
    path("reports/<uuid:pk>/csv/", views.report_csv, name="report_csv"),
]
