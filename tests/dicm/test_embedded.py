"""The servers out of wheels: shared while used, gone after the last user, whatever became of the others."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import psycopg
import pytest
import redis

from dicm.demo import embedded
from tests.processes import until


@pytest.fixture
def home(tmp_path):
    return tmp_path / ".dicm"


def is_up(environment):
    try:
        psycopg.connect(environment["DATABASE_URL"], connect_timeout=2).close()
        redis.Redis.from_url(environment["REDIS_URL"]).ping()
    except (psycopg.OperationalError, redis.ConnectionError):
        return False
    return True


def is_down(environment):
    """Neither answers any more."""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(environment["DATABASE_URL"], connect_timeout=2)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(environment["REDIS_URL"]).ping()
    return True


def another_user(home):
    """A second process that uses the servers until its input closes."""
    words = (
        "import sys, pathlib\n"
        "from dicm.demo.embedded import services\n"
        "with services(pathlib.Path(sys.argv[1])):\n"
        "    print('up', flush=True); sys.stdin.read()\n"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", words, home],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(embedded.HOME.parent)},
    )
    assert user.stdout.readline() == b"up\n"
    return user


def test_two_users_share_them_and_the_last_one_stops_them(home):
    with embedded.services(home) as first:
        assert is_up(first)
        other = another_user(home)
        with embedded.services(home) as second:
            assert second == first
    assert is_up(first)
    other.communicate()
    assert is_down(first)


def test_a_clean_stop_loses_nothing(home):
    with embedded.services(home) as urls, psycopg.connect(urls["DATABASE_URL"]) as database:
        database.execute("CREATE TABLE kept AS SELECT 'Gwent' AS name")
        redis.Redis.from_url(urls["REDIS_URL"]).set("kept", "Gwent")
        database.commit()
        database.close()
    with embedded.services(home) as urls:
        with psycopg.connect(urls["DATABASE_URL"]) as database:
            assert database.execute("SELECT name FROM kept").fetchall() == [("Gwent",)]
        assert redis.Redis.from_url(urls["REDIS_URL"]).get("kept") == b"Gwent"


def test_a_user_that_was_killed_leaves_nothing_behind_after_the_next(home):
    killed = another_user(home)
    with embedded.services(home) as before:
        killed.kill()
        killed.communicate()
    assert is_down(before)

    killed = another_user(home)
    killed.kill()
    killed.communicate()
    with embedded.services(home) as urls:
        assert is_up(urls)
    assert is_down(urls)


def test_servers_that_were_killed_come_up_again(home):
    with embedded.services(home) as urls:
        pid = int((home / "postgres/data/postmaster.pid").read_text().split()[0])
        valkey = redis.Redis.from_url(urls["REDIS_URL"]).info("server")["process_id"]
        os.kill(pid, signal.SIGKILL)
        os.kill(valkey, signal.SIGKILL)
        time.sleep(0.3)
    with embedded.services(home) as urls:
        assert is_up(urls)
    assert is_down(urls)


def test_a_long_path_is_no_obstacle(tmp_path):
    home = tmp_path / "it's a long" / ("way" * 30)
    with embedded.services(home, durable=False) as urls:
        assert is_up(urls)
        door = urls["DATABASE_URL"].partition("host=")[2]
        assert os.stat(door).st_mode & 0o077 == 0
    assert not os.path.exists(door)


def test_only_this_machine_is_listened_to(home):
    with embedded.services(home, durable=False) as urls:
        with psycopg.connect(urls["DATABASE_URL"]) as database:
            assert database.execute("SHOW listen_addresses").fetchone() == ("",)
        valkey = redis.Redis.from_url(urls["REDIS_URL"])
        assert valkey.config_get("bind") == {"bind": "127.0.0.1"}
        host, port = (
            valkey.connection_pool.connection_kwargs["host"],
            valkey.connection_pool.connection_kwargs["port"],
        )
        with socket.create_connection((host, port)) as stranger:
            stranger.sendall(b"PING\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")


def test_a_server_that_is_named_elsewhere_is_not_started(home):
    with embedded.services(home, named=["DATABASE_URL"]) as urls:
        assert list(urls) == ["REDIS_URL"]
        assert not (home / "postgres").exists()


def test_trouble_names_its_log(home):
    (home / "postgres/data").mkdir(parents=True)
    with pytest.raises(embedded.Trouble) as trouble, embedded.services(home):
        pass
    assert str(home / "postgres/postgres.log") in str(trouble.value)


def command(words):
    """`python -m dicm.demo.embedded run`, away from any terminal."""
    return subprocess.Popen(
        [sys.executable, "-m", "dicm.demo.embedded", "run", "--scratch", "--", sys.executable, "-c", words],
        cwd=embedded.HOME.parent,
        env={name: value for name, value in os.environ.items() if name != "REDIS_URL"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def test_the_command_has_the_urls_and_its_exit_code_is_passed_on():
    running = command("import os, sys; print(os.environ['REDIS_URL'][:9]); sys.exit(7)")
    assert running.communicate()[0] == b"redis://:\n"
    assert running.returncode == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_goes_on_to_the_command(number):
    running = command(
        "import signal, sys, time\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n"
        "    signal.signal(number, lambda n, f: sys.exit(40 + n))\n"
        "print('ready', flush=True); time.sleep(20)"
    )
    assert running.stdout.readline() == b"ready\n"
    running.send_signal(number)
    assert running.wait(10) == 40 + number


def pids_of(home, urls):
    postgres = int((home / "postgres/data/postmaster.pid").read_text().split()[0])
    return postgres, redis.Redis.from_url(urls["REDIS_URL"]).info("server")["process_id"]


def test_servers_that_are_killed_under_a_command_are_started_again_as_they_were(home, capfd):
    """The command keeps its environment, so the URLs must be the same."""
    words = [sys.executable, "-c", "import sys; sys.exit(sys.stdin.read() != '')"]
    with embedded.services(home) as urls, subprocess.Popen(words, stdin=subprocess.PIPE) as child:
        with psycopg.connect(urls["DATABASE_URL"]) as database:
            database.execute("CREATE TABLE kept AS SELECT 'Gwent' AS name")
        redis.Redis.from_url(urls["REDIS_URL"]).set("kept", "Gwent")
        servers = embedded.servers_of(home, durable=True)
        attending = threading.Thread(target=embedded.attended, args=(child, servers, urls, home))
        attending.start()
        for pid in pids_of(home, urls):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not is_up(urls))
        until(lambda: is_up(urls), 30)
        with psycopg.connect(urls["DATABASE_URL"]) as database:
            assert database.execute("SELECT name FROM kept").fetchall() == [("Gwent",)]
        assert redis.Redis.from_url(urls["REDIS_URL"]).get("kept") == b"Gwent"
        child.stdin.close()
        attending.join(10)
        assert not attending.is_alive()
    said = capfd.readouterr().err.splitlines()
    assert sorted(said) == [
        f"{server.name} stopped by itself and was started again. Its log: {server.log}" for server in servers
    ]


def test_a_server_that_can_not_come_back_ends_the_command(home, monkeypatch):
    monkeypatch.setattr(embedded, "FAILURES", 2)
    idle = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with embedded.services(home, durable=False) as urls:
        servers = embedded.servers_of(home, durable=False)
        servers[1].program = "/bin/false"
        os.kill(pids_of(home, urls)[1], signal.SIGKILL)
        with pytest.raises(embedded.Trouble) as trouble:
            embedded.attended(idle, servers, urls, home)
    assert str(trouble.value) == f"Valkey did not start: see {home / 'valkey/valkey.log'}"
    assert idle.poll() == -signal.SIGTERM


def test_a_server_that_comes_back_elsewhere_is_none_for_the_command(home, monkeypatch):
    monkeypatch.setattr(embedded, "FAILURES", 2)
    idle = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with embedded.services(home, durable=False) as urls:
        elsewhere = urls | {"REDIS_URL": "redis://:password@127.0.0.1:1/0"}
        with pytest.raises(embedded.Trouble) as trouble:
            embedded.attended(idle, embedded.servers_of(home, durable=False), elsewhere, home)
    assert str(trouble.value) == f"Valkey is not where it was any more: see {home / 'valkey/valkey.log'}"
    assert idle.poll() == -signal.SIGTERM


@pytest.mark.parametrize("left", ["", "17"])
def test_half_written_notes_are_no_obstacle(home, left):
    with embedded.services(home) as urls:
        postgres, valkey = pids_of(home, urls)
        os.kill(postgres, signal.SIGKILL)
        os.kill(valkey, signal.SIGKILL)
        for note in ("postgres/data/postmaster.pid", "valkey/port-and-password", "postgres/door"):
            (home / note).write_text(left)
        time.sleep(0.3)
    with embedded.services(home) as urls:
        assert is_up(urls)
