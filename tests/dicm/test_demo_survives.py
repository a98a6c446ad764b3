"""The demo as people run it, with its processes killed: one by one, and then all at once."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from dicm.demo import serving
from tests.processes import PROC, children_of, facts, is_running, until

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.skipif(not (PROC / "self").exists(), reason="finds processes as Linux shows them")
# What tells a process by its command.
KINDS = {"uvicorn": "uvicorn", "beat": " beat "} | {name: f" {name}@" for name in serving.WORKERS}
SHOWN = {"uvicorn": "The web process", "worker": "The worker process", "beat": "The beat process"}


class Demo:
    """`make demo` in a home of its own: what it has said, and its processes."""

    def __init__(self, home: Path, port: int):
        self.home, self.port, self.said = home, port, []
        command = [sys.executable, "manage.py", "demo"]
        words = f"from dicm.demo.embedded import run; raise SystemExit(run({command!r}, Path({str(home)!r}), True))"
        environment = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
        }
        environment |= {"PORT": str(port), "DICM_MEDIA_ROOT": str(home / "media")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from pathlib import Path; {words}"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()
        until(lambda: self.process.poll() is not None or self.heard("Ready in"), 120)
        assert self.process.poll() is None, "".join(self.said)

    def heard(self, words: str) -> list[str]:
        return [line for line in list(self.said) if words in line]

    @property
    def children(self) -> dict[str, int]:
        """Numbers of web, workers, beat and the two servers, by name."""
        (command,) = (pid for pid, words in children_of(self.process.pid).items() if "manage.py" in words)
        found = {
            kind: pid
            for pid, words in children_of(command).items()
            for kind, sign in KINDS.items()
            if sign in words
        }
        postgres = int((self.home / "postgres/data/postmaster.pid").read_text().split()[0])
        return found | {"manage": command, "PostgreSQL": postgres, "Valkey": self._valkey()}

    def _valkey(self) -> int:
        port, password = (self.home / "valkey/port-and-password").read_text().split()
        return redis.Redis(port=int(port), password=password).info("server")["process_id"]

    def worker_answers(self) -> bool:
        """Whether the worker hears what is asked through Valkey."""
        port, password = (self.home / "valkey/port-and-password").read_text().split()
        asking = [*serving.CELERY, "--broker", f"redis://:{password}@127.0.0.1:{port}/0", "inspect", "ping"]
        return subprocess.run(asking, capture_output=True).returncode == 0

    def clock_is_set(self) -> bool:
        """Whether beat has come as far as its schedule: before that it needs the database, and ends without it."""
        open_files = PROC / str(self.children.get("beat", "none")) / "fd"
        with suppress(FileNotFoundError):
            return any(Path(os.readlink(one)) == self.home / "beat" for one in open_files.iterdir())
        return False

    def page(self) -> int:
        """The status of the public site's first page, 0 where nobody answers."""
        with socket.socket() as line:
            line.settimeout(10)
            if line.connect_ex(("127.0.0.1", self.port)):
                return 0
            line.sendall(
                f"GET / HTTP/1.1\r\nHost: dicm.localhost:{self.port}\r\nConnection: close\r\n\r\n".encode()
            )
            first = line.makefile("rb").readline().split()
            return int(first[1]) if first else 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo that is up, and in the end whatever came after it is stopped."""
    running = [Demo(tmp_path_factory.mktemp("demo") / ".dicm", free_port())]
    yield running
    running[-1].process.terminate()
    assert running[-1].process.wait(40) == 0
    assert running[-1].said[-1] == "Stopping. What was done is kept.\n"


@pytest.mark.parametrize("name", ["uvicorn", "worker", "beat", "PostgreSQL", "Valkey"])
def test_whichever_is_killed_comes_back(demo, name):
    (now,) = demo
    killed, before = now.children[name], len(now.heard("stopped by itself"))
    os.kill(killed, signal.SIGKILL)
    (line,) = until(lambda: now.heard("stopped by itself")[before:], 30)
    assert re.fullmatch(
        rf"{SHOWN.get(name, name)} stopped by itself .* started again\. Its log: {now.home}/\S+\n", line
    )
    until(lambda: now.children.get(name, killed) != killed and now.page() == 200, 30)
    until(now.worker_answers, 40)
    until(now.clock_is_set, 40)
    assert now.heard("stopped by itself")[before + 1 :] == []
    assert set(now.children) == {*KINDS, "manage", "PostgreSQL", "Valkey"}


def test_after_everything_was_killed_at_once_it_comes_up_again(demo):
    (now,) = demo
    all_of_it = [now.process.pid, *now.children.values()]
    for pid in all_of_it:
        os.kill(pid, signal.SIGKILL)
    now.process.wait()
    until(lambda: not any(map(is_running, all_of_it)))
    until(lambda: not serving.answers(now.port))
    for schedule in now.home.glob("beat*"):
        schedule.write_bytes(schedule.read_bytes()[:100])
    demo.append(Demo(now.home, now.port))
    demo.pop(0)
    (again,) = demo
    assert (again.page(), again.heard("stopped by itself")) == (200, [])
    assert again.said[0] == "What you did last time is kept. `make clean` forgets it.\n"
    assert (again.said[1][:8], again.heard(": ")[:1]) == ("Ready in", again.heard("Everyone's password: "))
    time.sleep(3)
    assert again.heard("stopped by itself") == []
    assert [
        words for _, state, words in facts().values() if state != "Z" and f"{now.home}/beat" in words
    ] != []
