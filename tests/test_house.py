"""What `make lint` and these tests hold of the house, each proved with a planted fault."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("community", "research", "spo", "territories")
# Whoever may write a state: an act, or a step in somebody's act.
WRITERS = {"actions", "steps"}
WAYS_BACK = {"back", "cancel_url"}
PATH = re.compile(r"/([a-z-]+/)+")

Faults = Iterator[str]


def python(*folders: str, migrations: bool = False) -> list[Path]:
    """What git knows of."""
    command = [
        "git",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        *(f"{one}/**.py" for one in folders),
    ]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [
        ROOT / name for name in names if (ROOT / name).exists() and (migrations or "migrations" not in name)
    ]


def states_written(where: Path, tree: ast.AST) -> Faults:
    """A status that is set anywhere but in an act."""
    if WRITERS & {*where.with_suffix("").parts}:
        return
    for node in ast.walk(tree):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Attribute) and target.attr == "status":
                yield f"{where}:{node.lineno} writes a status. States change in actions alone."


def paths_written(where: Path, tree: ast.AST) -> Faults:
    """An address by hand; a thing knows its own, and `reverse` every other."""
    if where.name == "urls.py":
        return
    for node in ast.walk(tree):
        first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
        if isinstance(first, ast.Constant) and PATH.match(str(first.value)):
            yield f"{where}:{node.lineno} writes the path {first.value} by hand."
        back = node.value if isinstance(node, ast.keyword) and node.arg in WAYS_BACK else None
        if isinstance(back, ast.Constant) and PATH.match(str(back.value)):
            yield f"{where}:{back.lineno} writes the path {back.value} by hand."


@pytest.mark.parametrize(
    ("found", "folders"),
    [
        (states_written, (*ROOMS, "dicm")),
        (paths_written, ROOMS),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_the_house_is_in_order(found: Callable[[Path, ast.AST], Faults], folders: tuple[str, ...]) -> None:
    files = python(*folders)
    assert len(files) > 100
    assert [
        fault for file in files for fault in found(file.relative_to(ROOT), ast.parse(file.read_text()))
    ] == []


@pytest.mark.parametrize(
    ("found", "planted", "fault"),
    [
        (
            states_written,
            "row.status = 'open'",
            "room/views.py:1 writes a status. States change in actions alone.",
        ),
        (paths_written, "f'/tenders/{pk}/'", "room/views.py:1 writes the path /tenders/ by hand."),
        (paths_written, "page(back='/tenders/')", "room/views.py:1 writes the path /tenders/ by hand."),
    ],
)
def test_a_planted_fault_is_found(found: Callable[[Path, ast.AST], Faults], planted: str, fault: str) -> None:
    assert list(found(Path("room/views.py"), ast.parse(planted))) == [fault]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house without its furniture: what imports what."""
    there = tmp_path_factory.mktemp("house")
    for file in (ROOT / "pyproject.toml", *python(*ROOMS, "dicm", migrations=True)):
        (there / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, there / file.relative_to(ROOT))
    return there


def imports_of(house: Path) -> str:
    """What is said about its lines of imports; a word about each contract."""
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-cache"], cwd=house, capture_output=True, text=True)
    return " ".join(told.stdout.split())


@pytest.mark.parametrize(
    ("where", "planted", "contract"),
    [
        ("community/models.py", "from spo.orders import flows", "One straight line of imports BROKEN"),
        ("territories/pages/lists.py", "from territories import models", "paper and page below BROKEN"),
        ("territories/access.py", "from territories.people import staff", "paper and page below BROKEN"),
        ("community/queries.py", "from community import rules", "The shelves of a room BROKEN"),
        ("spo/orders/models.py", "from spo.orders import flows", "The shelves of a room BROKEN"),
        ("territories/new.py", "", "territories.new"),  # it has to say where it stands
    ],
)
def test_a_planted_import_is_found(copied: Path, where: str, planted: str, contract: str) -> None:
    file = copied / where
    before = file.read_text() if file.exists() else None
    file.write_text(f"{before or ''}\n{planted}\n")
    try:
        assert contract in imports_of(copied)
    finally:
        file.unlink() if before is None else file.write_text(before)


def test_the_lines_of_imports_are_kept(copied: Path) -> None:
    assert "3 kept, 0 broken" in imports_of(copied)


def test_an_act_may_write_a_state() -> None:
    assert list(states_written(Path("room/actions.py"), ast.parse("row.status = 'open'"))) == []


def sizes_of(house: Path) -> list[str]:
    """What is said about what is too large."""
    told = subprocess.run(
        [sys.executable, ROOT / "bin" / "sizes", house], capture_output=True, text=True, check=False
    )
    assert told.returncode == bool(told.stdout.strip()), told.stderr
    return told.stdout.splitlines()


@pytest.mark.parametrize(
    ("where", "planted", "fault"),
    [
        ("community/views.py", "def f():\n" + "    pass\n" * 50, "community/views.py:1 f has 51 lines."),
        (
            "community/views.py",
            "".join(f"def f{n}():\n" + "    pass\n" * 20 for n in range(20)),
            "One in ten functions has more than 20 lines.",
        ),
        ("community/views.py", "a = 1\n" * 71, "Half of the files have more than 70 lines."),
        ("templates/a.html", "<p>\n" * 151, "templates/a.html has 151 lines."),
        ("templates/a.html", "x" * 121, "templates/a.html:1 has 121 characters."),
        (
            "templates/a.html",
            ("x" * 101 + "\n") * 20,
            "One in ten lines of the templates has more than 100 characters.",
        ),
    ],
)
def test_what_is_too_large_is_found(tmp_path: Path, where: str, planted: str, fault: str) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True)
    file.write_text(planted)
    assert fault in sizes_of(tmp_path)


def test_nothing_is_too_large() -> None:
    assert sizes_of(ROOT) == []


def test_a_template_out_of_form_is_found(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "a.html").write_text("<p  class='b'>{{ a }}</p>\n")
    command = [Path(sys.executable).with_name("djangofmt"), "--check", "a.html"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize(
    ("where", "planted", "rule"),
    [
        ("spo/orders/actions.py", "from django.http import Http404\n", "TID251"),
        ("spo/orders/queries.py", "from django.shortcuts import redirect\n", "TID251"),
        ("community/models.py", "from django.db.models.signals import post_save\n", "TID251"),
        (
            "spo/orders/rules.py",
            "def f(a):\n" + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(12)),
            "C901",
        ),
        ("spo/orders/rules.py", "def f():\n" + "    print()\n" * 40, "PLR0915"),
    ],
)
def test_what_the_linter_bans_is_found(where: str, planted: str, rule: str) -> None:
    linter = Path(sys.executable).with_name("ruff")
    command = [linter, "check", "--output-format", "concise", "--stdin-filename", where, "-"]
    told = subprocess.run(command, input=planted, cwd=ROOT, capture_output=True, text=True, check=False)
    assert rule in told.stdout
