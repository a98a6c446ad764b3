from django.core.management.base import BaseCommand
from django.utils import timezone

from dicm.bench.table import table
from dicm.data_words import TERRITORY_RULES
from territories.models import Territory
from territories.people.data.retention import PUBLIC_RULES, Rule, carry_out, due, held
from territories.tenancy import PUBLIC, connection


class Command(BaseCommand):
    help = (
        "Says what is kept how long and what is due to go; with --apply it goes, with a line in the journal."
    )

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="without it nothing is changed")

    def handle(self, *args, apply=False, **options):
        now, done = timezone.now(), dict[Rule, int]()
        schemas = Territory.objects.values_list("schema_name", flat=True)
        # As the owner: names and words go even out of rows that no territory's role can change.
        for schema, rules in [(PUBLIC, PUBLIC_RULES), *((schema, TERRITORY_RULES) for schema in schemas)]:
            connection.set_schema(schema)
            try:
                for rule, rows in carry_out(rules, now) if apply else due(rules, now):
                    done[rule] = done.get(rule, 0) + rows
            finally:
                connection.set_schema_to_public()
        lines = [(rule.kind, rule.kept, rule.ground, rows) for rule, rows in done.items()]
        self.stdout.write(table("Retention", ("what", "kept", "because", "gone" if apply else "due"), lines))
        if held():
            self.stdout.write(f"Held, so nothing is taken from: {', '.join(held())}")
        if not apply:
            self.stdout.write("Nothing was changed: this was a dry run. --apply does it.")
