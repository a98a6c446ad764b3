"""What set-up does on machines of several kinds, each made of small stand-ins that write down what they are asked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
INSTALL = "apt-get install -qq --no-install-recommends"
UPDATE = "apt-get update -qq"
SUDO = "sudo -n env DEBIAN_FRONTEND=noninteractive"
REAL = ("sh", "cat", "dirname", "env", "ls", "mkdir", "rm", "sed", "touch", "cp", "true")

# Each knows the machine by what lies in $HAS: a file for each thing that is there.
STAND_INS = {
    "id": "echo $AS",
    "uname": "echo $SYSTEM",
    "sudo": 'note; [ -e $HAS/sudo ] && shift && exec "$@"',
    "brew": 'note; [ -e $HAS/network ] && arrive "$@"',
    "apt-cache": '[ -e "$HAS/package $2" ]',
    "dpkg-deb": "note; arrive $2; mkdir -p $3; case $2 in *pip-whl*) wheel=$3/usr/share/python-wheels;"
    " mkdir -p $wheel; touch $wheel/pip-25.whl ;; esac",
    "apt-get": """
        note; [ -e $HAS/network ] || exit 100
        case $* in
            *" -s "*) for name; do case $name in lib* | fonts* | python*) echo "Inst $name (1 Debian:13)"; esac; done ;;
            download*) shift 2; for name; do touch $name.deb; done ;;
            install*) [ -e $HAS/rights ] && arrive "$@" ;;
        esac
    """,
}
# Of the interpreters, one is old, and each may lack the venv package; any makes environments if asked.
PYTHON = """
    case "$1 $2" in
        "-c import sys, ssl, venv; '' or"*) [ -e $HAS/ensurepip ] && echo "$0" ;;
        "-c"*) echo "$0" ;;
        "territories/papers/pango.py "*) [ -e $HAS/pango ] || { echo pango-1.0; exit 1; } ;;
        "-m venv") shift $(($# - 1)); [ -e $HAS/ensurepip ] && mkdir -p $1/bin && cp "$0" $1/bin/python ;;
        "-m pip") note; [ -e $HAS/network ] && cp $STAND_INS/uv-of-the-wheel ${0%/*}/uv ;;
    esac
"""
OLD = PYTHON.replace('"-c"*) echo "$0"', '"-c"*) exit 1').replace('&& echo "$0"', "&& exit 1")
UV = """
    case $* in
        *install*) note; [ -e $HAS/wide-network ] || exit 1
            folder=$UV_PYTHON_INSTALL_DIR/cpython-3.13/bin
            mkdir -p $folder && cp $STAND_INS/python-new $folder/python3 ;;
        *) exit 1 ;;
    esac
"""
HEAD = """#!/bin/sh
note() { echo "${0##*/} $all" >>$ASKED; }
arrive() {
    for thing; do
        case $thing in
            *libpango* | pango) touch $HAS/pango ;;
            python3-venv | python3.1?-venv) touch $HAS/ensurepip ;;
            python3.13 | python@3.13) cp $STAND_INS/python-new $STAND_INS/python3.13; touch $HAS/ensurepip ;;
            python3) cp $STAND_INS/python-old $STAND_INS/python3 ;;
        esac
    done
}
all=$*
"""


class Machine:
    """A project's folder with its `bin`, and nothing else that is real but a few of the smallest tools."""

    def __init__(self, home: Path, system: str, user: int, tools: tuple[str, ...], has: tuple[str, ...]):
        self.project, self.tools, self.has, self.asked = (
            home / n for n in ("project", "tools", "has", "asked")
        )
        self.environment = {"AS": str(user), "SYSTEM": system, "HAS": str(self.has), "ASKED": str(self.asked)}
        self.environment |= {"PATH": str(self.tools), "STAND_INS": str(self.tools), "HOME": str(home)}
        shutil.copytree(ROOT / "bin", self.project / "bin")
        self.tools.mkdir()
        self.has.mkdir()
        self.asked.touch()
        for name in REAL:
            (self.tools / name).symlink_to(shutil.which(name))
        own = {name: STAND_INS[name] for name in ("id", "uname", *tools)}
        for name, words in (
            own.items() | {"python-new": PYTHON, "python-old": OLD, "uv-of-the-wheel": UV}.items()
        ):
            self.make(name, words)
        for thing in has:
            self.gets(thing)

    def make(self, name: str, words: str) -> None:
        (self.tools / name).write_text(HEAD + words)
        (self.tools / name).chmod(0o755)

    def gets(self, thing: str) -> None:
        if thing.startswith("python"):
            self.make(thing, PYTHON if thing.startswith("python3.1") else OLD)
        (self.has / thing).touch()

    def need_system(self) -> tuple[int, list[str], list[str]]:
        """The exit code, what the tools were asked, and what the person was told."""
        self.asked.write_text("")
        told = subprocess.run(
            [self.project / "bin/need-system"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert told.stdout == ""
        return told.returncode, self.asked.read_text().splitlines(), told.stderr.splitlines()

    @property
    def is_ready(self) -> bool:
        return (self.project / ".dicm/system.stamp").exists()


@pytest.fixture
def machine(tmp_path):
    """machine("debian", user=0, has=("network", "rights")) has nothing but what is said."""

    def made(kind, *, user=0, has=()):
        tools = {"debian": ("apt-get", "apt-cache", "dpkg-deb", "sudo"), "mac": ("brew",), "bare": ()}[kind]
        return Machine(tmp_path, "Darwin" if kind == "mac" else "Linux", user, tools, has)

    return made


TRIXIE = ("network", "package python3.13-venv")
COMPLETE = ("python3.13", "ensurepip", "pango")


@pytest.mark.parametrize("kind", ["debian", "mac", "bare"])
def test_where_everything_is_there_nobody_is_asked_for_anything(machine, kind):
    here = machine(kind, user=1000, has=COMPLETE)
    code, asked, said = here.need_system()
    assert (code, [line for line in asked if line != "sudo -n true"], said) == (0, [], [])
    assert here.is_ready


def test_root_on_a_fresh_debian(machine):
    here = machine("debian", has=(*TRIXIE, "rights"))
    assert here.need_system() == (
        0,
        [UPDATE, f"{INSTALL} python3.13 python3.13-venv", f"{INSTALL} {PANGO}"],
        [
            "Installing python3.13 python3.13-venv with apt-get",
            f"Installing {PANGO} with apt-get",
        ],
    )
    assert here.is_ready


def test_a_user_with_sudo(machine):
    here = machine("debian", user=1000, has=(*TRIXIE, "rights", "sudo"))
    code, asked, _ = here.need_system()
    assert (code, here.is_ready) == (0, True)
    assert asked == [
        "sudo -n true",
        f"sudo -n {UPDATE}",
        UPDATE,
        f"{SUDO} {INSTALL} python3.13 python3.13-venv",
        f"{INSTALL} python3.13 python3.13-venv",
        f"{SUDO} {INSTALL} {PANGO}",
        f"{INSTALL} {PANGO}",
    ]


def test_a_user_without_rights_has_it_unpacked_the_missing_venv_as_well(machine):
    here = machine("debian", user=1000, has=(*TRIXIE, "python3.13", "python3"))
    code, asked, said = here.need_system()
    names = PANGO.split()
    assert (code, here.is_ready) == (0, True)
    assert asked == [
        "sudo -n true",
        UPDATE,
        "apt-get install -s -qq --no-install-recommends python3-pip-whl",
        "apt-get download -qq python3-pip-whl",
        "dpkg-deb -x .dicm/apt/python3-pip-whl.deb .dicm/system",
        f"apt-get install -s -qq --no-install-recommends {PANGO}",
        f"apt-get download -qq {PANGO}",
        *(f"dpkg-deb -x .dicm/apt/{name}.deb .dicm/system" for name in sorted(names)),
    ]
    assert said == [
        f"Unpacking {what} under .dicm/system, because installing takes rights that you don't have here"
        for what in ("python3-pip-whl", PANGO)
    ]
    lists = (here.project / ".dicm/apt/apt.conf").read_text()
    assert lists.splitlines()[0] == f'Dir::State::Lists "{here.project}/.dicm/apt/lists";'
    assert (
        f"<dir>{here.project}/.dicm/system/usr/share/fonts</dir>"
        in (here.project / ".dicm/system/fonts.conf").read_text()
    )


def test_a_mac(machine):
    here = machine("mac", user=501, has=("network",))
    assert here.need_system() == (
        0,
        ["brew install --quiet python@3.13", "brew install --quiet pango"],
        ["Installing python@3.13 with brew", "Installing pango with brew"],
    )
    assert here.is_ready


def test_where_the_system_has_only_an_old_python_uv_brings_one(machine):
    here = machine("debian", has=("network", "wide-network", "rights"))
    code, asked, said = here.need_system()
    assert (code, here.is_ready) == (0, True)
    assert asked == [
        UPDATE,
        f"{INSTALL} python3 python3-venv",
        "python -m pip install --quiet uv",
        "uv python install --no-bin 3.13",
        f"{INSTALL} {PANGO}",
    ]
    assert said[1] == "Asking uv for a Python, because the system has none that is new enough"


def test_where_uv_reaches_nobody_no_package_is_named_that_is_not_there(machine):
    here = machine("debian", has=("network", "rights"))
    code, asked, said = here.need_system()
    assert (code, here.is_ready, asked[-1]) == (1, False, "uv python install --no-bin 3.13")
    assert said[-2:] == [
        "DICM needs Python 3.12 or newer, with its venv module, and could not get one by itself.",
        "This system's packages have none, and uv could not fetch one (see .dicm/system.log). "
        "Please install Python 3.13 with uv, pyenv or from python.org.",
    ]


@pytest.mark.parametrize(
    ("kind", "has", "said"),
    [
        ("debian", TRIXIE, "Please run, as root: apt-get install python3.13 python3.13-venv"),
        ("mac", (), "Please run: brew install python@3.13"),
        ("bare", (), "Please install it with your system's packages, from python.org or with uv."),
    ],
)
def test_without_a_python_the_last_sentence_is_true_for_the_system(machine, kind, has, said):
    code, _, told = machine(kind, user=1000, has=has).need_system()
    assert (code, told[-1]) == (1, said)


@pytest.mark.parametrize(
    ("kind", "user", "has", "how"),
    [
        ("debian", 0, (), f"as root, apt-get install {PANGO}"),
        ("debian", 1000, (), f"as root, apt-get install {PANGO}"),
        ("mac", 501, (), "brew install pango"),
        ("bare", 1000, (), "your system's packages of Pango, HarfBuzz and fontconfig, and a font"),
    ],
)
def test_where_pango_can_not_be_had_everything_else_goes_on(machine, kind, user, has, how):
    here = machine(kind, user=user, has=("python3.13", "ensurepip", *has))
    sentence = f"Everything works but PDFs: missing for those is pango-1.0. What brings it: {how}"
    code, _, said = here.need_system()
    assert (code, said[-1], here.is_ready) == (0, sentence, False)
    # It is said again, and tried no more; and once somebody has seen to it, all is well.
    code, asked, said = here.need_system()
    assert (code, [line for line in asked if line != "sudo -n true"], said) == (0, [], [sentence])
    here.gets("pango")
    assert (here.need_system()[2], here.is_ready) == ([], True)


def pip_of_this_machine() -> Path:
    """Python's own, or where Debian keeps it, or where set-up unpacked it."""
    folders = (
        Path(os.__file__).parent / "ensurepip/_bundled",
        Path("/usr/share/python-wheels"),
        ROOT / ".dicm/system/usr/share/python-wheels",
    )
    return next(wheel for folder in folders for wheel in folder.glob("pip-*.whl"))


def test_an_environment_gets_the_unpacked_pip_where_debian_has_none(machine):
    here = machine("bare", user=1000, has=("python3.13",))
    wheels = here.project / ".dicm/system/usr/share/python-wheels"
    make = [here.project / "bin/make-venv", ".dicm/venv"]
    assert subprocess.run(make, env=here.environment, cwd=here.project, capture_output=True).returncode == 1
    wheels.mkdir(parents=True)
    shutil.copy(pip_of_this_machine(), wheels)
    # Like Debian's without its venv package: a real one that makes environments only without pip.
    here.make(
        "python3.13",
        f'case $* in "-m venv .dicm"*) exit 1 ;; esac; exec {os.path.realpath(sys.executable)} "$@"',
    )
    subprocess.run(make, env=here.environment, cwd=here.project, check=True)
    said = subprocess.check_output(
        [here.project / ".dicm/venv/bin/python", "-m", "pip", "--version"], text=True
    )
    assert said.startswith("pip ") and str(here.project / ".dicm/venv") in said
