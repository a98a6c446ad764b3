from django.core.management.base import BaseCommand

from dicm.access.printed import in_words


class Command(BaseCommand):
    help = (
        "Prints the access table as Markdown: every address, and who gets what. docs/access.md is its output."
    )

    def handle(self, *args, **options):
        self.stdout.write(in_words(), ending="")
