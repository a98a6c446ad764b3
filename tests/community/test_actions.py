"""Every act on providers and activities: what it writes, its line in the journal, its refusals."""

from decimal import Decimal
from itertools import chain
from unittest.mock import ANY

import pytest
from django.db import connection, transaction
from django.utils import timezone

from community import actions, queries
from community.flows import ACTIVITY
from community.models import Activity, Impact, Need, Provider
from community.published import as_published, needs_of
from territories.journal.models import Entry
from territories.models import Identifier, Organisation, Participation
from territories.papers.digest import digest_of
from territories.refusal import Refused, Stale
from tests.cast import PLACES
from tests.client import acting_in
from tests.reading import as_owner, broken, edges, forbidden, journalled, promises, refusal
from tests.seen import read
from tests.story import support

FACTS = {
    "title": "Boxing",
    "what": "Three evenings a week.",
    "who": "Young adults",
    **PLACES["thames-valley"],
}


def registered(cast, **changed):
    facts = {"name": "Rose Hill Youth", "scheme": "GB-CHC", "number": "1164999", "about": "Evenings."}
    return actions.register_provider(**facts | changed, by=cast.colleague)


# ---- providers ----


def test_a_provider_is_registered_with_its_number_and_takes_part(north, cast):
    with acting_in(north):
        provider = registered(cast)
        line = journalled(provider, "register", cast.colleague)
    organisation = provider.organisation
    assert (str(provider), organisation.kind, provider.about) == ("Rose Hill Youth", "provider", "Evenings.")
    assert line.after == {"organisation": organisation.pk}
    assert [(i.scheme, i.value, i.preferred) for i in organisation.identifiers.all()] == [
        ("GB-CHC", "1164999", True)
    ]
    assert [p.territory for p in organisation.participations.all()] == [north]


def test_an_organisation_that_the_registers_know_is_not_made_twice(north, south, cast):
    with acting_in(south):
        first = actions.register_provider(
            name="Rose Hill Youth", scheme="GB-CHC", number="1164999", about="South.", by=cast.south.colleague
        )
    before = Organisation.objects.count()
    with acting_in(north):
        second = registered(cast, name="rose hill YOUTH ")
    assert second.organisation == first.organisation
    assert Organisation.objects.count() == before
    assert Identifier.objects.filter(value="1164999").count() == 1
    assert set(Participation.objects.filter(organisation=first.organisation).values_list("territory", flat=True)) == {
        north.pk, south.pk,
    }  # fmt: skip


def test_a_provider_is_registered_once_in_a_territory(north, cast):
    with acting_in(north):
        registered(cast)
        assert refusal(registered, cast) == "Rose Hill Youth is registered here already."


def test_a_number_that_belongs_to_another_name_is_asked_about(north, south, cast):
    with acting_in(south):
        first = actions.register_provider(
            name="Rose Hill Youth", scheme="GB-CHC", number="1164999", about="South.", by=cast.south.colleague
        )
    with acting_in(north):
        other = refusal(registered, cast, name="Another name")
    assert (
        other == "This number is known as “Rose Hill Youth”. Write the name like that, or check the number."
    )
    Organisation.objects.filter(pk=first.organisation.pk).update(closed_at=timezone.now())
    with acting_in(north):
        assert refusal(registered, cast) == "Rose Hill Youth, which has this number, is closed."


@pytest.mark.parametrize("name", ["Cowley Road Youth Project", "cowley-road Yoúth project"])
def test_the_name_of_another_provider_is_asked_about(north, cast, name):
    before = Organisation.objects.count()
    with acting_in(north):
        said = refusal(registered, cast, name=name)
        assert said.startswith(
            "DICM knows an organisation called “Cowley Road Youth Project” under another number."
        )
        assert Organisation.objects.count() == before
        assert registered(cast, name=name, another=True).organisation.name == name


def test_the_number_of_a_supplier_makes_no_provider(north, cast):
    with acting_in(north):
        said = refusal(registered, cast, scheme="GB-COH", number="09121572")
    assert said == "That number belongs to Ridgeway Builders Ltd, which is no provider."


@pytest.mark.parametrize(
    "part", ["lead", "provider", "supplier", "buyer", "evaluator", "manager", "researcher"]
)
def test_only_colleagues_register_providers(north, cast, part):
    facts = {"name": "Rose Hill Youth", "scheme": "GB-CHC", "number": "1164999", "about": "Evenings."}
    with acting_in(north):
        said = refusal(actions.register_provider, **facts, by=getattr(cast, part))
        assert Provider.objects.exists() is False
    assert said == "Only community colleagues register providers."


# ---- activities ----


def test_an_activity_starts_as_a_draft_in_its_place(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        activity = actions.register_activity(provider=story.registered, by=cast.provider, **FACTS)
        line = journalled(activity, "register", cast.provider)
    assert (activity.status, activity.version, activity.published_at) == ("draft", 1, None)
    assert (activity.title, activity.area) == ("Boxing", "Oxford (OX4)")
    assert line.after == FACTS


def test_a_provider_registers_activities_of_its_own_only(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        said = refusal(actions.register_activity, provider=story.registered, by=cast.other_provider, **FACTS)
    assert said == "You can register activities of your own organisation only."


@pytest.mark.parametrize(
    ("postcode", "said"),
    [
        ("SO14 7LY", "SO14 7LY is in Southampton, which is outside this territory."),
        ("OX99 9ZZ", "We don't know this postcode. Check it, or use one nearby."),
    ],
)
def test_an_activity_is_in_its_territory_whatever_door_it_comes_by(order_at, cast, north, postcode, said):
    story, facts = order_at("registered"), FACTS | {"postcode": postcode}
    with acting_in(north):
        acts = [
            lambda: actions.register_activity(provider=story.registered, by=cast.provider, **facts),
            lambda: actions.describe_activity(story.activity, version=1, by=cast.provider, **facts),
        ]
        assert {refusal(act) for act in acts} == {said}


def test_the_district_is_that_of_the_postcode_and_nothing_else_is_written(order_at, cast, north):
    story = order_at("registered")
    more = {"district": "Elsewhere", "district_code": "E00000000", "status": "published", "version": 7}
    with acting_in(north):
        activity = actions.register_activity(provider=story.registered, by=cast.provider, **FACTS | more)
    assert (activity.area, activity.district_code, activity.status, activity.version) == (
        "Oxford (OX4)", "E07000178", "draft", 1,
    )  # fmt: skip


def test_a_closed_provider_registers_nothing(order_at, cast, north):
    story = order_at("registered")
    Organisation.objects.filter(pk=story.registered.organisation_id).update(closed_at=timezone.now())
    with acting_in(north):
        said = refusal(actions.register_activity, provider=story.registered, by=cast.colleague, **FACTS)
    assert said == "Cowley Road Youth Project is closed."


@pytest.mark.parametrize("part", ["colleague", "provider"])
def test_who_keeps_an_activity_may_describe_it_anew(order_at, cast, north, part):
    story, by = order_at("published"), getattr(cast, part)
    with acting_in(north):
        changed = actions.describe_activity(story.activity, version=1, by=by, **FACTS)
        line = journalled(changed, "describe", by)
        changed.refresh_from_db()
        version = changed.versions.last()
    assert (changed.title, changed.what, changed.version, changed.status) == (
        "Boxing", "Three evenings a week.", 2, "published",
    )  # fmt: skip
    assert (line.before["title"], line.after) == ("Friday night football", FACTS | {"digest": version.digest})
    assert (version.number, version.verb, version.body["title"]) == (2, "describe", "Boxing")


@pytest.mark.parametrize(
    "part", ["lead", "other_provider", "supplier", "buyer", "evaluator", "manager", "researcher"]
)
def test_nobody_else_changes_an_activity_in_any_way(order_at, cast, north, part):
    story, by = order_at("published"), getattr(cast, part)
    acts = [
        lambda: actions.describe_activity(story.activity, version=1, by=by, **FACTS),
        lambda: actions.add_impact(story.activity, primary="safer", secondary="justice", reason="r", by=by),
        lambda: actions.remove_impact(story.impact, seen=read(story.impact), by=by),
        lambda: actions.add_need(story.activity, support_type=support("goods"), quantity=1, note="", by=by),
        lambda: actions.remove_need(story.need, seen=read(story.need), by=by),
        lambda: actions.publish_activity(story.activity, seen=read(story.activity), by=by),
    ]
    with acting_in(north):
        said = {refusal(act) for act in acts}
    assert said == {"Only community colleagues and the provider itself can change this activity."}


def test_a_closed_activity_is_not_changed_any_more(order_at, cast, north):
    story = order_at("published")
    with acting_in(north):
        Activity.objects.filter(pk=story.activity.pk).update(status="closed")
        said = {
            refusal(actions.describe_activity, story.activity, version=1, by=cast.provider, **FACTS),
            refusal(actions.remove_need, story.need, by=cast.provider),
            refusal(actions.publish_activity, story.activity, by=cast.provider),
        }
    assert said == {"This activity is closed, so it can't be changed any more."}


def test_a_save_over_someone_elses_is_stale_and_brings_the_row_as_it_stands(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        actions.describe_activity(story.activity, version=1, by=cast.colleague, **FACTS)
        with pytest.raises(Stale) as stale:
            actions.describe_activity(
                story.activity, version=1, by=cast.provider, **FACTS | {"title": "Mine"}
            )
        story.activity.refresh_from_db()
    assert str(stale.value.reason) == "Someone else saved this activity meanwhile."
    assert (stale.value.current.title, stale.value.current.version) == ("Boxing", 2)
    assert story.activity.title == "Boxing"


# ---- impacts and needs ----


def test_a_dual_impact_is_added_and_removed(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        pair = {"primary": "healthier", "secondary": "healthcare"}
        impact = actions.add_impact(story.activity, **pair, reason="Fewer visits.", by=cast.provider)
        added = journalled(story.activity, "add impact", cast.provider)
        assert str(impact) == "Healthier communities → Healthcare"
        actions.remove_impact(impact, seen=read(impact), by=cast.colleague)
        removed = journalled(story.activity, "remove impact", cast.colleague)
        assert (added.after, removed.before, story.activity.impacts.count()) == (pair, pair, 0)


def test_a_pair_of_impacts_stands_once(order_at, cast, north):
    story = order_at("published")
    with acting_in(north):
        said = refusal(
            actions.add_impact,
            story.activity,
            primary="safer",
            secondary="policing",
            reason="Again",
            by=cast.provider,
        )
    assert said == "This pair of impacts is there already. Remove it first to give another reason."


def test_a_need_is_added_and_removed_in_the_unit_of_its_support(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        need = actions.add_need(
            story.activity,
            support_type=support("goods"),
            quantity=Decimal("12.50"),
            note="Balls",
            by=cast.provider,
        )
        added = journalled(story.activity, "add need", cast.provider)
        assert str(need) == "12.5 items, Goods or equipment"
        actions.remove_need(need, seen=read(need), by=cast.provider)
        removed = journalled(story.activity, "remove need", cast.provider)
        assert added.after == removed.before == {"support": "goods", "quantity": "12.50"}
        assert story.activity.needs.count() == 0


def test_a_kind_of_support_is_needed_once(order_at, cast, north):
    story = order_at("published")
    with acting_in(north):
        said = refusal(
            actions.add_need,
            story.activity,
            support_type=support(),
            quantity=Decimal(1),
            note="",
            by=cast.provider,
        )
    assert said == "This kind of support is listed already. Remove it first to change it."


def test_a_published_activity_keeps_its_last_impact_and_its_last_need(order_at, cast, north):
    story = order_at("published")
    with acting_in(north):
        said = {
            refusal(actions.remove_impact, story.impact, by=cast.provider),
            refusal(actions.remove_need, story.need, by=cast.provider),
        }
        assert said == {"A published activity keeps at least one. Add another first."}
        actions.add_impact(story.activity, primary="safer", secondary="justice", reason="r", by=cast.provider)
        actions.remove_impact(story.impact, seen=read(story.impact), by=cast.provider)
        assert [impact.secondary for impact in story.activity.impacts.all()] == ["justice"]


def test_what_somebody_else_removed_is_not_removed_again(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        impact = actions.add_impact(
            story.activity, primary="safer", secondary="justice", reason="r", by=cast.provider
        )
        need = actions.add_need(
            story.activity, support_type=support("goods"), quantity=1, note="", by=cast.provider
        )
        stale = Impact.objects.get(pk=impact.pk), Need.objects.get(pk=need.pk)
        actions.remove_impact(impact, seen=read(impact), by=cast.provider)
        actions.remove_need(need, seen=read(need), by=cast.provider)
        said = {
            refusal(actions.remove_impact, stale[0], by=cast.provider),
            refusal(actions.remove_need, stale[1], by=cast.provider),
        }
    assert said == {"Someone else has removed this meanwhile."}


# ---- publishing ----


def test_publishing_shows_it_and_writes_when(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        actions.add_impact(
            story.activity, primary="safer", secondary="policing", reason="r", by=cast.provider
        )
        actions.add_need(
            story.activity, support_type=support(), quantity=Decimal(5), note="", by=cast.provider
        )
        published = actions.publish_activity(story.activity, seen=read(story.activity), by=cast.colleague)
        line = journalled(published, "publish", cast.colleague)
        published.refresh_from_db()
        version = published.versions.get()
    assert (published.status, published.published_at is None) == ("published", False)
    assert (line.before, line.after) == (
        {"status": "draft"},
        {"status": "published", "digest": version.digest},
    )
    assert (version.number, version.verb, version.signatory) == (
        1,
        "publish",
        "Colin Price, Community colleague, Oxford City Council",
    )
    assert version.digest == digest_of(version.body)
    assert version.body == {
        "title": "Friday night football",
        "what": "Floodlit football with trained coaches, and someone to talk to.",
        "who": "Young people aged 11 to 17",
        **PLACES["thames-valley"],
        "provider": "Cowley Road Youth Project",
        "impacts": [{"id": ANY, "primary": "safer", "secondary": "policing", "reason": "r"}],
        "needs": [{"id": ANY, "type": ANY, "support": "Staff volunteering", "quantity": "5.00", "note": ""}],
    }


def test_every_later_change_is_a_version_that_stands_beside_the_first(order_at, cast, north):
    """All acts, in the order of the journal; a draft's changes are none."""
    story, by = order_at("published"), cast.provider
    with acting_in(north):
        actions.describe_activity(story.activity, version=1, by=by, **FACTS)
        impact = actions.add_impact(
            story.activity, primary="healthier", secondary="social", reason="r", by=by
        )
        actions.remove_impact(impact, seen=read(impact), by=by)
        need = actions.add_need(story.activity, support_type=support("goods"), quantity=1, note="", by=by)
        actions.remove_need(need, seen=read(need), by=by)
        versions = list(story.activity.versions.all())
        told = list(
            Entry.objects.filter(after__has_key="digest").order_by("seq").values_list("verb", "after__digest")
        )
    assert [version.verb for version in versions] == [
        "publish",
        "describe",
        "add impact",
        "remove impact",
        "add need",
        "remove need",
    ]
    assert told == [(version.verb, version.digest) for version in versions]
    assert [(len(v.body["impacts"]), len(v.body["needs"])) for v in versions] == [
        (1, 1),
        (1, 1),
        (2, 1),
        (1, 1),
        (1, 2),
        (1, 1),
    ]


SHOWN = {
    "activity": "UPDATE community_activity SET title = 'Other', what = 'Other', who = 'Other'",
    "impacts": "DELETE FROM community_impact",
    "needs": "DELETE FROM community_need",
}


@pytest.mark.parametrize("statement", SHOWN.values(), ids=SHOWN)
def test_what_was_published_is_read_from_its_version_whatever_the_rows_say(order_at, cast, north, statement):
    """The territory's role may write these rows; nobody reads them once they are published."""
    story = order_at("published")
    with acting_in(north):
        with connection.cursor() as cursor:
            cursor.execute(statement)
        row = as_published(Activity.objects.get(pk=story.activity.pk))
        needs = needs_of(row)
    assert (row.title, row.what, row.who, row.area) == (
        "Friday night football",
        "Floodlit football with trained coaches, and someone to talk to.",
        "Young people aged 11 to 17",
        "Oxford (OX4)",
    )
    assert [(impact.pk, str(impact), impact.reason) for impact in row.dual_impacts] == [
        (story.impact.pk, "Safer communities → Policing", "Fewer calls on Fridays.")
    ]
    assert [(need.pk, str(need), need.note) for need in needs] == [
        (story.need.pk, "200 hours, Staff volunteering", "Coaches")
    ]


def test_a_status_alone_publishes_nothing(order_at, cast, north, client_for):
    """The role may update `status`; only a version makes an activity public, or open to support."""
    order_at("registered")
    with acting_in(north):
        Activity.objects.update(status="published", published_at=timezone.now())
        row = Activity.objects.get()
        assert row.state == "draft"
        assert list(queries.activities_seen_by(None)) == list(queries.open_to_support()) == []
    assert client_for(None).get(f"/activities/{row.pk}/").status_code == 404


def test_what_is_missing_is_said_before_publishing(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        no_impact = refusal(actions.publish_activity, story.activity, by=cast.provider)
        actions.add_impact(
            story.activity, primary="safer", secondary="policing", reason="r", by=cast.provider
        )
        no_need = refusal(actions.publish_activity, story.activity, by=cast.provider)
    assert no_impact == "Say first which dual impact the activity has."
    assert no_need == "Say first what the activity needs, so that suppliers know how they can help."


def test_an_activity_is_published_once(order_at, cast, north):
    story = order_at("published")
    with acting_in(north):
        said = refusal(actions.publish_activity, story.activity, by=cast.provider)
    assert said == "This is not possible any more: the activity is now “Published”."


def test_the_flow_of_an_activity_has_these_edges_and_no_others():
    assert edges(ACTIVITY) == {("publish", "draft", "published"), ("close", "published", "closed")}


@pytest.mark.parametrize(("verb", "state"), forbidden(ACTIVITY))
def test_a_forbidden_edge_is_a_sentence(verb, state):
    label = ACTIVITY.states(state).label
    assert (
        str(ACTIVITY.why_not(state, verb)) == f"This is not possible any more: the activity is now “{label}”."
    )
    with pytest.raises(Refused):
        ACTIVITY.after(state, verb)


# ---- what the database keeps ----


def again(row, **changed):
    """The same row once more, with something changed."""
    row.pk, row._state.adding = None, True
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


VIOLATED = {
    "activity_version_once": lambda s: again(s.activity.versions.get(), body={}),
    "provider_once": lambda s: Provider.objects.create(organisation=s.registered.organisation, about="Again"),
    "published_has_its_time": lambda s: Activity.objects.filter(pk=s.activity.pk).update(published_at=None),
    "one_reason_per_pair": lambda s: again(s.impact, reason="Another"),
    "one_need_per_support_type": lambda s: again(s.need, quantity=3),
    "need_is_positive": lambda s: Need.objects.filter(pk=s.need.pk).update(quantity=0),
}


@pytest.mark.parametrize("promise", VIOLATED)
def test_the_database_keeps(order_at, north, promise):
    story = order_at("published")
    with as_owner(north), broken(promise), transaction.atomic():
        VIOLATED[promise](story)


def test_a_draft_has_no_time_of_publication(order_at, north):
    story = order_at("published")
    with as_owner(north), broken("published_has_its_time"), transaction.atomic():
        Activity.objects.filter(pk=story.activity.pk).update(status="draft")


def test_every_promise_of_the_room_is_tested():
    assert set(VIOLATED) == promises("community")


def test_impacts_stand_in_the_order_in_which_they_were_written(order_at, cast, north):
    story = order_at("published")
    pairs = [("healthier", "justice"), ("safer", "social"), ("resilient", "healthcare")]
    with acting_in(north):
        for primary, secondary in pairs:
            actions.add_impact(
                story.activity, primary=primary, secondary=secondary, reason="r", by=cast.provider
            )
        found = list(Impact.objects.filter(activity=story.activity).values_list("primary", "secondary"))
    assert found == list(chain([("safer", "policing")], pairs))
