"""What is read about activities, and by whom."""

import pytest

from community import actions, queries
from community.models import Activity
from tests.cast import PLACES
from tests.client import acting_in
from tests.reading import as_owner


def titles(rows) -> list[str]:
    return [row.title for row in rows.order_by("title")]


@pytest.fixture
def shelf(order_at, cast, north):
    """A draft of each of two providers, and a published one."""
    story, other = order_at("published"), order_at("registered", provider=cast.other_provider)
    place = PLACES["thames-valley"]
    with acting_in(north):
        for owner, by, title in [
            (story.registered, cast.provider, "Own draft"),
            (other.registered, cast.other_provider, "Their draft"),
        ]:
            actions.register_activity(provider=owner, by=by, title=title, what="w", who="x", **place)
    with as_owner(north):
        other.activity.delete()
    return story


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        (None, ["Friday night football"]),
        ("supplier", ["Friday night football"]),
        ("researcher", ["Friday night football"]),
        ("provider", ["Friday night football", "Own draft"]),
        ("other_provider", ["Friday night football", "Their draft"]),
        ("colleague", ["Friday night football", "Own draft", "Their draft"]),
        ("lead", ["Friday night football", "Own draft", "Their draft"]),
    ],
)
def test_drafts_are_seen_by_those_who_keep_them(shelf, cast, north, part, seen):
    with north:
        assert titles(queries.activities_seen_by(part and getattr(cast, part))) == seen


def test_activities_are_found_by_every_word_of_title_text_or_provider(shelf, north):
    everything = Activity.objects.all()
    with north:
        assert titles(queries.matching(everything, words="FOOTBALL cowley")) == ["Friday night football"]
        assert titles(queries.matching(everything, words="floodlit")) == ["Friday night football"]
        assert titles(queries.matching(everything, words="football chess")) == []


def test_a_pair_of_impacts_is_looked_for_as_a_pair(shelf, cast, north):
    with acting_in(north):
        actions.add_impact(
            shelf.activity, primary="healthier", secondary="justice", reason="r", by=cast.provider
        )
    everything = Activity.objects.all()
    with north:
        assert titles(queries.matching(everything, primary="healthier", secondary="justice")) == [
            "Friday night football"
        ]
        # Both are there, but not with each other.
        assert titles(queries.matching(everything, primary="healthier", secondary="policing")) == []
        assert titles(queries.matching(everything, secondary="policing")) == ["Friday night football"]


def test_districts_to_choose_from_are_those_of_published_activities(shelf, north):
    with north:
        assert queries.districts_with_activities() == [("E07000178", "Oxford")]
        assert titles(queries.matching(Activity.objects.all(), district="E07000177")) == []


@pytest.mark.parametrize(
    ("part", "sentences"),
    [
        ("provider", ["Finish and publish the activity “Own draft”"]),
        (
            "colleague",
            ["Finish and publish the activity “Own draft”", "Finish and publish the activity “Their draft”"],
        ),
        ("supplier", []),
    ],
)
def test_drafts_wait_for_those_who_can_finish_them(shelf, cast, north, part, sentences):
    with north:
        assert [entry.sentence for entry in queries.waiting_for(getattr(cast, part))] == sentences
