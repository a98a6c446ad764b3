"""Every act posts the version that it showed: held in every action and every template, the next one too."""

import ast
import re

import pytest
from django.apps import apps
from django.core import signing

from territories.papers.digest import digest_of
from territories.refusal import Stale
from territories.shown import Seen, carried, require_seen, seen_in, version_of
from tests.source import ROOT, functions, shelf

# Rows, or what is made of rows, that say what one who acts on them has read.
READ = {model.__name__ for model in apps.get_models() if hasattr(model, "as_shown")} | {"Bid"}
# Acts on such a row that need not say which version they are about, and why.
WITHOUT = {
    "add_impact": "adds; what is there already is asked by its rule",
    "add_need": "adds; what is there already is asked by its rule",
    "add_commitment": "adds a line to the order, whatever else stands in it",
    "add_criterion": "adds; the rule asks name and weight",
    "appoint": "adds a seat",
    "declare": "says something about oneself",
    "draft_publication": "begins something of its own",
    "send_link": "has a letter sent",
    "confirm": "the applicant's own, by the link in their letter",
    "change": "the applicant's own form, which shows what it replaces",
}
TEMPLATES = {
    "notices/notices.html": "what one was told never changes",
    "reports/_making.html": "what was ordered never changes",
    "people/parts/people.html": "what an invitation says never changes",
}


def acts():
    """(where, name, first parameter's kind, its parameters) of every public action."""
    for path in shelf("actions"):
        for name, node in functions(path).items():
            if not name.startswith("_") and node.decorator_list:
                first = node.args.args[0].annotation if node.args.args else None
                names = {each.arg for each in [*node.args.args, *node.args.kwonlyargs]}
                yield path, name, first and ast.unparse(first), names


def test_every_act_on_what_people_have_read_takes_the_version_that_they_read():
    blind = [
        f"{where}: {name}({kind})"
        for where, name, kind, names in acts()
        if kind in READ and not names & {"seen", "version"} and name not in WITHOUT
    ]
    assert blind == []


def compares(node: ast.FunctionDef, name: str) -> bool:
    """Whether what the act was given is asked: by `require_seen`, by a comparison, or by whom it is handed on to."""
    for one in ast.walk(node):
        if isinstance(one, ast.Compare) and name in {
            ast.unparse(side) for side in [one.left, *one.comparators]
        }:
            return True
        if isinstance(one, ast.Call) and name in {
            ast.unparse(given) for given in [*one.args, *(key.value for key in one.keywords)]
        }:
            return True
    return False


def test_every_act_asks_what_it_was_given_to_compare():
    unasked = [
        f"{path}: {name}"
        for path in [*shelf("actions"), *shelf("closing")]
        for name, node in functions(path).items()
        for given in {arg.arg for arg in [*node.args.args, *node.args.kwonlyargs]} & {"seen", "version"}
        if not compares(node, given)
    ]
    assert unasked == []


def test_an_act_that_forgets_to_compare_is_found():
    forgets, asks, hands_on = ast.parse(
        "def a(row, *, seen): row.save()\n"
        "def b(row, *, version):\n if row.version != version: raise Stale\n"
        "def c(row, *, seen): _move(row, seen=seen)"
    ).body
    assert [compares(forgets, "seen"), compares(asks, "version"), compares(hands_on, "seen")] == [
        False,
        True,
        True,
    ]


def test_only_acts_that_exist_are_let_off():
    on_what_is_read = {name for _where, name, kind, _names in acts() if kind in READ}
    assert set(WITHOUT) <= on_what_is_read


def test_every_button_that_acts_carries_what_it_is_about():
    blind = set()
    for path in (ROOT / "templates").rglob("*.html"):
        for given in re.findall(r'{% component "act" [^%]*%}', path.read_text()):
            if "seen=" not in given:
                blind.add(str(path.relative_to(ROOT / "templates")))
    assert blind == set(TEMPLATES)


class Row:
    pk = 1

    def __init__(self, **facts):
        self.facts = facts

    def as_shown(self):
        return self.facts


def test_a_form_carries_the_facts_and_gives_back_their_version():
    row = Row(title="Ŵy", lines={"1": {"quantity": "1.00"}})
    seen = seen_in({"seen": carried(row)})
    assert seen == Seen(version_of(row), row.facts)
    assert seen.version == digest_of({"of": "Row 1", "facts": row.facts})


@pytest.mark.parametrize(
    "posted", [{}, {"seen": ""}, {"seen": "x"}, {"seen": signing.dumps({"a": 1})}, {"seen": "\x00" * 40}]
)
def test_what_is_not_ours_has_shown_nothing(posted):
    assert seen_in(posted) == Seen()


def test_another_version_is_stale_with_the_row_as_it_stands():
    row = Row(title="Now")
    require_seen(row, version_of(Row(title="Now")))
    for seen in (version_of(Row(title="Then")), ""):
        with pytest.raises(Stale) as stale:
            require_seen(row, seen)
        assert stale.value.current is row


def test_two_rows_that_say_the_same_are_two_versions():
    one, other = Row(title="The same"), Row(title="The same")
    other.pk = 2
    assert version_of(one) != version_of(other)
    with pytest.raises(Stale):
        require_seen(other, version_of(one))


def test_every_form_says_in_which_part_it_was_shown():
    """But those of accounts, which are nobody's part, and of what is posted again with everything that it had."""
    whole = {"frame/languages.html", "stale.html", "territories/kept.html"}
    blind = set()
    for path in (ROOT / "templates").rglob("*.html"):
        name, text = str(path.relative_to(ROOT / "templates")), path.read_text()
        if name.startswith(("people/account/", "people/mfa/", "people/usersessions/")) or name in whole:
            continue
        if text.count('method="post"') != text.count("{% acting %}"):
            blind.add(name)
    assert blind == set()
