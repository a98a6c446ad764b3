"""Numbers of organisations: what each register writes is taken, anything else is refused with an example."""

import pytest
from django.core.exceptions import ValidationError

from territories.identifiers import _FORMS, SCHEMES, normalised
from territories.models import Identifier

# (register, as typed, as the register writes it)
GOOD = [
    ("GB-COH", "09121572", "09121572"),
    ("GB-COH", "9121572", "09121572"),
    ("GB-COH", "121572", "00121572"),
    ("GB-COH", " sc 123456", "SC123456"),
    ("GB-COH", "oc301540", "OC301540"),
    ("GB-COH", "R0001234", "R0001234"),
    ("GB-CHC", "1164883", "1164883"),
    ("GB-CHC", "202918", "202918"),
    ("GB-CHC", "1164883-1", "1164883-1"),
    ("GB-SC", "sc012345", "SC012345"),
    ("GB-NIC", "100123", "100123"),
    ("GB-MPR", "31234r", "31234R"),
    ("GB-MPR", "RS007123", "RS007123"),
    ("GB-PPON", "pbcp-5168-zdgp", "PBCP-5168-ZDGP"),
    ("GB-NHS", "RTH", "RTH"),
    ("GB-NHS", "q u 9", "QU9"),
    ("GB-UKPRN", "10007774", "10007774"),
    ("GB-LAE", "oxo", "OXO"),
    ("ROR", "052gg0110", "052GG0110"),
    ("XI", "tvp-2026", "TVP-2026"),
]

BAD = [
    ("GB-COH", "12345"),
    ("GB-COH", "123456789"),
    ("GB-COH", "ABC12345"),
    ("GB-CHC", "12345"),
    ("GB-CHC", "11648830"),
    ("GB-CHC", "1164883-"),
    ("GB-SC", "012345"),
    ("GB-SC", "SC12345"),
    ("GB-NIC", "200123"),
    ("GB-NIC", "1001234"),
    ("GB-MPR", "123R"),
    ("GB-MPR", "RS12345"),
    ("GB-PPON", "BCPP-5168-ZDGP"),
    ("GB-PPON", "PBCP5168ZDGP"),
    ("GB-NHS", "RT"),
    ("GB-NHS", "RTH0123"),
    ("GB-UKPRN", "20007774"),
    ("GB-UKPRN", "1000777"),
    ("GB-LAE", "OXFD"),
    ("GB-LAE", "E07"),
    ("ROR", "152gg0110"),
    ("ROR", "052ggO110"),
    ("ROR", "052go0110"),
    ("XI", "T"),
    ("XI", "Thames/Valley"),
]


def test_every_register_has_a_form_and_is_tried_below():
    registers = {scheme for scheme, _name in SCHEMES}
    assert registers == _FORMS.keys() == {scheme for scheme, _t, _m in GOOD} == {scheme for scheme, _t in BAD}


@pytest.mark.parametrize(("scheme", "typed", "meant"), GOOD)
def test_a_number_is_written_as_its_register_writes_it(scheme, typed, meant):
    assert normalised(scheme, typed) == meant
    assert normalised(scheme, meant) == meant


@pytest.mark.parametrize(("scheme", "typed"), BAD)
def test_a_number_of_the_wrong_form_is_refused_with_an_example(scheme, typed):
    with pytest.raises(ValueError) as refusal:
        normalised(scheme, typed)
    register = dict(SCHEMES)[scheme]
    assert str(refusal.value) == f"A number from {register} has {_FORMS[scheme][1]}."


@pytest.mark.parametrize("scheme", _FORMS)
def test_nothing_is_not_a_number(scheme):
    with pytest.raises(ValueError):
        normalised(scheme, "")


@pytest.mark.parametrize("scheme", _FORMS)
def test_the_example_that_a_reader_is_given_has_the_right_form(scheme):
    example = _FORMS[scheme][1].rpartition("such as ")[2] if "such as" in _FORMS[scheme][1] else None
    for word in (
        (_FORMS[scheme][1].rpartition("form ")[2],)
        if example is None and "form " in _FORMS[scheme][1]
        else (example,)
    ):
        assert word is None or normalised(scheme, word) == word.upper()


def test_an_identifier_is_cleaned_before_it_is_kept():
    identifier = Identifier(scheme="GB-COH", value="9121572")
    identifier.clean()
    assert identifier.value == "09121572"


def test_an_identifier_of_the_wrong_form_says_so_at_its_value():
    with pytest.raises(ValidationError) as refusal:
        Identifier(scheme="GB-UKPRN", value="1").clean()
    assert list(refusal.value.message_dict) == ["value"]
