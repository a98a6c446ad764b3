"""Every address of a territory's site, from its first page through the rooms."""

from dicm.access import community, contracts, delivery, orders, reports, research, scoring, tenders
from dicm.access.words import EVERYONE, MEMBERS, Row, act, listed, page

OWN: dict[str, list[tuple]] = {
    "territory": [page(EVERYONE)],
    "switch": [page("supplier", "part", 302)],
    "kept": [page(MEMBERS, status=302)],
    "stay": [page(MEMBERS, status=204)],
    "journal": listed(MEMBERS),
    "waiting": [page(MEMBERS)],
    "notices": [page(MEMBERS)],
    "notices_read": [act(MEMBERS, "")],
    "letters": [page("lead")],
    "your_data_here": [page(MEMBERS)],
    "people_here": [page(MEMBERS, status=302)],
    "health": [page(EVERYONE)],
    "set_language": [page(EVERYONE, status=302)],
}
TERRITORY = (
    OWN
    | community.PAGES
    | research.PAGES
    | orders.PAGES
    | tenders.PAGES
    | scoring.PAGES
    | contracts.PAGES
    | delivery.PAGES
    | reports.PAGES
)


def rows() -> list[Row]:
    """The table of a territory's site, row by row."""
    return [
        Row(url, thing, may, status, takes, query)
        for url, answers in TERRITORY.items()
        for may, thing, status, takes, query in answers
    ]
