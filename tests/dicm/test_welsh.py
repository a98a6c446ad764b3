"""The Welsh catalogue has every message, whole, and readers get it."""

import gettext
import io
import re

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.translation import override

from territories.pages.welsh import extraction

# What a message leaves open: %(name)s, %d, {name}, %{count}, and a percent sign itself.
OPEN = re.compile(r"%\(\w+\)[a-z]|%[ds]|%%|\{\w+\}")


def key(message: Message) -> tuple:
    return message.context, message.id


def forms(words) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (words,)


@pytest.fixture(scope="module")
def catalogue():
    return [message for message in extraction.read() if message.id]


def test_the_committed_catalogue_is_what_is_collected(tmp_path, catalogue):
    fresh = tmp_path / "locale" / "django.po"
    extraction.merge(fresh)
    collected = {key(message) for message in extraction.read(fresh) if message.id}
    committed = {key(message) for message in catalogue}
    assert len(committed) > 500
    missing, unused = collected - committed, committed - collected
    assert not missing, f"without Welsh, run `make messages`: {sorted(map(str, missing))}"
    assert not unused, f"not said any more, run `make messages`: {sorted(map(str, unused))}"


def test_merging_again_changes_nothing(tmp_path):
    copy = tmp_path / "django.po"
    copy.write_bytes(extraction.CATALOGUE.read_bytes())
    extraction.merge(copy)
    assert copy.read_bytes() == extraction.CATALOGUE.read_bytes()


def test_every_message_has_welsh_in_every_form(catalogue):
    lacking = [message.id for message in catalogue if not extraction.translated(message)]
    assert not lacking
    assert {len(message.string) for message in catalogue if message.pluralizable} == {4}


def test_welsh_leaves_the_same_things_open(catalogue):
    for message in catalogue:
        wanted = sorted(OPEN.findall(forms(message.id)[-1]))
        for said in forms(message.string):
            assert sorted(OPEN.findall(said)) == wanted, said
            assert said.count("\n") == forms(message.id)[0].count("\n"), said


def test_signs_of_percent_are_whole(catalogue):
    for message in catalogue:
        if "%" not in str(message.id):
            continue
        assert message.python_format == ("python-format" in message.flags)
        for said in forms(message.string):
            assert not re.search(r"%(?!%|\(\w+\)[ds]|[ds])", said.replace("%%", "")), said
    with override("cy"):
        counting = render_to_string("forms/counting.html", {"most": 100})
        assert "%{count} nod ar ôl" in counting and "%%" not in counting


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 gweithgaredd"),
        (2, "2 weithgaredd"),
        (8, "8 gweithgaredd"),
        (11, "11 gweithgaredd"),
        (45, "45 gweithgaredd"),
    ],
)
def test_plural_forms_are_those_of_djangos_own_welsh(count, said, tmp_path):
    binary = io.BytesIO()
    write_mo(binary, extraction.read())
    binary.seek(0)
    ours = gettext.GNUTranslations(binary)
    assert ours.ngettext("%(count)s activity", "%(count)s activities", count) % {"count": count} == said
    assert [ours.plural(n) for n in (1, 2, 3, 8, 11, 0)] == [0, 1, 2, 3, 3, 2]


def test_templates_are_read_as_django_reads_them():
    source = """
      <p>{% translate "Up to 400%" %}</p>
    {% blocktranslate trimmed count count=n %}
      {{ count }} bid
    {% plural %}
      {{ count }} bids
    {% endblocktranslate %}
  {% translate 'Later' as later %}{% blocktranslate asvar said with who=x %}By {{ who }}{% endblocktranslate %}
          {{ _("Plain") }}{% include "x.html" with title=_("Passed on") only %}
    """
    keywords = extraction.DEFAULT_KEYWORDS
    found = [
        said
        for _line, _name, said, _notes in extraction.templates(io.BytesIO(source.encode()), keywords, (), {})
    ]
    words = {part for said in found for part in forms(said) if isinstance(part, str)}
    assert words == {
        "Up to 400%%", "%(count)s bid", "%(count)s bids", "Later", "By %(who)s", "Plain", "Passed on",
    }  # fmt: skip


def test_a_translated_page_says_percent_once():
    source = "{% load i18n %}{% translate text %}"
    sentence = next(m.id for m in extraction.read() if m.id and "400%%" in m.id)
    with override("cy"):
        said = Template(source).render(Context({"text": sentence.replace("%%", "%")}))
    assert "400%," in said and "chwyddo" in said


def test_refusals_and_choices_are_said_in_the_readers_language():
    from spo.tenders.flows import TENDER
    from spo.tenders.models import Tender

    with override("cy"):
        assert (
            TENDER.why_not("awarded", "open")
            == "Nid yw hyn yn bosibl mwyach: statws presennol tendr yw “Dyfarnwyd”."
        )
        assert Tender.Status.AWARDED.label == "Dyfarnwyd"
    with override("en-gb"):
        assert Tender.Status.AWARDED.label == "Awarded"


def test_pages_are_in_welsh_for_whoever_chose_it(client_for):
    browser = client_for(None, territory=None)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"
    page = browser.get("/accessibility/")
    assert page.status_code == 200
    for words in ('<html lang="cy"', "Datganiad hygyrchedd", "hyd at 400%,", "Preifatrwydd", "Mewngofnodi"):
        assert words in page.text
    assert "Accessibility statement" not in page.text

    lost = browser.get("/no-such-page/")
    assert lost.status_code == 404
    assert '<html lang="cy"' in lost.text and "Heb ddod o hyd i'r dudalen" in lost.text


def test_english_is_what_one_gets_without_choosing(client_for):
    page = client_for(None, territory=None).get("/accessibility/")
    assert '<html lang="en-gb"' in page.text and "Accessibility statement" in page.text
