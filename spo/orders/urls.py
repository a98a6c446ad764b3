from django.urls import path

from spo.orders import views

urlpatterns = [
    path("orders/", views.orders, name="orders"),
    path("orders/new/", views.order_new, name="order_new"),
    path("orders/<uuid:pk>/", views.order, name="order"),
    path("orders/<uuid:pk>/lines/", views.order_lines, name="order_lines"),
    path("orders/<uuid:pk>/live/", views.order_live, name="order_live"),
    path("orders/<uuid:pk>/edit/", views.order_edit, name="order_edit"),
    path("orders/<uuid:pk>/offer/", views.order_offer, name="order_offer"),
    path("orders/<uuid:pk>/take-back/", views.order_take_back, name="order_take_back"),
    path("orders/<uuid:pk>/commitments/new/", views.commitment_new, name="commitment_new"),
    path("commitments/<uuid:pk>/edit/", views.commitment_edit, name="commitment_edit"),
    path("commitments/<uuid:pk>/remove/", views.commitment_remove, name="commitment_remove"),
    path("commitments/<uuid:pk>/agree/", views.commitment_agree, name="commitment_agree"),
    path("commitments/<uuid:pk>/return/", views.commitment_return, name="commitment_return"),
]
