"""How many checks the access table makes: address × person × own and foreign territory, as the tests count them."""

import re
import subprocess
import sys
import time
from importlib.util import find_spec

from django.conf import settings

from dicm.access.checks import addresses
from dicm.access.public import PUBLIC
from dicm.access.territory import rows
from dicm.bench.sizes import size
from dicm.bench.table import table

TESTS = ("tests/test_access.py", "tests/test_access_elsewhere.py")


def measured() -> str:
    named = sum(1 for urlconf in ("dicm.urls", "dicm.urls_public") for _address in addresses(urlconf))
    facts = [("addresses", named), ("rows of the table", len(rows()) + len(PUBLIC)), ("checks", *_walked())]
    return table("The access table", ("what", "number"), facts)


def _walked() -> tuple[str]:
    """The number that the tests print when they walk it; they are not installed where the product only runs."""
    if find_spec("pytest") is None:
        return ("not counted: make test has not been set up here",)
    if not size(1, 0):
        return ("not counted: this is a short run",)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *TESTS]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    counted = re.search(r"([\d,]+) checks of who may what", done.stdout)
    if done.returncode or counted is None:
        raise AssertionError(f"The access table does not hold:\n{done.stdout[-2000:]}")
    return (f"{counted[1]} in {time.perf_counter() - start:.0f} s",)
