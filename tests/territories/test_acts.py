"""Every act reads the part of whoever acts anew: a part that is over acts no more, whoever holds an old copy of it."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from community import actions as community
from community.models import Provider
from territories.acts import act, still_acting
from territories.models import Membership, Organisation, Participation, User
from tests.reading import refusal

OVER = "You don't play this part any more. Ask a colleague or a lead of the territory."


@act
def seen(*, by: Membership) -> Membership:
    return by


def test_an_act_gets_the_part_as_it_stands(cast, north):
    Organisation.objects.filter(pk=cast.supplier.organisation.pk).update(name="Ridgeway")
    with north:
        fresh = seen(by=cast.supplier)
    assert (fresh.pk, fresh.organisation.name) == (cast.supplier.pk, "Ridgeway")


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (lambda part: Membership.objects.filter(pk=part.pk).update(ended_at=timezone.now()), OVER),
        (lambda part: Membership.objects.filter(pk=part.pk).update(role="lead"), OVER),
        (lambda part: User.objects.filter(pk=part.user_id).update(is_active=False), OVER),
        (
            lambda part: Participation.objects.filter(pk=part.participation_id).update(
                until=timezone.localdate()
            ),
            "Oxford City Council does not take part in this territory any more.",
        ),
        (
            lambda part: Organisation.objects.filter(pk=part.organisation.pk).update(
                closed_at=timezone.now()
            ),
            "Oxford City Council does not take part in this territory any more.",
        ),
    ],
    ids=["ended", "another role", "closed account", "has left", "closed organisation"],
)
def test_a_part_that_is_over_acts_no_more(cast, north, ends, said):
    ends(cast.colleague)
    facts = {"name": "Barton", "scheme": "GB-CHC", "number": "1170001", "about": "x", "by": cast.colleague}
    with north:
        assert refusal(lambda: community.register_provider(**facts)) == said
        assert Provider.objects.exists() is False


def test_a_part_acts_in_its_own_territory_only(cast, north):
    with north:
        assert refusal(lambda: seen(by=cast.south.lead)) == "You play this part in another territory."
    assert seen(by=cast.south.lead) == cast.south.lead  # on the public site each action asks where


def test_a_copy_that_says_more_than_the_row_is_not_believed(cast):
    forged = Membership.objects.select_related("participation__organisation").get(pk=cast.supplier.pk)
    forged.role = "lead"
    assert refusal(lambda: seen(by=forged)) == OVER


def test_an_act_is_a_transaction_of_its_own(committed, cast):
    @act
    def outer(*, by: Membership) -> bool:
        inside.append(connection.in_atomic_block)
        return bool(seen(by=by))

    inside: list[bool] = []
    with pytest.raises(RuntimeError, match="durable"):
        outer(by=cast.lead)
    assert (inside, connection.in_atomic_block) == ([True], False)


def test_a_part_that_ends_while_the_act_waits_for_its_turn_is_refused(committed, cast):
    """The part ends in one transaction; the act begins in another meanwhile and reads what was committed."""
    ended, refused = threading.Event(), []

    def late():
        ended.wait(10)
        refused.append(refusal(lambda: seen(by=cast.rival)))
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    try:
        with transaction.atomic():
            Membership.objects.filter(pk=cast.rival.pk).update(ended_at=timezone.now())
        ended.set()
        thread.join(10)
    finally:
        Membership.objects.filter(pk=cast.rival.pk).update(ended_at=None)
    assert refused == [OVER]


def test_a_part_that_ends_while_the_act_waits_inside_is_refused_before_it_is_done_for_good(committed, cast):
    """As when the act waits for a lock: what it did by then is undone."""

    @act
    def slow(*, by: Membership) -> None:
        Organisation.objects.filter(pk=cast.rival.organisation.pk).update(name="Too late Ltd")
        thread = threading.Thread(target=end)
        thread.start()
        thread.join(10)

    def end():
        Membership.objects.filter(pk=cast.rival.pk).update(ended_at=timezone.now())
        connection.close()

    try:
        assert refusal(lambda: slow(by=cast.rival)) == OVER
        assert Organisation.objects.get(pk=cast.rival.organisation.pk).name == cast.rival.organisation.name
    finally:
        Membership.objects.filter(pk=cast.rival.pk).update(ended_at=None)


def test_an_act_says_by_whom():
    with pytest.raises(TypeError, match="nobody does not say by whom"):

        @act
        def nobody(): ...


def test_reading_the_part_is_one_statement(cast, north, django_assert_num_queries):
    with north:
        Provider.objects.exists()  # the first statement of a territory comes with the switch
        with django_assert_num_queries(1):
            assert still_acting(cast.buyer).territory == north
