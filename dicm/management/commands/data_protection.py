from django.core.management.base import BaseCommand

from dicm.data_words import in_words


class Command(BaseCommand):
    help = "Prints which fields are about people and how long what is kept, as Markdown: docs/data-protection.md."

    def handle(self, *args, **options):
        self.stdout.write(in_words(), ending="")
