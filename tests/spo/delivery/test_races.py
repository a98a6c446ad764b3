"""Two people act on deliveries at the same moment."""

from django.conf import settings
from django.utils import timezone

from spo.delivery import actions
from spo.delivery.models import Decision, Delivery, Progress
from territories.journal.chain import verify
from territories.journal.models import Entry
from territories.papers.uploads import checked
from tests.reading import at_once
from tests.seen import read
from tests.story import picture, story_of


def test_a_delivery_confirmed_and_disputed_at_once_ends_as_one_of_them_says(committed, north, cast):
    story = story_of(cast).walk("claimed")
    with north:
        seen = read(story.delivery)
    done, refused = at_once(
        north,
        story.delivery,
        lambda: actions.confirm(story.delivery, seen=seen, by=cast.provider),
        lambda: actions.dispute(story.delivery, what="It did not come.", seen=seen, by=cast.provider),
    )
    with north:
        delivery, decision = Delivery.objects.get(), Decision.objects.get()
        assert verify().broken is None
    # Whoever comes second has not read what was decided meanwhile.
    assert (delivery.status, decision.verb, len(done), refused) in [
        (
            "confirmed",
            "confirm",
            1,
            ["This is not possible any more: the delivery is now “Confirmed by the provider”."],
        ),
        ("disputed", "dispute", 1, ["This has changed since you opened the page."]),
    ]


def test_a_delivery_confirmed_twice_at_once_is_confirmed_once(committed, north, cast):
    story = story_of(cast).walk("claimed")

    with north:
        seen = read(story.delivery)

    def confirm():
        return actions.confirm(story.delivery, seen=seen, by=cast.provider)

    done, refused = at_once(north, story.delivery, confirm, confirm)
    with north:
        assert Entry.objects.filter(verb="confirm").count() == 1
        assert str(Progress.objects.get().confirmed) == "600.00"
    assert (len(done), refused) == (
        1,
        ["This is not possible any more: the delivery is now “Confirmed by the provider”."],
    )


def claim(story, by, quantity=30):
    return actions.claim(
        story.term,
        quantity=quantity,
        donor_cost=None,
        delivered_on=timezone.localdate(),
        note="Three evenings.",
        evidence=checked(picture(), settings.EVIDENCE_MAX_BYTES),
        by=by,
    )


def test_two_first_claims_at_once_share_one_progress(committed, north, cast):
    story = story_of(cast).walk("active")
    done, refused = at_once(
        north,
        story.contract,
        lambda: claim(story, cast.supplier),
        lambda: claim(story, cast.traveller, quantity=20),
    )
    with north:
        progress = Progress.objects.get()
    assert (len(done), refused) == (2, [])
    assert (str(progress.claimed), progress.due_at) == ("1000.00", None)


def test_one_delivery_claimed_twice_at_once_is_claimed_once(committed, north, cast):
    story = story_of(cast).walk("active")
    done, refused = at_once(
        north, story.contract, lambda: claim(story, cast.supplier), lambda: claim(story, cast.traveller)
    )
    assert (len(done), refused) == (1, [f"You claimed this delivery already, as {done[0].reference}."])
