from django.core.management.base import BaseCommand, CommandError

from territories.models import User
from territories.people.data.closing import close_account
from territories.refusal import Refused
from territories.tenancy import PUBLIC_SITE, connection


class Command(BaseCommand):
    help = "Closes a person's account at their request: every part ends, name and address are forgotten."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        connection.set_tenant(PUBLIC_SITE)
        try:
            user = User.objects.filter(email=email.lower(), closed_at=None).first()
            if user is None:
                raise CommandError(f"Nobody here has the address {email}.")
            close_account(user)
        except Refused as no:
            raise CommandError(no.reason) from no
        finally:
            connection.set_schema_to_public()
        self.stdout.write(f"The account {user.pk} is closed and names nobody.")
