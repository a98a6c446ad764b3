"""With the keyboard alone, and with one session for all sites."""

import http.client
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from dicm.demo.story.cast import COLLEAGUE, HAMPSHIRE, PASSWORD, SUPPLIER, THAMES_VALLEY

pytestmark = pytest.mark.browser

MOST = 60  # presses of Tab, after which something is out of reach
# The focus can be seen where the element that has it looks unlike itself without it.
RING = """element => {
    const look = () => { const s = getComputedStyle(element)
        return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.borderBottomWidth].join() }
    const focused = look()
    element.blur()
    const plain = look()
    element.focus()
    return focused !== plain
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus; everything on the way can be seen to have it."""
    page.wait_for_load_state()
    for _ in range(MOST):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if not focused.count():
            continue  # after the last stop of the page comes the browser itself, then the first one again
        assert focused.evaluate(RING), focused.evaluate("element => element.outerHTML")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{wanted} is not reached with {MOST} presses of Tab")


def test_the_first_stop_is_a_link_that_skips_to_the_content(people, product):
    page = people.at(COLLEAGUE, "/activities/")
    skip = page.get_by_role("link", name="Skip to main content")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    tab_to(page, page.locator("a").filter(has_text="Register an activity"))


def test_someone_signs_in_and_walks_through_the_menu_without_a_mouse(people, product):
    page = people.at(None, "/activities/")
    tab_to(page, page.get_by_role("link", name="Sign in"))
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Sign in"))
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(COLLEAGUE.email)
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    # Back to where they came from. The banner that greets them has the focus; the menu is a round away.
    expect(page).to_have_url(product.url(THAMES_VALLEY, "/activities/"))
    tab_to(page, page.get_by_role("navigation", name="Menu").get_by_role("link", name="Reports"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("ESG reports")


def test_the_switcher_opens_and_leads_to_the_other_part(people, product):
    page = people.at(SUPPLIER)
    switcher = page.locator(".dicm-switch summary")
    tab_to(page, switcher)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_contain_text("Hampshire")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"^{product.url(HAMPSHIRE)}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hampshire and Isle of Wight")


def test_after_a_failed_send_the_focus_is_on_the_summary_and_leads_to_the_field(people, product):
    page = people.at(SUPPLIER, "/orders/new/")
    title, approach = page.get_by_label("Name of the order"), page.get_by_label("How will you work")
    tab_to(page, title)
    page.keyboard.type("Paint for the hall")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(approach).to_be_focused()
    expect(title).to_have_value("Paint for the hall")
    page.keyboard.type("We paint, they choose the colour.")
    tab_to(page, page.get_by_role("button", name="Save and add commitments"))
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-notification-banner")).to_contain_text("Now add commitments")


def test_one_session_serves_all_sites_and_ends_on_all_of_them(people, product):
    page = people.at(None)
    context = page.context
    people.sign_in(page, SUPPLIER)
    for territory in (THAMES_VALLEY, HAMPSHIRE):
        page.goto(product.url(territory, "/orders/"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Social Purchase Orders")
    elsewhere = context.new_page()
    elsewhere.goto(product.url(path="/accounts/logout/"))
    elsewhere.locator("main").get_by_role("button", name="Sign out").click()
    expect(elsewhere.get_by_role("link", name="Sign in").first).to_be_visible()
    for territory in (THAMES_VALLEY, HAMPSHIRE):
        page.goto(product.url(territory, "/orders/"))
        expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))


@pytest.mark.parametrize("host", ["nowhere.dicm.localhost", "thames-valley.example.org", "localhost"])
def test_an_unknown_host_has_no_page(product, host):
    line = http.client.HTTPConnection("127.0.0.1", product.port)
    line.request("GET", "/", headers={"Host": f"{host}:{product.port}"})
    assert line.getresponse().status == 404
