"""The demo, run the way `make demo` runs it: real servers, a real worker, real acts."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dicm.demo import embedded
from dicm.demo.serving import serving
from dicm.demo.story import agree
from dicm.demo.story.cast import CAST
from dicm.demo.story.deliver import GIFTS
from dicm.management.commands.demo import parts
from territories.models import Membership

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Servers and a folder for files that are the demo's alone."""
    home = tmp_path_factory.mktemp("demo") / ".dicm"
    with embedded.services(home, durable=False) as urls:
        yield os.environ | urls | {"DICM_MEDIA_ROOT": str(home / "media")}


def manage(environment, *words):
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def once(environment):
    """The figures that a run ends with."""
    running = manage(environment, "demo", "--once")
    said, complaint = running.communicate()
    assert running.returncode == 0, complaint
    return json.loads(said.splitlines()[-1])


@pytest.fixture(scope="module")
def figures(environment):
    """A first run that was stopped between opening a tender and its award, and a second that went on."""
    stopped = manage(environment, "demo", "--once")
    next(line for line in stopped.stdout if line.startswith("Left open for you to try"))
    stopped.send_signal(signal.SIGTERM)
    stopped.communicate()
    assert stopped.returncode == 1
    return once(environment)


def test_the_story_ends_with_everything_that_it_tells(figures):
    assert {name: value for name, value in figures.items() if name not in {"report_pdf", "seconds"}} == {
        "territories": 45,
        "activities": 5,
        "orders": 6,
        "bids": 2,
        "scores": 24,
        "contracts": 1,
        "deliveries": 9,
        "progress_percent": 23.31,
    }
    assert list(figures)[-2:] == ["report_pdf", "seconds"]
    assert (ROOT / figures["report_pdf"]).read_bytes()[:5] == b"%PDF-"


def test_a_second_run_finds_it_all(environment, figures):
    again = once(environment)
    assert again | {"seconds": figures["seconds"]} == figures


def test_the_journal_holds(environment, figures):
    checking = manage(environment, "verify_journal")
    said, complaint = checking.communicate()
    assert (checking.returncode, complaint) == (0, "")
    assert "hold together" in said


def test_every_person_has_an_address_that_reaches_nobody():
    assert [person.email for person in CAST if not person.email.endswith(".example")] == []
    assert len({person.email for person in CAST}) == len(CAST)


def test_the_readme_sends_everyone_where_the_demo_does():
    words = (ROOT / "README.md").read_text(encoding="utf-8")
    table = words.partition("| as | sign in as | begin at | try |\n")[2].partition("\n\n")[0]
    rows = [line.split("|")[2:4] for line in table.splitlines()]
    named = [
        (email, page.strip(" `")) for emails, page in rows for email in re.findall(r"[\w.]+@[\w.]+", emails)
    ]
    assert sorted(named) == sorted((email, page) for _role, _name, email, page in parts())


def test_providers_are_sent_to_what_waits_for_them():
    lines = agree.STATIONS.lines
    unanswered = {lines[gift.number - 1].plan.body for gift in GIFTS if not gift.says}
    offered = {line.plan.body for order in (agree.MORNINGS, agree.BOAT_ORDER) for line in order.lines}
    sent = {person.body: person.page for person in CAST if person.role == Membership.Role.PROVIDER}
    assert sent == dict.fromkeys(unanswered, "/deliveries/") | dict.fromkeys(offered, "/orders/")


def refusal(environment, **changes):
    running = manage(environment | changes, "demo")
    said, complaint = running.communicate()
    assert (running.returncode, said) == (1, "")
    return complaint


def test_a_taken_port_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(dict(os.environ), PORT=str(port))
    assert said == f"Port {port} is taken. Choose another one: PORT={port + 80} make demo\n"


def test_it_does_not_run_where_strangers_could_sign_in():
    said = refusal(
        dict(os.environ),
        DICM_BASE_DOMAIN="dicm.example",
        SECRET_KEY="x" * 50,
        EMAIL_URL="smtp://mail.example",
    )
    assert (
        said == "The demo's passwords are public, so it runs only where DICM_BASE_DOMAIN ends in localhost.\n"
    )


def test_without_a_port_nobody_is_waited_for(tmp_path):
    seen = []
    idle = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert serving({"worker": idle}, port=None, logs=tmp_path, ready=lambda: seen.append(1), once=True) == 0
    assert seen == [1]


def test_a_signal_cuts_getting_ready_short(tmp_path):
    seen = []

    def ready():
        os.kill(os.getpid(), signal.SIGTERM)
        seen.append("too late")

    assert serving({}, port=None, logs=tmp_path, ready=ready) == 0
    assert serving({}, port=None, logs=tmp_path, ready=ready, once=True) == 1
    assert seen == []
