"""The pages of bids, scores, moderation and award: bad input is explained, and nothing is lost."""

from html import unescape

import pytest
from django.utils import timezone

from spo.scoring import actions
from spo.scoring.actions import scores
from spo.scoring.models import Award, Bid, Consensus, PanelMember, Score
from spo.scoring.standstill import earliest_end
from spo.tenders.models import Declaration
from tests.client import acting_in
from tests.reading import WHOLE_PAGE, Page, as_owner
from tests.seen import read
from tests.story import closed, written_for


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
    monkeypatch.setattr(scores, "why_not_grade", lambda *given: "Give every grade on the tender's own scale.")
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
