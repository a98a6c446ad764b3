"""Who is put on a panel, taken off it, and tied to a bid."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from spo.scoring import actions
from spo.scoring.models import PanelMember, Score
from spo.scoring.queries.panel import panel_of
from spo.scoring.queries.scores import visible_scores
from territories.models import Membership
from tests.cast import played_for
from tests.client import acting_in
from tests.reading import as_owner, done, journalled, refusal


def test_an_evaluator_is_put_on_the_panel_once(order_at, cast, north):
    story = order_at("prepared")
    with as_owner(north):
        PanelMember.objects.filter(user=cast.evaluator2.user).delete()
    with acting_in(north):
        seat = actions.appoint(story.tender, cast.evaluator2, by=cast.buyer)
        line = journalled(seat, "appoint", cast.buyer)
        again = refusal(actions.appoint, story.tender, cast.evaluator2, by=cast.buyer)
    assert (seat.user, seat.organisation) == (cast.evaluator2.user, cast.evaluator2.organisation)
    assert (seat.declared_at, seat.conflict, seat.may_score) == (None, None, False)
    assert line.after == {"tender": story.tender.reference, "user": cast.evaluator2.user_id}
    assert again == "Ewan Kerr is on the panel already."


def test_an_evaluator_who_has_not_scored_is_taken_off_the_panel(order_at, cast, north):
    story = order_at("declared")
    seat = story.panel[1]
    with acting_in(north):
        done(actions.dismiss, seat, by=cast.buyer)
        assert [one.user for one in story.tender.panel.held()] == [cast.evaluator.user]
        line = journalled(seat, "dismiss", cast.buyer)
        again = refusal(actions.dismiss, seat, by=cast.buyer)
    assert line.before == {"tender": story.tender.reference, "user": seat.user_id, "scores": 0}
    assert again == "Ewan Kerr is off the panel already."


def test_whoever_has_scored_stays_unless_they_have_left_and_then_their_scores_are_set_aside(
    order_at, cast, north
):
    story = order_at("scored")
    with acting_in(north):
        assert refusal(actions.dismiss, story.panel[1], by=cast.buyer) == (
            "Ewan Kerr has scored already, and plays a part here: their scores count."
        )
    connection.set_schema_to_public()
    Membership.objects.filter(pk=cast.evaluator2.pk).update(ended_at=timezone.now())
    with acting_in(north):
        assert [(seat.scores_given, seat.gone) for seat in panel_of(story.tender)] == [(2, False), (2, True)]
        done(actions.dismiss, story.panel[1], by=cast.buyer)
        kept = Score.objects.filter(seat=story.panel[1]).count()
        assert (kept, Score.objects.counted().filter(seat=story.panel[1]).count()) == (2, 0)
        # What stopped the tender is gone.
        tender = done(actions.settle, story.tender, by=cast.buyer)
        assert tender.status == "moderation"
        assert {score.seat.person for score in visible_scores(cast.buyer, tender)} == {"Eva Lindqvist"}


def test_who_was_taken_off_while_scoring_scores_no_more(order_at, cast, north):
    """The seat is read under the lock: one that ended meanwhile counts for nothing."""
    story = order_at("declared")
    with acting_in(north):
        done(actions.dismiss, story.panel[1], by=cast.buyer)
        said = refusal(actions.score, story.bid, {story.criteria[0]: (5, "r")}, by=cast.evaluator2)
    assert said == "Only the panel of this tender scores its bids."


def test_somebody_must_be_left_to_score_and_only_the_buyer_decides(order_at, cast, north):
    story = order_at("declared")
    with acting_in(north):
        done(actions.dismiss, story.panel[1], by=cast.buyer)
        assert refusal(actions.dismiss, story.panel[0], by=cast.buyer) == (
            "Nobody else could score. Put another evaluator on the panel first."
        )
        assert refusal(actions.dismiss, story.panel[0], by=cast.other_buyer) == (
            "Only the buyer that runs this tender changes its panel."
        )
        # While scores are given somebody else can take the seat.
        actions.appoint(story.tender, cast.evaluator2, by=cast.buyer)
        done(actions.dismiss, story.panel[0], by=cast.buyer)
        assert [one.person for one in story.tender.panel.held()] == ["Ewan Kerr"]


def test_after_the_individual_round_the_panel_stays(order_at, cast, north):
    story = order_at("settled")
    stays = "The individual round is over, so the panel stays as it is."
    with acting_in(north):
        assert refusal(actions.dismiss, story.panel[0], by=cast.buyer) == stays
        assert refusal(actions.appoint, story.tender, cast.evaluator, by=cast.buyer) == stays


def test_the_buyer_is_asked_first(order_at, cast, client_for):
    story = order_at("prepared")
    browser, address = client_for(cast.buyer), f"/panel/{story.panel[0].pk}/dismiss/"
    assert address in browser.get(f"/tenders/{story.tender.pk}/").text
    assert "Do you want to take Eva Lindqvist off the panel?" in browser.get(address).text
    assert browser.fill(address).url == f"/tenders/{story.tender.pk}/"
    page = browser.get(f"/tenders/{story.tender.pk}/").text
    assert "scores set aside" in page.partition("Eva Lindqvist, Thames Valley Police")[2]


def test_who_plays_a_suppliers_part_is_not_put_on_a_panel(order_at, cast, north):
    story = order_at("prepared")
    played_for(cast.evaluator.user, cast.south.rival.participation, "supplier")
    with as_owner(north):
        PanelMember.objects.all().delete()
    with acting_in(north):
        said = refusal(actions.appoint, story.tender, cast.evaluator, by=cast.buyer)
        stranger = refusal(actions.appoint, story.tender, cast.manager, by=cast.buyer)
    assert said == "Eva Lindqvist plays a supplier's part, so they can't score bids."
    assert stranger == "Mo Farouk is no evaluator here."


@pytest.mark.parametrize("role", ["supplier", "provider"])
def test_a_former_part_in_a_bid_is_shown_from_the_opening_on_and_never_before(
    order_at, cast, client_for, north, role
):
    part, last = getattr(cast, role), timezone.now() - timedelta(days=400)
    story = order_at("prepared")
    played_for(cast.evaluator.user, part.participation, role, last)
    url = f"/tenders/{story.tender.pk}/"
    said = f"Eva Lindqvist was {part.role_name}, {part.organisation}, until"
    readers = {
        name: client_for(getattr(cast, name))
        for name in ("buyer", "lead", "evaluator2", "manager", "supplier")
    }

    def shown():
        return {name for name, browser in readers.items() if said in browser.get(url).text}

    assert shown() == set()
    story.walk("sealed")
    assert shown() == set()
    story.walk("scoring")
    assert shown() == {"buyer", "lead"}
    with as_owner(north):
        PanelMember.objects.filter(user=cast.evaluator.user).delete()
    with acting_in(north):
        refused = refusal(actions.appoint, story.tender, cast.evaluator, by=cast.buyer)
    assert refused == (
        f"Eva Lindqvist plays or played a part for {part.organisation}, which is in this tender."
    )


def test_who_has_a_tie_is_taken_off_although_they_have_scored(order_at, cast, north):
    story = order_at("scored")
    played_for(cast.evaluator.user, cast.provider.participation, "provider", timezone.now())
    with acting_in(north):
        done(actions.dismiss, story.panel[0], by=cast.buyer)
        assert Score.objects.counted().filter(seat=story.panel[0]).count() == 0
