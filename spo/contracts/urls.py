from django.urls import path

from spo.contracts import views

urlpatterns = [
    path("contracts/", views.contracts, name="contracts"),
    path("contracts/of/<uuid:pk>/", views.contract_of, name="contract_of"),
    path("contracts/of/<uuid:pk>/lock/", views.lock_in, name="lock_in"),
    path("contracts/<uuid:pk>/", views.contract, name="contract"),
    path("contracts/<uuid:pk>/sign/", views.contract_sign, name="contract_sign"),
]
