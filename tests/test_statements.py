"""How often a page asks the database: a literal number, whatever there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import commitment

from community import actions as community
from community.models import Activity
from spo.orders import actions as orders

# Statements of a page, with those that take a territory's schema and role and find who is reading.
PAGES = {
    # url name, what is in it, who reads: statements
    ("territory", None, None): 0,
    ("territory", None, "lead"): 0,
    ("activities", None, None): 0,
    ("activities", None, "supplier"): 0,
    ("activity", "activity", None): 0,
    ("activity", "activity", "provider"): 0,
    ("publications", None, None): 0,
    ("publication", "publication", "researcher"): 0,
    ("orders", None, "supplier"): 0,
    ("orders", None, "provider"): 0,
    ("order", "order", "supplier"): 0,
    ("order", "order", "provider"): 0,
    ("order_lines", "order", "provider"): 0,
    ("tenders", None, "buyer"): 0,
    ("tender", "tender", "supplier"): 0,
    ("tender", "tender", "evaluator"): 0,
    ("tender", "tender", "buyer"): 0,
    ("bid", "bid", "buyer"): 0,
    ("contracts", None, "buyer"): 0,
    ("contract", "contract", "buyer"): 0,
    ("progress", "contract", "provider"): 0,
    ("public_progress", None, None): 0,
    ("deliveries", None, "provider"): 0,
    ("reports", None, None): 0,
    ("report", "report", None): 0,
    ("report", "report", "manager"): 0,
}


def statements(browser, url: str) -> int:
    browser.get(url)  # so that nothing is counted that a process does once
    with CaptureQueriesContext(connection) as said:
        assert browser.get(url).status_code == 200
    return len(said)


@pytest.mark.parametrize(("page", "number"), PAGES.items(), ids=lambda page: " ".join(map(str, page)) if isinstance(page, tuple) else "")  # fmt: skip
def test_a_page_asks_a_known_number_of_times(client_for, cast, order_at, page, number):
    name, thing, who = page
    story = order_at("reported")
    url = reverse(name, args=[getattr(story, thing).pk] if thing else [], urlconf="dicm.urls")
    assert statements(client_for(getattr(cast, who) if who else None), url) == number


def test_a_territorys_pages_ask_at_most_twelve_times():
    assert {page: number for page, number in PAGES.items() if number > 12} == {}


@pytest.fixture
def thirty(order_at, cast, north):
    """thirty(rows) → as many published activities, each with an order of the supplier at it."""
    story = order_at("draft")

    def grow(rows: int) -> None:
        with north:
            place = {
                name: getattr(story.activity, name) for name in ("postcode", "district_code", "district")
            }
            for number in range(rows - 1):
                activity = community.register_activity(
                    provider=story.registered,
                    by=cast.provider,
                    title=f"Football {number}",
                    what="x",
                    who="x",
                    **place,
                )
                for secondary in ("policing", "healthcare"):
                    community.add_impact(
                        activity, primary="safer", secondary=secondary, reason="x", by=cast.provider
                    )
                Activity.objects.filter(pk=activity.pk).update(
                    status="published", published_at=story.activity.published_at
                )
                activity.refresh_from_db()
                order = orders.draft_order(title=f"Order {number}", approach="x", by=cast.supplier)
                orders.add_commitment(order, by=cast.supplier, **commitment(activity))

    return grow


@pytest.mark.parametrize(
    ("url", "who", "number"),
    [
        ("/activities/", None, 0),
        ("/activities/", "supplier", 0),
        ("/activities/?format=csv", None, 0),
        ("/activities/?words=football&primary=safer", None, 0),
        ("/orders/", "supplier", 0),
        ("/orders/?format=csv", "supplier", 0),
        ("/orders/?words=order&status=draft", "supplier", 0),
    ],
)
def test_a_list_of_thirty_asks_as_often_as_a_list_of_one(client_for, cast, thirty, url, who, number):
    browser = client_for(getattr(cast, who) if who else None)
    one = statements(browser, url)
    thirty(30)
    assert (one, statements(browser, url)) == (number, number)
