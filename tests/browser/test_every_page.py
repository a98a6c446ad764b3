"""Every page of every role after the demo's story, wide and narrow: what a reader may rely on everywhere."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from dicm.story.cast import CAST, HAMPSHIRE, THAMES_VALLEY, Person

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
WIDE, PHONE, SMALLEST = 1280, 390, 320
# What names one thing among many in an address: two pages of one kind are looked at, not all of them.
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
OF_A_KIND = 2
# Pages that no link leads to, or only a link to another site of ours.
DOORS = {
    "": (
        "/",
        "/your-territories/?stay",
        "/accounts/login/",
        "/accounts/logout/",
        "/accounts/password/reset/",
    ),
    THAMES_VALLEY: ("/", "/nowhere/", "/orders/?words=nothing-like-it", "/activities/?words=nothing-like-it"),
    HAMPSHIRE: ("/",),
}
NOT_PAGES = re.compile(r"/(csv|pdf|evidence)/$|format=csv|/switch/")
# Everything that can be asked of a page in one go. The widths are tried from wide to narrow.
LOOK = """() => {
    const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
    const inside = [...document.querySelectorAll('a[href^="#"]')].map(link => decodeURIComponent(link.hash.slice(1)))
    return {
        links: [...document.querySelectorAll('a[href]')].filter(link => !link.hash).map(link => link.href),
        twice: ids.filter((id, place) => ids.indexOf(id) !== place),
        nowhere: inside.filter(id => !id || !document.getElementById(id)),
        title: document.title,
        headings: document.querySelectorAll('h1').length,
    }
}"""
FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"
SETTLED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"


def test_every_page_of_every_role_is_accessible_and_fits_a_phone(people, played):
    faults: list[str] = []
    seen: set[tuple[str, str]] = set()
    for person in (None, *CAST):
        page = people.at(person, territory="")
        page.set_viewport_size({"width": WIDE, "height": 900})
        for address in pages_of(page, person, played):
            faults += [f"{who(person)} at {address}: {fault}" for fault in faults_of(page, address, seen)]
            faults += [f"{who(person)} at {address}: {said}" for said in people.complaints]
            people.complaints.clear()
        page.context.close()
    assert faults == []


def who(person: Person | None) -> str:
    return person.email if person else "a resident"
