import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Collects the words to translate from code and templates and merges them into the Welsh catalogue."

    def handle(self, *args, **options):
        locale = settings.BASE_DIR / "locale"
        template = settings.LOCAL_DIR / "django.pot"
        catalogue = locale / "cy" / "LC_MESSAGES" / "django.po"
        babel = [sys.executable, "-m", "babel.messages.frontend"]
        self.run(
            [
                *babel,
                "extract",
                "-q",
                "-F",
                str(settings.BASE_DIR / "babel.cfg"),
                "-k",
                "gettext_lazy",
                "-k",
                "pgettext:1c,2",
                "-k",
                "ngettext:1,2",
                "--no-location",
                "--no-wrap",
                "--sort-output",
                "-o",
                str(template),
                str(settings.BASE_DIR),
            ]
        )
        if catalogue.exists():
            self.run(
                [
                    *babel,
                    "update",
                    "-q",
                    "-N",
                    "--no-wrap",
                    "--ignore-obsolete",
                    "-D",
                    "django",
                    "-i",
                    str(template),
                    "-d",
                    str(locale),
                    "-l",
                    "cy",
                ]
            )
        else:
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            self.run(
                [*babel, "init", "-q", "-D", "django", "-i", str(template), "-d", str(locale), "-l", "cy"]
            )
        self.stdout.write(f"{catalogue.relative_to(settings.BASE_DIR)} is up to date with the code.")

    def run(self, command):
        subprocess.run(command, check=True, cwd=settings.BASE_DIR)
