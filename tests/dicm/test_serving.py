"""The demo's processes: who dies is started again, and one signal stops them all."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dicm.demo.serving import answers, port_is_free, serving, why_not_at
from tests.processes import children_of, is_running, until

ROOT = Path(__file__).resolve().parent.parent.parent
IDLE = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
]


def web(port):
    return [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def supervisor(port, logs, **commands):
    """A supervisor with a web server and more children (an idle one), and their numbers once it is ready."""
    family = {"web": web(port)} | (commands or {"worker": IDLE})
    words = (
        "from pathlib import Path\n"
        "from dicm.demo.serving import serving\n"
        f"raise SystemExit(serving({family!r}, port={port}, logs=Path({str(logs)!r}), "
        "ready=lambda: print('ready', flush=True)))\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout.readline() == "ready\n"
    children = children_of(running.pid)
    assert len(children) == len(family)
    return running, sorted(children)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_them_all(port, tmp_path, number):
    running, children = supervisor(port, tmp_path)
    running.send_signal(number)
    assert running.wait(10) == 0
    assert running.stderr.read() == "Stopping. What was done is kept.\n"
    assert [is_running(pid) for pid in children] == [False, False]
    assert port_is_free(port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_no_orphan_is_left_when_the_supervisor_is_killed(port, tmp_path):
    running, children = supervisor(port, tmp_path)
    running.kill()
    running.wait()
    end = time.monotonic() + 5
    while any(map(is_running, children)) and time.monotonic() < end:
        time.sleep(0.05)
    assert [is_running(pid) for pid in children] == [False, False]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_child_that_is_killed_is_started_again(port, tmp_path, name):
    talks = [sys.executable, "-c", "import time; print('at work', flush=True); time.sleep(60)"]
    running, _ = supervisor(port, tmp_path, worker=talks)
    until(lambda: (tmp_path / "worker.log").read_text() == "at work\n")
    (pid,) = (
        pid for pid, words in children_of(running.pid).items() if ("http.server" in words) == (name == "web")
    )
    os.kill(pid, signal.SIGKILL)
    assert running.stderr.readline() == (
        f"The {name} process stopped by itself (SIGKILL) and is started again. "
        f"Its log: {tmp_path / f'{name}.log'}\n"
    )
    until(lambda: len(children_of(running.pid)) == 2 and answers(port))
    assert pid not in children_of(running.pid)
    if name == "worker":
        until(lambda: (tmp_path / "worker.log").read_text() == "at work\nat work\n")
    running.terminate()
    assert running.communicate(timeout=10) == ("", "Stopping. What was done is kept.\n")
    assert running.returncode == 0


def test_children_of_a_child_that_was_killed_do_not_stay(port, tmp_path):
    parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    running, _ = supervisor(port, tmp_path, worker=[sys.executable, "-c", parent])
    (pid,) = (pid for pid, words in children_of(running.pid).items() if "http.server" not in words)
    (grandchild,) = until(lambda: children_of(pid))
    os.kill(pid, signal.SIGKILL)
    until(lambda: not is_running(grandchild))
    running.terminate()
    running.communicate(timeout=10)


def test_a_child_that_dies_again_and_again_is_named_with_its_last_lines(port, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("dicm.demo.serving.PAUSE", 0.02)
    broken = [sys.executable, "-c", "import sys; print('no such queue'); sys.exit(3)"]
    assert serving({"web": web(port), "worker": broken}, port=port, logs=tmp_path) == 1
    log = tmp_path / "worker.log"
    said = capsys.readouterr().err
    again = f"The worker process stopped by itself (exit 3) and is started again. Its log: {log}\n"
    assert said == again * 4 + (
        "The worker process stopped by itself 5 times in a row (exit 3). "
        f"Its last lines, from {log}:\n{'no such queue\n' * 5}"
    )
    assert port_is_free(port)


def test_who_dies_for_good_cuts_getting_ready_short(tmp_path, monkeypatch):
    monkeypatch.setattr("dicm.demo.serving.PAUSE", 0.02)
    began = time.monotonic()
    broken = {"worker": [sys.executable, "-c", "raise SystemExit(3)"]}
    assert serving(broken, port=None, logs=tmp_path, ready=lambda: time.sleep(60), once=True) == 1
    assert time.monotonic() - began < 20


def test_deaths_after_a_long_life_are_not_counted(port, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("dicm.demo.serving.PAUSE", 0.02)
    monkeypatch.setattr("dicm.demo.serving.QUICK", 0)
    log, short = tmp_path / "worker.log", [sys.executable, "-c", "print('gone', flush=True)"]
    ready = lambda: until(lambda: log.read_text().count("gone") > 6, 30)  # noqa: E731
    assert serving({"worker": short}, port=None, logs=tmp_path, ready=ready, once=True) == 0
    assert "in a row" not in capsys.readouterr().err


def test_the_log_of_the_run_before_is_kept(port, tmp_path):
    for words in ("first", "second"):
        talks = [sys.executable, "-c", f"import time; print({words!r}, flush=True); time.sleep(60)"]
        log = tmp_path / "worker.log"
        ready = lambda words=words, log=log: until(lambda: log.read_text() == f"{words}\n")  # noqa: E731
        assert serving({"worker": talks}, port=None, logs=tmp_path, ready=ready, once=True) == 0
    assert (tmp_path / "worker.log.before").read_text() == "first\n"


def test_once_ends_after_ready(port, tmp_path):
    seen = []
    assert serving({"web": web(port)}, port=port, logs=tmp_path, ready=lambda: seen.append(1), once=True) == 0
    assert seen == [1]
    assert port_is_free(port)


def test_who_does_not_listen_is_killed_when_patience_ends(port, tmp_path, monkeypatch):
    monkeypatch.setattr("dicm.demo.serving.PATIENCE", 0.3)
    begin = time.monotonic()
    assert serving({"web": web(port), "worker": STUBBORN}, port=port, logs=tmp_path, once=True) == 0
    assert time.monotonic() - begin < 5


def test_handlers_are_put_back(port, tmp_path):
    before = signal.getsignal(signal.SIGTERM)
    serving({"web": web(port)}, port=port, logs=tmp_path, once=True)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_taken_port_is_not_free(port):
    assert port_is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not port_is_free(port)
    assert os.geteuid() == 0 or not port_is_free(1)


def test_a_taken_port_is_said_before_anything_is_installed():
    """The standard library alone, without the project around it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        asking = subprocess.run(
            [sys.executable, "-I", "-S", "-P", ROOT / "dicm" / "demo" / "serving.py"],
            env={"PORT": str(port)},
            capture_output=True,
            text=True,
        )
        sentence = f"Port {port} is taken. Choose another one: PORT={port + 80} make demo"
        assert (asking.returncode, asking.stderr, why_not_at(port)) == (1, f"{sentence}\n", sentence)
    assert why_not_at(port) is None
