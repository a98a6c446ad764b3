"""Frozen figures as a reader sees them: the page and the PDF are made from the same words and pictures."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.models import Primary, Secondary
from spo.reports.models import Report
from territories.pages.charts.drawn import bars, stacked


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
    support = [
        {
            **row,
            "name": said(row, "name"),
            "unit": said(row, "unit"),
            "cost": Decimal(row["cost"]),
            "quantity": Decimal(row["quantity"]),
        }
        for row in figures["by_support"]
    ]
    return {
        "report": report,
        "territory_name": said(figures, "territory"),
        "starts_on": date.fromisoformat(figures["starts_on"]),
        "ends_on": date.fromisoformat(figures["ends_on"]),
        "computed_at": timezone.localtime(datetime.fromisoformat(figures["computed_at"])),
        "promised": Decimal(figures["promised"]),
        "confirmed": Decimal(figures["confirmed"]),
        "contracts": figures["contracts"],
        "deliveries": figures["deliveries"],
        "providers": figures["providers"],
        "districts": figures["districts"],
        "support": support,
        "split": split,
        "impacts": [
            {
                **pair,
                "primary": Primary(pair["primary"]).label,
                "secondary": Secondary(pair["secondary"]).label,
            }
            for pair in figures["impacts"]
        ],
        "rows": [presented_row(row) for row in figures["rows"]],
        "support_chart": bars(
            "support",
            [(row["name"], row["cost"]) for row in support],
            title=_("Confirmed support by kind, at its cost to the donor"),
        ),
        "assurance_chart": stacked(
            "assurance", split, title=_("How sure it is: cost to the donor by assurance")
        ),
    }


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
