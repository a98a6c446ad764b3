import datetime
import re
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from territories.pages.fields import Checkboxes, DateField, MoneyField, QuantityField, Radios


class Offer(forms.Form):
    title = forms.CharField(max_length=20, help_text="For example, a <b>van</b>")
    kind = forms.ChoiceField(label="Which kind?", choices=[("", "Choose"), ("time", "Time")])
    people = forms.IntegerField(label="People (%)", min_value=1)
    hours = QuantityField(label="Hours", unit="hours", above_zero=True)
    cost = MoneyField(label="Cost")
    starts = DateField(label="Start date")
    where = forms.MultipleChoiceField(
        label="Places",
        widget=Checkboxes(hints={"ox": "And Abingdon"}),
        choices=[("ox", "Oxford"), ("re", "Reading")],
    )
    small = forms.ChoiceField(label="Small?", widget=Radios(inline=True), choices=[("y", "Yes"), ("n", "No")])
    nowhere = forms.ChoiceField(label="Empty list", widget=forms.RadioSelect, choices=[])
    reasons = forms.CharField(label="Reasons", max_length=50, widget=forms.Textarea)
    evidence = forms.FileField(label="Evidence")
    word = forms.CharField(label="Password", widget=forms.PasswordInput)
    agree = forms.BooleanField(label="I agree")


def ids(html):
    return re.findall(r'\bid="([^"]*)"', html)


def summary(*offers):
    names = [f"form{i}" for i in range(len(offers))]
    source = "{% error_summary " + " ".join(names) + " %}"
    return Template(source).render(Context(dict(zip(names, offers, strict=True))))


def one(field, value):
    """What the field makes of one value: the cleaned value, or the list of its sentences."""

    class One(forms.Form):
        it = field

    data = value if isinstance(value, dict) else {"it": value}
    form = One(data)
    return form.cleaned_data["it"] if form.is_valid() else form.errors["it"]


def date(day, month, year):
    return one(DateField(label="Start date"), {"it_day": day, "it_month": month, "it_year": year})


def test_every_link_of_the_error_summary_leads_to_an_id_on_the_page():
    form = Offer({})
    targets = re.findall(r'href="#([^"]*)"', summary(form))
    page = ids(str(form))
    assert targets == [form[name].target for name in Offer.base_fields]
    assert [page.count(target) for target in targets] == [1] * len(Offer.base_fields)


def test_links_lead_to_the_first_box_or_choice():
    form = Offer({})
    assert [form[name].target for name in ("title", "starts", "where", "small", "nowhere", "agree")] == [
        "id_title",
        "id_starts_0",
        "id_where_0",
        "id_small_0",
        "id_nowhere_field",
        "id_agree",
    ]


def test_everything_a_control_is_described_by_is_on_the_page():
    html = str(Offer({}))
    described = [id_ for group in re.findall(r'aria-describedby="([^"]*)"', html) for id_ in group.split()]
    assert described
    assert set(described) <= set(ids(html))


def test_no_id_is_used_twice():
    html = str(Offer({}))
    assert sorted(ids(html)) == sorted(set(ids(html)))


def test_hint_error_and_count_describe_in_that_order():
    assert Offer({})["reasons"].aria_describedby == "id_reasons_error id_reasons-info"
    assert Offer({})["title"].aria_describedby == "id_title_helptext id_title_error"


def test_two_forms_share_one_summary():
    html = summary(Offer({}, prefix="a"), Offer({}, prefix="b"))
    assert re.findall(r'href="#(id_[ab]-title)"', html) == ["id_a-title", "id_b-title"]
    assert html.count("govuk-error-summary__title") == 1


def test_errors_of_a_formset_are_in_the_summary():
    rows = forms.formset_factory(Offer, extra=0)
    formset = rows({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-title": "x"})
    assert 'href="#id_form-0-cost"' in summary(formset)


@pytest.mark.parametrize("form", [Offer(), Offer(initial={"title": "Van"})])
def test_no_summary_before_anything_was_sent(form):
    assert summary(form).strip() == ""


def test_errors_of_the_whole_form_have_no_link():
    form = Offer({})
    form.add_error(None, "It ends before it starts <now>")
    assert "<li>It ends before it starts &lt;now&gt;</li>" in summary(form)


def test_missing_answers_are_named():
    errors = {name: list(sentences) for name, sentences in Offer({}).errors.items()}
    assert (errors["title"], errors["kind"], errors["where"]) == (
        ["Title: this is needed"],
        ["Which kind? Choose an answer"],
        ["Places: choose an answer"],
    )


def test_a_sentence_of_the_field_itself_wins():
    field = forms.CharField(label="Title", error_messages={"required": "Give the offer a title"})
    assert one(field, "") == ["Give the offer a title"]


@pytest.mark.parametrize(
    ("value", "sentences"),
    [
        ("two", ["People (%): enter a whole number, such as 24"]),
        ("0", ["People (%): enter 1 or more"]),
        ("3", 3),
    ],
)
def test_a_percent_sign_in_a_label_does_no_harm(value, sentences):
    assert one(forms.IntegerField(label="People (%)", min_value=1), value) == sentences


def test_a_text_too_long_says_by_how_much():
    sentences = one(forms.CharField(label="Title", max_length=3), "abcd")
    assert sentences == ["Title: use 3 characters or fewer. You used 4"]


def test_a_choice_that_is_not_offered():
    assert one(forms.ChoiceField(label="Kind", choices=[("a", "A")]), "%s") == [
        "Kind: choose one of the answers in the list"
    ]


@pytest.mark.parametrize(
    "attribute", ["required", "maxlength", "minlength", "min", "max", "step", "placeholder"]
)
def test_browsers_neither_cut_nor_refuse(attribute):
    assert re.findall(rf"\s{attribute}(?=[\s=>])", str(Offer())) == []


def test_numbers_are_typed_as_text():
    html = str(Offer())
    assert 'type="number"' not in html
    assert re.findall(r'inputmode="(\w+)"', html) == [
        "numeric",
        "decimal",
        "decimal",
        "numeric",
        "numeric",
        "numeric",
    ]


def test_a_field_in_error_looks_and_sounds_like_one():
    html = str(Offer({})["title"].as_field_group())
    assert "govuk-form-group--error" in html
    assert 'class="govuk-input govuk-input--error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count("Title: this is needed") == 1


def test_two_forms_of_one_kind_do_not_share_their_clothes():
    first, second = Offer(), Offer()
    assert str(first) == str(second)
    assert str(first["title"]).count("govuk-input") == 1


def test_what_was_typed_is_shown_again_and_escaped():
    html = str(Offer({"title": "<b>", "starts_day": "31", "starts_month": "<2>", "starts_year": "2027"}))
    assert 'value="&lt;b&gt;"' in html
    assert 'value="&lt;2&gt;"' in html
    assert 'value="31"' in html


def test_optional_is_said_unless_the_form_is_a_filter():
    class Filter(forms.Form):
        q = forms.CharField(required=False)

    assert "(optional)" in str(Filter())
    Filter.mark_optional = False
    assert "(optional)" not in str(Filter())


def test_a_text_area_counts_characters_and_never_cuts():
    html = Offer()["reasons"].as_field_group()
    assert 'data-maxlength="50"' in html
    assert 'class="govuk-textarea govuk-js-character-count"' in html
    assert "You can use up to 50 characters" in html


def test_choices_are_drawn_as_choices_whatever_the_widget():
    class Plain(forms.Form):
        one = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
        some = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
        agree = forms.BooleanField()

    html = str(Plain({"one": "b"}))
    assert re.findall(r'class="(govuk-\w+__input)"\s+id="(\w+)"', html) == [
        ("govuk-radios__input", "id_one_0"),
        ("govuk-radios__input", "id_one_1"),
        ("govuk-checkboxes__input", "id_some_0"),
    ]
    assert re.findall(r'id="(\w+)"[^>]*\schecked', html) == ["id_one_1"]
    assert html.count("govuk-checkboxes__input") == 2


def test_hints_of_choices_describe_their_choice():
    assert 'aria-describedby="id_where_0_hint"' in str(Offer())


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("1200", "1200.00"),
        ("£1200", "1200.00"),
        ("1,200.50", "1200.50"),
        (" £ 1,234,567.8 ", "1234567.80"),
        ("1 200", "1200.00"),
        ("0", "0.00"),
    ],
)
def test_money_is_understood(value, amount):
    cleaned = one(MoneyField(label="Cost"), value)
    assert (cleaned, str(cleaned)) == (Decimal(amount), amount)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "Cost: this is needed"),
        ("£", "Cost: this is needed"),
        ("-5", "Cost: enter £0 or more"),
        ("−£5", "Cost: enter £0 or more"),
        ("12,50", "Cost: enter an amount in pounds, such as 1,200 or 1,200.50"),
        ("1e9", "Cost: enter an amount in pounds, such as 1,200 or 1,200.50"),
        ("NaN", "Cost: enter an amount in pounds, such as 1,200 or 1,200.50"),
        ("about 10", "Cost: enter an amount in pounds, such as 1,200 or 1,200.50"),
        ("1.005", "Cost: give pence in two digits, such as 1,200.50"),
    ],
)
def test_money_that_is_not_understood_is_refused_with_a_sentence(value, sentence):
    assert one(MoneyField(label="Cost"), value) == [sentence]


def test_money_that_is_optional_may_be_left_out():
    assert one(MoneyField(label="Cost", required=False), "") is None


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (MoneyField(), Decimal("1200.00"), "1200"),
        (MoneyField(), Decimal("1200.50"), "1200.50"),
        (QuantityField(), Decimal("24.00"), "24"),
        (QuantityField(), Decimal("1.50"), "1.50"),
        (MoneyField(), "twelve", "twelve"),
        (MoneyField(), None, None),
    ],
)
def test_stored_numbers_are_shown_as_people_write_them(field, value, shown):
    assert field.prepare_value(value) == shown


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("1.5", Decimal("1.5")),
        ("1,000", Decimal("1000")),
        ("0", ["Hours: enter more than 0"]),
        ("-1", ["Hours: enter 0 or more"]),
        ("many", ["Hours: enter a number, such as 24 or 1.5"]),
    ],
)
def test_quantities(value, result):
    assert one(QuantityField(label="Hours", above_zero=True), value) == result


def test_nothing_of_something_is_a_quantity_unless_said_otherwise():
    assert one(QuantityField(label="Hours"), "0") == Decimal("0")


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", " MAR "])
def test_dates_are_understood(month):
    assert date("27", month, "2027") == datetime.date(2027, 3, 27)


def test_months_have_welsh_names_on_a_welsh_page():
    with translation.override("cy"):
        assert date("27", "Mawrth", "2027") == datetime.date(2027, 3, 27)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("", "", ""), "Start date: this is needed"),
        (("", "3", "2027"), "Start date must include a day"),
        (("27", " ", "2027"), "Start date must include a month"),
        (("27", "3", ""), "Start date must include a year"),
        (("", "", "2027"), "Start date must include a day and a month"),
        (("27", "", ""), "Start date must include a month and a year"),
        (("", "3", ""), "Start date must include a day and a year"),
        (("31", "2", "2027"), "Start date: enter a real date, such as 27 3 2027"),
        (("27", "3", "27"), "Start date: enter a real date, such as 27 3 2027"),
        (("x", "y", "2027"), "Start date: enter a real date, such as 27 3 2027"),
        (("1", "1", "0000"), "Start date: enter a real date, such as 27 3 2027"),
    ],
)
def test_dates_that_are_not_understood_say_what_is_wrong(typed, sentence):
    assert date(*typed) == [sentence]


def test_a_date_left_out_is_none_when_optional():
    field = DateField(label="End", required=False)
    assert one(field, {"it_day": "", "it_month": "", "it_year": ""}) is None


def test_a_stored_date_fills_its_three_boxes():
    html = str(Offer(initial={"starts": datetime.date(2027, 3, 27)})["starts"])
    assert re.findall(r'value="(\d+)"', html) == ["27", "3", "2027"]


def test_an_unchanged_date_counts_as_unchanged():
    sent = {"starts_day": "27", "starts_month": "3", "starts_year": "2027"}
    assert "starts" not in Offer(sent, initial={"starts": datetime.date(2027, 3, 27)}).changed_data
