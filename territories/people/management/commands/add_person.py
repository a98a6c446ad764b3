import secrets

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from territories import identifiers
from territories.journal.chain import record
from territories.models import Identifier, Membership, Organisation, Participation, Territory
from territories.people.persons import person_with


class Command(BaseCommand):
    help = "Gives a person a part in a territory, with their organisation; prints a first password for a new account."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Membership.Role.values)
        parser.add_argument("--territory", required=True, help="slug, such as thames-valley")
        parser.add_argument("--organisation", required=True, help="its name")
        parser.add_argument("--kind", required=True, choices=Organisation.Kind.values)
        parser.add_argument("--identifier", required=True, help="scheme and number, such as GB-COH:09121572")

    @transaction.atomic
    def handle(self, *args, email, name, role, **options):
        territory = Territory.objects.filter(slug=options["territory"]).first()
        if territory is None:
            raise CommandError(
                f"There is no territory “{options['territory']}”. Run create_territories first."
            )
        organisation = self.organisation(options)
        if organisation.kind not in Membership.KINDS[Membership.Role(role)]:
            raise CommandError(f"{organisation} is of kind {organisation.kind}, so nobody can be its {role}.")
        password = secrets.token_urlsafe(12)
        user, new = person_with(email.lower(), name=name, password=password)
        participation, _created = Participation.objects.get_or_create(
            organisation=organisation, territory=territory
        )
        part = Membership.objects.filter(
            user=user, participation=participation, role=role, ended_at=None
        ).first()
        if part is None:
            part = Membership.objects.appoint(user=user, participation=participation, role=role)
            record("add person", part, after={"role": role, "territory": territory.slug})
        self.stdout.write(f"{user} is {part} in {territory}: {territory.url}/")
        if new:
            self.stdout.write(f"First password: {password} (to be changed at the first sign-in)")

    def organisation(self, options) -> Organisation:
        scheme, _colon, number = options["identifier"].partition(":")
        if scheme not in dict(identifiers.SCHEMES):
            raise CommandError(
                f"Unknown register {scheme}; known are {', '.join(dict(identifiers.SCHEMES))}."
            )
        try:
            number = identifiers.normalised(scheme, number)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        known = Identifier.objects.filter(scheme=scheme, value=number).select_related("organisation").first()
        if known:
            return known.organisation
        made = Organisation.objects.create(name=options["organisation"], kind=options["kind"])
        made.identifiers.create(scheme=scheme, value=number, preferred=True)
        return made
