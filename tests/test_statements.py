"""How often a page asks the database: a literal number, whatever there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community import actions as community
from community.models import Activity
from spo.orders import actions as orders
from tests.story import commitment, published_at_once, story_of

# Statements of a page, with those that take a territory's schema and role and find who is reading.
PAGES = {
    # url name, what is in it, who reads: statements
    ("territory", None, None): 4,
    ("territory", None, "lead"): 8,
    ("activities", None, None): 5,
    ("activities", None, "supplier"): 9,
    ("activity", "activity", None): 3,
    ("activity", "activity", "provider"): 7,
    ("publications", None, None): 4,
    ("publication", "publication", "researcher"): 7,
    ("orders", None, "supplier"): 7,
    ("orders", None, "provider"): 7,
    ("order", "order", "supplier"): 8,
    ("order", "order", "provider"): 8,
    ("order_lines", "order", "provider"): 7,
    ("tenders", None, "buyer"): 7,
    ("tender", "tender", "supplier"): 8,
    ("tender", "tender", "evaluator"): 10,
    ("tender", "tender", "buyer"): 13,
    ("bid", "bid", "buyer"): 10,
    ("contracts", None, "buyer"): 7,
    ("contract", "contract", "buyer"): 8,
    ("progress", "contract", "provider"): 9,
    ("public_progress", None, None): 2,
    ("deliveries", None, "provider"): 8,
    ("reports", None, None): 3,
    ("report", "report", None): 3,
    ("report", "report", "manager"): 7,
}


def statements(browser, url: str) -> int:
    browser.get(url)  # so that nothing is counted that a process does once
    with CaptureQueriesContext(connection) as said:
        assert browser.get(url).status_code == 200
    return len(said)


def rows(response) -> int:
    """How many rows a list, or the file of it, shows."""
    if response["Content-Type"].startswith("text/csv"):
        return len(response.content.splitlines()) - 1
    return len(response.context["page"])


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
                published_at_once(Activity.objects.filter(pk=activity.pk), by=cast.provider)
                activity = Activity.objects.get(pk=activity.pk)
                order = orders.draft_order(title=f"Order {number}", approach="x", by=cast.supplier)
                orders.add_commitment(order, by=cast.supplier, **commitment(activity))

    return grow


@pytest.mark.parametrize(
    ("url", "who", "number"),
    [
        ("/activities/", None, 5),
        ("/activities/", "supplier", 9),
        ("/activities/?format=csv", None, 4),
        ("/activities/?words=football&primary=safer", None, 5),
        ("/orders/", "supplier", 7),
        ("/orders/?format=csv", "supplier", 5),
        ("/orders/?words=spo&status=draft", "supplier", 7),
    ],
)
def test_a_list_of_thirty_asks_as_often_as_a_list_of_one(client_for, cast, thirty, url, who, number):
    browser = client_for(getattr(cast, who) if who else None)
    assert (rows(browser.get(url)), statements(browser, url)) == (1, number)
    thirty(30)
    assert (rows(browser.get(url)), statements(browser, url)) == (30, number)


@pytest.fixture(scope="module")
def whole(committed_module):
    """A story that has come to its end, made once."""
    return story_of(committed_module.cast).walk("reported")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: " ".join(filter(None, page)))
def test_a_page_asks_a_known_number_of_times(whole, client_for, cast, page):
    name, thing, who = page
    url = reverse(name, args=[getattr(whole, thing).pk] if thing else [], urlconf="dicm.urls")
    assert statements(client_for(getattr(cast, who) if who else None), url) == PAGES[page]


def test_a_territorys_pages_ask_at_most_thirteen_times():
    assert {page: number for page, number in PAGES.items() if number > 13} == {}
