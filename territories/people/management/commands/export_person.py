import json

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from territories.models import Territory, User
from territories.people.data.held import held_here
from territories.tenancy import PUBLIC_SITE, PublicSite, connection


class Command(BaseCommand):
    help = "Prints as JSON all that is held about a person, on the public site and in every territory."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        held, sites = {}, list[PublicSite | Territory]([PUBLIC_SITE, *Territory.objects.all()])
        for site in sites:
            connection.set_tenant(site)
            try:
                if found := held_here(user):
                    held[site.schema_name] = found
            finally:
                connection.set_schema_to_public()
        self.stdout.write(json.dumps(held, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder))
