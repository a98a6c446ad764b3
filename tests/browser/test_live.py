"""Parts of a page that come by themselves, in a real browser, when the server can't give them at once."""

import pytest
from playwright.sync_api import expect

from dicm.story import cast

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
