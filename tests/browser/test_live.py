"""Parts of a page that come by themselves, in a real browser, when the server can't give them at once."""

import pytest
from playwright.sync_api import expect

from dicm.demo.story import cast
from tests.browser.desk import press

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("trouble", ["busy", "gone"])
def test_a_part_that_could_not_be_fetched_comes_a_little_later(people, product, trouble):
    context = people.context(None)
    refused = []

    def refuse_once(route):
        if refused:
            return route.continue_()
        refused.append(route.request.url)
        if trouble == "gone":
            return route.abort("connectionrefused")
        return route.fulfill(status=503, headers={"Retry-After": "1"}, body="Later")

    context.route("**/progress/", refuse_once)
    page = context.new_page()
    page.goto(product.url(cast.THAMES_VALLEY))
    expect(page.get_by_role("heading", name="What is being delivered now")).to_be_visible()
    assert len(refused) == 1
    # The browser and htmx say what happened; nothing else is wrong.
    expected = (
        "Failed to load resource",
        "Response Status Error Code 503",
        "htmx:sendError",
        "htmx:afterRequest",
    )
    assert [said for said in people.complaints if not any(word in said for word in expected)] == []
    people.complaints.clear()


def test_new_figures_that_slip_under_a_button_are_not_agreed_to_unread(people, played):
    """The open page shows them by itself; its button still stands for what its reader came to."""
    path = played.act("from tests.browser import stage; stage.offer()").strip()
    page = people.at(cast.COWLEY_PROVIDER, path)
    expect(page.get_by_text("£200").first).to_be_visible()
    played.act("from tests.browser import stage; stage.offer_less()")
    expect(page.get_by_text("£111").first).to_be_visible()
    press(page, "Agree to line 1")
    expect(page.get_by_role("heading", name="This has changed since you opened the page")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("£111")
    expect(page.get_by_role("table")).to_contain_text("£200")
    press(page, "I have read it. Go on")
    expect(page.get_by_text("Agreed, Leah Thompson")).to_be_visible()
    people.complaints.clear()  # the answer to the first press is a 409, which the browser notes
