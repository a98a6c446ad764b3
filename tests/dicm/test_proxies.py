"""Who somebody is, by address and scheme, is what connected, or what our own proxies passed on: DICM_PROXIES alone decides."""

import ast
import json
import os
import re
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection

import pytest
import uvicorn
from django.conf import settings
from django.test import override_settings
from uvicorn.main import main as uvicorns_command

from dicm.demo.serving import web
from tests.client import Browser
from tests.dicm.test_hardening import LOGIN, NOT_GIVEN, PRODUCTION, ROOT

LIES = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Forwarded": "for=203.0.113.9"}


def of_the_image() -> list[str]:
    """The command of the web process in the image."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    return ast.literal_eval(re.findall(r"^CMD (\[.*?\])$", text, re.MULTILINE | re.DOTALL)[-1])


COMMANDS = {"serving": web(0)[3:], "image": of_the_image()[1:]}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_server_believes_nobody_by_itself(command):
    """A real server with the switches of the command, asked from this machine, which uvicorn trusts unless told."""
    switches = uvicorns_command.make_context("uvicorn", list(command)).params
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            echo,
            proxy_headers=switches["proxy_headers"],
            forwarded_allow_ips=switches["forwarded_allow_ips"],
            lifespan="off",
            log_level="error",
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        asked = HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=10)
        asked.request("GET", "/", headers=LIES)
        assert json.loads(asked.getresponse().read()) == ["127.0.0.1", "http"]
    finally:
        server.should_exit = True
        thread.join(10)


async def echo(scope, receive, send):
    body = json.dumps([scope["client"][0], scope["scheme"]]).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})


# ---- settings ----


def settings_with(**given: str) -> subprocess.CompletedProcess:
    environment = {k: v for k, v in os.environ.items() if k not in {*NOT_GIVEN, "DICM_PROXIES"}} | given
    code = (
        "from django.conf import settings as s; "
        "print(s.ALLAUTH_TRUSTED_PROXY_COUNT, s.SECURE_PROXY_SSL_HEADER, s.USE_X_FORWARDED_HOST, s.USE_X_FORWARDED_PORT)"
    )
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", code],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "believed"),
    [
        ({}, "0 None False False"),
        ({"DICM_PROXIES": "0"}, "0 None False False"),
        (PRODUCTION, "1 ('HTTP_X_FORWARDED_PROTO', 'https') False False"),
        (PRODUCTION | {"DICM_PROXIES": "2"}, "2 ('HTTP_X_FORWARDED_PROTO', 'https') False False"),
        (PRODUCTION | {"DICM_PROXIES": "0"}, "0 None False False"),
    ],
)
def test_headers_of_proxies_are_believed_where_there_are_proxies(given, believed):
    assert settings_with(**given).stdout.strip() == believed


@pytest.mark.parametrize("number", ["-1", "one", "1.5", "٣"])
def test_a_number_of_proxies_is_a_number(number):
    done = settings_with(DICM_PROXIES=number)
    assert done.returncode != 0
    assert f"DICM_PROXIES is a number of proxies, such as 1, not “{number}”." in done.stderr


# ---- limits ----


def guesses(headers: list[dict], address: str) -> list[bool]:
    """Whether each of some guesses, sent with these headers, is stopped by the limit of one address."""
    stopped = []
    for number, sent in enumerate(headers):
        browser = Browser(None, REMOTE_ADDR=address, headers=sent)
        page = browser.post(LOGIN, {"login": f"guess{number}@example.org", "password": "wrong"})
        said = page.context["form"].non_field_errors() if page.status_code == 200 else ["Too many"]
        stopped.append(said[0].startswith("Too many"))
    return stopped


def test_who_makes_addresses_up_is_counted_as_one(everyone):
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
    made_up = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(11)]
    assert guesses(made_up, "10.5.0.1") == [False] * 10 + [True]


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_proxy_the_address_is_the_one_that_it_added(everyone):
    one = [{"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"} for number in range(11)]
    assert guesses(one, "10.5.0.2") == [False] * 10 + [True]
    many = [{"X-Forwarded-For": f"198.51.100.8, 198.51.100.{number}"} for number in range(20, 31)]
    assert guesses(many, "10.5.0.3") == [False] * 11


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=2)
def test_whoever_comes_round_the_proxies_counts_as_who_connected(everyone):
    round_them = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(11)]
    assert guesses(round_them, "10.5.0.4") == [False] * 10 + [True]


def test_a_scheme_that_is_made_up_opens_nothing(everyone):
    browser = Browser(None, headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})
    request = browser.get("/accessibility/").wsgi_request
    assert (request.is_secure(), request.get_host().partition(":")[0]) == (False, settings.DICM_BASE_DOMAIN)
