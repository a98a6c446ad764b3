"""From the public page to the first act of an organisation that nobody knew: by hand, with the letters that were sent."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dicm.demo.story.cast import LEAD, THAMES_VALLEY
from tests.browser.desk import choose, fill, follow, press, told

pytestmark = pytest.mark.browser

NAME, EMAIL, PASSWORD = "Marston Boat Builders", "gwen@marston.example", "eleven quiet narrow boats"


def test_a_charity_joins_thames_valley_by_itself_and_registers_its_first_activity(people):
    applicant = people.at(None, "/", territory="")
    applies(applicant)
    confirms(applicant, link_in(people, "confirm your e-mail address"))
    a_lead_lets_them_in(people)
    chooses_a_password(applicant, link_in(people, "your organisation takes part now"))
    signs_in(applicant, people)
    registers_an_activity(applicant)
    reads_the_own_journal(applicant)


def applies(page: Page) -> None:
    follow(page, "Join")
    fill(page, {"Territory": "Thames Valley", "Name of the organisation": NAME})
    choose(page, "What kind of organisation is it?", "Community provider")
    fill(page, {"Register": "Charity Commission for England and Wales", "Number in that register": "12"})
    press(page, "Apply")
    # What was wrong is said, and what was right is kept.
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_label("Name of the organisation")).to_have_value(NAME)
    fill(
        page,
        {"Number in that register": "9900077", "Why do you want to take part?": "We teach boat building."},
    )
    fill(page, {"Your name": "Gwen Archer", "Your e-mail address": EMAIL})
    press(page, "Apply")
    expect(page.locator("main")).to_contain_text(f"We have sent a link to {EMAIL}.")


def confirms(page: Page, link: str) -> None:
    page.goto(link)
    press(page, "Confirm and send the application")
    expect(page.locator("main")).to_contain_text("The leads of the territory have been told.")


def a_lead_lets_them_in(people) -> None:
    page = people.at(LEAD, f"/t/{THAMES_VALLEY}/applications/", territory="")
    follow(page, NAME)
    expect(page.locator("main")).to_contain_text("We teach boat building.")
    press(page, "Approve")
    told(page, f"{NAME} takes part now.")


def chooses_a_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New Password", exact=True).fill(PASSWORD)
    page.get_by_label("New Password (again)").fill(PASSWORD)
    press(page, "Save the new password")


def signs_in(page: Page, people) -> None:
    page.goto(people.product.url(path="/accounts/login/"))
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    expect(page.locator(".dicm-who")).to_contain_text(f"Acting as Provider, {NAME}")


def registers_an_activity(page: Page) -> None:
    follow(page, "Introduce your organisation")
    fill(page, {"What your organisation does": "We build boats with young people."})
    press(page, "Save and go on")
    told(page, "Now register what you do.")
    fill(page, {"Name of the activity": "Saturday boat shed", "Postcode of the place": "OX3 0AA"})
    fill(page, {"What it does": "Young people build a boat in a year.", "Who it is for": "Aged 14 to 18"})
    press(page, "Save as a draft")
    told(page, "Saved as a draft")


def reads_the_own_journal(page: Page) -> None:
    follow(page, "Journal")
    line = page.locator("tbody tr").first
    expect(line).to_contain_text("Gwen Archer")
    expect(line).to_contain_text("registered")


def link_in(people, subject: str) -> str:
    """The link in the last letter to the applicant with this subject."""
    letters = Path(people.product.environment["DICM_MEDIA_ROOT"]).parent / "mail"
    texts = [
        file.read_text(encoding="utf-8")
        for file in sorted(letters.iterdir(), key=lambda f: f.stat().st_mtime)
    ]
    mine = [text for text in texts if text.startswith(f"To: {EMAIL}\n") and subject in text.splitlines()[1]]
    return re.search(r"http://\S+", mine[-1])[0]
