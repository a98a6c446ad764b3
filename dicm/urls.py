"""A territory's site: every room, in the order in which a Social Purchase Order walks through them."""

from django.urls import include, path

from dicm.waiting import waiting
from territories import probes, views
from territories.journal.views import journal
from territories.people.data.views import your_data_here
from territories.people.parts.views import people_here

handler500 = "dicm.bare.failed"
urlpatterns = [
    path("", views.territory_home, name="territory"),
    path("switch/<int:pk>/", views.switch, name="switch"),
    path("waiting/", waiting, name="waiting"),
    path("kept/", views.kept, name="kept"),
    path("stay/", views.stay, name="stay"),
    path("journal/", journal, name="journal"),
    path("your-data/", your_data_here, name="your_data_here"),
    path("people/", people_here, name="people_here"),
    path("", include("territories.notices.urls")),
    path("health/", probes.health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("community.urls")),
    path("", include("research.urls")),
    path("", include("spo.orders.urls")),
    path("", include("spo.tenders.urls")),
    path("", include("spo.scoring.urls")),
    path("", include("spo.contracts.urls")),
    path("", include("spo.delivery.urls")),
    path("", include("spo.reports.urls")),
]
