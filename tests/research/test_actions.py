"""Every act on publications: what it writes, its line in the journal, its refusals."""

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from research import actions
from research.flows import PUBLICATION
from research.models import Edition, Publication
from research.queries import publications_seen_by
from territories.papers.digest import digest_of
from territories.refusal import Refused
from territories.shown import facts_of
from tests.client import acting_in
from tests.reading import as_owner, broken, edges, forbidden, journalled, promises, refusal
from tests.seen import read
from tests.story import publication_facts


@pytest.fixture
def draft(order_at, cast, north):
    story = order_at("published")
    with acting_in(north):
        return actions.draft_publication(story.activity, by=cast.researcher, **publication_facts())


def test_an_evaluation_starts_as_a_draft_of_its_hub(draft, cast, north):
    with north:
        line = journalled(draft, "draft", cast.researcher)
    assert (draft.status, draft.published_at, draft.hub) == ("draft", None, cast.researcher.organisation)
    assert line.after == {"activity": str(draft.activity_id), "design": 3}


def test_an_activity_is_evaluated_once_it_is_published(order_at, cast, north):
    story = order_at("registered")
    with acting_in(north):
        said = refusal(actions.draft_publication, story.activity, by=cast.researcher, **publication_facts())
    assert said == "This activity is not published yet."


@pytest.mark.parametrize("finding", ["positive", "mixed", "none", "harm"])
def test_every_finding_is_published_alike(order_at, cast, north, finding):
    story = order_at("published")
    with acting_in(north):
        row = actions.draft_publication(
            story.activity, by=cast.researcher, **publication_facts(finding=finding)
        )
        said = facts_of(row)
        row = actions.publish(row, seen=read(row), by=cast.researcher)
        line = journalled(row, "publish", cast.researcher)
        row.refresh_from_db()
        edition = row.edition
    assert (row.status, row.state, edition.person) == ("published", "published", "Ruth Oyelaran")
    assert (edition.digest, edition.published_at) == (digest_of(said), row.published_at)
    assert (line.before, line.after) == ({"status": "draft"}, {"finding": finding, "digest": edition.digest})


@pytest.mark.parametrize("part", ["provider", "supplier", "buyer", "lead"])
def test_only_researchers_evaluate(order_at, cast, north, part):
    story, by = order_at("published"), getattr(cast, part)
    with acting_in(north):
        said = refusal(actions.draft_publication, story.activity, by=by, **publication_facts())
    assert said == "Only researchers evaluate activities."


@pytest.mark.parametrize("change", [{"title": "Other"}, {"finding": "positive"}, {"design": 5}])
def test_what_was_found_is_never_changed_or_taken_back(draft, north, change):
    with north:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Publication.objects.update(**change)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Publication.objects.all()._raw_delete("default")


def test_what_its_row_says_of_a_publication_is_nobodys_word(draft, cast, north):
    """The role may update `status`; only an edition makes a publication public, and it is made once."""
    with acting_in(north):
        Publication.objects.update(status="published", published_at=timezone.now())
        hidden = list(publications_seen_by(None))
        actions.publish(draft, seen=read(draft), by=cast.researcher)
        Publication.objects.update(status="draft", published_at=None)
        shown = list(publications_seen_by(None))
        again = refusal(actions.publish, draft, by=cast.researcher)
    assert (hidden, shown) == ([], [draft])
    assert again == "This is not possible any more: the publication is now “Published”."


@pytest.mark.parametrize("change", [{"person": "Other"}, {"digest": "0"}, {"body": {}}])
def test_an_edition_is_never_changed_or_taken_back(draft, cast, north, change):
    with acting_in(north):
        actions.publish(draft, seen=read(draft), by=cast.researcher)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Edition.objects.update(**change)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Edition.objects.all()._raw_delete("default")


def test_only_the_hub_that_did_the_research_publishes_it(draft, cast, south, north):
    with acting_in(north):
        said = refusal(actions.publish, draft, by=cast.south.researcher)
    assert said == "You play this part in another territory."


def test_a_publication_is_published_once(draft, cast, north):
    with acting_in(north):
        actions.publish(draft, seen=read(draft), by=cast.researcher)
        said = refusal(actions.publish, draft, by=cast.researcher)
    assert said == "This is not possible any more: the publication is now “Published”."


def test_the_flow_of_a_publication_has_one_edge():
    assert edges(PUBLICATION) == {("publish", "draft", "published")}
    assert forbidden(PUBLICATION) == [("publish", "published")]
    with pytest.raises(Refused):
        PUBLICATION.after("published", "publish")


def test_a_verb_that_is_none_is_a_mistake_of_the_programmer():
    with pytest.raises(LookupError):
        PUBLICATION.why_not("draft", "retract")


@pytest.mark.parametrize(
    ("design", "proves"), [(0, False), (1, False), (2, False), (3, True), (4, True), (5, True)]
)
def test_an_effect_is_shown_from_level_three_on(design, proves):
    assert Publication(design=design).proves_effect is proves


@pytest.mark.parametrize("wrong", [{"status": "published"}, {"published_at": "2026-03-01T12:00Z"}])
def test_a_publication_has_its_time_and_a_draft_has_none(draft, north, wrong):
    with as_owner(north), broken("publication_has_its_time"), transaction.atomic():
        Publication.objects.filter(pk=draft.pk).update(**wrong)


def test_a_publication_has_one_edition(draft, cast, north):
    with acting_in(north):
        actions.publish(draft, seen=read(draft), by=cast.researcher)
        edition = Edition.objects.get()
    with as_owner(north), broken("edition.publication_id"), transaction.atomic():
        edition.pk, edition._state.adding = None, True
        edition.save(force_insert=True)


def test_every_promise_of_the_room_is_tested():
    assert promises("research") == {"edition.publication_id", "publication_has_its_time"}
