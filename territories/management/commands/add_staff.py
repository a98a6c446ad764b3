from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand
from django.db import transaction

from territories.joining.actions import password_link
from territories.journal.chain import record
from territories.models import User
from territories.post import address


class Command(BaseCommand):
    help = (
        "Makes a person a member of DICM's own staff, who corrects territories, organisations and yardsticks."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True)

    @transaction.atomic
    def handle(self, *args, email, name, **options):
        user = User.objects.filter(email=email.lower(), closed_at=None).first()
        new = user is None
        if user is None:
            user = User.objects.create_user(email, name=name)
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        user.is_staff = True
        user.save(update_fields=["is_staff"])
        record("add person", user, after={"staff": True})
        self.stdout.write(f"{user} is staff: {address('staff:index')}")
        if new:
            self.stdout.write(f"To choose a password: {password_link(user)}")
