"""The states of everything, as diagrams in the documentation."""

from django.utils import translation

from community.flows import ACTIVITY
from research.flows import PUBLICATION
from spo.contracts.flows import CONTRACT
from spo.delivery.flows import DELIVERY
from spo.orders.flows import COMMITMENT, ORDER
from spo.reports.flows import REPORT
from spo.tenders.flows import TENDER
from territories.people.joining.flows import APPLICATION

FLOWS = (APPLICATION, ACTIVITY, PUBLICATION, ORDER, COMMITMENT, TENDER, CONTRACT, DELIVERY, REPORT)
START, END = "<!-- diagrams -->\n", "<!-- end of diagrams -->"


def with_diagrams(page: str) -> str:
    """The page with the part between its two marks drawn anew."""
    before, rest = page.split(START)
    _old, after = rest.split(END)
    with translation.override("en-gb"):
        drawn = "".join(
            f"\n### {str(flow.name).capitalize()}\n\n```mermaid\n{flow.mermaid()}\n```\n" for flow in FLOWS
        )
    return f"{before}{START}{drawn}\n{END}{after}"
