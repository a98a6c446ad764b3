"""The image, built step by step as its Dockerfile says, in a folder: what its user then finds there, and starts."""

import fnmatch
import json
import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest
import yaml

from dicm.demo import embedded

ROOT = Path(__file__).resolve().parent.parent.parent
LAST_STAGE = re.split(r"^FROM .*$", (ROOT / "Dockerfile").read_text().replace("\\\n", " "), flags=re.M)[-1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
BIN = Path(sys.executable).parent
# What another machine's system would do: its packages, its users.
TAKEN_AS_DONE = ("apt-get", "rm -rf /var/lib/apt", "useradd")
PASSWORD = "letters4and7digits"
# Root without the rights of root: a stranger to every file that belongs to somebody else.
STRIPPED = [
    *("setpriv", "--securebits", "+noroot,+noroot_locked"),
    *("--bounding-set", "-all", "--inh-caps", "-all"),
]


class Image:
    """A folder that stands for the image's root, and what its steps leave in the environment."""

    def __init__(self, root: Path):
        self.root, self.workdir, self.user, self.command = root, root, "root", [""]
        self.environment = {name: os.environ[name] for name in ("LANG", "TZ") if name in os.environ}
        self.environment |= {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(root / "nobody's")}

    def inside(self, words: str) -> str:
        """The same words, with the image's own folders in ours."""
        return re.sub(r"(?<![\w./])/(srv|tmp)\b", rf"{self.root}/\1", words)

    def build(self) -> None:
        for line in filter(None, map(str.strip, LAST_STAGE.splitlines())):
            kind, _, rest = line.partition(" ")
            step = getattr(self, f"_{kind.lower()}", None)
            assert step, f"this test knows no {kind}"
            step(rest.strip())

    def _env(self, rest):
        facts = dict(word.split("=", 1) for word in shlex.split(rest))
        assert facts.pop("PATH").startswith("/venv/bin:")  # here it is this interpreter's
        self.environment |= {name: self.inside(value) for name, value in facts.items()}

    def _workdir(self, rest):
        self.workdir = Path(self.inside(rest))
        self.workdir.mkdir(parents=True)

    def _copy(self, rest):
        *options, source, target = rest.split()
        if options == ["--from=frontend"]:
            shutil.copytree(ROOT / "static" / "dist", self.workdir / target)
        elif not options:
            assert (source, target) == (".", ".")
            for path in let_in():
                (self.workdir / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, self.workdir / path)
        else:
            assert (options, source) == (["--from=packages"], "/venv")

    def _run(self, rest):
        parts = [part.strip() for part in rest.split("&&")]
        ours = [part for part in parts if not part.startswith(TAKEN_AS_DONE)]
        words = self.inside(" && ".join(ours)).replace("--owner dicm ", "")
        subprocess.run(words or "true", shell=True, check=True, cwd=self.workdir, env=self.environment)

    def _user(self, rest):
        self.user = rest

    def _expose(self, rest):
        assert rest == "8000"

    def _healthcheck(self, rest):
        self.health = json.loads(rest.partition(" CMD ")[2])

    def _cmd(self, rest):
        self.command = json.loads(rest)

    def give_away(self) -> None:
        """All but the media belongs to somebody else than the user who will run it."""
        if os.geteuid() == 0:
            nobody = embedded.owner()
            for path in [self.root / "srv", *(self.root / "srv").rglob("*")]:
                if not path.is_relative_to(self.root / "srv" / "media"):
                    os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def start(self, command: list[str], **given) -> subprocess.Popen:
        """A command of the image, as its user, who may do nothing special."""
        assert self.user == "dicm"
        return subprocess.Popen(
            [*(STRIPPED if os.geteuid() == 0 else []), *map(self.inside, command)],
            cwd=self.workdir,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **given,
        )


def let_in() -> list[Path]:
    """The files that .dockerignore lets into the build; the last line that speaks of one decides."""
    patterns = (ROOT / ".dockerignore").read_text().split()
    roots = [ROOT / pattern[1:] for pattern in patterns if pattern.startswith("!")]
    files = [path for root in roots for path in ([root] if root.is_file() else walked(root))]

    def is_in(path: Path) -> bool:
        named = [str(part) for part in (path, *path.parents[:-1])]
        verdicts = [
            pattern.startswith("!")
            for pattern in patterns
            if any(fnmatch.fnmatchcase(name, pattern.lstrip("!").replace("**/", "*")) for name in named)
        ]
        return verdicts[-1]

    return [path for path in (file.relative_to(ROOT) for file in files) if is_in(path)]


def walked(root: Path):
    for folder, inner, files in os.walk(root):
        inner[:] = [name for name in inner if name not in {"node_modules", "__pycache__"}]
        yield from (Path(folder) / name for name in files)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The image, with a database and a Valkey of its own, both empty."""
    root = tmp_path_factory.mktemp("image")
    image = Image(root)
    (root / "tmp").mkdir()
    image.build()
    image.give_away()
    with embedded.services(root / "servers", durable=False) as urls:
        (root / "servers" / "postgres").chmod(0o711)  # the stripped root has to reach the socket
        image.environment |= urls
        yield image


@pytest.fixture(scope="module")
def migrated(image):
    """What compose's `migrate` makes: the schemas, and the login of those that serve."""
    image.environment |= {"DICM_SERVICE_PASSWORD": PASSWORD}
    migrate = image.start(COMPOSE["migrate"]["command"])
    said, _ = migrate.communicate(timeout=300)
    assert migrate.returncode == 0, said
    del image.environment["DICM_SERVICE_PASSWORD"]
    service = f"//dicm_service:{PASSWORD}@"
    image.environment["DATABASE_URL"] = image.environment["DATABASE_URL"].replace("//dicm@", service)
    return image


@pytest.fixture
def running(migrated):
    """Starts a command, and ends it with the test."""
    started = []

    def start(command):
        started.append(migrated.start(command))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=20)


def fetched(port: int, path: str) -> tuple[int, str, str]:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "dicm.localhost:8000"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return answer.status, answer.headers["content-type"], answer.read().decode()


def in_time(happens, process, seconds=40):
    """What `happens` gives, as soon as it gives something; what the process said, if it dies before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, process.stdout.read()
        if found := happens():
            return found
        time.sleep(0.2)
    process.kill()
    raise AssertionError(process.stdout.read())


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody who is a stranger to its own files"
)
def test_the_images_user_is_a_stranger_here(image):
    closed = image.root / "srv" / "closed"
    closed.write_text("not yours")
    closed.chmod(0o640)
    os.chown(closed, embedded.owner().pw_uid, embedded.owner().pw_gid)
    reading = image.start(["cat", "/srv/closed"])
    reading.communicate()
    closed.unlink()
    assert reading.returncode == 1


def test_everything_but_the_media_can_be_read_by_anybody(image):
    closed = [
        path
        for path in (image.root / "srv").rglob("*")
        if not path.stat().st_mode & stat.S_IROTH and not path.is_relative_to(image.root / "srv" / "media")
    ]
    assert closed == []
    assert (image.root / "srv" / "static" / "staticfiles.json").is_file()


def test_the_web_process_serves_a_page_with_its_styles(migrated, running):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [str(port) if word == "8000" else word for word in migrated.command]
    web = running(words)

    def page():
        try:
            return fetched(port, "/")
        except (URLError, ConnectionError):
            return None

    status, kind, text = in_time(page, web)
    assert (status, kind) == (200, "text/html; charset=utf-8")
    (styles,) = re.findall(r'<link [^>]*href="(/static/[^"]+\.css)"', text)
    assert fetched(port, styles)[:2] == (200, 'text/css; charset="utf-8"')
    healthy = migrated.start([word.replace("8000", str(port)) for word in migrated.health])
    assert (healthy.communicate(timeout=20)[0], healthy.returncode) == ("", 0)


@pytest.mark.parametrize(("name", "ready"), [("worker", "ready."), ("beat", "beat: Starting...")])
def test_worker_and_beat_start_as_that_user_and_stay(running, name, ready):
    process = running(COMPOSE[name]["command"])
    said = []
    while not said or ready not in said[-1]:
        said.append(process.stdout.readline())
        assert said[-1], "".join(said)
    time.sleep(1)
    assert process.poll() is None
    assert [line for line in said if "ermission" in line] == []
