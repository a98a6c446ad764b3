"""Every page of every role after the demo's story, wide and narrow: what a reader may rely on everywhere."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from dicm.demo.story import cast
from tests.browser.desk import settled

pytestmark = pytest.mark.browser

# One of each role.
READERS = (
    None,
    cast.COLLEAGUE,
    cast.SUPPLIER,
    cast.COWLEY_PROVIDER,
    cast.RESEARCHER,
    cast.BUYER,
    cast.PANEL[0],
    cast.MANAGER,
    cast.LEAD,
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"], "preload": False}
WIDE, PHONE, SMALLEST = 1280, 390, 320
# What tells one thing from another in an address. A reader looks at two things of each kind, in states of
# their own where the story has them, and at one of every other kind of page.
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
THING = "*/?[]"
# Where everyone begins, and what no link leads to.
DOORS = {
    "": ("/", "/your-territories/?stay", "/accounts/password/reset/", "/accounts/password/change/"),
    cast.THAMES_VALLEY: ("/", "/nowhere/", "/deliveries/", "/activities/?words=nothing-like-it"),
}
# Files, and what changes the reader's session.
NO_PAGES = re.compile(r"/(csv|pdf|evidence)/$|format=csv|/switch/|/health/|/data/file/|/your-data/")
LOOK = """() => {
    const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
    const inside = [...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href').slice(1))
    const links = [...document.querySelectorAll('a[href]')].map(link => new URL(link.getAttribute('href'), location))
    return {
        links: links.map(link => link.href.replace(/#.*/, '')),
        faults: [
            ...ids.filter((id, place) => ids.indexOf(id) !== place).map(id => `two things have the id ${id}`),
            ...inside.filter(id => !document.getElementById(id)).map(id => `#${id} leads nowhere`),
            ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1']),
        ],
    }
}"""
FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"
# What differs on each load is no other page: tokens, nonces, and the addresses of single things.
MAIN = "() => document.querySelector('main').outerHTML.replace(/value=\"[A-Za-z0-9]{64}\"/g, '')"
FORM = "main form[method=post][novalidate]:has(.govuk-input, .govuk-textarea, .govuk-select, .govuk-radios__input)"
EMPTY_AND_SEND = """form => {
    form.querySelectorAll('input:not([type=hidden]), textarea, select').forEach(control => {
        if (control.type === 'radio' || control.type === 'checkbox') control.checked = false
        else control.value = ''
    })
    form.submit()
}"""


def test_every_page_of_every_role_is_accessible_and_fits_a_phone(people, played):
    """And is heard to complain about nothing; `people` sees to it that nobody else is asked."""
    faults: list[str] = []
    looked_at: set[str] = set()
    for reader in READERS:
        page = people.context(reader).new_page()
        for address in pages_of(page, played):
            name = f"{reader.email if reader else 'a resident'} at {urlsplit(address).path}"
            faults += [f"{name}: {fault}" for fault in faults_of(page, looked_at)]
            said = [one for one in people.complaints if not expected(one, address)]
            faults += [f"{name}: {complaint}" for complaint in said]
            people.complaints.clear()
        page.context.close()
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def pages_of(page: Page, product) -> Iterator[str]:
    """Go wherever links lead, and to the doors; and send each kind of form once without an answer."""
    waiting = [product.url(site, path) for site, paths in DOORS.items() for path in paths]
    ours, known, forms = tuple({product.url(site) for site in DOORS}), set(waiting), set()
    kinds: Counter[str] = Counter()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kinds[kind] >= (2 if kind.endswith(THING) else 1):
            continue
        kinds[kind] += 1
        page.goto(address)
        settled(page)
        links = page.evaluate(LOOK)["links"]
        new = [
            link
            for link in links
            if link.startswith(ours) and not NO_PAGES.search(link) and link not in known
        ]
        known.update(new)
        waiting += dict.fromkeys(new)
        yield page.url
        if page.locator(FORM).count() and kind_of(page.url) not in forms:
            forms.add(kind_of(page.url))
            with page.expect_navigation():
                page.locator(FORM).first.evaluate(EMPTY_AND_SEND)
            yield f"{page.url} sent empty"


def kind_of(address: str) -> str:
    """The address without what tells one thing from another."""
    asked = urlsplit(address)
    return f"{asked.netloc}{NUMBER.sub('*', asked.path)}?{sorted(parse_qs(asked.query))}"


def faults_of(page: Page, looked_at: set[str]) -> Iterator[str]:
    """What is wrong with the page as it stands; nothing where another reader has been shown the same."""
    if (main := page.evaluate(MAIN)) in looked_at:
        return
    looked_at.add(main)
    yield from page.evaluate(LOOK)["faults"]
    for violation in Axe().run(page, options=AXE).response["violations"]:
        yield f"{violation['id']}: {violation['help']}: {[node['target'] for node in violation['nodes']]}"
    for width in (PHONE, SMALLEST):
        page.set_viewport_size({"width": width, "height": 800})
        if not page.evaluate(FITS):
            yield f"is wider than {width} pixels"
    page.set_viewport_size({"width": WIDE, "height": 800})


def expected(complaint: str, address: str) -> bool:
    return "404 (Not Found)" in complaint and address.endswith("/nowhere/")
