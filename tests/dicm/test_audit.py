"""The offline audit of what is installed: each kind of fault is found."""

from importlib.machinery import SourceFileLoader
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_loader

import pytest
from django.conf import settings

LOADER = SourceFileLoader("audit", str(settings.BASE_DIR / "bin" / "audit"))
audit = module_from_spec(spec_from_loader("audit", LOADER))
LOADER.exec_module(audit)
HASH = f"    --hash=sha256:{'0' * 64}"
DJANGO = version("django")


def test_what_is_installed_here_is_what_is_locked():
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert audit.findings((settings.BASE_DIR / name).read_text()) == []
    assert audit.conflicts() == []


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        (f"django=={DJANGO} \\\n{HASH}\n", []),
        (f"# a comment\ndjango=={DJANGO} \\\n{HASH}\n    # via dicm\n", []),
        (f"django>={DJANGO} \\\n{HASH}\n", [f"not pinned: django>={DJANGO} \\"]),
        (f"django=={DJANGO}\n", ["django has no hash"]),
        (f"django==1.0 \\\n{HASH}\n", [f"django is {DJANGO}, the lock says 1.0"]),
        (f"no-such-package==1.0 \\\n{HASH}\n", ["no-such-package is not installed"]),
        (f"no-such-package==1.0 ; sys_platform == 'win32' \\\n{HASH}\n", []),
    ],
)
def test_each_fault_is_found(lock, said):
    assert audit.findings(lock) == said


def test_a_package_that_another_one_needs_in_another_version_is_found(monkeypatch):
    monkeypatch.setattr(
        audit, "distributions", lambda: [Made("sqlparse", "0.1"), Made("web", "1", ["sqlparse>=0.5"])]
    )
    assert audit.conflicts() == ["web needs sqlparse>=0.5, and finds 0.1"]


class Made:
    """A distribution as importlib.metadata tells of it."""

    def __init__(self, name, version, requires=()):
        self.name, self.version, self.requires = name, version, requires
