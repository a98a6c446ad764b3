"""Lists: pages of 50, filters that can be taken off again, and files that no spreadsheet runs."""

import csv
import io
from decimal import Decimal

import pytest
from django.utils.functional import lazystr

from spo.orders.models import Order
from territories.models import Organisation
from territories.pages.lists import ROWS, ListFilter, listing, page_of
from territories.papers.sheets import as_csv


def read(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def cell(value) -> str:
    return read(as_csv("x", ["a"], [[value]]))[1][0]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_is_a_text(start):
    assert cell(f"{start}HYPERLINK(0)") == f"'{start}HYPERLINK(0)"


@pytest.mark.parametrize("value", [Organisation(name="=cmd|' /C calc'!A0"), lazystr("=cmd|' /C calc'!A0")])
def test_what_only_turns_into_text_is_a_text_too(value):
    assert cell(value) == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("-12.50"), "-12.50"), (-3, "-3"), (0, "0"), (None, ""), ("", ""), ("Oxford", "Oxford"),
        ("a, \"b\"\nc", "a, \"b\"\nc"), ("Caernarfon – ŵ", "Caernarfon – ŵ"), ("x=1", "x=1"),
    ],
)  # fmt: skip
def test_numbers_and_ordinary_text_are_left_alone(value, written):
    assert cell(value) == written


def test_a_file_has_a_name_a_mark_of_its_encoding_and_a_header():
    response = as_csv("orders", ["Reference", "£"], [["SPO-1", 1]])
    assert response["Content-Disposition"] == 'attachment; filename="orders.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content == "\ufeffReference,£\r\nSPO-1,1\r\n".encode()


def test_a_providers_name_cannot_run_in_the_buyers_spreadsheet(client_for, order_at, cast):
    organisation = cast.provider.organisation
    order_at("published")
    Organisation.objects.filter(pk=organisation.pk).update(name='=HYPERLINK("http://evil.example")')
    rows = read(client_for(None).get("/activities/?format=csv"))
    assert rows[1][:2] == ["Friday night football", '\'=HYPERLINK("http://evil.example")']


# ---- pages ----


@pytest.mark.parametrize(
    ("asked", "number", "first"),
    [
        ("", 1, 0),
        ("2", 2, 50),
        ("3", 3, 100),
        ("99", 3, 100),
        ("-1", 3, 100),
        ("x", 1, 0),
        ("2 OR 1=1", 1, 0),
    ],
)
def test_whatever_page_is_asked_for_there_is_one(rf, asked, number, first):
    page = page_of(rf.get("/", {"page": asked} if asked else {}), range(120))
    assert (page.number, page[0], page.paginator.num_pages) == (number, first, 3)


def test_a_page_has_at_most_50_rows(rf):
    assert ROWS == 50
    assert len(page_of(rf.get("/"), range(51))) == 50
    assert len(page_of(rf.get("/?page=2"), range(51))) == 1


def test_an_empty_list_has_one_empty_page(rf):
    page = page_of(rf.get("/"), [])
    assert (page.number, list(page)) == (1, [])


# ---- filters ----


def listed(rf, address: str) -> dict:
    request = rf.get(address)
    return listing(request, range(60), ListFilter(request.GET, statuses=Order.Status.choices))


def test_what_is_chosen_can_be_taken_off_one_by_one(rf):
    found = listed(rf, "/orders/?words=coaches&status=draft&page=2")
    assert [(chip["label"], chip["href"]) for chip in found["chips"]] == [
        ("Words or reference: coaches", "?status=draft"),
        ("Status: Draft", "?words=coaches"),
    ]
    assert found["clear_url"] == "/orders/"


def test_a_file_has_what_is_shown_and_all_pages_of_it(rf):
    assert listed(rf, "/orders/?words=a&page=2")["csv_url"] == "?words=a&format=csv"


def test_another_page_keeps_the_filters(rf):
    assert listed(rf, "/orders/?words=a&page=2")["query"] == "words=a"


@pytest.mark.parametrize(
    "address", ["/orders/?status=nonsense", "/orders/?words=" + "x" * 101, "/orders/?words="]
)
def test_nonsense_in_the_address_is_no_filter(rf, address):
    assert listed(rf, address)["chips"] == []


def test_an_address_cannot_bring_markup_into_a_chip(rf):
    chip = listed(rf, '/orders/?words="><script>&status=draft')["chips"][1]
    assert chip["href"] == "?words=%22%3E%3Cscript%3E"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Ridgeway Builders Ltd: coaches for Fridays"]),
        ("?words=coaches", ["Ridgeway Builders Ltd: coaches for Fridays"]),
        ("?words=COACHES&status=draft", ["Ridgeway Builders Ltd: coaches for Fridays"]),
        ("?words=nothing", []),
        ("?status=agreed", []),
        ("?status=nonsense", ["Ridgeway Builders Ltd: coaches for Fridays"]),
    ],
)
def test_a_list_shows_what_is_asked_for_and_its_file_the_same(client_for, order_at, cast, query, titles):
    order_at("draft")
    browser = client_for(cast.supplier)
    page = browser.get(f"/orders/{query}").context["page"]
    rows = read(browser.get(f"/orders/{query}{'&' if query else '?'}format=csv"))
    assert [order.title for order in page] == titles
    assert [row[1] for row in rows[1:]] == titles
