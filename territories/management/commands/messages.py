from django.conf import settings
from django.core.management.base import BaseCommand

from territories.pages.welsh.extraction import CATALOGUE, merge


class Command(BaseCommand):
    help = "Collects the words to translate from code and templates and merges them into the Welsh catalogue."
    requires_system_checks = []

    def handle(self, *args, **options):
        found, missing = merge()
        self.stdout.write(
            f"{CATALOGUE.relative_to(settings.BASE_DIR)}: {found} messages, {missing} without Welsh."
        )
