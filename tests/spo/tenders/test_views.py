"""Tenders as people meet them: forms with their errors, sealed pages, lists, fragments."""

from html import unescape

import pytest
from django.utils import timezone

from spo.tenders import actions, rules
from spo.tenders.models import Award, Bid, Consensus, Criterion, Declaration, PanelMember, Score, Tender
from spo.tenders.standstill import earliest_end
from territories.references import reference
from tests.cast import acting_in, closed, read, tender_facts, written_for
from tests.reading import WHOLE_PAGE, Page, as_owner, table

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


@pytest.fixture
def contest(order_at, cast):
    """contest("declared"): our bid and the rival's in one tender, walked there."""

    def walk(stage):
        ours = order_at("sealed")
        theirs = order_at("sealed", supplier=cast.rival, tender=ours.tender)
        return ours.walk(stage), theirs

    return walk


# ---- bad input: the tender ----


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


# ---- two people at the same tender ----


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


# ---- bad input: criteria and panel ----


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


# ---- bad input: bids ----


def test_an_order_that_is_not_ones_own_is_not_there_to_be_submitted(client_for, cast, order_at):
    story = order_at("open")
    others = [order_at("agreed", supplier=cast.rival), order_at("agreed", company=cast.south)]
    browser = client_for(cast.supplier)
    for act in ("bid", "order"):
        url = f"/tenders/{story.tender.pk}/{act}/"
        for wrong in [*(str(other.order.pk) for other in others), "", "x", "0" * 40]:
            assert browser.post(url, {"order": wrong}).status_code == 404
    with story.territory:
        assert Bid.objects.count() == 0


def test_an_order_goes_from_agreed_for_nothing_to_sealed_in_a_tender(client_for, cast, order_at):
    story = order_at("open")
    page, order = f"/tenders/{story.tender.pk}/bid/", f"/orders/{story.order.pk}/"
    supplier, provider = client_for(cast.supplier), client_for(cast.provider)
    asked = Page(supplier.fill(f"/tenders/{story.tender.pk}/order/", on=page, follow=True))
    assert asked.banners == [
        f"{story.order.reference} is with its providers, who are asked again: for this tender."
    ]
    assert story.tender.reference in provider.get(order).text
    assert provider.fill(f"/commitments/{story.line.pk}/agree/", on=order).status_code == 302
    sealed = Page(supplier.fill(page, on=page, follow=True))
    assert sealed.banners == [f"{story.order.reference} is submitted and sealed."]


def test_a_closed_tender_takes_no_bid_and_says_so(client_for, cast, order_at):
    story = order_at("open")
    browser, page = client_for(cast.supplier), f"/tenders/{story.tender.pk}/bid/"
    sent = browser.hidden(f"/tenders/{story.tender.pk}/order/", page)
    with story.territory:
        closed(story.tender)
    sentence = "The tender is closed, so it takes no more bids."
    answer = browser.post(f"/tenders/{story.tender.pk}/order/", sent, headers={"referer": page}, follow=True)
    assert sentence in Page(answer).banners
    assert sentence in unescape(browser.get(page).text)


def test_a_bid_sent_twice_answers_with_a_sentence(client_for, cast, order_at):
    story = order_at("open")
    with acting_in(story.territory):
        written_for(story.order, story.tender, cast.supplier, cast)
    browser, url = client_for(cast.supplier), f"/tenders/{story.tender.pk}/bid/"
    sent = browser.hidden(url, url)
    first = browser.post(url, sent, follow=True)
    assert Page(first).banners == [f"{story.order.reference} is submitted and sealed."]
    second = Page(browser.post(url, sent, follow=True))
    assert second.banners == ["This is not possible any more: the order is now “Sealed in a bid”."]
    with story.territory:
        assert Bid.objects.count() == 1


# ---- bad input: declarations and scores ----


def test_a_conflict_is_named_and_declared_at_any_time(client_for, cast, order_at):
    story = order_at("scoring")
    browser, url = client_for(cast.evaluator), f"/tenders/{story.tender.pk}/declaration/"
    empty = Page(browser.post(url, {"conflict": "", "words": "Perhaps"}))
    assert list(empty.told) == ["conflict"]
    assert empty.told["conflict"].endswith("Choose an answer")
    assert empty.kept(["words"]) == {"words": "Perhaps"}
    page = Page(browser.post(url, {"conflict": "yes", "words": " "}))
    assert page.told == {"words": "Say what the interest is."}
    assert page.kept(["conflict"]) == {"conflict": "yes"}
    assert browser.post(url, {"conflict": "no", "words": ""}).status_code == 302
    assert browser.get(f"/bids/{story.bid.pk}/").status_code == 200
    assert "you declared that you have no interest" in browser.get(url).text
    assert browser.post(url, {"conflict": "yes", "words": "My sister"}).status_code == 302
    again = Page(browser.post(url, {"conflict": "no", "words": ""}))
    assert again.told == {
        "": "You declared a conflict of interest, which stands. Ask the buyer to let somebody else do it."
    }
    with story.territory:
        assert PanelMember.objects.get(user=cast.evaluator.user).conflict is True
    assert browser.get(f"/bids/{story.bid.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"c1-grade": "4"}, {"c1-rationale": "Rationale: this is needed"}),
        ({"c1-rationale": "Good"}, {"c1-grade": "Grade: choose an answer"}),
        (
            {"c1-grade": "4", "c2-rationale": "Good"},
            {"c1-rationale": "Rationale: this is needed", "c2-grade": "Grade: choose an answer"},
        ),
        (
            {"c1-grade": "4", "c1-rationale": "x" * 3001},
            {"c1-rationale": "Rationale: use 3000 characters or fewer. You used 3001"},
        ),
        (
            {"c2-grade": "6", "c2-rationale": "Off"},
            {"c2-grade": "Grade: choose one of the answers in the list"},
        ),
    ],
)
def test_a_wrong_score_is_explained_and_what_was_typed_is_kept(client_for, cast, order_at, typed, told):
    story = order_at("declared")
    empty = dict.fromkeys(["c1-grade", "c1-rationale", "c2-grade", "c2-rationale"], "")
    sent = empty | typed
    page = Page(client_for(cast.evaluator).post(f"/bids/{story.bid.pk}/score/", sent))
    assert (page.status, page.told) == (200, told)
    assert page.kept(sent) == sent | ({"c2-grade": ""} if typed.get("c2-grade") == "6" else {})
    with story.territory:
        assert Score.objects.count() == 0


def test_a_criterion_may_be_left_empty_and_a_score_changed(client_for, cast, order_at):
    story = order_at("declared")
    browser, url = client_for(cast.evaluator), f"/bids/{story.bid.pk}/score/"
    assert browser.fill(url, {"c1-grade": "4", "c1-rationale": "Good", "c2-rationale": ""}).status_code == 302
    page = Page(browser.get(url))
    assert page.kept(["c1-grade", "c1-rationale", "c2-grade"]) == {
        "c1-grade": "4", "c1-rationale": "Good", "c2-grade": "",
    }  # fmt: skip
    assert browser.fill(url, {"c1-grade": "3", "c1-rationale": "Good", "c2-rationale": ""}).status_code == 302
    with story.territory:
        assert list(Score.objects.counted().values_list("grade", "rationale")) == [(3, "Good")]


def test_a_second_tab_shows_what_was_saved_in_the_first_and_can_save_again(client_for, cast, order_at):
    story = order_at("declared")
    browser, url = client_for(cast.evaluator), f"/bids/{story.bid.pk}/score/"
    older = browser.hidden(url)
    browser.fill(url, {"c1-grade": "5", "c1-rationale": "Read twice", "c2-rationale": ""})
    mine = {"c1-grade": "1", "c1-rationale": "At first", "c2-grade": "2", "c2-rationale": "New"}
    page = Page(browser.post(url, older | mine))
    assert page.told == {
        "c1-grade": "You saved meanwhile, in another tab: 5, “Read twice”. Save again to keep what stands here."
    }
    assert page.kept(mine) == mine
    assert browser.post(url, mine | {"seen": page.boxes["seen"][0]}).status_code == 302
    with story.territory:
        assert set(Score.objects.counted().values_list("grade", flat=True)) == {1, 2}


def test_a_score_that_comes_too_late_shows_what_was_written(client_for, cast, order_at):
    story = order_at("scored")
    browser, url = client_for(cast.evaluator), f"/bids/{story.bid.pk}/score/"
    older = browser.hidden(url)
    with story.territory:
        actions.settle(story.tender, seen=read(story.tender), by=cast.buyer)
    page = browser.post(url, older | {"c1-grade": "2", "c1-rationale": "Only two of the four schools."})
    assert page.status_code == 409
    assert "The individual round is not running." in page.text
    assert "Only two of the four schools." in page.text


def test_a_score_that_is_refused_stands_beside_the_reason(client_for, cast, order_at, monkeypatch):
    story = order_at("declared")
    monkeypatch.setattr(rules, "why_not_grade", lambda *given: "Give every grade on the tender's own scale.")
    sent = {"c1-grade": "4", "c1-rationale": "Good work", "c2-grade": "", "c2-rationale": ""}
    page = Page(client_for(cast.evaluator).fill(f"/bids/{story.bid.pk}/score/", sent))
    assert (page.status, page.told) == (200, {"": "Give every grade on the tender's own scale."})
    assert page.kept(sent) == sent


def test_nobody_reads_anothers_scores_on_any_page_of_the_individual_round(client_for, cast, order_at):
    story = order_at("declared")
    secret = "Only Eva wrote this"
    typed = {"c1-grade": "1", "c1-rationale": secret, "c2-rationale": ""}
    assert client_for(cast.evaluator).fill(f"/bids/{story.bid.pk}/score/", typed).status_code == 302
    urls = [
        f"/tenders/{story.tender.pk}/",
        f"/tenders/{story.tender.pk}/now/",
        f"/bids/{story.bid.pk}/",
        f"/bids/{story.bid.pk}/score/",
        f"/bids/{story.bid.pk}/moderation/",
    ]

    def reading(part):
        return [url for url in urls if secret in client_for(getattr(cast, part)).get(url).content.decode()]

    readers = ("evaluator2", "buyer", "supplier", "rival", "lead", "other_buyer")
    assert {part: reading(part) for part in readers} == {part: [] for part in readers}
    assert reading("evaluator") == [f"/bids/{story.bid.pk}/score/"]


SAID_FIRST = "Declare your interests first: you do before you read or judge a bid."
CONFLICT = "You declared a conflict of interest, so somebody else has to do this."


@pytest.mark.parametrize(
    ("stage", "page"), [("scoring", ""), ("scored", ""), ("scored", "moderation/"), ("awarded", "")]
)
def test_the_buyers_people_declare_before_they_read_a_bid(client_for, cast, order_at, north, stage, page):
    story = order_at(stage)
    with as_owner(north):
        Declaration.objects.filter(user=cast.buyer.user).delete()
    url, browser = f"/bids/{story.bid.pk}/{page}", client_for(cast.buyer)
    how, declare = story.line.how, f"/tenders/{story.tender.pk}/declaration/"

    def read():
        text = unescape(browser.get(url).text)
        return how in text or "Spread" in text, SAID_FIRST in text, CONFLICT in text, declare in text

    assert read() == (False, True, False, True)
    assert browser.post(declare, {"conflict": "no", "words": ""}).status_code == 302
    assert read()[:3] == (True, False, False)
    assert browser.post(declare, {"conflict": "yes", "words": "My sister"}).status_code == 302
    assert read() == (False, False, True, True)


def test_a_supplier_reads_its_own_bid_without_declaring_anything(client_for, cast, order_at):
    story = order_at("scoring")
    assert story.line.how in unescape(client_for(cast.supplier).get(f"/bids/{story.bid.pk}/").text)


# ---- moderation and award ----


def test_moderation_says_beforehand_that_a_grade_is_final_and_what_it_is_given_for(
    client_for, cast, order_at
):
    story = order_at("moderation")
    page = client_for(cast.buyer).get(f"/bids/{story.bid.pk}/moderation/")
    assert "An agreed grade is final: nobody can change it afterwards." in page.text
    assert page.text.count("Named people and days.") == len(story.criteria)
    assert (f"/bids/{story.bid.pk}/", "Read the bid") in Page(page).links


@pytest.mark.parametrize(
    ("stage", "here", "below", "step"),
    [
        ("awarded", "Lock the order into a contract, below.", "Lock the order in: it is frozen as it is", 5),
        ("locked", "What comes next in it is said below.", "Next, every party signs it", 5),
        ("active", "What comes next in it is said below.", "It is signed. Next, the supplier claims", 6),
    ],
)
def test_what_comes_next_after_the_award_is_what_comes_next(
    client_for, cast, order_at, stage, here, below, step
):
    story = order_at(stage)
    browser = client_for(cast.buyer)
    sentences = ["Lock the order into a contract, below.", "What comes next in it is said below."]
    page = browser.get(f"/tenders/{story.tender.pk}/").text
    assert [sentence for sentence in sentences if sentence in page] == [here]
    contract = browser.get(f"/contracts/of/{story.tender.pk}/", headers={"HX-Request": "true"})
    assert (below in contract.text, contract.context["step"]) == (True, step)
    # The steps at the head of the page are replaced where a contract is further than its tender.
    assert ('hx-swap-oob="true"' in contract.text) is (stage != "awarded")


def test_a_wrong_grade_in_moderation_is_explained_and_kept(client_for, cast, order_at):
    story = order_at("moderation")
    url = f"/bids/{story.bid.pk}/moderation/"
    first = str(story.criteria[0].pk)
    browser = client_for(cast.buyer)
    sent = {"criterion": first, "grade": "4", "rationale": ""}
    page = Page(browser.post(url, sent))
    assert page.told == {"rationale": "Rationale: this is needed"}
    assert page.kept(sent) == sent
    page = Page(browser.post(url, {"criterion": first, "grade": "9", "rationale": "We agreed"}))
    assert page.told == {"grade": "Grade: choose one of the answers in the list"}
    assert page.kept(["rationale"]) == {"rationale": "We agreed"}


def test_a_grade_sent_twice_is_not_taken_for_the_next_criterion(client_for, cast, order_at):
    story = order_at("moderation")
    browser, url = client_for(cast.buyer), f"/bids/{story.bid.pk}/moderation/"
    sent = {"criterion": str(story.criteria[0].pk), "grade": "4", "rationale": "We agreed"}
    assert browser.fill(url, sent).status_code == 302
    again = browser.post(url, sent | {"rationale": "We have also heard otherwise"})
    assert again.status_code == 409
    assert "The panel&#x27;s grade for this criterion is recorded already." in again.text
    assert "We have also heard otherwise" in again.text
    assert Page(browser.get(url)).kept(["rationale", "grade"]) == {"rationale": "", "grade": ""}
    with story.territory:
        assert list(Consensus.objects.values_list("criterion", "grade")) == [(story.criteria[0].pk, 4)]


def test_a_wrong_award_is_explained_and_what_was_typed_is_kept(client_for, cast, contest, order_at):
    ours, theirs = contest("settled")
    other, today = order_at("settled"), timezone.localdate()
    browser, url = client_for(cast.buyer), f"/tenders/{ours.tender.pk}/award/"
    typed = {
        "bid": str(ours.bid.pk),
        "reason": "The most\r\npoints.",
        "standstill_until_day": "",
        "standstill_until_month": "",
        "standstill_until_year": "",
    }
    for changed, told in [
        (
            {"bid": "", "reason": ""},
            {"bid": "Award to: choose an answer", "reason": "Reason for the decision: this is needed"},
        ),
        ({"bid": str(other.bid.pk)}, {"bid": "Award to: choose one of the answers in the list"}),
        ({"bid": str(theirs.bid.pk)}, {"": "Only a bid with the most points can be awarded."}),
        (
            {"standstill_until_day": "30"},
            {"standstill_until": "Last day of the standstill must include a month and a year"},
        ),
        (
            {f"standstill_until_{name}": str(getattr(today, name)) for name in ("day", "month", "year")},
            {
                "standstill_until": "A standstill lasts at least 8 working days from the award notice: "
                f"until {earliest_end(today):%-d %B %Y}, or later. Leave it empty where none applies."
            },
        ),
    ]:
        sent = typed | changed
        page = Page(browser.fill(url, sent))
        assert (page.status, page.told) == (200, told)
        assert page.kept(sent) == sent | ({"bid": ""} if changed.get("bid") == str(other.bid.pk) else {})
    with ours.territory:
        assert Award.objects.filter(tender=ours.tender).count() == 0


def test_an_award_sent_twice_answers_with_a_sentence(client_for, cast, order_at):
    story = order_at("settled")
    browser, url = client_for(cast.buyer), f"/tenders/{story.tender.pk}/award/"
    sent = {"bid": str(story.bid.pk), "reason": "The most points."}
    assert browser.fill(url, sent).status_code == 302
    page = browser.post(url, sent)
    assert page.status_code == 409
    assert "Moderation is not running." in page.text and "The most points." in page.text


@pytest.mark.parametrize(
    ("stage", "act", "sentence"),
    [
        ("open", "open", "The tender is open, so its criteria can't be changed any more."),
        ("open", "scoring", "Bids stay sealed until the closing time has passed."),
        ("declared", "settle", "Scores that are still missing: 4."),
    ],
)
def test_a_refused_step_is_a_banner_on_the_page_and_a_fragment_for_htmx(
    client_for, cast, order_at, stage, act, sentence
):
    story = order_at(stage)
    browser, url = client_for(cast.buyer), f"/tenders/{story.tender.pk}/{act}/"
    back = f"{story.territory.url}/tenders/{story.tender.pk}/"
    page = Page(browser.post(url, headers={"referer": back}, follow=True))
    assert page.banners == [sentence]
    # Where the step comes next, the same words stand instead of its button.
    assert (sentence in unescape(browser.get(back).content.decode())) is (act != stage)
    part = browser.post(url, headers={"HX-Request": "true"})
    assert (part.status_code, sentence in unescape(part.content.decode())) == (409, True)
    assert WHOLE_PAGE not in part.content.decode()


def test_where_a_tender_stands_is_the_same_inside_the_page_and_as_the_fragment_that_replaces_it(
    client_for, cast, order_at
):
    story = order_at("open")
    browser = client_for(cast.buyer)
    part = browser.get(f"/tenders/{story.tender.pk}/now/", headers={"HX-Request": "true"}).content.decode()
    page = browser.get(f"/tenders/{story.tender.pk}/").content.decode()
    assert WHOLE_PAGE not in part
    assert ["0 sealed bids." in text for text in (part, page)] == [True, True]


# ---- the list ----


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
