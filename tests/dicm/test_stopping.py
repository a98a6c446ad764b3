"""A web process that is told to stop: open streams end, and so does it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from dicm.demo import serving
from territories.stream import listen

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def web(tmp_path):
    """The web process as the image starts it, but without a limit to its patience, and its port.

    As number 1 of a container, it isn't ended by a signal that it raises itself once all is done.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "uvicorn", "dicm.asgi:application", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN),
        )
    while not serving.answers(port):
        assert process.poll() is None, (tmp_path / "log").read_text()
        time.sleep(0.1)
    yield process, port
    process.kill()
    process.wait()


def opened(port, path, host):
    """An event stream, read as far as its first event."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", path, headers={"Host": f"{host}:{port}"})
    answer = line.getresponse()
    assert answer.status == 200
    while answer.readline() != b"\n":
        pass
    return line, answer


def test_with_open_streams_it_ends_at_once_and_cleanly(web, north):
    process, port = web
    with north:
        nobody = SimpleNamespace(session=SimpleNamespace(session_key=None))
        path = listen(nobody, "order-1").url
    streams = [opened(port, path, north.host) for _reader in range(3)]
    began = time.monotonic()
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(10) == 0
    assert time.monotonic() - began < 5
    assert [answer.read() for _line, answer in streams] == [b""] * 3  # ended, not broken off
