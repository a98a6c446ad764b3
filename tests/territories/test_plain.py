"""Addresses and names: what looks like somebody else's, or like a letter of our own, is refused beside its field."""

import pytest
from django.core.exceptions import ValidationError

from territories.models import Application
from territories.people.joining.forms import ApplicationForm
from territories.people.parts.forms import InvitationForm, NewPersonForm
from territories.people.parts.rules import may_invite_to
from territories.plain import plain_address, plain_name
from tests.cast import Browser


@pytest.mark.parametrize(
    "email", ["supplıer@bridge.example", "ſam@bridge.example", "info@brıdge.example", "ann@café.example"]
)
def test_look_alike_letters_are_refused(email):
    with pytest.raises(ValidationError, match="plain letters"):
        plain_address(email)


def test_an_address_fits_into_the_database():
    host = f"@{'a' * 60}.{'b' * 60}.{'c' * 60}.example"
    longest = "x" * (254 - len(host)) + host
    assert plain_address(longest) == longest
    with pytest.raises(ValidationError, match="at most 254 characters"):
        plain_address(f"x{longest}")


def test_a_plain_address_is_kept_in_lower_case():
    assert plain_address("Ann.Smith+x@Force.example") == "ann.smith+x@force.example"


@pytest.mark.parametrize(
    "name", ["you,\r\nyour account", "a\u2028b", "go to https://evil.example", "see WWW.evil.example"]
)
def test_names_are_one_line_that_leads_nowhere(name):
    with pytest.raises(ValidationError):
        plain_name(name)


def test_the_forms_say_so_beside_the_field(cast):
    form = ApplicationForm({"person": "go to https://evil.example", "email": "ı@x.example", "name": "a\x00b"})
    assert {"person", "email", "name"} <= form.errors.keys()
    assert form.errors["email"] == ["Enter the address in plain letters, without accents."]
    assert NewPersonForm({"name": "a\nb"}, email="a@b.example").errors["name"] == [
        "Write the name in one line."
    ]
    invited = InvitationForm({"email": "ı@x.example"}, by=cast.lead, participations=may_invite_to(cast.lead))
    assert "email" in invited.errors


def test_who_asks_too_often_is_told_to_wait_and_nothing_is_written(db, north):
    browser = Browser(None)
    answers = {browser.post("/join/", {"name": "x"}).status_code for _time in range(20)}
    assert answers == {200}
    assert browser.post("/join/", {"name": "x"}).status_code == 429
    assert browser.get("/join/").status_code == 200
    assert not Application.objects.exists()
