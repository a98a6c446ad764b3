"""Whatever is typed into whatever field, or written into whatever address: a sentence or "not found", never an error of ours."""

import re
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from django import forms
from django.core.validators import (
    EmailValidator,
    ProhibitNullCharactersValidator,
    RegexValidator,
    URLValidator,
)
from django.utils.datastructures import MultiValueDict

from dicm.access.public import PUBLIC
from dicm.access.territory import rows
from research.forms import PublicationForm
from spo.contracts.models import Term
from spo.scoring.models import Bid
from spo.tenders.models import Criterion
from territories.models import Participation, User
from territories.pages.fields import YEARS
from tests.access import Stage, path_of, public_path_of

ROOT = Path(__file__).resolve().parents[1]
NASTY = {
    "more than a column holds": "18446744073709551616",
    "a little less": "9223372036854775807",
    "less than nothing": "-1",
    "no number": "NaN",
    "a signalling one": "sNaN",
    "without end": "Infinity",
    "beyond any float": "1e400",
    "with an exponent": "1e1",
    "too fine": "0.001",
    "digits of elsewhere": "٣",
    "digits in groups": "1_0",
    "a year long ago": "0001",
    "very long": "9" * 5000,
    "many letters": "a" * 70_000,
    "nothing that can be seen": "\x00",
    "half a character": "\ud800",
    "a line too many": "a\r\nb",
    "a formula": "=1+1",
    "an id that is none": "00000000-0000-0000-0000-000000000000",
}
# Each request takes a while, so that over HTTP only those are sent that differ on the way.
SENT = [
    NASTY[name]
    for name in (
        "more than a column holds",
        "digits of elsewhere",
        "nothing that can be seen",
        "many letters",
    )
]
SHORT = SENT[:3]
DOMAIN = {"community", "research", "spo", "territories"}


@cache
def form_classes() -> list[type[forms.BaseForm]]:
    """Every form that is declared in this project."""
    for path in ROOT.glob("*/**/*.py"):
        room, *_rest = path.relative_to(ROOT).parts
        if room in DOMAIN and "Form" in (text := path.read_text(encoding="utf-8")) and "class " in text:
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found, new = set(), {forms.BaseForm}
    while new:
        found |= new
        new = {below for one in new for below in one.__subclasses__()} - found
    return sorted(
        (one for one in found if one.__module__.partition(".")[0] in DOMAIN), key=lambda one: one.__qualname__
    )


def given(form: type[forms.BaseForm], cast) -> dict:
    """What a form asks for beside what is typed."""
    criterion = Criterion(dimension="how", title="x", guidance="x", weight=Decimal(1))
    nothing = SimpleNamespace(quantity=Decimal(0), confirmed=Decimal(1))
    return {
        "ActivityForm": {"territory": cast.territory},
        "ActivityFilter": {"districts": []},
        "AnswerForm": {"label": "Why?"},
        "AwardForm": {"bids": Bid.objects.all()},
        "ClaimForm": {"terms": Term.objects.all()},
        "CommitmentForm": {"territory": cast.territory},
        "ConfirmForm": {"delivery": nothing},
        "CorrectForm": {"delivery": nothing},
        "HandOverForm": {"candidates": User.objects.all()},
        "InvitationForm": {"by": cast.lead, "participations": Participation.objects.all()},
        "NewPersonForm": {"email": "nia@new.example"},
        "PanelForm": {"territory": cast.territory},
        "ScoreForm": {"criterion": criterion, "top_grade": 5},
    }.get(form.__name__, {})


def names(form: forms.BaseForm) -> list[str]:
    """The names under which the boxes of a form are sent."""
    found = []
    for name, field in form.fields.items():
        parts = ("_day", "_month", "_year") if isinstance(field, forms.DateField) else ("",)
        found += [f"{name}{part}" for part in parts]
    return found


def holds(value) -> bool:
    """Whether a database holds a value: text that can be written, numbers of a column's size, days that can be meant."""
    if isinstance(value, str):
        return "\x00" not in value and value.encode(errors="replace").decode() == value
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) < 2**31
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value) < 10**12
    if isinstance(value, date):
        return value.year in YEARS
    return True


@cache
def django_says() -> list[str]:
    """Patterns of what Django itself would say of a value; what it says in the plural begins with "Ensure"."""
    kinds = [
        one for part in (forms.fields, forms.models) for one in vars(part).values() if isinstance(one, type)
    ]
    said = {str(words) for one in kinds for words in vars(one).get("default_error_messages", {}).values()}
    said |= {
        str(one.message)
        for one in (EmailValidator, RegexValidator, URLValidator, ProhibitNullCharactersValidator())
    }
    return ["Ensure .+", *(re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(words)) for words in said)]


def of_django(said: str) -> bool:
    return any(re.fullmatch(pattern, said) for pattern in django_says())


# Tried where they are whole: with a passkey at hand, or with the row that the staff desk makes a form for.
ELSEWHERE = {
    "CorrectionForm",
    "AddPasskeyForm",
    "PasskeyAgainForm",
    "PasskeyAloneForm",
    "PasskeyForm",
    "RenamePasskeyForm",
}


@pytest.mark.parametrize(
    "form",
    [one for one in form_classes() if one.__name__ not in ELSEWHERE],
    ids=lambda one: one.__qualname__,
)
def test_a_form_answers_with_sentences_or_with_what_can_be_kept(cast, north, form):
    facts = given(form, cast)
    boxes_ = names(form(**facts))
    with nullcontext() if form.__module__.startswith("territories") else north:
        for value in NASTY.values():
            filled = form(MultiValueDict({name: [value] for name in boxes_}), **facts)
            filled.is_valid()
            assert {name: one for name, one in filled.cleaned_data.items() if not holds(one)} == {}
            for name, sentences in filled.errors.items():
                assert [said for said in sentences if of_django(said)] == []
                assert (
                    len(sentences) == 1 or name == "password"
                )  # all that is wrong with one, to be mended at once
            assert str(filled)


@pytest.mark.parametrize(
    "form",
    [one for one in form_classes() if one.__name__ not in ELSEWHERE],
    ids=lambda one: one.__qualname__,
)
def test_what_a_field_would_say_begins_with_its_name(cast, north, form):
    """Also for what nobody has typed yet: every sentence names its field, is not Django's, and reads as one."""
    with nullcontext() if form.__module__.startswith("territories") else north:
        bound = list(form(**given(form, cast)))
        said = [(str(one.label), str(words)) for one in bound for words in one.field.error_messages.values()]
    said = [
        (label.rstrip(" :"), words.replace("%(label)s", label).replace("%%", "%")) for label, words in said
    ]
    assert [words for _label, words in said if of_django(words)] == []
    assert [words for label, words in said if not words.startswith(label)] == []
    assert [words for _label, words in said if re.search(r"\? [a-z]|\?[:.]", words)] == []


def test_every_form_of_the_project_is_tried():
    known = {one.__name__ for one in form_classes()}
    assert {"ApplicationForm", "ClaimForm", "PublicationForm", "TenderForm", "JournalFilter"} <= known
    assert len(known) > 30


# ---- over HTTP ----


def failed(browser, method: str, url: str, data=None) -> list[str]:
    """The address and the answer, where it is an error of ours."""
    browser.raise_request_exception = False
    answer = getattr(browser, method)(url, data) if data is not None else getattr(browser, method)(url)
    browser.raise_request_exception = True
    return [f"{method} {url[:120]} {answer.status_code}"] if answer.status_code >= 500 else []


def boxes(html: str) -> dict[str, str]:
    """The names of what can be sent from a page, with the values that stand in boxes."""
    found = dict.fromkeys(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', html), "")
    for box in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]+)"', box), re.search(r'value="([^"]*)"', box)
        if name and value and 'type="radio"' not in box:
            found[name[1]] = value[1]
    for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\s*([^<]*)<', html):
        found[name] = value
    return found


def welcome(stage: Stage, row):
    """The browser of somebody whom the row names, at the north."""
    who = next(iter(sorted(row.names)), "supplier")
    return stage.at("north", f"north {who}")


FORMS = [row for row in rows() if row.takes == "GET POST" and row.may and row.status == 200]


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_whatever_is_sent_to_a_form_of_a_territory_is_answered(stage, db, row):
    browser, url, wrong = welcome(stage, row), path_of(row, stage.things["north"]), []
    filled = boxes(browser.get(url).text)
    for value in SENT:
        wrong += failed(browser, "post", url, dict.fromkeys(filled, value))
    for name in filled:
        wrong += failed(browser, "post", url, filled | {name: SHORT[0]})
    assert wrong == []


@pytest.mark.parametrize(
    "name",
    [name for name, row in PUBLIC.items() if name != "set_language" and not name.startswith("account_c")],
)
def test_whatever_is_sent_to_a_page_of_the_public_site_is_answered(stage, db, name):
    who = "staff" if name.startswith("staff:") else "north lead"
    wrong = []
    for browser in (stage.at("public", who), stage.at("public", "nobody")):
        url = public_path_of(name, stage.things["public"])
        answer = browser.get(url)
        filled = boxes(answer.text) if answer.status_code == 200 else {}
        for value in SENT if filled else ():
            wrong += failed(browser, "post", url, dict.fromkeys(filled, value))
    assert wrong == []


ASKED = (
    "words", "status", "page", "role", "primary", "secondary", "district", "format", "activity", "territory",
    "organisation", "next", "part", "verb", "kind", "q", "p", "o", "since", "who", "lang",
)  # fmt: skip


@pytest.mark.parametrize("row", [row for row in rows() if row.takes != "POST" and row.may], ids=str)
def test_whatever_stands_behind_the_question_mark_is_answered(stage, db, row):
    browser, url = welcome(stage, row), path_of(row, stage.things["north"]).partition("?")[0]
    wrong = []
    for value in SHORT:
        wrong += failed(browser, "get", f"{url}?{urlencode(dict.fromkeys(ASKED, value))}")
    assert wrong == []


@pytest.mark.parametrize("name", PUBLIC)
def test_the_public_site_answers_whatever_is_asked_behind_the_question_mark(stage, db, name):
    who = "staff" if name.startswith("staff:") else "north lead"
    url, wrong = public_path_of(name, stage.things["public"]), []
    for browser in (stage.at("public", who), stage.at("public", "nobody")):
        for value in SHORT:
            if name != "account_logout":
                wrong += failed(browser, "get", f"{url}?{urlencode(dict.fromkeys(ASKED, value))}")
    assert wrong == []


ADDRESSED = sorted({row.url: row for row in rows() if row.thing}.values(), key=str)


@pytest.mark.parametrize("row", ADDRESSED, ids=str)
def test_an_address_of_nothing_is_not_found(stage, db, row):
    things, wrong = stage.things["north"], []
    url, pk = path_of(row, things), str(things[row.thing])
    for value in SHORT:
        there = url.replace(pk, quote(value, safe=""))
        for browser in (welcome(stage, row), stage.at("north", "nobody")):
            wrong += failed(browser, "get", there) + failed(browser, "post", there)
    assert wrong == []


@pytest.mark.parametrize("name", [name for name, row in PUBLIC.items() if row.args])
def test_an_address_of_nothing_on_the_public_site_is_not_found(stage, db, name):
    things, wrong = stage.things["public"], []
    who = "staff" if name.startswith("staff:") else "north lead"
    url = public_path_of(name, things)
    for arg in PUBLIC[name].args:
        for value in SHORT:
            there = url.replace(f"/{things.get(arg, arg)}/", f"/{quote(value, safe='')}/", 1)
            for browser in (stage.at("public", who), stage.at("public", "nobody")):
                wrong += failed(browser, "get", there) + failed(browser, "post", there)
    assert wrong == []


@pytest.mark.parametrize(
    "referer", ["nowhere", "٣", "//elsewhere.example/", "javascript:alert(1)", "http://[", "a" * 9000]
)
def test_an_act_that_is_refused_leads_back_to_a_page_whatever_the_browser_says(
    client_for, cast, order_at, referer
):
    order = order_at("offered").order
    answer = client_for(cast.supplier).post(f"/orders/{order.pk}/offer/", headers={"Referer": referer})
    assert answer.status_code == 302
    assert "elsewhere" not in answer.url and "javascript" not in answer.url


# ---- days and numbers, in words ----


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            ("18446744073709551616", "1", "2027"),
            "First day of the period: enter a real date, such as 27 3 2027",
        ),
        (("1_0", "1", "2027"), "First day of the period: enter a real date, such as 27 3 2027"),
        (("٣", "1", "2027"), "First day of the period: enter a real date, such as 27 3 2027"),
        (("3", "1_0", "2027"), "First day of the period: enter a real date, such as 27 3 2027"),
        (("1", "1", "٢٠٢٧"), "First day of the period: enter a real date, such as 27 3 2027"),
        (("1", "1", "1999"), "First day of the period must be in a year from 2000 to 2100"),
        (("1", "1", "2101"), "First day of the period must be in a year from 2000 to 2100"),
    ],
)
def test_a_day_that_cannot_be_meant_is_a_sentence(client_for, cast, typed, said):
    day, month, year = typed
    sent = {"starts_on_day": day, "starts_on_month": month, "starts_on_year": year}
    page = client_for(cast.manager).post("/reports/new/", sent)
    assert page.context["form"].errors["starts_on"] == [said]


@pytest.mark.parametrize("weight", ["1e1", "٣", "1_0", "NaN", "Infinity", "1e400", "0x10"])
def test_a_weight_is_written_in_plain_digits(client_for, cast, order_at, weight):
    tender = order_at("prepared").tender
    sent = {"dimension": "how", "title": "Care", "guidance": "x", "weight": weight}
    page = client_for(cast.buyer).post(f"/tenders/{tender.pk}/criteria/new/", sent)
    assert page.context["form"].errors == {"weight": ["Weight in percent: enter a number, such as 24 or 1.5"]}


@pytest.mark.parametrize("sample", ["18446744073709551616", "٣", "1_0", "1e1", "2147483648"])
def test_a_sample_is_a_whole_number_that_can_be_kept(everyone, sample):
    form = PublicationForm({"sample": sample})
    assert form.errors["sample"] == ["Sample size: enter a whole number, such as 24"]


def test_an_activity_that_is_no_key_is_no_choice(client_for, cast, order_at):
    order = order_at("draft").order
    page = client_for(cast.supplier).get(f"/orders/{order.pk}/commitments/new/?activity=%00")
    assert (page.status_code, page.context["form"].is_bound) == (200, False)
