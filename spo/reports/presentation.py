"""Frozen figures as a reader sees them: the page and the PDF are made from the same words and pictures."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from community.models import Primary, Secondary
from spo.reports.models import Report
from territories.pages.charts.drawn import bars, stacked
from territories.pages.numbers import number, pounds
from territories.pages.tables import Table, numbers, words
from territories.pages.times import day


def assurance_names() -> dict[str, str]:
    return {
        "disputed": _("Disputed by the provider"),
        "claimed": _("Claimed by the supplier"),
        "confirmed": _("Confirmed by the provider"),
        "evaluated": _("Confirmed, effect shown by research"),
    }


def presented(report: Report) -> dict:
    """What the templates of page and PDF need, from the report's frozen figures."""
    figures = report.figures
    names = assurance_names()
    split = [(names[part["code"]], Decimal(part["cost"])) for part in figures["assurance"]]
    given = [(said(row, "name"), Decimal(row["cost"])) for row in figures["by_support"]]
    return {
        "report": report,
        "territory_name": said(figures, "territory"),
        "starts_on": date.fromisoformat(figures["starts_on"]),
        "ends_on": date.fromisoformat(figures["ends_on"]),
        "computed_at": timezone.localtime(datetime.fromisoformat(figures["computed_at"])),
        "confirmed": Decimal(figures["confirmed"]),
        "deliveries": figures["deliveries"],
        "figures": headline(figures),
        "impacts": [
            {
                **pair,
                "primary": Primary(pair["primary"]).label,
                "secondary": Secondary(pair["secondary"]).label,
            }
            for pair in figures["impacts"]
        ],
        "by_assurance": by_assurance(split),
        "by_support": by_support(figures["by_support"]),
        "every_delivery": every_delivery(figures["rows"]),
        "support_chart": bars(
            "support", given, title=_("Confirmed support by kind, at its cost to the donor")
        ),
        "assurance_chart": stacked(
            "assurance", split, title=_("How sure it is: cost to the donor by assurance")
        ),
    }


def headline(figures: dict) -> list[dict]:
    """The three numbers above everything else."""
    contracts, districts = figures["contracts"], figures["districts"]
    promised = ngettext(
        "promised in %(count)s contract that runs in this period",
        "promised in %(count)s contracts that run in this period",
        contracts,
    ) % {"count": contracts}
    supported = ngettext(
        "providers supported, in %(count)s district",
        "providers supported, in %(count)s districts",
        districts,
    ) % {"count": districts}
    confirmed = _("confirmed support, at its cost to the donor")
    return [
        {"number": pounds(Decimal(figures["confirmed"])), "what": confirmed, "kind": "given"},
        {"number": pounds(Decimal(figures["promised"])), "what": promised, "kind": "given"},
        {"number": figures["providers"], "what": supported, "kind": "given"},
    ]


def by_assurance(split: list[tuple[str, Decimal]]) -> Table:
    head = [*words(_("Assurance")), *numbers(_("Cost to the donor"))]
    return Table(_("Cost to the donor by assurance"), head, [[label, pounds(cost)] for label, cost in split])


def by_support(kinds: list[dict]) -> Table:
    head = [*words(_("Support")), *numbers(_("Quantity"), _("Deliveries"), _("Cost to the donor"))]
    rows = [
        [
            said(row, "name"),
            f"{number(Decimal(row['quantity']))} {said(row, 'unit')}",
            row["deliveries"],
            pounds(Decimal(row["cost"])),
        ]
        for row in kinds
    ]
    return Table(_("Confirmed support by kind"), head, rows)


def every_delivery(deliveries: list[dict]) -> Table:
    head = words(_("Day"), _("Activity and provider"), _("Supplier"), _("Support"), _("Assurance"))
    rows = [
        [
            day(row["day"]),
            f"{row['activity']}, {row['provider']}, {row['district']}",
            row["supplier"],
            f"{number(row['quantity'])} {row['unit']}, {row['support']}",
            row["assurance"],
            pounds(row["cost"]),
        ]
        for row in map(presented_row, deliveries)
    ]
    caption = _("Deliveries of the period, oldest first")
    return Table(caption, [*head, *numbers(_("Cost to the donor"))], rows, silent=True)


def presented_row(row: dict) -> dict:
    return {
        **row,
        "day": date.fromisoformat(row["day"]),
        "support": said(row, "support"),
        "unit": said(row, "unit"),
        "quantity": Decimal(row["quantity"]),
        "cost": Decimal(row["cost"]),
        "assurance": assurance_names()[row["assurance"]],
    }


def csv_header() -> list[str]:
    return [
        _("Delivery"),
        _("Day"),
        _("Contract"),
        _("Supplier"),
        _("Provider"),
        _("Activity"),
        _("District"),
        _("Support"),
        _("Quantity"),
        _("Unit"),
        _("Cost to the donor, £"),
        _("Assurance"),
    ]


def csv_rows(report: Report):
    """The same rows as in the page's table."""
    for row in map(presented_row, report.figures["rows"]):
        yield [
            row["reference"],
            row["day"].isoformat(),
            row["contract"],
            row["supplier"],
            row["provider"],
            row["activity"],
            row["district"],
            row["support"],
            row["quantity"],
            row["unit"],
            row["cost"],
            row["assurance"],
        ]


def said(row: dict, name: str) -> str:
    """The Welsh of a name for a Welsh reader, where there is one."""
    return (get_language() == "cy" and row.get(f"{name}_cy")) or row[name]
