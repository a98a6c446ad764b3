"""The whole product for real, and people in front of browsers.

`product` starts a web process and a worker of our own on a database of our own, once for all browser tests of
this process and only when one asks. `people.at(SUPPLIER, "/orders/")` is a page with that person signed in.
Whatever a browser complains about, or asks of anyone but us, makes the test fail that opened it.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from psycopg.conninfo import make_conninfo

from dicm.demo import serving
from dicm.demo.story import cast
from tests.browser.desk import settled

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DATABASE = re.compile(r"test_dicm_(\d+)_browser$")
DOMAIN = "dicm.localhost"
PATIENCE = 20  # seconds that the web process has to start, and a page to become what it shall be


@dataclass(frozen=True)
class Product:
    """What runs, and how to reach it."""

    port: int
    environment: dict[str, str]

    def url(self, territory: str = "", path: str = "/") -> str:
        """An address on the public site, or on a territory's."""
        return f"http://{territory}{'.' if territory else ''}{DOMAIN}:{self.port}{path}"

    def act(self, code: str) -> str:
        """Do something in a management shell beside the running product, and read what it prints."""
        return manage(self.environment, "shell", "--no-imports", "--command", code)


@pytest.fixture(scope="session")
def product(tmp_path_factory) -> Iterator[Product]:
    """The product with the demo's people in two territories, and nothing else."""
    chromium()
    folder = tmp_path_factory.mktemp("product")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    database, queue = new_database(), own_queue()
    environment = os.environ | {
        "DATABASE_URL": database,
        "REDIS_URL": queue,
        "PORT": str(port),
        "DICM_MEDIA_ROOT": str(folder / "media"),
        "DICM_BASE_DOMAIN": DOMAIN,
        "DICM_MFA_REQUIRED": "off",
        "DICM_SERVICE_PASSWORD": "serving",
    }
    login = {
        "user": f"{psycopg.conninfo.conninfo_to_dict(database)['dbname']}_service",
        "password": "serving",
    }
    serves = environment | {"DATABASE_URL": make_conninfo(database, **login)}
    running: list[subprocess.Popen] = []
    try:
        manage(environment, "create_territories", "--only", cast.THAMES_VALLEY, cast.HAMPSHIRE)
        running += [start(name, command, folder, serves) for name, command in commands(port).items()]
        manage(
            environment,
            "shell",
            "--no-imports",
            "--command",
            "from dicm.demo.story import cast; cast.set_up()",
        )
        end = time.monotonic() + PATIENCE
        while not serving.answers(port):
            assert time.monotonic() < end, (folder / "web.log").read_text()
        yield Product(port, environment)
    finally:
        serving.stop_all(running)
        forget(psycopg.conninfo.conninfo_to_dict(database)["dbname"])
        redis.Redis.from_url(queue).flushdb()


@pytest.fixture(scope="session")
def played(product) -> Product:
    """The product after the demo's story, with a tender beside it that is being scored."""
    product.act("from tests.browser import stage; stage.play()")
    return product


def commands(port: int) -> dict[str, list[str]]:
    return serving.workers() | {"web": serving.web(port)}


def start(name: str, command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.Popen:
    """As the demo starts it, in an environment of its own."""
    return serving.start(command, folder / f"{name}.log", os.environ | environment)


def manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# ---- a database and a queue that nobody else uses ----


def servers_own():
    """A connection to the server's own database, which can make and drop the others."""
    return psycopg.connect(
        make_conninfo(os.environ.get("DATABASE_URL", ""), dbname="postgres"), autocommit=True
    )


def new_database() -> str:
    """A database named after this process; those of processes that were killed are dropped first."""
    name = f"test_dicm_{os.getpid()}_browser"
    with servers_own() as line:
        for (known,) in line.execute("SELECT datname FROM pg_database").fetchall():
            if (match := DATABASE.match(known)) and not alive(int(match[1])):
                forget(known)
        line.execute(f'CREATE DATABASE "{name}"')
    return make_conninfo(os.environ.get("DATABASE_URL", ""), dbname=name)


def forget(name: str) -> None:
    """Drop a database and the roles of its territories."""
    with servers_own() as line:
        line.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        roles = line.execute(
            "SELECT rolname FROM pg_roles WHERE rolname ~ %s", [f"^{name}_(public$|service$|t_)"]
        ).fetchall()
        for (role,) in roles:
            line.execute(f'DROP ROLE IF EXISTS "{role}"')


def alive(process: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


def own_queue() -> str:
    """The URL of a numbered database in Valkey that was free; the claim runs out where nobody lets it go."""
    server = urlsplit(os.environ.get("REDIS_URL", "redis://localhost:6379/0"))
    for number in range(1, 16):
        url = server._replace(path=f"/{number}").geturl()
        line = redis.Redis.from_url(url)
        if line.set("claimed-by-browser-tests", os.getpid(), nx=True, ex=900):
            return url
    pytest.fail("Every numbered database of this Valkey is taken.")


# ---- browsers ----


def chromium() -> str:
    """The program; without one, browser tests are skipped, or fail where DICM_REQUIRE_BROWSER is set."""
    if program := shutil.which("chromium") or (CHROMIUM if Path(CHROMIUM).exists() else None):
        return program
    say = pytest.fail if os.environ.get("DICM_REQUIRE_BROWSER") == "1" else pytest.skip
    say("No Chromium here (on Debian: apt install chromium), so nothing was tried in a browser.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the session: while Playwright runs, Django refuses this process the database."""
    program = chromium()
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@dataclass
class People:
    """Who sits in front of a browser. Each signs in once, and is remembered by their cookies."""

    browser: Browser
    product: Product
    cookies: dict[str, dict]
    passwords: dict[str, str]
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def at(
        self, person: cast.Person | None, path: str = "/", *, territory: str | None = None, **options
    ) -> Page:
        """A page in a browser of one's own; None is a resident, who is not signed in."""
        territory = (
            (person.territories[0] if person else cast.THAMES_VALLEY) if territory is None else territory
        )
        page = self.context(person, **options).new_page()
        page.goto(self.product.url(territory, path))
        settled(page)
        return page

    def context(self, person: cast.Person | None, **options) -> BrowserContext:
        if person and person.email not in self.cookies:
            self.cookies[person.email] = self.signed_in(person)
        return self._open(storage_state=self.cookies[person.email] if person else None, **options)

    def signed_in(self, person: cast.Person) -> dict:
        context = self._open()
        self.sign_in(context.new_page(), person)
        state = context.storage_state()
        context.close()
        return state

    def sign_in(self, page: Page, person: cast.Person) -> None:
        page.goto(self.product.url(path="/accounts/login/"))
        page.get_by_label("Email").fill(person.email)
        page.get_by_label("Password", exact=True).fill(self.passwords.get(person.email, cast.PASSWORD))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("link", name="Sign out")).to_be_visible()

    def join(self, person: cast.Person) -> None:
        """Invite a person who is not of the cast; they sign in with the password they are given."""
        who = ("--name", person.name, "--role", person.role, "--territory", person.territories[0])
        body = person.body
        where = (
            "--organisation",
            body.name,
            "--kind",
            body.kind,
            "--identifier",
            f"{body.scheme}:{body.number}",
        )
        said = manage(self.product.environment, "add_person", person.email, *who, *where)
        self.passwords[person.email] = re.search(r"First password: (\S+)", said)[1]

    def _open(self, **options) -> BrowserContext:
        context = self.browser.new_context(locale="en-GB", timezone_id="Europe/London", **options)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("console", lambda message: self._hear(message.type, message.text))
        context.on("weberror", lambda error: self._hear("error", str(error.error)))
        context.on("request", self._watch)
        self.contexts.append(context)
        return context

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(f"{kind}: {text}")

    def _watch(self, request: Request) -> None:
        asked = urlsplit(request.url)
        ours = asked.scheme in {"data", "blob"} or (
            asked.port == self.product.port and (asked.hostname or "").endswith(DOMAIN)
        )
        if not ours:
            self.complaints.append(f"asked somebody else: {request.url}")


@pytest.fixture(scope="session")
def cookies() -> dict[str, dict]:
    """Who has signed in, over all browser tests of this process."""
    return {}


@pytest.fixture(scope="session")
def passwords() -> dict[str, str]:
    """Of those whose password is not the cast's."""
    return {}


@pytest.fixture
def people(product, browser, cookies, passwords) -> Iterator[People]:
    """Nobody's browser complained, and none asked anybody but us."""
    people = People(browser, product, cookies, passwords)
    yield people
    for context in people.contexts:
        context.close()
    assert people.complaints == []
