"""Of allauth's own addresses only the one that it has to know by name: nobody signs up or connects by hand."""

from django.urls import path

from territories.people.openid import views

urlpatterns = [
    path("<slug:provider_id>/", views.sign_in, name="openid_sign_in"),
    path("<slug:provider_id>/callback/", views.come_back, name="openid_connect_callback"),
]
