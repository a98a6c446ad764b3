import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from territories.founding import atlas, found, plant_public
from territories.login import let_in


class Command(BaseCommand):
    help = "Creates the territories of the atlas that are missing and brings the others up to date."

    def add_arguments(self, parser):
        parser.add_argument("--only", nargs="*", help="slugs; all by default")

    def handle(self, *args, only=None, verbosity=1, **options):
        call_command("migrate_schemas", shared=True, verbosity=0)
        plant_public()
        rows = [row for row in atlas("territories") if not only or row["slug"] in only]
        started = time.monotonic()
        for number, row in enumerate(rows, 1):
            territory = found(row)
            if verbosity:
                self.stdout.write(f"\r{number:>3} of {len(rows)}  {territory.name:<32}", ending="")
                self.stdout.flush()
        if settings.DICM_SERVICE_PASSWORD:
            let_in(settings.DICM_SERVICE_PASSWORD)
        if verbosity:
            took = time.monotonic() - started
            self.stdout.write(f"\r{len(rows)} territories stand, in {took:.1f} s.{' ' * 24}")
