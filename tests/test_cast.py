"""The cast walks through the whole story by real actions."""

import pytest
from django.db import connection

from tests.story import STAGES


@pytest.mark.parametrize("company", ["north", "south"])
def test_the_story_can_be_walked_to_its_end(order_at, cast, company):
    story = order_at("reported", company=cast if company == "north" else cast.south)
    assert story.stage == STAGES[-1]
    assert [
        story.activity.status, story.order.status, story.tender.status, story.contract.status,
        story.delivery.status, story.publication.status, story.report.status,
    ] == ["published", "locked", "awarded", "active", "confirmed", "published", "ready"]  # fmt: skip


def test_nothing_of_a_story_outlives_its_test(north):
    with north, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry")
        assert cursor.fetchone() == (0,)
