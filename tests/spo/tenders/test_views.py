"""The pages of what a tender asks: bad input is explained, and nothing is lost."""

import pytest

from spo.tenders.models import Criterion, Tender
from territories.references import reference
from tests.reading import Page, table
from tests.story import tender_facts

TENDER = {
    "title": "Refit",
    "scope": "Ground floor\r\nand custody suite.",
    "notice": "032703-2026",
    "weight": "12.5",
    "top_grade": "4",
    "closes_on_day": "31",
    "closes_on_month": "3",
    "closes_on_year": "2099",
    "closes_time": "14:30",
}


CRITERION = {"dimension": "where", "title": "Reach", "guidance": "Streets\r\nnamed.", "weight": "40"}


SHARE = "Weight of social value in the whole tender, in percent"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param(
            dict.fromkeys(TENDER, ""),
            {
                "title": "Name of the tender: this is needed",
                "scope": "What is bought? This needs an answer",
                "weight": f"{SHARE}: this is needed",
                "top_grade": "Scale of grades: choose an answer",
                "closes_on": "Last day for bids: this is needed",
                "closes_time": "Closing time, UK time: this is needed",
            },
            id="empty",
        ),
        ({"weight": "0"}, {"weight": f"{SHARE}: enter 1 or more"}),
        ({"weight": "-5"}, {"weight": f"{SHARE}: enter 1 or more"}),
        ({"weight": "101"}, {"weight": f"{SHARE}: enter 100 or less"}),
        ({"weight": "ten"}, {"weight": f"{SHARE}: enter a number, such as 24 or 1.5"}),
        ({"weight": "NaN"}, {"weight": f"{SHARE}: enter a number, such as 24 or 1.5"}),
        ({"weight": "10.555"}, {"weight": f"{SHARE}: use at most 2 digits after the decimal point"}),
        ({"top_grade": "7"}, {"top_grade": "Scale of grades: choose one of the answers in the list"}),
        (
            {"closes_on_day": "31", "closes_on_month": "6"},
            {"closes_on": "Last day for bids: enter a real date, such as 27 3 2027"},
        ),
        ({"closes_on_year": "2020"}, {"closes_on": "The closing time must be in the future."}),
        (
            {"closes_time": "noonish"},
            {"closes_time": "Closing time, UK time: enter a time on the 24-hour clock, such as 14:30"},
        ),
        (
            {"notice": "x" * 41},
            {"notice": "Number of the tender notice: use 40 characters or fewer. You used 41"},
        ),
    ],
)
def test_a_wrong_tender_is_explained_and_what_was_typed_is_kept(client_for, cast, order_at, typed, told):
    story = order_at("prepared")
    sent = TENDER | typed
    browser = client_for(cast.buyer)
    for url in ("/tenders/new/", f"/tenders/{story.tender.pk}/edit/"):
        page = Page(browser.post(url, sent))
        assert (page.status, page.told) == (200, told)
        assert page.kept(sent) == sent | ({"top_grade": ""} if typed == {"top_grade": "7"} else {})


def test_the_closing_time_is_uk_time(client_for, cast, north):
    summer = TENDER | {"closes_on_month": "July", "closes_time": "14.30"}
    answer = client_for(cast.buyer).post("/tenders/new/", summer)
    with north:
        row = Tender.objects.get()
    assert (answer["Location"], row.closes_at.isoformat()) == (
        f"/tenders/{row.pk}/", "2099-07-31T13:30:00+00:00",
    )  # fmt: skip
    page = Page(client_for(cast.buyer).get(f"/tenders/{row.pk}/edit/"))
    assert page.kept(TENDER) == summer | {"closes_on_month": "7", "closes_time": "14:30", "weight": "12.50"}
    assert "31 July 2099 at 14:30, UK time" in client_for(cast.buyer).get(answer["Location"]).content.decode()


def test_two_people_save_the_same_tender(client_for, cast, order_at, north):
    """Day and time are two fields for one fact of the row, and both are compared; only what was changed is listed."""
    tender = order_at("prepared").tender
    browser, url = client_for(cast.buyer), f"/tenders/{tender.pk}/edit/"
    opened = Page(browser.get(url)).kept([*TENDER, "version", "opened"])
    theirs = opened | {
        "closes_time": "09:30",
        "closes_on_day": "1",
        "closes_on_month": "2",
        "closes_on_year": "2099",
    }
    assert browser.post(url, theirs | {"notice": "", "top_grade": "3"}).status_code == 302
    mine = opened | {"title": "Mine", "top_grade": "4"}
    page = Page(browser.post(url, mine))
    assert page.told == {
        "": "This was saved while you were writing, by someone else or by you in another tab. Your text is still here, "
        "with what was saved beside it. Save again to keep yours.",
        "notice": "Saved meanwhile: nothing",
        "top_grade": "Saved meanwhile: 0 to 3",
        "closes_on": "Saved meanwhile: 1 February 2099",
        "closes_time": "Saved meanwhile: 09:30",
    }
    again = page.kept(mine)
    assert again == mine | {"version": "2", "opened": again["opened"]}
    assert browser.post(url, again).status_code == 302
    with north:
        before = tender.closes_at
        tender.refresh_from_db()
    assert (tender.title, tender.closes_at) == ("Mine", before.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param(
            {"dimension": "", "title": "", "guidance": "", "weight": ""},
            {
                "dimension": "What does it judge? Choose an answer",
                "title": "Criterion: this is needed",
                "guidance": "What earns a high grade? This needs an answer",
                "weight": "Weight in percent: this is needed",
            },
            id="empty",
        ),
        ({"weight": "0"}, {"weight": "Weight in percent: enter 1 or more"}),
        ({"weight": "100.5"}, {"weight": "Weight in percent: enter 100 or less"}),
        ({"weight": "much"}, {"weight": "Weight in percent: enter a number, such as 24 or 1.5"}),
        ({"weight": "41"}, {"": "The criteria would add up to more than 100 percent: 40 percent are left."}),
        (
            {"dimension": "how", "title": "Deliverability"},
            {"": "There is a criterion with this name already."},
        ),
        ({"dimension": "when"}, {"dimension": "What does it judge? Choose one of the answers in the list"}),
    ],
)
def test_a_wrong_criterion_is_explained_and_what_was_typed_is_kept(client_for, cast, order_at, typed, told):
    story = order_at("prepared")
    with story.territory:
        Criterion.objects.filter(tender=story.tender, dimension="where").delete()
    sent = CRITERION | typed
    page = Page(client_for(cast.buyer).post(f"/tenders/{story.tender.pk}/criteria/new/", sent))
    assert (page.status, page.told) == (200, told)
    assert page.kept(sent) == sent | ({"dimension": ""} if typed == {"dimension": "when"} else {})
    with story.territory:
        assert [criterion.title for criterion in story.tender.criteria.all()] == ["Deliverability"]


def test_a_criterion_of_an_open_tender_is_refused_with_what_was_typed(client_for, cast, order_at):
    story = order_at("open")
    page = Page(client_for(cast.buyer).post(f"/tenders/{story.tender.pk}/criteria/new/", CRITERION))
    assert page.told == {"": "The tender is open, so its criteria can't be changed any more."}
    assert page.kept(CRITERION) == CRITERION


def test_only_an_evaluator_of_this_territory_can_be_chosen(client_for, cast, order_at):
    story = order_at("prepared")
    url = f"/tenders/{story.tender.pk}/panel/new/"
    browser = client_for(cast.buyer)
    wrong = {"evaluator": "Evaluator: choose one of the answers in the list"}
    for part in (cast.south.evaluator, cast.supplier, cast.buyer):
        assert Page(browser.post(url, {"evaluator": str(part.pk)})).told == wrong
    assert Page(browser.post(url, {"evaluator": ""})).told == {"evaluator": "Evaluator: choose an answer"}
    sent = {"evaluator": str(cast.evaluator.pk)}
    page = Page(browser.post(url, sent))
    assert page.told == {"": "Eva Lindqvist is on the panel already."}
    assert page.kept(sent) == sent


@pytest.fixture
def many(order_at, cast, north):
    story = order_at("open")
    with north:
        Tender.objects.bulk_create(
            Tender(
                reference=reference("TEN"),
                buyer=cast.buyer.organisation,
                status="open",
                **tender_facts(title=f"Tender {number:02}" if number else "-1+1"),
            )
            for number in range(50)
        )
    return story


def test_a_page_has_at_most_fifty_rows_and_the_file_has_them_all(client_for, cast, many):
    browser = client_for(cast.rival)
    assert [Page(browser.get(f"/tenders/?page={number}")).rows for number in (1, 2)] == [51, 2]
    rows = table(browser.get("/tenders/?format=csv"))
    assert (rows[0], len(rows)) == (["Reference", "Tender", "Buyer", "Closes", "Status"], 52)
    assert [row[1] for row in rows if row[1].endswith("1+1")] == ["'-1+1"]


def test_tenders_are_found_by_words_reference_and_status(client_for, cast, many):
    browser = client_for(cast.rival)

    def titles(query):
        return [tender.title for tender in browser.get(f"/tenders/?{query}").context["page"].object_list]

    assert titles("words=cowley") == titles(f"words={many.tender.reference}") == [many.tender.title]
    assert titles("words=Tender+07&status=open") == ["Tender 07"]
    assert titles("words=Tender+07&status=awarded") == []


@pytest.mark.parametrize("nonsense", ["status=nonsense", "page=x", "words=%00"])
def test_nonsense_in_the_address_is_no_filter(client_for, cast, many, nonsense):
    answer = client_for(cast.rival).get(f"/tenders/?{nonsense}")
    assert (answer.status_code, answer.context["page"].paginator.count) == (200, 51)
