"""Two bids in one tender."""

import pytest


@pytest.fixture
def contest(order_at, cast):
    """contest("declared"): our bid and the rival's in one tender, walked there."""

    def walk(stage):
        ours = order_at("sealed")
        theirs = order_at("sealed", supplier=cast.rival, tender=ours.tender)
        return ours.walk(stage), theirs

    return walk
