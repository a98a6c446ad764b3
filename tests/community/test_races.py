"""Two people act at the same moment: one effect, and one sentence."""

from community import actions
from tests.cast import story_of
from tests.reading import at_once
from territories.journal.chain import verify
from territories.journal.models import Entry


def test_an_activity_published_twice_at_once_is_published_once(committed, north, cast):
    story = story_of(cast).walk("registered")
    with north:
        actions.add_impact(
            story.activity, primary="safer", secondary="policing", reason="r", by=cast.provider
        )
        story.cast = cast
        actions.add_need(story.activity, support_type=support_hours(), quantity=5, note="", by=cast.provider)
    done, refused = at_once(
        north,
        lambda: actions.publish_activity(story.activity, by=cast.provider),
        lambda: actions.publish_activity(story.activity, by=cast.colleague),
    )
    with north:
        assert Entry.objects.filter(verb="publish").count() == 1
        assert verify().broken is None
    assert [activity.status for activity in done] == ["published"]
    assert refused == ["This is not possible any more: the activity is now “Published”."]
