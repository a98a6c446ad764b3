"""What changed between two versions, in words."""

from django.utils import translation

from spo.delivery.models import Delivery
from spo.orders.models import Commitment, Order
from territories.pages.differences import Difference, differences


def told(before, after, row):
    return [(one.label, one.before, one.after) for one in differences(before, after, row)]


def test_only_what_differs_is_told_in_the_words_of_its_field():
    before = {"quantity": "120.00", "donor_cost": "2400.00", "starts_on": "2026-11-01", "how": "As agreed."}
    after = before | {"quantity": "1000.00", "donor_cost": "2400.50", "starts_on": "2026-12-01"}
    assert told(before, after, Commitment()) == [
        ("Quantity", "120", "1,000"),
        ("Cost to the donor", "£2,400", "£2,400.50"),
        ("First day", "1 November 2026", "1 December 2026"),
    ]


def test_parts_are_told_by_their_own_names_and_states_by_their_labels():
    line = {"quantity": "1.00", "status": "proposed"}
    before = {"title": "A", "lines": {"1": line}}
    after = {"title": "A", "lines": {"1": line | {"status": "agreed"}, "2": line}}
    assert told(before, after, Order()) == [
        ("Line 1: Status", "Waiting for the provider", "Agreed"),
        ("Line 2: Quantity", "", "1"),
        ("Line 2: Status", "", "Waiting for the provider"),
    ]


def test_nothing_told_is_nothing_known():
    assert told({}, {"quantity": "1.00"}, Delivery()) == [("Quantity", "", "1")]
    assert differences({"quantity": "1.00"}, {"quantity": "1.00"}, Delivery()) == []


def test_the_words_are_the_readers():
    with translation.override("cy"):
        (one,) = differences({"quantity": "1.00"}, {"quantity": "2.00"}, Commitment())
    assert one == Difference("Nifer", "1", "2")
