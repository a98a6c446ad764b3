"""Which processes run, from the kernel's own account; macOS has none and is asked with ps."""

import subprocess
import time
from pathlib import Path

PROC = Path("/proc")


def facts() -> dict[int, tuple[int, str, str]]:
    """Parent, state and command line of every process, by its number."""
    if not (PROC / "self" / "stat").exists():
        rows = subprocess.check_output(["ps", "-axo", "pid=,ppid=,stat=,command="], text=True).splitlines()
        return {
            int(pid): (int(ppid), stat[0], words)
            for pid, ppid, stat, words in (r.split(None, 3) for r in rows)
        }
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[int(folder.name)] = (int(parent), state, words)
    return found


def is_running(pid: int) -> bool:
    """A process that ended and that nobody has waited for yet is not running."""
    known = facts().get(pid)
    return known is not None and known[1] != "Z"


def children_of(pid: int) -> dict[int, str]:
    """The command lines of its running children, by their numbers."""
    return {
        child: words for child, (parent, state, words) in facts().items() if parent == pid and state != "Z"
    }


def until(happens, seconds: float = 10):
    """What it gives, as soon as it gives something that counts."""
    end = time.monotonic() + seconds
    while not (found := happens()):
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.05)
    return found
