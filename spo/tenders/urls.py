from django.urls import path

from spo.tenders.views import bidding, running, scoring

urlpatterns = [
    path("tenders/", running.tenders, name="tenders"),
    path("tenders/waiting/", running.tenders_waiting, name="tenders_waiting"),
    path("tenders/new/", running.tender_new, name="tender_new"),
    path("tenders/<uuid:pk>/", running.tender, name="tender"),
    path("tenders/<uuid:pk>/now/", running.tender_now, name="tender_now"),
    path("tenders/<uuid:pk>/live/", running.tender_live, name="tender_live"),
    path("tenders/<uuid:pk>/edit/", running.tender_edit, name="tender_edit"),
    path("tenders/<uuid:pk>/criteria/new/", running.criterion_new, name="criterion_new"),
    path("tenders/<uuid:pk>/panel/new/", running.panel_new, name="panel_new"),
    path("tenders/<uuid:pk>/open/", running.tender_open, name="tender_open"),
    path("tenders/<uuid:pk>/bid/", bidding.bid_new, name="bid_new"),
    path("tenders/<uuid:pk>/order/", bidding.order_for, name="order_for"),
    path("tenders/<uuid:pk>/declaration/", scoring.declaration, name="declaration"),
    path("tenders/<uuid:pk>/scoring/", running.tender_close, name="tender_close"),
    path("tenders/<uuid:pk>/settle/", running.tender_settle, name="tender_settle"),
    path("tenders/<uuid:pk>/award/", scoring.award, name="award"),
    path("criteria/<uuid:pk>/remove/", running.criterion_remove, name="criterion_remove"),
    path("panel/<uuid:pk>/dismiss/", running.panel_dismiss, name="panel_dismiss"),
    path("bids/<uuid:pk>/", scoring.bid, name="bid"),
    path("bids/<uuid:pk>/score/", scoring.bid_score, name="bid_score"),
    path("bids/<uuid:pk>/moderation/", scoring.moderate, name="moderate"),
]
