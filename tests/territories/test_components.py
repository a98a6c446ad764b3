"""A page that gives a component too little, or what it does not know, is refused when it is compiled."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.exceptions import TemplateSyntaxError
from django.template.loader import get_template
from django.test import RequestFactory

from territories.pages.onward import Onward
from territories.pages.tables import Table, numbers, words

FOLDER = Path(settings.BASE_DIR) / "templates" / "components"
NAMES = sorted(file.stem for file in FOLDER.glob("*.html"))


def shown(source: str, **context) -> str:
    """The page's words and tags, with single spaces."""
    request = RequestFactory().get("/")
    return " ".join(engines["django"].from_string(source).render(context, request).split())


@pytest.mark.parametrize("name", NAMES)
def test_every_component_says_what_it_takes_first(name):
    source = (FOLDER / f"{name}.html").read_text()
    assert source.startswith("{% inputs ") and source.count("{% inputs ") == 1
    get_template(f"components/{name}.html")


@pytest.mark.parametrize("name", NAMES)
def test_every_component_is_used(name):
    pages = [path.read_text() for path in (FOLDER.parent).rglob("*.html")]
    assert any(re.search(rf'{{% (component|fill) "{name}"', page) for page in pages)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('{% component "back" url="/" %}', 'component "back" needs label.'),
        ('{% component "back" url="/" label="x" lable="y" %}', 'component "back" does not know lable.'),
        ('{% component "back" "/" %}', 'component "back": “"/"” is no name=value.'),
        ('{% component "fact" key="x" %}', 'component "fact" needs body.'),
        ('{% fill "back" url="/" label="x" %}y{% endfill %}', 'fill "back" does not know body.'),
    ],
)
def test_what_a_component_does_not_take_is_refused(source, reason):
    with pytest.raises(TemplateSyntaxError, match=re.escape(reason)):
        shown(source)


def test_a_template_that_declares_nothing_is_no_component(tmp_path, settings):
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "bare.html").write_text("bare")
    engine = {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    settings.TEMPLATES = [engine]
    with pytest.raises(TemplateSyntaxError, match="declares its inputs once"):
        shown('{% component "bare" %}')


def test_a_component_knows_nothing_of_its_page_but_what_it_is_given():
    source = '{% component "back" url="/x/" label=what %}'
    assert '<a href="/x/" class="govuk-back-link">All things</a>' in shown(
        source, what="All things", url="/y/"
    )


def test_what_is_typed_into_a_component_stays_text():
    source = '{% fill "fact" key=key %}{{ body }}{% endfill %}'
    page = shown(source, key="<b>", body="<script>")
    assert ("&lt;b&gt;" in page, "&lt;script&gt;" in page, "<script>" in page) == (True, True, False)


def test_the_body_is_the_pages_own():
    fact = '{% fill "fact" key=one %}{{ forloop.counter }}{% endfill %}'
    source = '{% fill "summary_list" %}{% for one in all %}' + fact + "{% endfor %}{% endfill %}"
    page = shown(source, all=["a", "b"])
    assert re.findall(r'__(?:key|value)">\s*(\w)\s*<', page) == ["a", "1", "b", "2"]


@pytest.mark.parametrize(
    ("step", "has", "lacks"),
    [
        (Onward("Wait."), "Wait.", "<a "),
        (Onward("", "Go", "/go/"), 'href="/go/"', "<form"),
        (Onward("", "Do", "/do/", acts=True), 'action="/do/"', "<a "),
        (Onward("", "Do", "/do/", "Not yet.", acts=True), "Not yet.", "<form"),
    ],
)
def test_what_comes_next_is_words_a_page_an_act_or_why_not(step, has, lacks):
    page = shown('{% component "onward" step=step %}', step=step)
    assert (has in page, lacks in page) == (True, False)


def test_a_table_whose_rows_do_not_fit_its_head_is_refused():
    table = Table("Costs", [*words("What"), *numbers("£")], [["a", 1], ["b"]])
    with pytest.raises(ValueError, match="longer than argument 1"):
        shown('{% component "data_table" table=table %}', table=table)
