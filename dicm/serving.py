"""Keeps the processes of the demo together: all of them serve, or none is left."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

PATIENCE = 10  # seconds between TERM and KILL
ROOT = str(Path(__file__).resolve().parent.parent)
CELERY = [sys.executable, "-m", "celery", "--workdir", ROOT, "-A", "dicm"]


class Stopped(BaseException):
    """Somebody asked us to stop while we were still getting ready; nothing on the way may swallow it."""


class Died(Exception):
    """A child ended although nobody asked it to: which one, and its last lines."""

    def __init__(self, name: str, code: int, log: Path) -> None:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        super().__init__(
            f"The {name} process stopped by itself (exit {code}). Its last lines, from {log}:\n{last}"
        )


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
    group. When one dies, that is said and the others stop too; nothing is restarted. With `once` it all
    ends after `ready`; without a port nobody is waited for. A signal cuts `ready` short, which with `once`
    is no success. `environment` is the children's, by default ours.
    """
    told_to_stop = getting_ready = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal told_to_stop
        told_to_stop = True
        if getting_ready:
            raise Stopped

    def watch() -> bool:
        for name, process in processes.items():
            if (code := process.poll()) is not None:
                raise Died(name, code, logs / f"{name}.log")
        time.sleep(0.1)
        return not told_to_stop

    logs.mkdir(parents=True, exist_ok=True)
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in children.items():
            processes[name] = start(command, logs / f"{name}.log", environment)
        while watch() and port is not None and not answers(port):
            pass
        if not told_to_stop:
            getting_ready = True
            ready()
            getting_ready = False
        while not once and watch():
            pass
    except Stopped:
        return 1 if once else 0
    except Died as death:
        print(death, file=sys.stderr)
        return 1
    finally:
        stop_all(processes.values())
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def web(port: int) -> list[str]:
    """The command of a web process that this machine alone can reach."""
    uvicorn = [sys.executable, "-m", "uvicorn", "--app-dir", ROOT, "--http", "dicm.protocol:Protocol"]
    quiet = ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
    return [*uvicorn, "dicm.asgi:application", "--host", "127.0.0.1", "--port", str(port), *quiet]


def worker() -> list[str]:
    """The command of a worker for both queues."""
    queues = ["-Q", "default,reports", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    return [*CELERY, "worker", *queues, "--loglevel", "warning"]


def beat(schedule: Path) -> list[str]:
    """The command of the clock that has lost work swept up; it remembers in the file `schedule`."""
    return [*CELERY, "beat", "--schedule", str(schedule), "--loglevel", "warning"]


def start(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
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
