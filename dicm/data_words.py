"""What is held about people, and how long, as a page of the documentation for those who answer for it."""

from community.retention import RULES as COMMUNITY
from research.retention import RULES as RESEARCH
from spo.delivery.retention import RULES as DELIVERY
from spo.orders.retention import RULES as ORDERS
from spo.scoring.retention import RULES as SCORING
from territories.people.data.held import all_models, personal_fields
from territories.people.data.retention import PUBLIC_RULES
from territories.tenancy import tenant_models

# The rules of every site: the public one's, and those of each territory.
TERRITORY_RULES = COMMUNITY + RESEARCH + ORDERS + SCORING + DELIVERY

HEAD = """# Data about people

Printed by `manage.py data_protection` from the models and from the rules of retention; tests fail on a field that could be
about a person and is not listed. There is no field for anybody who is helped by an activity: outcomes are counts, and whoever
writes free text is asked to name nobody.

- All that is held about a person, as JSON: at "Your account", or `manage.py export_person ann@force.example`.
- An account is closed and names nobody any more: at "Your account", or `manage.py close_account ann@force.example`. Parts end;
  name, address and every way to sign in are forgotten; what was done stays without the name, and the journal stays whole.
- `manage.py retention` says what is due to go, `manage.py retention --apply` removes it with a line in the journal. Nothing is
  taken from tenders and contracts whose references `DICM_LEGAL_HOLD` names.
"""
FOR_GOOD = (
    "| the journal | as long as what it proves | it is the proof |",
    "| orders, scores, awards, contracts, deliveries | for good | public spending; they name people by number only |",
)


def in_words() -> str:
    """The page as Markdown."""
    inside = set(tenant_models())
    fields = [
        f"| {model._meta.label} | {'each territory' if model in inside else 'public'} "
        f"| {', '.join(personal_fields(model)) or '–'} | {', '.join(getattr(model, 'free_text', ())) or '–'} |"
        for model in sorted(all_models(), key=lambda model: model._meta.label)
        if personal_fields(model) or getattr(model, "free_text", ())
    ]
    kept = [f"| {rule.kind} | {rule.kept} | {rule.ground} |" for rule in (*PUBLIC_RULES, *TERRITORY_RULES)]
    return "\n".join([
        HEAD,
        "## Which fields", "",
        "| table | where | about a person | free text |", "|---|---|---|---|", *fields, "",
        "## How long", "",
        "| what | kept | because |", "|---|---|---|", *kept,
        *FOR_GOOD, "",
    ])  # fmt: skip
