"""What is installed is what was locked: hash by hash, and from whichever registry the reader trusts."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))
NPM_LOCK = ROOT / "static/package-lock.json"


def pins(lock):
    """Name, marker and version of each requirement in a lock file, with its hashes."""
    joined = lock.read_text().replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {
        line.split("--hash")[0].strip(): re.findall(r"--hash=sha256:[0-9a-f]{64}", line) for line in lines
    }


def test_there_is_a_lock_for_each_purpose():
    assert [lock.name for lock in LOCKS] == [
        "requirements-dev.lock",
        "requirements-embedded.lock",
        "requirements-node.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_with_hashes(lock):
    locked = pins(lock)
    assert locked
    assert [pin for pin, hashes in locked.items() if "==" not in pin or not hashes] == []


@pytest.mark.parametrize("lock", [*LOCKS, NPM_LOCK], ids=lambda lock: lock.name)
def test_no_lock_names_a_host(lock):
    found = re.findall(
        r"\S*://\S+|--(?:extra-)?index-url.*|--find-links.*|--trusted-host.*", lock.read_text()
    )
    # Funding links are notes of the packages' authors; nothing is fetched from them.
    funding = [note["url"] for note in funding_notes(lock)]
    assert [match for match in found if not any(url in match for url in funding)] == []


def funding_notes(lock):
    if lock != NPM_LOCK:
        return []
    notes = [package.get("funding", []) for package in json.loads(lock.read_text())["packages"].values()]
    return [
        {"url": note} if isinstance(note, str) else note
        for given in notes
        for note in (given if isinstance(given, list) else [given])
    ]


def test_every_npm_package_is_pinned_with_its_hash():
    packages = json.loads(NPM_LOCK.read_text())["packages"]
    assert [name for name, package in packages.items() if name and not package.get("integrity")] == []


def test_the_locks_agree_with_each_other():
    dev = pins(ROOT / "requirements-dev.lock")
    for name in ("requirements.lock", "requirements-embedded.lock"):
        locked = pins(ROOT / name)
        assert {pin: dev.get(pin) for pin in locked} == locked


def test_everything_that_is_declared_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    declared = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-embedded.lock": groups["embedded"],
        "requirements-dev.lock": [name for name in groups["dev"] if isinstance(name, str)],
        "requirements-node.lock": groups["node"],
    }
    for lock, requirements in declared.items():
        locked = {re.split(r"[=\[]", pin)[0] for pin in pins(ROOT / lock)}
        assert {re.split(r"[<>=\[]", requirement)[0] for requirement in requirements} - locked == set()
