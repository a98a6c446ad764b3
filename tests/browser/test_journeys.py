"""From the first room to the last, by hand: one Social Purchase Order and everyone who has a part in it."""

import io
import re
from datetime import date, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from dicm.demo.story.cast import (
    BUYER,
    COLLEAGUE,
    MANAGER,
    PANEL,
    RESEARCHER,
    RIVAL,
    THAMES_VALLEY,
    Body,
    Kind,
    Person,
    Role,
)
from tests.browser.desk import choose, fill, follow, press, told

pytestmark = pytest.mark.browser

PANTRY = Body("Iffley Community Pantry", Kind.PROVIDER, "GB-CHC", "9900021")
PROVIDER = Person("Nia Bowen", "nia@pantry.example", PANTRY, Role.PROVIDER, "/orders/")
ACTIVITY = "Thursday lunch and repairs"
ORDER = "Two electricians every Thursday"
TENDER = "Rewiring of four police stations"
EVALUATION = "Thursday lunches in Iffley: before and after"
# A line that began last week, so that something can have been delivered.
FIRST_DAY = date.today() - timedelta(days=7)
LAST_DAY = FIRST_DAY + timedelta(days=200)


def test_an_order_walks_by_hand_from_the_first_activity_to_the_page_that_a_resident_reads(people):
    activity = an_activity_is_registered_and_published(people)
    order = a_supplier_finds_it_and_offers_an_order(people)
    a_provider_returns_a_line_and_agrees_to_its_new_form(people, order)
    tender = a_buyer_opens_a_tender(people)
    the_order_is_agreed_for_it_and_submitted(people, order, tender)
    two_evaluators_score(people, tender)
    contract = the_panel_agrees_and_the_buyer_awards_and_locks_in(people, tender)
    three_parties_sign(people, contract)
    a_delivery_is_confirmed_and_an_open_page_shows_it(people, contract)
    a_report_is_made_for_everyone(people)
    an_evaluation_is_published(people, activity)


def an_activity_is_registered_and_published(people) -> str:
    page = people.at(COLLEAGUE, "/providers/new/")
    fill(page, {"Name of the organisation": PANTRY.name, "Number in that register": PANTRY.number})
    fill(page, {"What the organisation does": "A pantry with a workshop in the back room."})
    press(page, "Register the provider")
    told(page, f"{PANTRY.name} is registered")
    fill(
        page, {"Provider": PANTRY.name, "Name of the activity": ACTIVITY, "Postcode of the place": "ox4 4ah"}
    )
    fill(page, {"What it does": "Lunch for forty, and someone who repairs what they bring."})
    fill(page, {"Who it is for": "Older people who live alone"})
    press(page, "Save as a draft")
    told(page, "Saved as a draft")
    expect(page.get_by_text("Say first which dual impact the activity has")).to_be_visible()
    follow(page, "Add a dual impact")
    choose(page, "What changes for people?", "Healthier communities")
    choose(page, "Which service is needed less?", "Healthcare")
    fill(page, {"Why does one lead to the other?": "Falls at home became rarer once lamps were mended."})
    press(page, "Add the dual impact")
    told(page, "The dual impact is added")
    follow(page, "Add a need")
    fill(page, {"Kind of support": "Staff volunteering", "How much": "150", "What for": "Repairs"})
    press(page, "Add the need")
    told(page, "The need is added")
    press(page, "Publish this activity")
    told(page, "is published")
    return page.url


def a_supplier_finds_it_and_offers_an_order(people) -> Page:
    page = people.at(RIVAL, "/activities/")
    fill(page, {"Words or reference": "repairs", "Service relieved": "Healthcare"})
    press(page, "Search")
    expect(page.locator(".dicm-results > li")).to_have_count(1)
    follow(page, ACTIVITY)
    follow(page, "Draft an order that supports it")
    fill(page, {"Name of the order": ORDER})
    fill(page, {"How will you work with the providers?": "The same two people each week."})
    press(page, "Save and add commitments")
    told(page, "is saved. Now add commitments.")
    fill(
        page,
        {"Kind of support": "Staff volunteering", "How much": "100", "What it costs you to give": "2,500"},
    )
    fill(page, {"First day": FIRST_DAY, "Last day": LAST_DAY})
    fill(page, {"How exactly will it be given?": "Two electricians from eleven to one."})
    press(page, "Add the commitment")
    told(page, "The commitment is added")
    press(page, "Offer it to the providers")
    expect(page.get_by_text("The providers are deciding")).to_be_visible()
    return page


def a_provider_returns_a_line_and_agrees_to_its_new_form(people, order: Page) -> None:
    people.join(PROVIDER)
    page = people.at(PROVIDER, "/orders/")
    follow(page, ORDER)
    follow(page, "Return line 1 with what should change")
    fill(page, {"What should change?": "Could it begin at ten? Lunch is at noon."})
    press(page, "Return it to the supplier")
    # Nobody touched the supplier's page: it heard that something had happened.
    expect(order.get_by_text("“Could it begin at ten? Lunch is at noon.”")).to_be_visible()
    follow(order, "Change line 1")
    expect(order.get_by_text("The provider returned it: Could it begin at ten?")).to_be_visible()
    fill(order, {"How exactly will it be given?": "Two electricians from ten to twelve."})
    press(order, "Save")
    told(order, "Saved")
    press(order, "Offer it to the providers")
    expect(order.get_by_text("This page changes by itself")).to_be_visible()
    page.reload()  # it was withdrawn from the list until it was offered again
    follow(page, ORDER)
    expect(page.get_by_text("from ten to twelve")).to_be_visible()
    press(page, "Agree to line 1")
    expect(order.get_by_text("Every line is agreed.")).to_be_visible()


def a_buyer_opens_a_tender(people) -> Page:
    page = people.at(BUYER, "/tenders/")
    follow(page, "Prepare a tender")
    fill(page, {"Name of the tender": TENDER, "What is bought?": "New cables, lamps and sockets."})
    fill(page, {"Weight of social value in the whole tender, in percent": "15"})
    fill(page, {"Last day for bids": date.today() + timedelta(days=1)})
    press(page, "Save and add criteria")
    told(page, "Now add criteria for HOW and WHERE")
    for dimension, title, weight in (
        ("HOW the support is given", "Kept for the whole term", "60"),
        ("WHERE it lands: activity, place, people", "A place that needs it", "40"),
    ):
        follow(page, "Add a criterion")
        choose(page, "What does it judge?", dimension)
        fill(page, {"Criterion": title, "Weight in percent": weight})
        fill(page, {"What earns a high grade?": "Named people and days."})
        press(page, "Add the criterion")
        told(page, "The criterion is added")
    for person in PANEL[:2]:
        follow(page, "Add someone to the panel")
        fill(page, {"Evaluator": f"{person.name}, {person.body.name}"})
        press(page, "Add to the panel")
        told(page, f"{person.name} is on the panel")
    press(page, "Open the tender")
    told(page, "The tender is open")
    return page


def the_order_is_agreed_for_it_and_submitted(people, order: Page, tender: Page) -> None:
    """The provider agreed to the order before there was a tender: it is asked again, for this one."""
    follow(order, "Find an open tender")
    follow(order, TENDER)
    follow(order, "Submit an order")
    card = order.locator("section").filter(has=order.get_by_role("link", name=ORDER))
    card.get_by_role("button", name=re.compile("^Ask its providers for this tender")).click()
    told(order, "is with its providers, who are asked again: for this tender")
    provider = people.at(PROVIDER, "/orders/")
    follow(provider, ORDER)
    expect(provider.get_by_text("Written for tender TEN-")).to_be_visible()
    press(provider, "Agree to line 1")
    told(provider, "You agreed to commitment 1")
    order.reload()
    card.get_by_role("button", name=re.compile("^Submit and seal")).click()
    told(order, "is submitted and sealed")
    expect(tender.get_by_text("1 sealed bid.")).to_be_visible()


def two_evaluators_score(people, tender: Page) -> None:
    time_passes(people)
    tender.reload()
    press(tender, "Begin the scoring")
    told(tender, "The bids are with the panel now")
    for number, person in enumerate(PANEL[:2]):
        page = people.at(person, "/tenders/")
        follow(page, TENDER)
        follow(page, "Declare your interests")
        choose(page, "Do you have any interest in a supplier or a provider that may take part?", "No, none")
        press(page, "Make this declaration")
        told(page, "Your declaration is recorded")
        page.locator(".govuk-task-list__link").click()
        how, where = page.locator(".dicm-criterion").first, page.locator(".dicm-criterion").last
        choose(how, "Grade", "4")
        fill(how, {"Rationale": "Two people are named, and their days."})
        choose(where, "Grade", "3")
        if number == 0:
            nothing_is_lost_where_a_rationale_is_missing(page)
        fill(page.locator(".dicm-criterion").last, {"Rationale": "One place, and it was without anyone."})
        press(page, "Save my scores")
        told(page, "Your scores are saved")
        expect(page.get_by_text("2 of 2 criteria")).to_be_visible()


def nothing_is_lost_where_a_rationale_is_missing(page: Page) -> None:
    press(page, "Save my scores")
    how, where = page.locator(".dicm-criterion").first, page.locator(".dicm-criterion").last
    summary = page.get_by_role("alert")
    expect(page).to_have_title(re.compile("^Error: Score "))
    expect(summary.get_by_role("link")).to_have_count(1)
    expect(where.locator(".govuk-error-message")).to_be_visible()
    expect(how.locator(".govuk-error-message")).to_have_count(0)
    expect(how.get_by_label("Rationale")).to_have_value("Two people are named, and their days.")
    expect(how.get_by_role("radio", name="4", exact=True)).to_be_checked()
    expect(where.get_by_role("radio", name="3", exact=True)).to_be_checked()
    summary.get_by_role("link").click()
    expect(where.get_by_label("Rationale")).to_be_focused()


def the_panel_agrees_and_the_buyer_awards_and_locks_in(people, page: Page) -> Page:
    page.reload()
    press(page, "End the individual round")
    told(page, "The individual round is over")
    follow(page, "Declare your interests")
    choose(page, "Do you have any interest in a supplier or a provider that may take part?", "No, none")
    press(page, "Make this declaration")
    told(page, "Your declaration is recorded")
    page.get_by_role("link", name=re.compile("^Moderate")).click()
    for grade in ("4", "3"):
        sheet = page.locator("section").filter(has=page.get_by_role("button", name="Record the agreed grade"))
        choose(sheet, "Grade", grade)
        fill(sheet, {"Rationale": "We agreed after reading it together."})
        press(sheet, "Record the agreed grade")
        told(page, "The agreed grade is recorded")
    expect(page.get_by_text("Every grade of this bid is agreed.")).to_be_visible()
    page.locator("main").get_by_role("link", name="Back to the tender").click()
    # 4 of 5 at 60 percent and 3 of 5 at 40 percent
    expect(page.get_by_role("region", name="Ranking").get_by_role("cell", name="72.00")).to_be_visible()
    follow(page, "Award the tender")
    page.get_by_role("radio").check()
    fill(page, {"Reason for the decision": "The only bid, and a good one."})
    press(page, "Award it")
    told(page, "The tender is awarded")
    press(page, "Lock the order in")
    told(page, "The order is locked in")
    return page


def three_parties_sign(people, page: Page) -> None:
    address = page.url.partition(THAMES_VALLEY)[2].partition("/")[2]
    for person in (BUYER, RIVAL, PROVIDER):
        theirs = people.at(person, f"/{address}")
        follow(theirs, f"Sign for {person.body.name}")
        press(theirs, "Sign")
        told(theirs, f"You signed for {person.body.name}")
    page.reload()
    expect(page.locator(".dicm-signatures li").filter(has_text="signed by")).to_have_count(3)


def a_delivery_is_confirmed_and_an_open_page_shows_it(people, contract: Page) -> None:
    address = contract.url.partition(THAMES_VALLEY)[2].partition("/")[2]
    watched = people.at(MANAGER, f"/{address}")
    bar = watched.locator("#progress-bar")
    expect(bar).to_have_attribute("value", "0.00")

    supplier = people.at(RIVAL, f"/{address}")
    follow(supplier, "Claim a delivery")
    supplier.get_by_role("radio").check()
    fill(
        supplier, {"How much was delivered": "25", "What it cost you": "625", "Day of delivery": date.today()}
    )
    fill(supplier, {"What was delivered?": "Lamps and a kettle, mended.", "Evidence": picture()})
    press(supplier, "Claim this delivery")
    told(supplier, "Claimed. The provider is asked to confirm it.")
    expect(watched.get_by_text("Lamps and a kettle, mended.")).to_be_visible()

    provider = people.at(PROVIDER, f"/{address}")
    provider.get_by_role("button", name=re.compile("^Confirm ")).click()
    told(provider, "You confirmed delivery")
    # The worker has worked it out, and the page that nobody touched has fetched it: 25 of 100 hours.
    expect(bar).to_have_attribute("value", "25.00")


def a_report_is_made_for_everyone(people) -> None:
    page = people.at(MANAGER, "/reports/new/")
    fill(page, {"First day of the period": FIRST_DAY, "Last day of the period": date.today()})
    press(page, "Make the report")
    expect(page.get_by_text("The report is ready.")).to_be_visible()
    follow(page, "Read the report")
    address = page.url.partition(THAMES_VALLEY)[2].partition("/")[2]
    # Residents read the same, without signing in.
    resident = people.at(None, f"/{address}")
    expect(resident.get_by_role("heading", level=1)).to_contain_text("ESG report")
    expect(
        resident.get_by_role("region", name="Deliveries of the period").get_by_text(ACTIVITY)
    ).to_be_visible()
    for reader in (page, resident):
        assert downloaded(reader, "Download as PDF").startswith(b"%PDF")
        assert ACTIVITY in downloaded(reader, "Download the deliveries as CSV").decode("utf-8-sig")
    resident.goto(people.product.url(THAMES_VALLEY))
    card = resident.locator(".dicm-card").filter(
        has_text=f"{RIVAL.body.name}, in a contract with {BUYER.body.name}"
    )
    expect(card.filter(has_text="Support worth £625 confirmed, of £2,500 promised")).to_be_visible()


def an_evaluation_is_published(people, activity: str) -> None:
    page = people.at(RESEARCHER)
    page.goto(activity)
    follow(page, "Evaluate this activity")
    fill(page, {"Title": EVALUATION, "Authors": "I. Carvalho", "Sample size": "40"})
    choose(page, "How was it studied?", "1 – before and after, no comparison")
    choose(page, "What did you find?", "Mixed results")
    fill(page, {"Summary": "Fewer falls in one winter of two.", "Funding and conflicts of interest": "None"})
    press(page, "Save as a draft")
    told(page, "Read it once more, then publish it")
    press(page, "Publish it for good")
    told(page, "Published")
    resident = people.at(None)
    resident.goto(activity)
    follow(resident, EVALUATION)
    expect(resident.get_by_text("It does not prove what caused it.")).to_be_visible()


def time_passes(people) -> None:
    """The tender's closing time comes."""
    people.product.act(
        "from spo.tenders.models import Tender\n"
        "from territories.models import Territory\n"
        "from tests.story import closed\n"
        f"with Territory.objects.get(slug={THAMES_VALLEY!r}):\n"
        f"    closed(Tender.objects.get(title={TENDER!r}))\n"
    )


def picture() -> dict:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(content, "PNG")
    return {"name": "IMG_0042.png", "mimeType": "image/png", "buffer": content.getvalue()}


def downloaded(page: Page, words: str) -> bytes:
    with page.expect_download() as waiting:
        follow(page, words)
    return waiting.value.path().read_bytes()
