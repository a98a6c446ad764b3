"""Everything works without a line of JavaScript, only with more pages."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from dicm.demo.story.cast import BUYER, COLLEAGUE, COWLEY, COWLEY_PROVIDER, MANAGER, PANEL, SUPPLIER
from dicm.demo.story.target import BOXING
from tests.browser.desk import choose, fill, follow, press, told
from tests.browser.stage import SCORED

pytestmark = pytest.mark.browser

PLAIN = {"java_script_enabled": False}


def test_an_activity_is_registered_after_errors_that_lead_to_their_fields(people, played):
    page = people.at(COLLEAGUE, "/activities/new/", **PLAIN)
    fill(page, {"Name of the activity": "Allotment for beginners", "Postcode of the place": "SO14 0YG"})
    press(page, "Save as a draft")

    expect(page).to_have_title("Error: Register an activity – Thames Valley – DICM")
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_count(4)
    expect(page.get_by_label("Name of the activity")).to_have_value("Allotment for beginners")
    summary.get_by_role("link", name="outside this territory").click()
    # The browser itself goes to the field.
    expect(page.get_by_label("Postcode of the place")).to_be_in_viewport()
    assert page.url.endswith("#" + page.get_by_label("Postcode of the place").get_attribute("id"))

    fill(page, {"Provider": COWLEY.name, "Postcode of the place": "OX4 1HP"})
    fill(page, {"What it does": "Beds, tools and someone who knows.", "Who it is for": "Young people"})
    press(page, "Save as a draft")
    told(page, "Saved as a draft")


def test_a_supplier_drafts_and_offers_an_order(people, played):
    page = people.at(SUPPLIER, "/activities/?words=boxing", **PLAIN)
    follow(page, BOXING.title)
    # What a script would fetch is a link.
    follow(page, "Evaluations of this activity")
    follow(page, "Back to the activity")
    follow(page, "Draft an order that supports it")
    fill(page, {"Name of the order": "Gloves", "How will you work with the providers?": "We bring them."})
    press(page, "Save and add commitments")
    today = date.today()
    fill(
        page, {"Kind of support": "Goods or equipment", "How much": "12", "What it costs you to give": "240"}
    )
    fill(page, {"First day": today, "Last day": today + timedelta(days=60)})
    fill(page, {"How exactly will it be given?": "A dozen pairs in one box."})
    press(page, "Add the commitment")
    told(page, "The commitment is added")
    press(page, "Offer it to the providers")
    expect(page.get_by_text("The providers are deciding")).to_be_visible()


def test_an_evaluator_declares_and_scores(people, played):
    page = people.at(PANEL[2], "/tenders/", **PLAIN)
    follow(page, SCORED)
    follow(page, "Declare your interests")
    choose(page, "Do you have any interest in a supplier or a provider that may take part?", "No, none")
    press(page, "Make this declaration")
    page.locator(".govuk-task-list__link").click()
    expect(page.get_by_role("button", name="Save my scores")).to_be_visible()  # all() waits for nothing
    sheets = page.locator(".dicm-criterion").all()
    for sheet in sheets:
        choose(sheet, "Grade", "3")
        fill(sheet, {"Rationale": "It says who brings the desks, and when."})
    press(page, "Save my scores")
    told(page, "Your scores are saved")
    expect(page.get_by_text(f"{len(sheets)} of {len(sheets)} criteria")).to_be_visible()


def test_a_provider_confirms_a_delivery_and_the_manager_reads_its_progress(people, played):
    page = people.at(COWLEY_PROVIDER, "/deliveries/?status=claimed", **PLAIN)
    page.get_by_role("table").get_by_role("link").click()
    follow(page, "Progress and deliveries")
    waiting = page.get_by_role("button", name="Confirm ")
    before = waiting.count()
    waiting.last.click()
    told(page, "You confirmed delivery")
    if "/progress/" not in page.url:
        follow(page, "Progress and deliveries")
    expect(page.get_by_role("button", name="Confirm ")).to_have_count(before - 1)
    expect(page.get_by_role("progressbar")).to_be_visible()


def test_what_scripts_fetch_is_a_link_for_everybody_else(people, played):
    resident = people.at(None, **PLAIN)
    follow(resident, "What is being delivered now")
    expect(resident.get_by_role("progressbar").first).to_be_visible()
    manager = people.at(MANAGER, "/contracts/", **PLAIN)
    manager.get_by_role("table").get_by_role("link").first.click()
    follow(manager, "Progress and deliveries")
    follow(manager, "Back to the contract")
    buyer = people.at(BUYER, "/tenders/?status=awarded", **PLAIN)
    buyer.get_by_role("table").get_by_role("link").first.click()
    follow(buyer, "Go on to the contract")
    follow(buyer, "Back to the tender")
    expect(buyer.get_by_role("heading", level=1)).to_be_visible()
