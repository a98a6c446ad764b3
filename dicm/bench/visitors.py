"""Many visitors at once: browsers without pictures, each a few coroutines."""

import asyncio
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psycopg

PLAIN: Mapping[str, str] = {}
EVENTS_KEEP_ALIVE = 60  # seconds without a word from a stream, after which it is taken for dead


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Visitor:
    """Somebody with a session; `host` without its port."""

    port: int
    host: str
    session: str
    cookies: dict[str, str] = field(default_factory=dict)

    async def ask(
        self, path: str, fields: list[tuple[str, str]] | None = None, headers: Mapping[str, str] = PLAIN
    ) -> Answer:
        """The answer to a GET, or to a POST of form fields; an OSError where there is none."""
        reader, writer = await self._open(path, fields, headers)
        head, _end, body = (
            (await asyncio.wait_for(reader.read(), 60)).decode(errors="replace").partition("\r\n\r\n")
        )
        writer.close()
        answer = self._read(head, body)
        for name, value in re.findall(r"(?im)^set-cookie: (\w+)=([^;]*)", head):
            self.cookies[name] = value
        return answer

    async def events(self, path: str):
        """Names, as they come, from the stream that a page listens to; it ends with the stream."""
        location = (await self.ask(path)).headers["location"]
        reader, writer = await self._open(location, None, PLAIN)
        try:
            while line := await asyncio.wait_for(reader.readline(), EVENTS_KEEP_ALIVE):
                if line.startswith(b"data: "):
                    yield line.removeprefix(b"data: ").decode().strip()
        finally:
            writer.close()

    async def _open(self, path: str, fields: list[tuple[str, str]] | None, more: Mapping[str, str]):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = urlencode(fields).encode() if fields is not None else b""
        cookies = {"sessionid": self.session} | self.cookies
        headers = {
            "Host": f"{self.host}:{self.port}",
            "Origin": f"http://{self.host}:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        } | dict(more)
        lines = [f"{'GET' if fields is None else 'POST'} {path} HTTP/1.0"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        return reader, writer

    @staticmethod
    def _read(head: str, body: str) -> Answer:
        first, *lines = head.split("\r\n")
        headers = dict(
            line.lower().split(": ", 1)[:1] + line.split(": ", 1)[1:] for line in lines if ": " in line
        )
        return Answer(int(first.split()[1]) if first else 0, headers, body)


class Watch:
    """How many connections PostgreSQL had for a database, looked at ten times a second by one of its own."""

    def __init__(self, database_url: str) -> None:
        self.line = psycopg.connect(database_url, autocommit=True)
        self.most = 0

    async def look(self) -> None:
        while True:
            sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            row = self.line.execute(sql).fetchone()
            self.most = max(self.most, row[0] if row else 0)
            await asyncio.sleep(0.1)


@dataclass
class Cpu:
    """Seconds of CPU that a process has used since this began; None where the system doesn't tell."""

    pid: int
    began: float = field(init=False)
    clock: float = field(init=False)

    def __post_init__(self) -> None:
        self.began, self.clock = self._used(), time.perf_counter()

    def _used(self) -> float:
        try:
            with open(f"/proc/{self.pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __str__(self) -> str:
        """Of the wall time, in percent of one core."""
        share = (self._used() - self.began) / (time.perf_counter() - self.clock)
        return f"{100 * share:.0f} %"
