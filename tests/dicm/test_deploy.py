"""The container files say what is true: commands that exist, variables that are read, and no secrets."""

import json
import os
import re
import shlex
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from dicm.demo import serving

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "dicm"}
FROM_THE_SYSTEM = {"sh", "apt-get", "rm", "useradd", "install", "if", "[", "then", "fi", "npm", "pip"}


def instructions(kind):
    return re.findall(rf"^\s*{kind}\s+(.*)$", DOCKERFILE, re.MULTILINE)


def commands():
    """Every command that runs our code, as a list of words."""
    found = [service["command"] for service in OURS.values() if "command" in service]
    found += [json.loads(command) for command in instructions("CMD") if command.startswith("[")]
    shell = [command[2] for command in found if command[:2] == ["sh", "-c"]] + instructions("RUN")
    parts = [part for line in shell for part in re.split(r"&&|;", line) if part.strip()]
    return [command for command in found if command[0] != "sh"] + [shlex.split(part) for part in parts]


def environment():
    """The names of the variables that the image and the services set for our code."""
    of_the_image = [word.split("=")[0] for line in instructions("ENV") for word in line.split()]
    return {*of_the_image, *(name for service in OURS.values() for name in service["environment"])}


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_exists(command):
    words = [word for word in command if word != "then"]
    program = Path(words[0]).name
    assert program in FROM_THE_SYSTEM or os.access(Path(sys.executable).parent / program, os.X_OK)
    if words[1:2] == ["manage.py"]:
        assert words[2] in get_commands()


def test_the_services_are_the_ones_that_dicm_is_made_of():
    assert list(COMPOSE["services"]) == [
        "postgres",
        "valkey",
        "migrate",
        "web",
        "worker",
        "letters",
        "reports",
        "beat",
    ]
    assert sorted(OURS) == ["beat", "letters", "migrate", "reports", "web", "worker"]


def test_every_variable_is_read_by_the_settings():
    settings = (ROOT / "dicm/settings.py").read_text()
    ours = environment() - {"PATH", "PYTHONUNBUFFERED", "XDG_CACHE_HOME"}
    assert {name for name in ours if f'"{name}"' not in settings} == set()


def test_secrets_come_from_the_environment_alone():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "DICM_SERVICE_PASSWORD"):
        given = re.findall(rf"^\s*{name}: (.*)$", COMPOSE_TEXT, re.MULTILINE)
        assert given
        assert [value for value in given if not value.startswith(f"${{{name}:?")] == []
    assert (
        re.findall(r"://[^:/\s]+:(?!\$\{(?:POSTGRES|DICM_SERVICE)_PASSWORD:\?)[^@\s]+@", COMPOSE_TEXT) == []
    )
    assert re.findall(r"(?i)(secret|password|token)", DOCKERFILE) == []


def test_whatever_serves_is_no_owner_of_the_database():
    users = {name: service["environment"]["DATABASE_URL"].split(":")[1] for name, service in OURS.items()}
    serving = dict.fromkeys(("web", "worker", "letters", "reports", "beat"), "//dicm_service")
    assert users == {"migrate": "//dicm", **serving}


def test_the_image_does_not_run_as_root():
    last_stage = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    users = re.findall(r"^USER (\S+)$", last_stage, re.MULTILINE)
    assert users == ["dicm"]
    assert "useradd --system --uid 10001" in last_stage


def test_everything_that_serves_has_a_health_check():
    assert "'http://127.0.0.1:8000/health/'" in instructions("HEALTHCHECK")[0]
    assert "'http://127.0.0.1:8000/ready/'" in COMPOSE["services"]["web"]["healthcheck"]["test"][-1]
    assert [
        name for name in ("postgres", "valkey") if "test" not in COMPOSE["services"][name]["healthcheck"]
    ] == []


def test_the_web_process_has_stopped_before_it_would_be_killed():
    """Ten seconds after it was told to, unless the file says otherwise."""
    (command,) = (words for words in commands() if words[0] == "uvicorn")
    assert int(command[command.index("--timeout-graceful-shutdown") + 1]) < 10
    assert [name for name, service in OURS.items() if "stop_grace_period" in service] == []


def test_every_queue_has_a_worker_of_its_own_here_and_in_the_demo():
    commands = [OURS[name]["command"] for name in ("worker", "letters", "reports")]
    queues = [command[command.index("-Q") + 1] for command in commands]
    routes = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert set(queues) == routes | {settings.CELERY_TASK_DEFAULT_QUEUE}
    assert [queue for queue, _limits in serving.WORKERS.values()] == queues


def test_the_image_gets_no_development_packages():
    assert re.findall(r"requirements\S*\.lock", DOCKERFILE) == ["requirements.lock", "requirements.lock"]


def test_only_the_projects_own_folders_reach_the_image():
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {
        "manage.py",
        "dicm",
        "territories",
        "community",
        "research",
        "spo",
        "templates",
        "static",
    } <= let_in
    assert let_in.isdisjoint({".git", ".dicm", ".env", "tests"})
