from django.urls import path

from spo.scoring.views import bids, moderation, panel, scores, tender

urlpatterns = [
    path("tenders/<uuid:pk>/", tender.tender, name="tender"),
    path("tenders/<uuid:pk>/now/", tender.tender_now, name="tender_now"),
    path("tenders/<uuid:pk>/live/", tender.tender_live, name="tender_live"),
    path("tenders/<uuid:pk>/panel/new/", panel.panel_new, name="panel_new"),
    path("tenders/<uuid:pk>/declaration/", panel.declaration, name="declaration"),
    path("tenders/<uuid:pk>/order/", bids.order_for, name="order_for"),
    path("tenders/<uuid:pk>/bid/", bids.bid_new, name="bid_new"),
    path("tenders/<uuid:pk>/scoring/", bids.tender_close, name="tender_close"),
    path("tenders/<uuid:pk>/settle/", scores.tender_settle, name="tender_settle"),
    path("tenders/<uuid:pk>/award/", moderation.award, name="award"),
    path("panel/<uuid:pk>/dismiss/", panel.panel_dismiss, name="panel_dismiss"),
    path("bids/<uuid:pk>/", bids.bid, name="bid"),
    path("bids/<uuid:pk>/score/", scores.bid_score, name="bid_score"),
    path("bids/<uuid:pk>/moderation/", moderation.moderate, name="moderate"),
]
