from django.conf import settings
from django.core.management.base import BaseCommand

from dicm import house
from dicm.diagrams import with_diagrams

DOCS = settings.BASE_DIR / "docs"


class Command(BaseCommand):
    help = "Draws the states in docs/architecture.md from the flows, and the house from its lines of imports."

    def handle(self, *args, **options):
        page = DOCS / "architecture.md"
        page.write_text(with_diagrams(page.read_text(encoding="utf-8")), encoding="utf-8")
        (DOCS / "images" / "house.svg").write_text(house.drawn(settings.BASE_DIR), encoding="utf-8")
        self.stdout.write("docs/ shows the house and its flows as they are.")
