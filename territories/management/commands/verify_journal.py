from django.core.management.base import BaseCommand, CommandError

from territories.journal.chain import verify
from territories.journal.seals import seals_of
from territories.models import Territory
from territories.tenancy import PUBLIC_SITE, connection


class Command(BaseCommand):
    help = "Checks every journal's chain; names the first broken entry and exits 1, or says how many hold."

    def handle(self, *args, **options):
        checked = 0
        sites: list = [PUBLIC_SITE, *Territory.objects.order_by("slug")]
        for site in sites:
            seals = seals_of(site.schema_name)
            connection.set_tenant(site)
            verdict = verify(seals)
            connection.set_tenant(PUBLIC_SITE)
            if verdict.broken is not None:
                raise CommandError(
                    f"{site.schema_name}: broken at entry {verdict.broken}, {verdict.why}; "
                    f"the {verdict.checked} entries before it hold."
                )
            checked += verdict.checked
        self.stdout.write(f"{checked} journal entries hold together.")
