import argparse
import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from dicm import bench
from dicm.bench import founding, rendering
from dicm.bench.sizes import SHORT
from dicm.bench.table import table


class Command(BaseCommand):
    help = "Measures how fast it is, in databases that it makes and drops, and prints tables."

    def add_arguments(self, parser):
        parser.add_argument(
            "--short", action="store_true", help="few of everything: whether the bench itself works"
        )
        parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
        parser.add_argument("--render", metavar="REPORT", help=argparse.SUPPRESS)

    def handle(self, *args, short=False, here=False, render=None, **options):
        if short:
            os.environ[SHORT] = "1"
        if render:
            self.stdout.write(rendering.render(render))
        elif here:
            bench.measure(self.stdout)
        else:
            self.all()

    def all(self):
        with founding.fresh_database() as environment:
            one = founding.founded(environment, "--only", "thames-valley")
        with founding.fresh_database() as environment:
            every = founding.founded(environment)
            rows = [("the first one", f"{one:.1f}"), ("all", f"{every:.1f}")]
            self.stdout.write(
                table("Founding territories in an empty database", ("territories", "seconds"), rows)
            )
            self.stdout.flush()
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "bench", "--here"]
            code = subprocess.run(command, env=environment).returncode
        raise SystemExit(code)
