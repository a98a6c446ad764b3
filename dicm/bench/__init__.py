"""How fast it is: measured on the demo's own story, in a database that is made for it and dropped.

Nothing here passes or fails on a clock; the numbers are for people to compare.
"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import OutputWrapper

from dicm.bench import access, crowd, live, pages, recovery, rendering, scorers, signing_in, walls
from dicm.bench.sizes import size
from dicm.demo import serving, story
from territories import login


def measure(out: OutputWrapper) -> None:
    """Play the story in this database, then print every table but that of founding."""
    port = int(settings.PORT)
    logs = Path(settings.MEDIA_ROOT) / "logs"  # a folder that goes with the database
    logs.mkdir(parents=True)
    children = serving.workers() | {"web": serving.web(port)}
    served = login.environment()
    processes = {
        name: serving.start(command, logs / f"{name}.log", served) for name, command in children.items()
    }
    try:
        story.play(lambda chapter: out.write(f"  {chapter}\n"))
        out.write("\n" + pages.measured())
        out.write("\n" + live.measured(port))
        out.write("\n" + crowd.measured(port, processes["web"].pid))
        out.write("\n" + scorers.measured(port, processes["web"].pid))
    finally:
        serving.stop_all(processes.values())
    if size(1, 0):  # in short, the tests of outages kill the same processes
        out.write("\n" + recovery.measured())
    out.write("\n" + rendering.measured())
    out.write("\n" + signing_in.measured())
    out.write("\n" + walls.measured())
    out.write("\n" + access.measured())
