"""What the database keeps of tenders, panels, bids, scores and awards."""

from copy import deepcopy
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from spo.scoring import actions
from spo.scoring.models import Award, Bid, Consensus, Dismissal, PanelMember, Score
from spo.tenders.models import Criterion, Declaration, Tender, TenderVersion
from tests.client import acting_in
from tests.reading import as_owner, broken, done, promises, refusal


def again(row, **changed):
    """The same row once more, with something changed."""
    row.pk, row._state.adding = None, True
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def dismissed(seat):
    """The seat, with a row that says that it ended."""
    Dismissal.objects.create(seat=seat, dismissed_by_id=seat.user_id, dismissed_at=timezone.now())
    return seat


def tender(story, **changed):
    Tender.objects.filter(pk=story.tender.pk).update(**changed)


VIOLATED = {
    "tender.reference": lambda s: again(s.tender),
    "weight_is_a_share": lambda s: tender(s, weight=Decimal("100.01")),
    "scale_is_short": lambda s: tender(s, top_grade=0),
    "criterion_once": lambda s: again(s.criteria[0]),
    "criterion_weight_is_a_share": lambda s: Criterion.objects.update(weight=0),
    "on_the_panel_once": lambda s: again(PanelMember.objects.filter(tender=s.tender).first()),
    "declaration_has_its_time": lambda s: PanelMember.objects.update(declared_at=None),
    "bid.order_id": lambda s: again(s.bid, supplier_id=s.cast.rival.organisation.pk),
    "one_bid_per_supplier": lambda s: again(s.bid, order_id=s.spare),
    "score_number_once": lambda s: again(Score.objects.first(), grade=1),
    "dismissal.seat_id": lambda s: dismissed(dismissed(s.panel[0])),
    "declaration_number_once": lambda s: again(Declaration.objects.first()),
    "tender_version_once": lambda s: again(TenderVersion.objects.first()),
    "one_consensus": lambda s: again(Consensus.objects.first(), grade=1),
    "award.tender_id": lambda s: again(Award.objects.get(), bid_id=s.rivals),
    "award.bid_id": lambda s: again(Award.objects.get(), tender_id=s.another),
}


def test_the_database_keeps_every_promise(contest, order_at, north):
    story, theirs = contest("awarded")
    story.rivals = theirs.bid.pk
    story.spare, story.another = order_at("agreed").order.pk, order_at("open").tender.pk
    for promise, violate in VIOLATED.items():
        with as_owner(north), broken(promise), transaction.atomic():
            violate(deepcopy(story))


@pytest.mark.parametrize(
    ("promise", "wrong"),
    [
        ("weight_is_a_share", {"weight": 0}),
        ("scale_is_short", {"top_grade": 11}),
    ],
)
def test_a_share_and_a_scale_have_both_their_ends(order_at, north, promise, wrong):
    story = order_at("prepared")
    with as_owner(north), broken(promise), transaction.atomic():
        tender(story, **wrong)


def test_every_promise_of_both_rooms_is_tested():
    assert set(VIOLATED) == promises("tenders") | promises("scoring")


NEVER_CHANGED = [
    (TenderVersion, {"digest": "0"}),
    (Bid, {"digest": "0"}),
    (Score, {"grade": 1}),
    (Dismissal, {"dismissed_at": None}),
    (Declaration, {"conflict": False}),
    (Consensus, {"rationale": "Changed"}),
    (Award, {"reason": "Changed"}),
]


@pytest.mark.parametrize(("model", "change"), NEVER_CHANGED)
def test_what_was_published_sealed_scored_declared_and_decided_is_never_changed(
    order_at, north, model, change
):
    order_at("awarded")
    with north:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_who_was_taken_off_stays_off_whatever_the_columns_of_the_seat_say(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        score = dict.fromkeys(story.criteria, (3, "r"))
        done(actions.score, story.bid, score, by=cast.evaluator2)
        PanelMember.objects.filter(pk=story.panel[1].pk).update(conflict=True)
        off = done(actions.dismiss, story.panel[1], by=cast.buyer)
        row = Dismissal.objects.get()
        assert (row.seat, row.signatory) == (off, "Bella Novak, Buyer, Thames Valley Police")
        PanelMember.objects.update(ended_at=None, conflict=False)
        assert [seat.person for seat in story.tender.panel.held()] == ["Eva Lindqvist"]
        assert Score.objects.counted().count() == 0
        said = refusal(actions.score, story.bid, score, by=cast.evaluator2)
    assert said == "Only the panel of this tender scores its bids."


def test_a_conflict_stands_whatever_the_columns_of_the_seat_say(order_at, cast, north):
    story = order_at("scored")
    with acting_in(north):
        actions.declare(story.tender, conflict=True, words="My sister joined.", by=cast.evaluator2)
        PanelMember.objects.update(conflict=False)
        assert {score.seat.person for score in Score.objects.counted()} == {"Eva Lindqvist"}
        assert [seat.person for seat in story.tender.panel.scoring()] == ["Eva Lindqvist"]
        said = refusal(actions.score, story.bid, {story.criteria[0]: (1, "r")}, by=cast.evaluator2)
        actions.declare(story.tender, conflict=True, words="My brother too.", by=cast.evaluator)
        PanelMember.objects.update(conflict=False)
        nobody = refusal(actions.settle, story.tender, by=cast.buyer)
    assert said == "You declared a conflict of interest, so you can't score in this tender."
    assert nobody == "Nobody on the panel may score. Every member declared a conflict of interest."


def test_nobody_scores_who_has_not_declared_whatever_the_columns_of_the_seat_say(order_at, cast, north):
    story = order_at("scoring")
    with acting_in(north):
        PanelMember.objects.update(conflict=False, declared_at=timezone.now())
        assert story.tender.panel.scoring().count() == 0


@pytest.mark.parametrize("change", [{"user_id": 1}, {"person": "Somebody"}, {"tender_id": None}])
def test_of_a_seat_only_its_state_and_its_end_change(order_at, north, change):
    order_at("prepared")
    with north, pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PanelMember.objects.update(**change)


def test_bids_stand_in_the_order_in_which_they_came(contest, north):
    ours, theirs = contest("sealed")
    with north:
        assert list(Bid.objects.filter(tender=ours.tender)) == [ours.bid, theirs.bid]
