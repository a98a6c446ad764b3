"""The figures of a report, by a worked example: each delivery once, in the highest class that it has reached."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone

from research import actions as research
from spo.delivery import actions as delivery
from spo.delivery.models import Delivery
from spo.reports.figures import figures
from territories.papers.uploads import checked
from tests.client import acting_in
from tests.reading import as_owner
from tests.seen import read
from tests.story import picture, publication_facts


def evaluate(story, cast, design, publish=True):
    with acting_in(cast.territory):
        row = research.draft_publication(
            story.activity, by=cast.researcher, **publication_facts(design=design)
        )
        if publish:
            research.publish(row, seen=read(row), by=cast.researcher)


@pytest.fixture
def year(order_at, cast, north):
    """Five contracts of £2,400, with a delivery each.

    £600.00 confirmed; £600.00 confirmed and evaluated, twice over; £600.00 confirmed with studies that show no
    effect; £0.10 claimed by an evaluated activity; £600.00 disputed.
    """
    stories = {name: order_at("confirmed") for name in ("plain", "shown", "described")}
    evaluate(stories["shown"], cast, 3)
    evaluate(stories["shown"], cast, 5)
    evaluate(stories["described"], cast, 2)
    evaluate(stories["described"], cast, 4, publish=False)
    claimed, disputed = order_at("claimed"), order_at("claimed", provider=cast.other_provider)
    evaluate(claimed, cast, 3)
    with as_owner(north):
        Delivery.objects.filter(pk=claimed.delivery.pk).update(donor_cost=Decimal("0.10"))
    with acting_in(north):
        delivery.dispute(
            disputed.delivery, what="It did not come.", seen=read(disputed.delivery), by=cast.other_provider
        )
    return stories | {"claimed": claimed, "disputed": disputed}


def made(north, first, last) -> dict:
    with north:
        return figures(north, first, last)


def test_every_number_of_the_example(year, north):
    today = timezone.localdate()
    result = made(north, today, today)
    assert {name: result[name] for name in result if name not in {"rows", "computed_at"}} == {
        "territory": "Thames Valley",
        "territory_cy": north.name_cy,
        "starts_on": today.isoformat(),
        "ends_on": today.isoformat(),
        "promised": "12000.00",
        "contracts": 5,
        "confirmed": "1800.00",
        "deliveries": 3,
        "providers": 1,
        "districts": 1,
        "by_support": [
            {
                "name": "Staff volunteering",
                "name_cy": "Gwirfoddoli gan staff",
                "unit": "hours",
                "unit_cy": "oriau",
                "quantity": "90.00",
                "cost": "1800.00",
                "deliveries": 3,
            }
        ],
        "assurance": [
            {"code": "disputed", "cost": "600.00"},
            {"code": "claimed", "cost": "0.10"},
            {"code": "confirmed", "cost": "1200.00"},
            {"code": "evaluated", "cost": "600.00"},
        ],
        "impacts": [{"primary": "safer", "secondary": "policing", "activities": 3}],
    }


def test_each_delivery_is_in_exactly_one_class(year, north):
    today = timezone.localdate()
    result = made(north, today, today)
    rows = result["rows"]
    assert sorted(row["reference"] for row in rows) == sorted(s.delivery.reference for s in year.values())
    everything = sum(Decimal(row["cost"]) for row in rows)
    assert sum(Decimal(part["cost"]) for part in result["assurance"]) == everything == Decimal("2400.10")
    sure = {part["code"]: Decimal(part["cost"]) for part in result["assurance"]}
    assert sure["confirmed"] + sure["evaluated"] == Decimal(result["confirmed"])


def test_a_period_has_its_first_and_its_last_day(year, north):
    def found(before, after):
        first, last = today - timedelta(days=before), today + timedelta(days=after)
        return len(made(north, first, last)["rows"])

    today = timezone.localdate()
    assert (found(0, 0), found(1, 1), found(-1, 1), found(1, -1)) == (5, 5, 0, 0)


def test_an_empty_period_is_all_noughts(year, north):
    long_ago = timezone.localdate() - timedelta(days=900)
    result = made(north, long_ago, long_ago)
    assert (result["promised"], result["confirmed"], result["contracts"], result["deliveries"]) == (
        "0.00",
        "0.00",
        0,
        0,
    )
    assert (result["rows"], result["by_support"], result["impacts"]) == ([], [], [])
    assert {part["cost"] for part in result["assurance"]} == {"0.00"}


def test_money_is_added_to_the_penny(year, north, cast):
    today = timezone.localdate()
    story = year["plain"]
    evidence = checked(picture(), settings.EVIDENCE_MAX_BYTES)
    with acting_in(north):
        for number, cost in enumerate(("0.10", "0.20", "0.30"), 1):
            row = delivery.claim(
                story.term, quantity=Decimal(number) / 100, donor_cost=Decimal(cost), delivered_on=today,
                note="Pens", evidence=evidence, by=cast.supplier,
            )  # fmt: skip
            delivery.confirm(row, seen=read(row), by=cast.provider)
    result = made(north, today, today)
    assert (result["confirmed"], result["by_support"][0]["quantity"]) == ("1800.60", "90.06")


def test_a_contract_that_waits_for_signatures_promises_nothing_yet(order_at, north):
    order_at("locked")
    today = timezone.localdate()
    assert made(north, today, today)["promised"] == "0.00"


def test_another_territory_has_figures_of_its_own(year, south):
    today = timezone.localdate()
    assert made(south, today, today)["rows"] == []
