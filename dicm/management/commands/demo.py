import json
import os
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from dicm.demo import serving, story
from dicm.demo.story import cast
from dicm.demo.story.deliver import Late
from territories import login
from territories.models import Territory


class Command(BaseCommand):
    help = "Plays the demo's story with a real worker and serves it on this machine until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument(
            "--once", action="store_true", help="play the story, print its figures as JSON, end"
        )

    def handle(self, *args, once=False, **options):
        # Everyone's password is public here, and a second factor for each would be no demonstration.
        settings.DICM_MFA_REQUIRED = False
        os.environ["DICM_MFA_REQUIRED"] = "off"
        started, port = time.monotonic(), int(settings.PORT)
        if reason := why_not_here(port, once):
            self.fail(reason)
        if told := not once and story.is_told():
            self.say("What you did last time is kept. `make clean` forgets it.")
        else:
            self.say("Territories: one schema and one role each")
        call_command("create_territories", verbosity=0 if told else 1)
        # Logs and the clock's memory stand beside the uploaded files: in .dicm, unless told otherwise.
        local = Path(settings.MEDIA_ROOT).parent
        children = serving.workers()
        if not once:
            children |= {"web": serving.web(port), "beat": serving.beat(local / "beat")}
        try:
            code = serving.serving(
                children,
                port=None if once else port,
                logs=local / "logs",
                ready=lambda: self.play(started, once, told),
                once=once,
                environment=login.environment(),
            )
        except Late as late:
            self.fail(f"{late} Its log is {local / 'logs' / 'worker.log'}.")
        raise SystemExit(code)

    def play(self, started: float, once: bool, told: bool) -> None:
        if not told:
            story.play(self.say)
        seconds = round(time.monotonic() - started, 1)
        if once:
            self.say(json.dumps(story.figures() | {"seconds": seconds}))
        else:
            self.say(f"Ready in {seconds} seconds.\n\n{welcome()}")
        connections.close_all()

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def fail(self, reason: str) -> None:
        self.stderr.write(reason)
        raise SystemExit(1)


def why_not_here(port: int, once: bool) -> str | None:
    """Why the demo can't run: its passwords are known to all, and its port must be free."""
    if not settings.DICM_LOCAL:
        return "The demo's passwords are public, so it runs only where DICM_BASE_DOMAIN ends in localhost."
    return None if once else serving.why_not_at(port)


def parts() -> list[tuple[str, str, str, str]]:
    """Role, name, e-mail address and page of everyone who can sign in."""
    everyone = [(str(person.role.label), person.name, person.email, person.page) for person in cast.CAST]
    return [*everyone, ("DICM's staff", cast.STAFF_NAME, cast.STAFF_EMAIL, cast.STAFF_PAGE)]


def welcome() -> str:
    """Who can sign in, with what, and where their part goes on."""
    hosts = {territory.slug: territory.url for territory in Territory.objects.all()}
    homes = {person.email: hosts[person.territories[0]] for person in cast.CAST}
    rows = [("Role", "Person", "E-mail address", "Page")]
    for role, name, email, page in parts():
        public = page.startswith(("/t/", cast.STAFF_PAGE))
        rows.append((role, name, email, f"{settings.DICM_PUBLIC_URL if public else homes[email]}{page}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return (
        "\n".join(line.rstrip() for line in [lines[0], "-" * (sum(widths) + 6), *lines[1:]])
        + f"\n\nEveryone's password: {cast.PASSWORD}"
        + f"\nLetters that would go out: {settings.DICM_PUBLIC_URL}/demo/letters/"
        + f"\nStart here: {settings.DICM_PUBLIC_URL}/   (Ctrl-C ends it; the data stays)"
    )
