"""Keeps the processes of the demo together: whichever dies is started again, and one signal stops them all."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 10  # seconds between TERM and KILL
QUICK = 20  # seconds: who dies sooner has died quickly
QUICK_DEATHS = 5  # in a row; then there is no point in another try
PAUSE = 0.5  # seconds before another try, times the quick deaths so far
ROOT = str(Path(__file__).resolve().parents[2])
CELERY = [sys.executable, "-m", "celery", "--workdir", ROOT, "-A", "dicm"]


class Stopped(BaseException):
    """Somebody asked us to stop while we were still getting ready; nothing on the way may swallow it."""


class Died(Exception):
    """A child ended again and again although nobody asked it to: which one, and its last lines."""

    def __init__(self, child: "Child", how: str) -> None:
        last = "\n".join(child.log.read_text(errors="replace").splitlines()[-15:])
        super().__init__(
            f"The {child.name} process stopped by itself {QUICK_DEATHS} times in a row ({how}). "
            f"Its last lines, from {child.log}:\n{last}"
        )


class Child:
    """A command that is to run for as long as we do. What it said in the run before is kept beside its log."""

    def __init__(
        self, name: str, command: Sequence[str], logs: Path, environment: Mapping[str, str] | None
    ) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.log, self.quick_deaths = logs / f"{name}.log", 0
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.before"))
        self.start()

    def start(self) -> None:
        self.process, self.born = start(self.command, self.log, self.environment), time.monotonic()
        self.died: float | None = None

    def tend(self) -> None:
        """Say that it died, and start it again after a pause; Died, if that has happened too often."""
        if (code := self.process.poll()) is None:
            return
        if self.died is None:
            self._note_death(f"exit {code}" if code >= 0 else signal.Signals(-code).name)
        elif time.monotonic() > self.died + PAUSE * self.quick_deaths:
            self.start()

    def _note_death(self, how: str) -> None:
        self.died = time.monotonic()
        self.quick_deaths = self.quick_deaths + 1 if self.died - self.born < QUICK else 0
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # children of its own may hold its port or its work
        if self.quick_deaths == QUICK_DEATHS:
            raise Died(self, how)
        say(f"The {self.name} process stopped by itself ({how}) and is started again. Its log: {self.log}")


class Keeper(threading.Thread):
    """Tends the children until `done`. When one is `lost`, it tells the thread that made it to stop."""

    def __init__(self, children: Iterable[Child]) -> None:
        super().__init__(name="keeper", daemon=True)
        self.children, self.done, self.maker = children, threading.Event(), threading.get_ident()
        self.lost: Died | None = None

    def run(self) -> None:
        try:
            while not self.done.wait(0.1):
                for child in self.children:
                    child.tend()
        except Died as lost:
            self.lost = lost
            signal.pthread_kill(self.maker, signal.SIGTERM)

    def stop(self) -> None:
        self.done.set()
        if self.is_alive():
            self.join()


@contextmanager
def heeding(stop: Callable[[int, object], None]) -> Iterator[None]:
    """Inside it, `stop` hears SIGINT and SIGTERM."""
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serving(
    children: Mapping[str, Sequence[str]],
    *,
    port: int | None,
    logs: Path,
    ready: Callable[[], object] = lambda: None,
    once: bool = False,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Start the named commands, call `ready` when the port answers HTTP, serve until SIGINT or SIGTERM.

    Returns the exit code for the shell. Each child writes to `<logs>/<name>.log` and leads its own process
    group. One that dies is started again, and that is said; when it dies quickly too often, the others stop
    too. With `once` it all ends after `ready`; without a port nobody is waited for. A signal cuts `ready`
    short, which with `once` is no success. `environment` is the children's, by default ours.
    """
    told_to_stop = getting_ready = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal told_to_stop
        first, told_to_stop = not told_to_stop, True
        if getting_ready and first:
            raise Stopped

    logs.mkdir(parents=True, exist_ok=True)
    family: list[Child] = []
    keeper = Keeper(family)
    with heeding(stop):
        try:
            family.extend(Child(name, command, logs, environment) for name, command in children.items())
            keeper.start()
            while not told_to_stop and port is not None and not answers(port):
                time.sleep(0.1)
            if not told_to_stop:
                getting_ready = True
                ready()
                getting_ready = False
            while not once and not told_to_stop:
                time.sleep(0.1)
        except Stopped:
            pass
        finally:
            keeper.stop()
            if told_to_stop and not keeper.lost:
                say("Stopping. What was done is kept.")
            stop_all(child.process for child in family)
    if keeper.lost:
        say(str(keeper.lost))
    return 1 if keeper.lost or (once and told_to_stop) else 0


def web(port: int) -> list[str]:
    """The command of a web process that this machine alone can reach."""
    uvicorn = [sys.executable, "-m", "uvicorn", "--app-dir", ROOT, "--http", "dicm.protocol:Protocol"]
    quiet = ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
    where = ["--host", "127.0.0.1", "--port", str(port), "--no-proxy-headers"]
    return [*uvicorn, "dicm.asgi:application", *where, *quiet]


# What is done at once, what goes out, and what takes long: nobody waits behind somebody else's report.
WORKERS = {
    "worker": ("default", ("--concurrency", "2")),
    "letters": ("letters", ("--concurrency", "1")),
    "reports": ("reports", ("--concurrency", "1", "--max-memory-per-child", "600000")),
}


def worker(name: str = "worker") -> list[str]:
    """The command of a worker; one that has grown beyond its memory (in KiB) gives way to a new one after its task."""
    queue, limits = WORKERS[name]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "warning"]
    return [*CELERY, "worker", "-n", f"{name}@%h", "-Q", queue, *limits, *quiet]


def workers() -> dict[str, list[str]]:
    return {name: worker(name) for name in WORKERS}


def beat(schedule: Path) -> list[str]:
    """The command of the clock that has lost work swept up; it remembers in the file `schedule`."""
    return [*CELERY, "beat", "--schedule", str(schedule), "--loglevel", "warning"]


def start(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )


def stop_all(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """TERM to each, and KILL to the whole group of one that is still there when patience ends."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.terminate()
    end = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def die_with_parent() -> Callable[[], None]:
    """What a child does first, so that it is told to stop when its parent is killed outright (Linux only)."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def ask() -> None:
        if libc:
            libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return ask


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def answers(port: int) -> bool:
    """Whether something speaks HTTP there, whatever it says."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/")
        line.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


def port_is_free(port: int) -> bool:
    """Whether a server of ours could listen there on 127.0.0.1."""
    with socket.socket() as caller:
        if caller.connect_ex(("127.0.0.1", port)) == 0:
            return False
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def why_not_at(port: int) -> str | None:
    """Why the demo can't be served at a port."""
    return (
        None
        if port_is_free(port)
        else f"Port {port} is taken. Choose another one: PORT={port + 80} make demo"
    )


# `make demo` asks before anything is set up, when the standard library is all there is.
if __name__ == "__main__":
    sys.exit(why_not_at(int(os.environ.get("PORT", "8000"))))
