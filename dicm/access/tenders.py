"""Tenders: what is asked."""

from dicm.access.words import BUYERS, MEMBERS, act, form, listed

PAGES: dict[str, list[tuple]] = {
    "tenders": listed(MEMBERS),
    "tender_new": [form(BUYERS)],
    "tender_edit": [form("buyer", "draft_tender"), form("buyer", "open_tender")],
    "criterion_new": [form("buyer", "draft_tender")],
    "criterion_remove": [act("buyer", "criterion")],
    "tender_open": [act("buyer", "draft_tender"), act("buyer", "open_tender")],
}
