"""Servers that go away and come back: what is answered meanwhile, what is kept, and that nothing is restarted."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

import psycopg
import pytest

from dicm.bench.town import HOST, town
from dicm.demo import serving

PUBLIC = "dicm.localhost"
AWAY = "This page can't be shown right now"
PERIOD = {
    f"{name}_{part}": value
    for name, days in {"starts_on": "1", "ends_on": "20"}.items()
    for part, value in {"day": days, "month": "11", "year": "2025"}.items()
}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A town whose web process stands from the first test to the last."""
    with town(tmp_path_factory.mktemp("town") / ".dicm") as made:
        made.open()
        yield made


@pytest.fixture
def visitor(running):
    return running.visitor()


def probes(visitor) -> list[int]:
    return [visitor.ask(path, host=PUBLIC) for path in ("/health/", "/ready/")]


def test_with_everything_there_it_is_alive_and_ready(running, visitor):
    assert probes(visitor) == [200, 200]
    assert visitor.text == '{"status": "ready", "database": true, "migrations": true, "broker": true}'
    assert [visitor.ask("/"), visitor.ask("/", host=PUBLIC)] == [200, 200]


def test_without_valkey_people_sign_in_and_act_and_what_was_queued_is_swept_up_later(running, visitor):
    before = running.manager()
    assert before.ask("/reports/new/") == 200
    running.kill_valkey()
    try:
        assert probes(visitor) == [200, 200]
        assert visitor.text == '{"status": "degraded", "database": true, "migrations": true, "broker": false}'
        assert before.ask("/reports/new/", PERIOD) == 302
        ordered = before.headers["Location"]
        after = running.manager()
        assert (after.status, after.ask("/reports/")) == (302, 200)
        assert after.ask(ordered) == 200
        # Guessing passwords is still limited, and the log says once why by another count.
        for _time in range(6):
            visitor.ask("/accounts/login/", host=PUBLIC)
            visitor.ask("/accounts/login/", {"login": "x@force.example", "password": "wrong"}, host=PUBLIC)
        assert "Too many failed login attempts" in visitor.text
        assert running.log("web").count("Valkey is away") == 1
    finally:
        running.valkey.start()
    assert probes(visitor) == [200, 200]
    assert '"ready"' in visitor.text
    running.start("reports", serving.worker("reports"))
    with swept(running):
        running.until(lambda: after.ask(f"{ordered}pdf/") == 200)
    running.stop("reports")


def test_a_valkey_that_hangs_holds_no_act_up(running, visitor):
    """It takes connections and says nothing: each wait is short, and the act is there at the end."""
    manager = running.manager()
    manager.ask("/reports/new/")
    with running.valkey_hangs():
        assert probes(visitor) == [200, 200]
        assert '"degraded"' in visitor.text
        assert manager.ask("/reports/new/", PERIOD) == 302
        assert manager.ask(manager.headers["Location"]) == 200
        assert running.manager().status == 302
    running.until(lambda: probes(visitor) and '"ready"' in visitor.text)


@contextmanager
def swept(running):
    """With the clock, and the worker that it tells to look for lost work."""
    running.start("worker", serving.worker())
    running.start("beat", serving.beat(running.home / "beat"))
    try:
        yield
    finally:
        running.stop("worker")
        running.stop("beat")


def test_a_report_whose_worker_was_killed_half_way_is_finished_by_another(running):
    """SIGKILL to the worker and its children: their locks go with their connections, and the clock finds the report."""
    manager = running.manager()
    running.start("first", serving.worker("reports"))
    manager.ask("/reports/new/")
    assert manager.ask("/reports/new/", PERIOD) == 302
    report = manager.headers["Location"].split("/")[-2]
    with swept(running), psycopg.connect(running.urls["DATABASE_URL"], autocommit=True) as owner:

        def facts():
            rows = owner.execute(
                "SELECT status, attempts FROM t_thames_valley.reports_report WHERE id = %s", [report]
            )
            return rows.fetchone()

        running.until(lambda: facts()[0] == "rendering")
        running.kill("first")
        assert facts() == ("rendering", 1)
        running.start("second", serving.worker("reports"))
        running.until(lambda: facts()[0] == "ready", 30)
        assert facts() == ("ready", 2)
    running.stop("second")


def test_without_postgresql_pages_say_so_and_come_back_by_themselves(running, visitor):
    manager = running.manager()
    running.kill_postgres()
    try:
        assert probes(visitor) == [200, 503]
        assert '"database": false' in visitor.text
        for host in (PUBLIC, HOST):
            assert visitor.ask("/", host=host) == 503
            assert (visitor.headers["Retry-After"], AWAY in visitor.text) == ("5", True)
        assert manager.ask("/reports/") == 503
        visitor.cookies["django_language"] = "cy"
        visitor.ask("/", host=PUBLIC)
        assert '<html lang="cy"' in visitor.text
        visitor.cookies.clear()
    finally:
        running.postgres.start()
    running.until(lambda: visitor.ask("/", host=PUBLIC) == 200)
    assert manager.ask("/reports/") == 200
    assert probes(visitor) == [200, 200]


def test_a_migration_that_is_missing_in_one_territory_is_not_ready(running):
    """A process that begins before its migrations; the one that runs has seen them all."""
    with psycopg.connect(running.urls["DATABASE_URL"], autocommit=True) as owner:
        owner.execute("UPDATE t_thames_valley.django_migrations SET app = 'reports_' WHERE app = 'reports'")
        try:
            running.stop("web")
            running.open()
            visitor = running.visitor()
            assert probes(visitor) == [200, 503]
            assert (
                visitor.text
                == '{"status": "unavailable", "database": true, "migrations": false, "broker": true}'
            )
        finally:
            owner.execute(
                "UPDATE t_thames_valley.django_migrations SET app = 'reports' WHERE app = 'reports_'"
            )
    assert probes(visitor) == [200, 200]


# ---- connections ----


def test_a_web_process_that_would_want_more_connections_than_there_are_does_not_start(running):
    running.start("greedy", serving.web(1), DICM_WEB_AT_ONCE="30", DICM_WEB_PROCESSES="6")
    process = running.processes.pop("greedy")
    assert process.wait(30) == 3
    said = re.sub(r"\s+", " ", running.log("greedy"))
    assert (
        "6 web processes with 31 connections each (DICM_WEB_PROCESSES, DICM_WEB_AT_ONCE) and 20 for all others are "
        "206 connections, and PostgreSQL has 197: raise its max_connections or lower ours." in said
    )


def test_connections_are_kept_between_requests_and_carry_no_territory_over(running, visitor):
    with psycopg.connect(running.urls["DATABASE_URL"], autocommit=True) as owner:

        def held():
            rows = owner.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'dicm_service' ORDER BY pid"
            )
            return rows.fetchall()

        visitor.ask("/")
        before = held()
        for _time in range(5):
            assert [visitor.ask("/"), visitor.ask("/", host=PUBLIC)] == [200, 200]
            assert "Thames Valley" in visitor.text
        assert held() == before != []


# ---- requests that stop half way ----


def half_sent(running, words: str) -> str:
    """What the server says to a request that goes no further, until it hangs up."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as line:
        line.sendall(words.replace("\n", "\r\n").encode())
        return line.makefile("rb").read().decode()


def test_requests_that_stop_half_way_are_ended_with_words(running):
    """All at once, for each takes its time: before the first byte, in the first line, in a header, in the body."""
    login = f"POST /accounts/login/ HTTP/1.1\nHost: {PUBLIC}\nContent-Length: 900\n\nlogin="
    heads = ["", "GET / HT", f"GET / HTTP/1.1\nHost: {HOST}\nX-Half: "]
    with ThreadPoolExecutor() as pool:
        *said, of_a_body = pool.map(partial(half_sent, running), [*heads, login])
    assert [words[:13] for words in [*said, of_a_body]] == ["HTTP/1.1 408 "] * 4
    sentences = [
        "Your request did not arrive as a whole in time. Please send it once more.",
        "Ni chyrhaeddodd eich cais yn gyfan mewn pryd. Anfonwch ef unwaith eto.",
    ]
    assert [words.splitlines()[-2:] for words in said] == [sentences] * 3
    assert "What you sent did not arrive as a whole" in of_a_body


def test_a_body_that_is_too_large_is_refused_with_words(running):
    head = f"POST /accounts/login/ HTTP/1.1\nHost: {PUBLIC}\nContent-Length: 99000000\n\n"
    said = half_sent(running, head)
    assert said.startswith("HTTP/1.1 413 ")
    assert "What you sent is too large" in said


def test_a_body_that_grows_too_large_without_saying_so_is_refused_with_words(running):
    head = f"POST /accounts/login/ HTTP/1.1\nHost: {PUBLIC}\nTransfer-Encoding: chunked\n\n"
    part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as line:
        line.sendall(head.replace("\n", "\r\n").encode())
        with suppress(ConnectionError):
            for _part in range(13 * 16):
                line.sendall(part)
            line.sendall(b"0\r\n\r\n")
        said = line.recv(2**16).decode()
    assert said.startswith("HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "kind", ["text/plain; charset*1=x; charset*x=y; charset*=;=;;*", f"text/plain; charset*{'9' * 5000}=x"]
)
def test_a_kind_of_body_that_nobody_can_read_is_answered(running, kind):
    head = f"POST /accounts/login/ HTTP/1.1\nHost: {PUBLIC}\nConnection: close\nContent-Type: {kind}\nContent-Length: 1\n\nx"
    assert half_sent(running, head)[:12] in {"HTTP/1.1 403", "HTTP/1.1 415"}


@pytest.mark.parametrize("key", ['"\\000\\000abcdefghijkl"', "a" * 5000, "UPPER" * 8])
def test_a_session_that_is_none_is_nobodys(running, key):
    said = half_sent(
        running,
        f"GET /accounts/login/ HTTP/1.1\nHost: {PUBLIC}\nConnection: close\nCookie: sessionid={key}\n\n",
    )
    assert said.startswith("HTTP/1.1 200 ")
