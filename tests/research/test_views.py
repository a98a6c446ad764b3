"""Evidence as people meet it."""

import pytest

from research import actions, queries
from research.models import Publication
from tests.client import acting_in
from tests.reading import WHOLE_PAGE, Page, as_owner
from tests.seen import read
from tests.story import publication_facts

TYPED = {
    "title": "Boxing and knives",
    "authors": "Oyelaran, R.; Kerr, E.",
    "design": "3",
    "sample": "140",
    "finding": "none",
    "summary": "No difference\r\nwas found.",
    "conflicts": "None",
    "doi": "10.1234/abcd",
}


@pytest.fixture
def story(order_at):
    return order_at("published")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param(
            {
                "title": "",
                "authors": "",
                "design": "",
                "finding": "",
                "summary": "",
                "conflicts": "",
                "sample": "",
                "doi": "",
            },
            {
                "title": "Title: this is needed",
                "authors": "Authors: this is needed",
                "design": "How was it studied? Choose an answer",
                "finding": "What did you find? Choose an answer",
                "summary": "Summary: this is needed",
                "conflicts": "Funding and conflicts of interest: this is needed",
            },
            id="empty",
        ),
        ({"sample": "-5"}, {"sample": "Sample size: enter 0 or more"}),
        ({"sample": "many"}, {"sample": "Sample size: enter a whole number, such as 24"}),
        ({"sample": "1.5"}, {"sample": "Sample size: enter a whole number, such as 24"}),
        ({"sample": "99999999999"}, {"sample": "Sample size: enter a whole number, such as 24"}),
        ({"doi": "doi.org/abc"}, {"doi": "Enter a DOI such as 10.1234/abcd."}),
        ({"design": "6"}, {"design": "How was it studied? Choose one of the answers in the list"}),
    ],
)
def test_a_wrong_evaluation_is_explained_and_what_was_typed_is_kept(client_for, cast, story, typed, told):
    sent = TYPED | typed
    page = Page(client_for(cast.researcher).post(f"/research/of/{story.activity.pk}/new/", sent))
    assert (page.status, page.told) == (200, told)
    assert page.kept(sent) == sent | ({"design": ""} if typed == {"design": "6"} else {})


def test_an_evaluation_is_written_read_and_published(client_for, cast, story, north):
    browser = client_for(cast.researcher)
    answer = browser.post(f"/research/of/{story.activity.pk}/new/", TYPED)
    with north:
        row = Publication.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/research/{row.pk}/")
    assert (row.design, row.sample, row.finding, row.status) == (3, 140, "none", "draft")
    residents = client_for(None)
    assert residents.get(f"/research/{row.pk}/").status_code == 404
    assert browser.fill(f"/research/{row.pk}/publish/", on=f"/research/{row.pk}/").status_code == 302
    page = residents.get(f"/research/{row.pk}/").content.decode()
    assert "No effect found" in page
    again = browser.post(f"/research/{row.pk}/publish/", follow=True)
    assert Page(again).banners[-1] == "This is not possible any more: the publication is now “Published”."


@pytest.mark.parametrize(("design", "said"), [(2, True), (3, False)])
def test_a_weak_study_is_said_to_prove_no_cause(client_for, cast, story, north, design, said):
    with acting_in(north):
        row = actions.draft_publication(
            story.activity, by=cast.researcher, **publication_facts(design=design)
        )
        actions.publish(row, seen=read(row), by=cast.researcher)
    warning = "It does not prove what caused it."
    pages = [f"/research/{row.pk}/", f"/research/of/{story.activity.pk}/"]
    assert [warning in client_for(None).get(page).content.decode() for page in pages] == [said, said]


def test_drafts_are_read_by_their_own_hub_only(cast, story, north):
    with acting_in(north):
        row = actions.draft_publication(story.activity, by=cast.researcher, **publication_facts())
        seen = {
            part: list(queries.publications_seen_by(part and getattr(cast, part)))
            for part in (None, "researcher", "provider", "lead", "buyer")
        }
    assert seen == {None: [], "researcher": [row], "provider": [], "lead": [], "buyer": []}


def test_the_evidence_on_an_activity_is_a_fragment_for_htmx_and_a_page_for_everyone_else(client_for, story):
    url = f"/research/of/{story.activity.pk}/"
    part = client_for(None).get(url, headers={"HX-Request": "true"}).content.decode()
    page = client_for(None).get(url).content.decode()
    assert ["No university has evaluated" in text for text in (part, page)] == [True, True]
    assert [WHOLE_PAGE in text for text in (part, page)] == [False, True]


def test_a_page_of_research_has_at_most_fifty_entries(client_for, cast, story, north):
    with acting_in(north):
        row = actions.draft_publication(story.activity, by=cast.researcher, **publication_facts())
        actions.publish(row, seen=read(row), by=cast.researcher)
        row.refresh_from_db()
        edition = row.edition
        for _number in range(51):
            row.pk, row._state.adding = None, True
            row.save(force_insert=True)
            edition.pk, edition._state.adding, edition.publication = None, True, row
            edition.save(force_insert=True)
    pages = [client_for(None).get(f"/research/?page={number}").context["page"] for number in (1, 2)]
    assert [len(page.object_list) for page in pages] == [50, 2]


def test_what_was_published_is_what_everyone_reads(client_for, cast, story, north):
    """Whatever the owner of the tables, or an intruder with his rights, writes into the publication's row."""
    with acting_in(north):
        row = actions.draft_publication(story.activity, by=cast.researcher, **publication_facts())
        actions.publish(row, seen=read(row), by=cast.researcher)
    with as_owner(north):
        Publication.objects.update(title="Harm", summary="It does harm.", finding="harm", design=1)
    pages = [f"/research/{row.pk}/", f"/research/of/{story.activity.pk}/", "/research/"]
    texts = [client_for(None).get(page).content.decode() for page in pages]
    assert [row.title in text for text in texts] == [True] * 3
    assert ["It works" in text for text in texts] == [True] * 3
    assert row.summary in texts[0]
