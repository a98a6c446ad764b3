"""Progress, always recomputed from the deliveries: worked examples, lost tasks, doing it twice."""

import io
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from spo.contracts import actions as contracts
from spo.delivery import actions, queries, tasks, upkeep
from spo.delivery.models import Progress
from spo.orders import actions as orders
from territories.papers.uploads import checked
from territories.tasks import WrongTerritory
from tests.client import acting_in
from tests.reading import done
from tests.seen import read
from tests.story import commitment, support


@pytest.fixture
def story(order_at, cast, north):
    """A contract of two terms: 120 hours that cost £2,400 and 3 items that cost £600."""
    story = order_at("draft")
    with acting_in(north):
        facts = commitment(
            story.activity,
            support_type=support("goods"),
            quantity=Decimal("3.00"),
            donor_cost=Decimal("600.00"),
        )
        line = orders.add_commitment(story.order, by=cast.supplier, **facts)
        orders.offer(story.order, seen=read(story.order), by=cast.supplier)
        orders.agree(story.line, seen=read(story.line), by=cast.provider)
        orders.agree(line, seen=read(line), by=cast.provider)
    story.stage = "agreed"
    story.walk("awarded")
    with acting_in(north):
        story.contract = done(contracts.lock_in, story.tender, by=cast.buyer)
        story.hours, story.items = story.contract.terms.all()
        for party in (cast.buyer, cast.supplier, cast.provider):
            contracts.sign(story.contract, seen=read(story.contract), by=party)
    return story


def paper():
    """Evidence that is like no other."""
    content = io.BytesIO()
    Image.frombytes("L", (16, 1), uuid4().bytes).save(content, "PNG")
    return checked(SimpleUploadedFile("note.png", content.getvalue()), settings.EVIDENCE_MAX_BYTES)


def claim(story, term, quantity, cost):
    return actions.claim(
        term,
        quantity=Decimal(quantity),
        donor_cost=Decimal(cost),
        delivered_on=timezone.localdate(),
        note="Given.",
        evidence=paper(),
        by=story.supplier,
    )


def confirm(story, *given):
    for term, quantity, cost in given:
        row = claim(story, term, quantity, cost)
        actions.confirm(row, seen=read(row), by=story.provider)


def figures(story) -> tuple[str, ...]:
    row = Progress.objects.get(contract=story.contract)
    assert row.due_at is None
    return tuple(str(value) for value in (row.percent, row.promised, row.confirmed, row.claimed))


def test_a_claim_counts_as_claimed_and_for_no_progress(story, north):
    with acting_in(north):
        claim(story, story.hours, "30", "550.50")
    with north:
        assert figures(story) == ("0.00", "3000.00", "0.00", "550.50")


def test_a_confirmed_quarter_of_one_term_is_a_quarter_of_its_share(story, north):
    with acting_in(north):
        confirm(story, (story.hours, "30", "550.50"))
    with north:
        # 30/120 × 2400 = 600 of 3000; what it really cost is another number
        assert figures(story) == ("20.00", "3000.00", "550.50", "0.00")


def test_giving_all_of_one_thing_makes_up_for_no_other(story, north):
    with acting_in(north):
        confirm(story, (story.hours, "120", "2400"))
    with north:
        assert figures(story) == ("80.00", "3000.00", "2400.00", "0.00")


def test_everything_given_is_all_of_it(story, north):
    with acting_in(north):
        confirm(story, (story.hours, "120", "2400"), (story.items, "3", "600"))
    with north:
        assert figures(story) == ("100.00", "3000.00", "3000.00", "0.00")


def test_a_part_and_its_correction_count_as_the_ledger_says(story, cast, north):
    with acting_in(north):
        row = claim(story, story.hours, "60", "1200")
        actions.confirm(row, quantity=Decimal(30), words="Half.", seen=read(row), by=cast.provider)
    with north:
        assert figures(story) == ("20.00", "3000.00", "600.00", "0.00")
    with acting_in(north):
        actions.correct(row, quantity=Decimal(15), reason="Less.", seen=read(row), by=cast.provider)
    with north:
        assert figures(story) == ("10.00", "3000.00", "300.00", "0.00")


def test_thirds_are_added_exactly_and_rounded_once(story, north):
    with acting_in(north):
        confirm(story, (story.items, "1", "200"))
    with north:
        assert figures(story)[0] == "6.67"  # 200 of 3000
    with acting_in(north):
        confirm(story, (story.items, "1", "200"), (story.items, "1", "200"))
    with north:
        assert figures(story)[0] == "20.00"


def test_what_is_disputed_counts_for_nothing_until_it_is_confirmed(story, cast, north):
    with acting_in(north):
        delivery = claim(story, story.hours, "30", "600")
        actions.dispute(delivery, what="It did not come.", seen=read(delivery), by=cast.provider)
    with north:
        assert figures(story) == ("0.00", "3000.00", "0.00", "0.00")
    with acting_in(north):
        actions.confirm(delivery, seen=read(delivery), by=cast.provider)
    with north:
        assert figures(story) == ("20.00", "3000.00", "600.00", "0.00")


def test_a_lost_task_is_swept_up(story, north):
    with north:  # what waits for the commit never happens
        confirm(story, (story.hours, "30", "600"))
        assert queries.due_progress() == [story.contract.pk]
        assert queries.progress_of(story.contract).confirmed == 0
    with acting_in(north):
        tasks.sweep(north.pk)
    with north:
        assert figures(story) == ("20.00", "3000.00", "600.00", "0.00")
        assert queries.due_progress() == []


def test_recomputing_twice_is_harmless(story, north):
    with north:
        confirm(story, (story.hours, "30", "600"))
        first = upkeep.progress(story.contract.pk)
        computed = first.computed_at
        assert upkeep.progress(story.contract.pk) is None  # nothing is due any more
        upkeep.mark_due(story.contract.pk)
        second = upkeep.progress(story.contract.pk)
        assert second.computed_at > computed
        assert figures(story) == ("20.00", "3000.00", "600.00", "0.00")
        assert Progress.objects.count() == 1


def test_a_figure_that_was_spoilt_is_put_right_from_the_deliveries(story, north):
    with acting_in(north):
        confirm(story, (story.hours, "30", "600"))
    with north:
        Progress.objects.update(percent=99, confirmed=1, due_at=timezone.now())
        upkeep.progress(story.contract.pk)
        assert figures(story) == ("20.00", "3000.00", "600.00", "0.00")


def test_a_sweep_refuses_another_territorys_schema(story, north, south):
    with north, pytest.raises(WrongTerritory):
        tasks.sweep(south.pk)


def test_each_term_is_shown_against_its_plan(story, north):
    with acting_in(north):
        confirm(story, (story.hours, "30", "600"))
        claim(story, story.items, "1", "200")
    first, last = story.hours.starts_on, story.hours.ends_on
    with north:
        rows = queries.terms_of(story.contract, first + timedelta(days=(last - first).days // 2))
        shown = [(row.term.number, str(row.confirmed), str(row.claimed), row.on_track) for row in rows]
        done = queries.terms_of(story.contract, first - timedelta(days=1))
    assert shown == [(1, "30.00", "0", False), (2, "0", "1.00", False)]
    assert [(row.due, row.on_track) for row in done] == [(0, True), (0, True)]


# ---- what many look at, read once ----


def test_figures_are_read_once_for_all_who_look_and_anew_after_every_act(
    story, cast, north, django_assert_num_queries
):
    today = timezone.localdate()

    def shown():
        return [(row.claimed, row.confirmed) for row in queries.shared_terms(story.contract, last, today)]

    with acting_in(north):
        delivery = claim(story, story.hours, "30", "600")
    with north:
        last = queries.progress_of(story.contract)
        assert shown() == [(30, 0), (0, 0)]
        with django_assert_num_queries(0):
            assert shown() == [(30, 0), (0, 0)]
    with acting_in(north):
        actions.confirm(delivery, seen=read(delivery), by=cast.provider)
    with north:
        last = queries.progress_of(story.contract)
        assert shown() == [(0, 30), (0, 0)]


def test_figures_of_one_territory_are_never_anothers(order_at, cast, north, south):
    """The same key, should it ever come to that: the cache itself keeps territories apart."""
    with north:
        caches["default"].set("terms", "north")
    with south:
        assert caches["default"].get("terms") is None
    with north:
        assert caches["default"].get("terms") == "north"
