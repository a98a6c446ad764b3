"""The figures of a report: what suppliers gave, by support, by assurance, delivery by delivery.

One number of three: donor cost. What the community values and what services might save are other
numbers, with methods of their own, and are never added to it.
"""

from collections import Counter
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from community.models import Activity
from community.published import as_published, with_said
from research.models import Edition, Publication
from spo.contracts.models import Term
from spo.delivery.models import Decision, Delivery
from spo.delivery.queries import NOTHING, STANDING

Status = Delivery.Status


def figures(territory, starts_on: date, ends_on: date) -> dict:
    """Everything that the report says, as JSON: money and quantities as text with two decimals."""
    rows = deliveries_between(starts_on, ends_on)
    confirmed = rows.filter(standing=Status.CONFIRMED, came__gt=0)
    terms = Term.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on, contract__status="active")
    promised = terms.aggregate(cost=Sum("donor_cost"), contracts=Count("contract", distinct=True))
    given = confirmed.aggregate(
        cost=Sum("came_cost"),
        deliveries=Count("pk"),
        providers=Count("term__provider", distinct=True),
        districts=Count("term__district_code", distinct=True),
    )
    return {
        "territory": territory.name,
        "territory_cy": territory.name_cy,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "computed_at": timezone.now().isoformat(),
        "promised": money(promised["cost"]),
        "contracts": promised["contracts"],
        "confirmed": money(given["cost"]),
        "deliveries": given["deliveries"],
        "providers": given["providers"],
        "districts": given["districts"],
        "by_support": by_support(confirmed),
        "assurance": assurance(rows),
        "impacts": impacts(confirmed),
        "rows": [row_of(delivery) for delivery in rows],
    }


def deliveries_between(starts_on: date, ends_on: date) -> QuerySet:
    """Every delivery of the period that was not withdrawn, oldest first, with whether a hub has traced its activity's effect.

    `standing` is how it stands by the ledger, `came` and `came_cost` what counts of it: of one confirmed in part, that part.
    """
    entries = Decision.objects.filter(delivery=OuterRef("pk")).order_by().values("delivery")
    evaluated = Edition.objects.filter(
        publication__activity=OuterRef("term__activity"),
        body__design__gte=Publication.Design.DIFFERENCE,
        body__finding=Publication.Finding.POSITIVE,
    )
    return (
        Delivery.objects.filter(delivered_on__range=(starts_on, ends_on))
        .annotate(standing=STANDING)
        .exclude(standing=Status.WITHDRAWN)
        .select_related(
            "term__contract__supplier", "term__provider__organisation", "term__activity", "term__support_type"
        )
        .annotate(
            evaluated=Exists(evaluated),
            came=Coalesce(Subquery(entries.annotate(sum=Sum("quantity")).values("sum")), NOTHING),
            came_cost=Coalesce(Subquery(entries.annotate(sum=Sum("donor_cost")).values("sum")), NOTHING),
        )
        .order_by("delivered_on", "reference")
    )


def by_support(confirmed: QuerySet[Delivery]) -> list[dict]:
    """Confirmed quantity in its own unit, and donor cost, of each kind of support; most cost first."""
    rows = (
        confirmed.order_by()
        .values(
            "term__support_type__name",
            "term__support_type__name_cy",
            "term__support_type__unit",
            "term__support_type__unit_cy",
        )
        .annotate(quantity=Sum("came"), cost=Sum("came_cost"), deliveries=Count("pk"))
        .order_by("-cost", "term__support_type__name")
    )
    return [
        {
            "name": row["term__support_type__name"],
            "name_cy": row["term__support_type__name_cy"],
            "unit": row["term__support_type__unit"],
            "unit_cy": row["term__support_type__unit_cy"],
            "quantity": money(row["quantity"]),
            "cost": money(row["cost"]),
            "deliveries": row["deliveries"],
        }
        for row in rows
    ]


def assurance(rows: QuerySet) -> list[dict]:
    """Donor cost by how sure it is. Each delivery counts once, in the highest class that it has reached.

    Of what is confirmed, what came counts; of what is not, what is claimed.
    """
    classes = rows.order_by().values("standing", "evaluated")
    sums = {
        (row["standing"], row["evaluated"]): row[
            "counts" if row["standing"] == Status.CONFIRMED else "claims"
        ]
        for row in classes.annotate(claims=Sum("donor_cost"), counts=Sum("came_cost"))
    }

    def cost(status, evaluated):
        return sums.get((status, evaluated)) or Decimal(0)

    return [
        {"code": "disputed", "cost": money(cost("disputed", True) + cost("disputed", False))},
        {"code": "claimed", "cost": money(cost("claimed", True) + cost("claimed", False))},
        {"code": "confirmed", "cost": money(cost("confirmed", False))},
        {"code": "evaluated", "cost": money(cost("confirmed", True))},
    ]


def impacts(confirmed: QuerySet[Delivery]) -> list[dict]:
    """The dual impacts of the activities that got support, with how many activities have each."""
    supported = with_said(Activity.objects.filter(pk__in=confirmed.order_by().values("term__activity")))
    pairs = Counter(
        (impact.primary, impact.secondary)
        for activity in supported
        for impact in as_published(activity).dual_impacts
    )
    return [
        {"primary": primary, "secondary": secondary, "activities": number}
        for (primary, secondary), number in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def row_of(delivery) -> dict:
    """A delivery of `deliveries_between`, as the report lists it."""
    term, confirmed = delivery.term, delivery.standing == Status.CONFIRMED
    return {
        "reference": delivery.reference,
        "day": delivery.delivered_on.isoformat(),
        "contract": term.contract.reference,
        "supplier": term.contract.supplier.name,
        "provider": term.provider.organisation.name,
        "activity": term.activity_title,
        "district": term.district,
        "support": term.support_type.name,
        "support_cy": term.support_type.name_cy,
        "unit": term.support_type.unit,
        "unit_cy": term.support_type.unit_cy,
        "quantity": money(delivery.came if confirmed else delivery.quantity),
        "cost": money(delivery.came_cost if confirmed else delivery.donor_cost),
        "assurance": "evaluated" if delivery.evaluated and confirmed else delivery.standing,
    }


def money(value: Decimal | None) -> str:
    """Two decimals, as text: JSON has no exact numbers."""
    return f"{value or Decimal(0):.2f}"
