"""What someone does with a page: fill in a form by its labels, press a button by its words."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect


def fill(where: Page | Locator, answers: dict[str, str | date | dict | list]) -> None:
    """Answer each question, found by its label: text, a date, an option, a file; radios by `choose`."""
    for label, answer in answers.items():
        if isinstance(answer, date):
            day = where.get_by_role("group", name=label)
            parts = zip(("Day", "Month", "Year"), (answer.day, answer.month, answer.year), strict=True)
            for part, number in parts:
                day.get_by_label(part).fill(str(number))
            continue
        control = where.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s*\(optional\))?\s*$"))
        if isinstance(answer, dict):
            page = where if isinstance(where, Page) else where.page
            with page.expect_file_chooser() as asked:
                control.click()
            asked.value.set_files(answer)
        elif control.evaluate("element => element.localName") == "select":
            control.select_option(label=answer)
        else:
            control.fill(answer)


def choose(where: Page | Locator, question: str, answer: str) -> None:
    """One of several radios."""
    where.get_by_role("group", name=question).get_by_role("radio", name=answer, exact=True).check()


def press(where: Page | Locator, words: str) -> None:
    where.get_by_role("button", name=words, exact=True).click()


def follow(where: Page | Locator, words: str) -> None:
    """A link, or one that is dressed as a button."""
    link, button = (where.get_by_role(role, name=words, exact=True) for role in ("link", "button"))
    where.locator("a").and_(link.or_(button)).click()


def told(page: Page, words: str) -> None:
    """The page says so in a banner, as it does after every act."""
    expect(page.locator(".govuk-notification-banner").filter(has_text=words)).to_be_visible()


def settled(page: Page) -> None:
    """What the page fetches by itself has come; until then its links move under the pointer."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
