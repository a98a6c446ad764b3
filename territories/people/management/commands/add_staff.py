from django.core.management.base import BaseCommand
from django.db import transaction

from territories.journal.chain import record
from territories.models import Staff
from territories.people.joining.actions import password_link
from territories.people.persons import person_with
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
        user, new = person_with(email.lower(), name=name)
        _staff, made = Staff.objects.get_or_create(user=user)
        if made:
            record("add person", user, after={"staff": True})
        self.stdout.write(f"{user} is staff: {address('staff:index')}")
        if new:
            self.stdout.write(f"To choose a password: {password_link(user)}")
