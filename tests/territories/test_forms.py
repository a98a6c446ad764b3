"""A form for a row that several people may have open: every field is compared, and what was saved is said as pages say it."""

from datetime import date, time
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from community.forms import ActivityForm
from spo.orders.forms import CommitmentForm, OrderForm
from spo.tenders.forms import TenderForm
from territories.forms import CARRIED, VersionedForm, in_words
from territories.pages.fields import DateField, MoneyField, QuantityField


def test_every_versioned_form_says_what_each_of_its_fields_would_be(cast, order_at, north):
    story = order_at("sealed")
    rows = {
        ActivityForm: story.activity,
        OrderForm: story.order,
        CommitmentForm: story.line,
        TenderForm: story.tender,
    }
    assert set(VersionedForm.__subclasses__()) == set(rows)
    with story.territory:
        said = {kind: set(kind.facts_of(row)) for kind, row in rows.items()}
    assert said == {kind: set(kind.base_fields) - set(CARRIED) for kind in rows}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (DateField(), date(2027, 3, 3), "3 March 2027"),
        (forms.TimeField(), time(9, 5), "09:05"),
        (MoneyField(), Decimal("1200.50"), "£1,200.50"),
        (QuantityField(), Decimal("1200.00"), "1,200"),
        (forms.DecimalField(), Decimal("12.50"), "12.5"),
        (forms.TypedChoiceField(coerce=int, choices=[(5, "0 to 5")]), 5, "0 to 5"),
        (forms.CharField(), "Their text", "Their text"),
        (forms.CharField(), "", "nothing"),
        (DateField(), None, "nothing"),
        (QuantityField(), Decimal(0), "0"),
    ],
)
def test_what_was_saved_is_said_as_pages_say_it(field, value, words):
    assert in_words(field, value) == words


def test_in_welsh_too():
    with translation.override("cy"):
        assert in_words(DateField(), date(2027, 3, 3)) == "3 Mawrth 2027"
