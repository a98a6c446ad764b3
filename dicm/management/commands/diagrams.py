from django.conf import settings
from django.core.management.base import BaseCommand

from dicm.diagrams import with_diagrams

PAGE = settings.BASE_DIR / "docs" / "architecture.md"


class Command(BaseCommand):
    help = "Draws the state diagrams of docs/architecture.md from the flows."

    def handle(self, *args, **options):
        PAGE.write_text(with_diagrams(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write("docs/architecture.md shows the flows as they are.")
