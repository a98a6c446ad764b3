"""What is sealed in tenders, and how it is scored."""

from dicm.access.words import MEMBERS, OURS, PANEL, SUPPLIERS, act, form, live, page


def seen_tender(answer) -> list[tuple]:
    return [
        answer("buyer", "draft_tender"),
        answer("other_buyer", "councils_tender"),
        answer(MEMBERS, "open_tender"),
        answer(MEMBERS, "tender"),
    ]


PAGES: dict[str, list[tuple]] = {
    "tender": seen_tender(page),
    "tender_now": seen_tender(page),
    "tender_live": seen_tender(live),
    "panel_dismiss": [form("buyer", "seat")],
    "panel_new": [form("buyer", "draft_tender"), form("buyer", "open_tender")],
    "tender_close": [act("buyer", "open_tender")],
    "tender_settle": [act("buyer", "scoring_tender")],
    "award": [form("buyer", "scoring_tender"), form("buyer", "tender")],
    "bid_new": [form(SUPPLIERS, "open_tender"), form("", "draft_tender")],
    "order_for": [act(SUPPLIERS, "open_tender")],
    "declaration": [form(f"buyer {PANEL}", "open_tender"), form("buyer", "draft_tender")],
    # Sealed until the closing time, for the buyer and its panel too; closed to whoever has not declared.
    "bid": [
        page(OURS, "sealed_bid"),
        page("rival", "rivals_sealed_bid"),
        page(f"{OURS} buyer", "undeclared_bid"),
        page(f"{OURS} buyer {PANEL}", "scoring_bid"),
        page(f"{OURS} buyer {PANEL}", "bid"),
        page(f"rival buyer {PANEL}", "rivals_bid"),
    ],
    "bid_score": [
        form("", "sealed_bid"), form("", "undeclared_bid"), form(PANEL, "scoring_bid"), form(PANEL, "bid"),
    ],
    "moderate": [form("", "sealed_bid"), form("buyer", "scoring_bid"), form("buyer", "bid")],
}  # fmt: skip
