"""Addresses and names: what looks like somebody else's, or like a letter of our own, is refused beside its field."""

from contextlib import nullcontext, suppress

import pytest
from django import forms
from django.core.exceptions import ValidationError

from territories.forms import Name
from territories.models import Application
from territories.pages.fields import Line, Words
from territories.pages.lists import ListFilter
from territories.pages.plain import (
    plain_address,
    plain_line,
    plain_name,
    plain_words,
    says_something,
    why_not_said,
)
from territories.people.joining.forms import ApplicationForm
from territories.people.parts.forms import InvitationForm, NewPersonForm
from territories.people.parts.rules import may_invite_to
from tests.client import Browser
from tests.test_every_field import ELSEWHERE, form_classes, given

WORDS = (forms.CharField, Name, Line, Words)
# Looked up in a register or a catalogue, which knows no such thing.
FOUND = {"number", "second_number", "postcode", "domains"}


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


UNSEEN = ["\u2800", "\u200b", "\u3164 \u00a0", "\u202e", "\ufeff\u00ad", " \n\t"]


@pytest.mark.parametrize("words", UNSEEN)
def test_what_leaves_no_mark_is_no_word_whatever_the_door(words):
    assert not says_something(words)
    assert why_not_said(words) == "Say why, in words that can be read."
    for validator in (plain_words, plain_line, plain_name):
        with pytest.raises(ValidationError):
            validator(words)


@pytest.mark.parametrize("words", ["7", "?", "–", "Ŵyth o’r gloch", "👍", "غ"])
def test_whatever_leaves_a_mark_is_a_word(words):
    assert says_something(words)
    plain_line(words)


def test_words_that_turn_the_direction_of_reading_are_refused():
    with pytest.raises(ValidationError, match="hidden signs"):
        plain_words("paid \u202e000,1£ to nobody")


def test_what_is_one_line_holds_no_other():
    for sign in "\n\r\u2028\x85\x07":
        with pytest.raises(ValidationError, match="in one line"):
            plain_line(f"a{sign}b")
    plain_words("a\nb")


def test_every_box_for_words_asks_for_some_that_can_be_read(cast, north):
    """Asked of every form there is: the next box for words is held as well."""
    kept = []
    for form in form_classes():
        with nullcontext() if form.__module__.startswith("territories") else north:
            fields = {} if form.__name__ in ELSEWHERE else form(**given(form, cast)).fields
        for name, field in fields.items():
            words = isinstance(field.widget, (forms.TextInput, forms.Textarea)) and type(field) in WORDS
            if words and name not in FOUND and not issubclass(form, ListFilter):
                with suppress(ValidationError):
                    field.clean("\u2800")
                    kept.append(f"{form.__name__}.{name}")
    assert kept == []


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
