"""Ordering reports: what is written, the journal, the refusals; and the journal of a whole story."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone, translation

from spo.reports import actions
from spo.reports.flows import REPORT
from spo.reports.models import Frozen, Paper, Report
from territories.journal.chain import verify
from territories.journal.models import Entry
from territories.papers.digest import digest_of
from territories.refusal import Refused
from tests.client import acting_in
from tests.reading import as_owner, broken, edges, forbidden, journalled, promises, refusal

ONLY = "Only category managers and territory leads order reports."


def period() -> dict:
    today = timezone.localdate()
    return {"starts_on": today - timedelta(days=30), "ends_on": today}


@pytest.mark.parametrize("part", ["manager", "lead"])
def test_a_report_is_ordered_in_the_language_of_the_one_who_orders_it(cast, north, part):
    by = getattr(cast, part)
    with north, translation.override("cy"):  # the task that waits for the commit is left out here
        report = actions.order_report(**period(), by=by)
        line = journalled(report, "order", by)
    assert (report.status, report.percent, report.language) == ("ordered", 0, "cy")
    assert (report.ordered_by, report.organisation) == (by.user, by.organisation)
    assert line.after == {
        "reference": report.reference,
        "from": report.starts_on.isoformat(),
        "to": report.ends_on.isoformat(),
    }


def test_what_stands_against_a_report_is_said(cast, north):
    today = timezone.localdate()
    with acting_in(north):
        others = {
            refusal(actions.order_report, **period(), by=getattr(cast, part))
            for part in ("buyer", "supplier", "provider", "evaluator", "researcher", "colleague")
        }
        before = refusal(
            actions.order_report, starts_on=today, ends_on=today - timedelta(days=1), by=cast.manager
        )
        future = refusal(
            actions.order_report, starts_on=today, ends_on=today + timedelta(days=1), by=cast.manager
        )
    assert others == {ONLY}
    assert before == "The last day must be on or after the first day."
    assert future == "The last day can't be in the future."


def test_a_report_that_failed_is_ordered_again(cast, north):
    with north:
        report = actions.order_report(**period(), by=cast.manager)
        Report.objects.update(status="failed", percent=40)
        assert refusal(actions.order_again, report, by=cast.buyer) == ONLY
        actions.order_again(report, by=cast.lead)
        line = journalled(report, "order again", cast.lead)
        report.refresh_from_db()
    assert (report.status, report.percent, line.after) == ("ordered", 0, {"reference": report.reference})


@pytest.mark.parametrize(
    ("status", "label"), [("ordered", "Waiting"), ("rendering", "Being made"), ("ready", "Ready")]
)
def test_only_a_report_that_failed_is_ordered_again(order_at, cast, north, status, label):
    story = order_at("reported")
    with acting_in(north):
        Report.objects.update(status=status)
        said = refusal(actions.order_again, story.report, by=cast.manager)
    assert said == f"This is not possible any more: the report is now “{label}”."


def test_the_flow_of_a_report_has_these_edges_and_no_others():
    assert edges(REPORT) == {
        ("render", "ordered", "rendering"),
        ("render", "rendering", "rendering"),
        ("finish", "rendering", "ready"),
        ("fail", "rendering", "failed"),
        ("order again", "failed", "ordered"),
    }


@pytest.mark.parametrize(("verb", "state"), forbidden(REPORT))
def test_a_forbidden_edge_is_a_sentence(verb, state):
    label = REPORT.states(state).label
    assert str(REPORT.why_not(state, verb)) == f"This is not possible any more: the report is now “{label}”."
    with pytest.raises(Refused):
        REPORT.after(state, verb)


# ---- what the database keeps ----


def the_same_reference(report):
    report.pk, report._state.adding = None, True
    report.save(force_insert=True)


def the_same_figures(report):
    Frozen.objects.create(report=report, body={}, digest="")


VIOLATED = {
    "report.reference": the_same_reference,
    "report_ends_after_start": lambda report: Report.objects.update(
        ends_on=report.starts_on - timedelta(days=1)
    ),
    "ready_has_its_time": lambda report: Report.objects.update(ready_at=None),
    "frozen.report_id": the_same_figures,
    "paper.report_id": lambda report: Paper.objects.create(report=report, digest=""),
}


@pytest.mark.parametrize("promise", VIOLATED)
def test_the_database_keeps(order_at, north, promise):
    story = order_at("reported")
    with as_owner(north), broken(promise), transaction.atomic():
        VIOLATED[promise](story.report)


def test_what_was_frozen_is_never_changed_or_taken_back(order_at, north):
    order_at("reported")
    with north:
        assert Frozen.objects.get().digest == digest_of(Frozen.objects.get().body)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Frozen.objects.update(body={})
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Frozen.objects.all()._raw_delete("default")


def test_every_promise_of_the_room_is_tested():
    assert set(VIOLATED) == promises("reports")


# ---- one act, one line ----


def test_the_journal_tells_the_whole_story_one_line_an_act(order_at, north):
    order_at("reported")
    with north:
        lines = list(Entry.objects.order_by("seq").values_list("role", "verb", "subject"))
        verdict = verify()
    assert lines == [
        ("colleague", "register", "community.provider"),
        ("provider", "register", "community.activity"),
        ("provider", "add impact", "community.activity"),
        ("provider", "add need", "community.activity"),
        ("provider", "publish", "community.activity"),
        ("supplier", "draft", "orders.order"),
        ("supplier", "add commitment", "orders.order"),
        ("supplier", "offer", "orders.order"),
        ("provider", "agree", "orders.commitment"),
        ("buyer", "prepare", "tenders.tender"),
        ("buyer", "add criterion", "tenders.tender"),
        ("buyer", "add criterion", "tenders.tender"),
        ("buyer", "appoint", "scoring.panelmember"),
        ("buyer", "appoint", "scoring.panelmember"),
        ("buyer", "open", "tenders.tender"),
        ("supplier", "write for", "orders.order"),
        ("provider", "agree", "orders.commitment"),
        ("supplier", "submit", "scoring.bid"),
        ("", "open", "tenders.tender"),  # no act moves the closing time: tests.story.closed
        ("buyer", "close", "tenders.tender"),
        ("evaluator", "declare", "tenders.declaration"),
        ("evaluator", "declare", "tenders.declaration"),
        ("buyer", "declare", "tenders.declaration"),
        ("evaluator", "score", "scoring.panelmember"),
        ("evaluator", "score", "scoring.panelmember"),
        ("buyer", "settle", "tenders.tender"),
        ("buyer", "agree grade", "scoring.consensus"),
        ("buyer", "agree grade", "scoring.consensus"),
        ("buyer", "award", "tenders.tender"),
        ("buyer", "lock in", "contracts.contract"),
        ("buyer", "sign", "contracts.contract"),
        ("supplier", "sign", "contracts.contract"),
        ("provider", "sign", "contracts.contract"),
        ("supplier", "claim", "delivery.delivery"),
        ("provider", "confirm", "delivery.delivery"),
        ("researcher", "draft", "research.publication"),
        ("researcher", "publish", "research.publication"),
        ("manager", "order", "reports.report"),
        ("", "finish", "reports.report"),
        ("", "print", "reports.report"),
    ]
    assert (verdict.checked, verdict.broken) == (len(lines), None)
