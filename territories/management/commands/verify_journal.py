from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError

from territories.journal.chain import verify
from territories.journal.copies import prove
from territories.journal.seals import seals_of
from territories.models import Territory
from territories.tenancy import PUBLIC_SITE, connection


class Command(BaseCommand):
    help = (
        "Checks every journal's chain, and every copy that the journal tells of; "
        "names the first broken entry or copy and exits 1, or says how many hold."
    )

    def handle(self, *args, **options):
        entries = copies = 0
        sites: list = [PUBLIC_SITE, *Territory.objects.order_by("slug")]
        for site in sites:
            entries += self._entries(site)
            copies += 0 if site is PUBLIC_SITE else self._copies(site)
        self.stdout.write(f"{entries} journal entries hold together; copies that fit them: {copies}.")

    def _entries(self, site) -> int:
        seals = seals_of(site.schema_name)
        with at(site):
            verdict = verify(seals)
        if verdict.broken is not None:
            raise CommandError(
                f"{site.schema_name}: broken at entry {verdict.broken}, {verdict.why}; "
                f"the {verdict.checked} entries before it hold."
            )
        return verdict.checked

    def _copies(self, site) -> int:
        with at(site):
            checked, wrong = prove()
        if wrong:
            raise CommandError(f"{site.schema_name}: {wrong}; {checked} others fit.")
        return checked


@contextmanager
def at(site) -> Iterator[None]:
    """In a territory, or at the public site, whatever comes of it."""
    connection.set_tenant(site)
    try:
        yield
    finally:
        connection.set_tenant(PUBLIC_SITE)
