from django.urls import path

from spo.tenders import views

urlpatterns = [
    path("tenders/", views.tenders, name="tenders"),
    path("tenders/waiting/", views.tenders_waiting, name="tenders_waiting"),
    path("tenders/new/", views.tender_new, name="tender_new"),
    path("tenders/<uuid:pk>/", views.tender, name="tender"),
    path("tenders/<uuid:pk>/now/", views.tender_now, name="tender_now"),
    path("tenders/<uuid:pk>/live/", views.tender_live, name="tender_live"),
    path("tenders/<uuid:pk>/edit/", views.tender_edit, name="tender_edit"),
    path("tenders/<uuid:pk>/criteria/new/", views.criterion_new, name="criterion_new"),
    path("tenders/<uuid:pk>/panel/new/", views.panel_new, name="panel_new"),
    path("tenders/<uuid:pk>/open/", views.tender_open, name="tender_open"),
    path("tenders/<uuid:pk>/bid/", views.bid_new, name="bid_new"),
    path("tenders/<uuid:pk>/declaration/", views.declaration, name="declaration"),
    path("tenders/<uuid:pk>/scoring/", views.tender_close, name="tender_close"),
    path("tenders/<uuid:pk>/settle/", views.tender_settle, name="tender_settle"),
    path("tenders/<uuid:pk>/award/", views.award, name="award"),
    path("criteria/<uuid:pk>/remove/", views.criterion_remove, name="criterion_remove"),
    path("bids/<uuid:pk>/", views.bid, name="bid"),
    path("bids/<uuid:pk>/score/", views.bid_score, name="bid_score"),
    path("bids/<uuid:pk>/moderation/", views.moderate, name="moderate"),
]
