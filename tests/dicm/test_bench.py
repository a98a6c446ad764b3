"""The bench prints every table: a short run, in databases of its own, as `make bench` does it."""

import os
import subprocess
import sys

from django.conf import settings

TABLES = [
    "Founding territories in an empty database",
    "Pages: SQL statements, and the median of 1 readings",
    "Live: seconds from the act of confirming a delivery",
    "Open pages: seconds from the act of claiming until a page shows it",
    "3 evaluators who score for 3 seconds",
    "Report: figures, pages and PDF/A",
    "Signing in, one after another",
    "The walls: median milliseconds",
    "The access table",
]


def column(said: str, title: str, name: str) -> list[str]:
    """What stands under a heading of the table that begins with the title."""
    table = said[said.index(title) :].split("\n\n")[0].splitlines()
    end = table[1].index(name) + len(name)
    return [line[:end].split()[-1] for line in table[3:]]


def test_a_short_run_prints_every_table_and_meets_no_error():
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench", "--short"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, env=dict(os.environ))
    assert done.returncode == 0, done.stderr[-2000:]
    assert [title for title in TABLES if title not in done.stdout] == []
    for title in ("Open pages", "3 evaluators"):
        assert column(done.stdout, title, "errors") == ["0", "0"]
