"""A service of its own: servers, one territory, a web process; and all of it may be stopped, killed and started again."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import redis

from dicm.demo import embedded, serving

ROOT = Path(__file__).resolve().parents[2]
MANAGER = "ann@force.example"
HOST = "thames-valley.dicm.localhost"


class Town:
    def __init__(self, home: Path, urls: dict[str, str]) -> None:
        self.home, self.urls = home, urls
        self.postgres = embedded.Postgres(home, durable=False)
        self.valkey = embedded.Valkey(home, durable=False)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = os.environ | urls
        self.environment |= {
            "DICM_MEDIA_ROOT": str(home / "media"),
            "DICM_MFA_REQUIRED": "off",
            "DICM_SERVICE_PASSWORD": "nobody-asks-for-it",
            "PORT": str(self.port),
        }
        self.processes: dict[str, subprocess.Popen] = {}

    # ---- what is begun once ----

    def found(self) -> None:
        """One territory, and in it a category manager; from now on everything runs as the login that serves."""
        self.manage("create_territories", "--only", "thames-valley", "--verbosity", "0")
        said = self.manage(
            *(
                "add_person",
                MANAGER,
                "--name",
                "Ann Smith",
                "--role",
                "manager",
                "--territory",
                "thames-valley",
            ),
            *("--organisation", "Thames Valley Police", "--kind", "police"),
            *("--identifier", "GB-PPON:PABC-1234-DEFG"),
        )
        self.password = found(r"password\S* (\S+)", said)
        self.environment["DATABASE_URL"] = self.urls["DATABASE_URL"].replace("dicm@", "dicm_service@")

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # ---- processes ----

    def start(self, name: str, command: list[str], **environment: str) -> None:
        log = self.home / f"{name}.log"
        self.processes[name] = serving.start(command, log, self.environment | environment)

    def open(self, **environment: str) -> None:
        self.start("web", serving.web(self.port), **environment)
        self.until(lambda: serving.answers(self.port))

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(errors="replace")

    def kill(self, name: str) -> None:
        """The whole group of a process, as if the machine had gone."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, name: str) -> None:
        serving.stop_all([self.processes.pop(name)])

    @staticmethod
    def until(happened, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.02)

    # ---- servers ----

    def kill_valkey(self) -> None:
        os.kill(self._valkey(), signal.SIGKILL)
        self.until(lambda: not self.valkey.url())

    @contextmanager
    def valkey_hangs(self) -> Iterator[None]:
        """It is there, and answers nothing."""
        number = self._valkey()
        os.kill(number, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(number, signal.SIGCONT)

    def _valkey(self) -> int:
        return int(redis.Redis.from_url(self.urls["REDIS_URL"]).info("server")["process_id"])

    def kill_postgres(self) -> None:
        number = int((self.postgres.data / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGKILL)
        self.until(lambda: not self.postgres.url())

    # ---- a visitor ----

    def visitor(self) -> "Visitor":
        return Visitor(self.port)

    def manager(self) -> "Visitor":
        """The category manager, who signs in by the page."""
        visitor = self.visitor()
        visitor.ask("/accounts/login/", host="dicm.localhost")
        fields = {"login": MANAGER, "password": self.password}
        visitor.ask("/accounts/login/", fields, host="dicm.localhost")
        return visitor


class Visitor:
    """A browser without pictures: cookies, forms, and the whole answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.status, self.text, self.headers = 0, "", http.client.HTTPMessage()

    def ask(self, path: str, fields: dict | None = None, host: str = HOST) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": f"{host}:{self.port}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{host}:{self.port}"
            token = found(r'name="csrfmiddlewaretoken" value="(\w+)"', self.text)
            body = urlencode(fields | {"csrfmiddlewaretoken": token})
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        self.status, self.headers, self.text = (
            answer.status,
            answer.headers,
            answer.read().decode(errors="replace"),
        )
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        line.close()
        return self.status


def found(pattern: str, text: str) -> str:
    if match := re.search(pattern, text):
        return match[1]
    raise AssertionError(f"{pattern} is not in {text[:2000]}")


@contextmanager
def town(home: Path):
    with embedded.services(home, durable=False) as urls:
        made = Town(home, urls)
        try:
            made.found()
            yield made
        finally:
            serving.stop_all(made.processes.values())
