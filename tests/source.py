"""The project's own source, for tests that read it: the next act, form or view is held too."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("community", "research", "spo", "territories")


def modules(pattern: str) -> list[str]:
    found = [str(path.relative_to(ROOT)) for room in ROOMS for path in (ROOT / room).rglob(pattern)]
    return sorted(found)


def shelf(noun: str) -> list[str]:
    """The modules of a shelf, in whatever room: actions.py, or a folder of that name."""
    return sorted([*modules(f"{noun}.py"), *modules(f"{noun}/*.py")])


def room_of(path: str) -> str:
    """The folder in which a shelf stands: of spo/scoring/actions/bids.py it is spo/scoring."""
    room = path.rpartition("/")[0]
    return room.rpartition("/")[0] if room.endswith(("/actions", "/rules", "/views")) else room


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def functions(path: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
