"""The demo's processes: together or not at all."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dicm.serving import port_is_free, serving

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


def is_running(pid):
    """A child that ended and that nobody has waited for yet is not running."""
    try:
        state = subprocess.check_output(["ps", "-o", "stat=", "-p", str(pid)], text=True).strip()
    except subprocess.CalledProcessError:
        return False
    return not state.startswith("Z")


def supervisor(port, logs):
    """A supervisor with a web server and an idle child; it says their pids when it is ready."""
    words = (
        "import subprocess, os\n"
        "from pathlib import Path\n"
        "from dicm.serving import serving\n"
        "def ready():\n"
        "    pids = subprocess.check_output(['pgrep', '-P', str(os.getpid())], text=True).split()\n"
        "    print(*pids[:2], flush=True)\n"
        f"raise SystemExit(serving({{'web': {web(port)!r}, 'worker': {IDLE!r}}}, port={port}, "
        f"logs=Path({str(logs)!r}), ready=ready))\n"
    )
    running = subprocess.Popen([sys.executable, "-c", words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    children = running.stdout.readline().split()
    assert [is_running(pid) for pid in children] == [True, True]
    return running, children


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_them_all(port, tmp_path, number):
    running, children = supervisor(port, tmp_path)
    running.send_signal(number)
    assert running.wait(10) == 0
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


def test_a_child_that_dies_is_named_with_its_last_lines(port, tmp_path, capsys):
    broken = [sys.executable, "-c", "import sys; print('no such queue'); sys.exit(3)"]
    assert serving({"web": web(port), "worker": broken}, port=port, logs=tmp_path) == 1
    assert capsys.readouterr().err == (
        "The worker process stopped by itself (exit 3). "
        f"Its last lines, from {tmp_path / 'worker.log'}:\nno such queue\n"
    )
    assert port_is_free(port)


def test_once_ends_after_ready(port, tmp_path):
    seen = []
    assert serving({"web": web(port)}, port=port, logs=tmp_path, ready=lambda: seen.append(1), once=True) == 0
    assert seen == [1]
    assert port_is_free(port)


def test_who_does_not_listen_is_killed_when_patience_ends(port, tmp_path, monkeypatch):
    monkeypatch.setattr("dicm.serving.PATIENCE", 0.3)
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
