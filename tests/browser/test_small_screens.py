"""On a phone a table that is wider than the screen shows at which side there is more."""

import pytest

from dicm.demo.story.cast import LEAD

pytestmark = pytest.mark.browser

LOOK = """table => [table.scrollWidth > table.clientWidth, getComputedStyle(table).backgroundAttachment]"""


def test_a_table_that_goes_on_beyond_the_screen_says_so(people, product):
    page = people.at(LEAD, LEAD.page, territory="")
    page.set_viewport_size({"width": 390, "height": 800})
    look = page.locator(".dicm-table").first.evaluate(LOOK)
    assert look == [True, "local, local, scroll, scroll"]
