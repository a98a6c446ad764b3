"""The domain trusts no door: every act asks its rule itself, and what a form says about the world the act says as well.

Read from the source, so that the next act and the next form are held too.
"""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.source import functions, modules, room_of, shelf, tree

# Besides actions.py: acts that stand where their subject does.
MORE = ("territories/people/data/closing.py",)
WRITES = {"record", "save", "create", "bulk_create", "update", "delete", "update_or_create", "get_or_create"}
# An act that is no transaction of its own, and why.
WITHIN = {"territories/people/staff/actions.py:correct": "the admin has opened the transaction already"}
# Acts about nothing but one's own reading and wishes, which nobody could refuse.
OWN = ("territories/notices/actions.py",)
# What forms say about the shape of what was typed, and about nothing else: sentences, or functions whose ValueError is one.
SHAPE = {
    "Number in that register: this is needed",
    "Choose the register that the number is from.",
    "Write the number in this register, or choose no register.",
    "“%(domain)s” is not a domain.",
    "This was saved while you were writing, by someone else or by you in another tab. "
    "Your text is still here, with what was saved beside it. Save again to keep yours.",
    "Saved meanwhile: %(theirs)s",
    "Say what the interest is.",
    "You describe an interest below. Choose Yes, or empty the description.",
    "identifiers.normalised",
    "postcodes.normalised",
    "evidence.checked",
    "UNREAD",  # a passkey
    "act",  # what an act has refused
    "require_seen",  # which every act asks that writes over something
}


def name_of(node: ast.expr) -> str:
    """The last name of what is called or raised: `rules.why_not_open` is why_not_open."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def within(path: str, name: str, seen: frozenset = frozenset()) -> Iterator[ast.AST]:
    """All that a function does, and what the module's own functions do for it."""
    known = functions(path)
    for node in ast.walk(known[name]):
        yield node
        called = name_of(node) if isinstance(node, ast.Call) else ""
        if called in known and called not in seen | {name}:
            yield from within(path, called, seen | {name})


def calls(path: str, name: str) -> set[str]:
    return {name_of(node) for node in within(path, name) if isinstance(node, ast.Call)}


def acts() -> list[str]:
    """Every public function that writes, as path:name."""
    found = []
    for path in [*shelf("actions"), *MORE]:
        public = [name for name in functions(path) if not name.startswith("_")]
        found += [f"{path}:{name}" for name in public if calls(path, name) & WRITES]
    return found


def asks(path: str, name: str) -> bool:
    raised = {name_of(node.exc) for node in within(path, name) if isinstance(node, ast.Raise) and node.exc}
    # A flow's `after` refuses by itself.
    return bool(calls(path, name) & {"require", "after"} or raised & {"Refused", "Stale"})


def decorators(node: ast.FunctionDef) -> list[str]:
    return [ast.unparse(one) for one in node.decorator_list]


def by_a_part(node: ast.FunctionDef) -> bool:
    return any(
        arg.arg == "by" and ast.unparse(arg.annotation) == "Membership" for arg in node.args.kwonlyargs
    )


def test_there_are_acts_in_every_room():
    rooms = {room_of(one) for one in acts()}
    assert rooms == {
        "community", "research", "spo/contracts", "spo/delivery", "spo/orders", "spo/reports", "spo/scoring",
        "spo/tenders",
        "territories/notices",
        "territories/people/data", "territories/people/joining", "territories/people/parts",
        "territories/people/staff",
    }  # fmt: skip


@pytest.mark.parametrize("act", [one for one in acts() if one.split(":")[0] not in OWN])
def test_an_act_asks_its_rule_itself(act):
    assert asks(*act.split(":")), f"{act} asks no rule: require(why_not_…), under the lock"


@pytest.mark.parametrize("act", acts())
def test_an_act_is_a_transaction_of_its_own_in_which_the_part_is_read_anew(act):
    path, name = act.split(":")
    node = functions(path)[name]
    wanted = ["act", "act_on_parts"] if by_a_part(node) else ["transaction.atomic(durable=True)"]
    if act not in WITHIN:
        (decorator,) = decorators(node)
        assert decorator in wanted


# Acts that write over a row without saying which version of it they have read, and why nothing can be lost by that.
UNREAD = {
    "territories/notices/actions.py": "one's own: what one wished last, one wishes",
    "territories/people/parts/actions.py": "parts and invitations only end, each once",
    "territories/people/data/closing.py": "an account is closed once, for good",
    "territories/people/joining/actions.py:apply": "there was nothing before",
    "spo/delivery/actions.py:claim": "there was nothing before",
    "territories/people/joining/actions.py:confirm": "the address is confirmed once",
    "spo/scoring/actions/panel.py:declare": "declarations stand beside each other; the seat repeats the last one",
    "spo/reports/actions.py:order_again": "a report that failed is made once more",
}


@pytest.mark.parametrize("act", acts())
def test_an_act_that_writes_over_something_says_which_version_it_has_read(act):
    path, name = act.split(":")
    over = calls(path, name) & {"save", "update", "delete", "update_or_create"}
    given = {arg.arg for arg in functions(path)[name].args.kwonlyargs} & {"seen", "version"}
    assert given or not over or path in UNREAD or act in UNREAD, (act, over)


def test_what_stands_within_another_transaction_is_still_there():
    assert set(WITHIN) <= set(acts())


@pytest.mark.parametrize("path", shelf("views"))
def test_nobody_is_sent_away_from_what_they_have_sent(path):
    """A refusal of what was posted is raised, so that the answer shows what was written; only a visit is redirected."""
    away = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If)
        and "messages.error" in ast.unparse(ast.Module(node.body, []))
        and "request.method == 'GET'" not in ast.unparse(node.test)
    ]
    assert away == []


# ---- what forms say ----


@cache
def asked_by_acts(room: str) -> frozenset[str]:
    """Every function that some act of a room calls, through whatever functions of actions.py and rules.py."""
    bodies: dict[str, set[str]] = {}
    for path in [*shelf("actions"), *shelf("rules"), *MORE]:
        for name, node in functions(path).items():
            called = {name_of(one) for one in ast.walk(node) if isinstance(one, ast.Call)}
            bodies.setdefault(name, set()).update(called)
    reached, new = set(), {act.split(":")[1] for act in acts() if room_of(act) == room}
    while new:
        reached |= new
        new = set().union(*(bodies.get(name, set()) for name in new)) - reached
    return frozenset(reached)


def refusals(path: str) -> list[tuple[int, str]]:
    """(line, where the sentence comes from) of each thing that a module of forms refuses."""
    outer = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]
    return [one for function in outer for one in refused_in(function)]


def refused_in(function: ast.FunctionDef) -> list[tuple[int, str]]:
    found = [(node, _sentence(node)) for node in ast.walk(function)]
    return [(node.lineno, _origin(sentence, function)) for node, sentence in found if sentence]


@cache
def helpers() -> dict[str, list[str]]:
    """What functions of forms.py refuse, which other forms call."""
    return {
        name: [origin for _line, origin in refused_in(node)]
        for path in modules("*forms.py")
        for name, node in functions(path).items()
    }


def _sentence(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Call) and name_of(node) == "add_error":
        return node.args[1]
    if (
        isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and name_of(node.exc) == "ValidationError"
    ):
        return node.exc.args[0]
    return None


def _origin(sentence: ast.expr, outer: ast.FunctionDef) -> str:
    """The words themselves, the rule that says them, or the function whose error they are."""
    if isinstance(sentence, ast.BinOp):
        sentence = sentence.left
    if isinstance(sentence, ast.Call) and name_of(sentence) == "_":
        return str(ast.literal_eval(sentence.args[0]))
    if rule := _rule(sentence, outer):
        return rule
    wanted = {one.id for one in ast.walk(sentence) if isinstance(one, ast.Name)}
    for node in ast.walk(outer):
        if isinstance(node, ast.Try) and any(handler.name in wanted for handler in node.handlers):
            called = [one for one in ast.walk(ast.Module(node.body, [])) if isinstance(one, ast.Call)]
            return ast.unparse(called[0].func)
    return ast.unparse(sentence)


def _rule(sentence: ast.expr, outer: ast.FunctionDef) -> str:
    """The rule of the innermost `if … (reason := rule(…))` around a sentence that is the reason."""
    found = ""
    for node in ast.walk(outer):
        if isinstance(node, ast.If) and sentence in ast.walk(ast.Module(node.body, [])):
            for one in ast.walk(node.test):
                if isinstance(one, ast.NamedExpr) and one.target.id == getattr(sentence, "id", ""):
                    found = name_of(one.value)
    return found


@pytest.mark.parametrize("path", modules("*forms.py"))
def test_what_a_form_says_about_the_world_its_act_says_as_well(path):
    asked = asked_by_acts(room_of(path))
    alone = [
        f"{path}:{line} {origin}"
        for line, said in refusals(path)
        for origin in helpers().get(said, [said])
        if origin not in SHAPE and not (origin.startswith("why_not_") and origin in asked)
    ]
    assert alone == [], "said by the form alone: ask a why_not_… of rules.py, and let the act ask it too"


# ---- planted: what the tests above would miss if they saw nothing ----


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("def clean(self):\n self.add_error('a', _('Not tomorrow.'))", "Not tomorrow."),
        ("def clean(self):\n raise forms.ValidationError(_('No %(x)s') % {'x': 1})", "No %(x)s"),
        ("def clean(self):\n if reason := rules.why_not_x(1):\n  self.add_error('a', reason)", "why_not_x"),
        (
            "def clean(self):\n try:\n  codes.shape(1)\n except ValueError as e:\n  self.add_error('a', str(e))",
            "codes.shape",
        ),
        (
            "def clean(self):\n if reason := why_not_x():\n  pass\n if reason := why_not_y():\n  self.add_error('a', reason)",
            "why_not_y",
        ),
        ("def clean(self):\n self.add_error('a', words)", "words"),
    ],
)
def test_a_planted_refusal_is_traced_to_its_origin(source, seen):
    outer = ast.parse(source).body[0]
    assert isinstance(outer, ast.FunctionDef)
    (sentence,) = filter(None, map(_sentence, ast.walk(outer)))
    assert _origin(sentence, outer) == seen


def test_an_act_without_a_rule_is_seen(monkeypatch):
    source = (
        "def go(*, by: Membership):\n row.save()\n"
        "def stay():\n require(why_not_stay())\n _write()\n"
        "def _write():\n row.save()"
    )
    monkeypatch.setattr("tests.source.tree", lambda path: ast.parse(source))
    assert (asks("x", "go"), asks("x", "stay")) == (False, True)
    assert calls("x", "stay") & WRITES == {"save"}
    assert by_a_part(functions("x")["go"]) is True
