import pytest

from dicm.story import cast

pytestmark = pytest.mark.browser


def test_start(product):
    pass


def test_played(played):
    pass


def test_people(people, played):
    for who in cast.CAST[:3]:
        p = people.at(who)
        print(p.title())
