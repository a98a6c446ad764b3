"""Two people act at the same moment: one effect, and one sentence."""

from decimal import Decimal

from community import actions
from territories.journal.chain import verify
from territories.journal.models import Entry
from territories.models import Organisation
from tests.client import acting_in
from tests.reading import at_once
from tests.seen import read
from tests.story import story_of, support


def test_an_activity_published_twice_at_once_is_published_once(committed, north, cast):
    story = story_of(cast).walk("registered")
    with acting_in(north):
        actions.add_impact(
            story.activity, primary="safer", secondary="policing", reason="r", by=cast.provider
        )
        actions.add_need(
            story.activity, support_type=support(), quantity=Decimal(5), note="", by=cast.provider
        )
    done, refused = at_once(
        north,
        story.activity,
        lambda: actions.publish_activity(story.activity, seen=read(story.activity), by=cast.provider),
        lambda: actions.publish_activity(story.activity, seen=read(story.activity), by=cast.colleague),
    )
    with north:
        assert Entry.objects.filter(verb="publish").count() == 1
        assert verify().broken is None
    assert [activity.status for activity in done] == ["published"]
    assert refused == ["This is not possible any more: the activity is now “Published”."]


def test_the_last_two_impacts_of_a_published_activity_are_not_both_removed(committed, north, cast):
    story = story_of(cast).walk("published")
    with acting_in(north):
        other = actions.add_impact(
            story.activity, primary="safer", secondary="social", reason="r", by=cast.provider
        )
    _done, refused = at_once(
        north,
        story.activity,
        lambda: actions.remove_impact(story.impact, seen=read(story.impact), by=cast.provider),
        lambda: actions.remove_impact(other, seen=read(other), by=cast.colleague),
    )
    with north:
        assert story.activity.impacts.count() == 1
    assert refused == ["A published activity keeps at least one. Add another first."]


def test_two_colleagues_register_one_provider_at_once_and_it_is_made_once(committed, north, cast):
    facts = {"name": "Rose Hill Youth", "scheme": "GB-CHC", "number": "1164999", "about": "Evenings."}

    def register():
        return actions.register_provider(**facts, by=cast.colleague)

    done, refused = at_once(north, f"journal:{north.schema_name}", register, register)
    assert Organisation.objects.filter(name="Rose Hill Youth").count() == 1
    assert (len(done), refused) == (1, ["Rose Hill Youth is registered here already."])


def test_a_provider_introduces_itself_twice_at_once_and_is_made_once(committed, north, cast):
    """Both have got as far as they can before the first is written."""

    def introduce():
        return actions.introduce(about="Evenings.", by=cast.provider)

    done, refused = at_once(north, f"journal:{north.schema_name}", introduce, introduce)
    assert (len(done), refused) == (1, ["Cowley Road Youth Project is registered here already."])
