"""Social Purchase Orders: of their supplier, and of each provider the lines put before it."""

from dicm.access.words import MEMBERS, OURS, SUPPLIERS, act, form, listed, live, page


def seen_order(answer) -> list[tuple]:
    """Whatever shows an order: its supplier's own, and to a provider what was put before it."""
    return [
        answer(OURS, "draft_order"),
        answer(f"{OURS} provider", "offered_order"),
        answer(f"{OURS} provider", "order"),
        answer("rival provider", "rivals_order"),
    ]


PAGES: dict[str, list[tuple]] = {
    "orders": listed(MEMBERS),
    "order": seen_order(page),
    "order_lines": seen_order(page),
    "order_live": seen_order(live),
    "order_new": [form(SUPPLIERS)],
    "order_edit": [form(OURS, "draft_order"), form(OURS, "order"), form("rival", "rivals_order")],
    "order_offer": [act(OURS, "draft_order"), act("rival", "rivals_order")],
    "order_take_back": [act(OURS, "offered_order"), act("rival", "rivals_order")],
    "commitment_new": [form(OURS, "draft_order"), form("rival", "rivals_order")],
    "commitment_edit": [form(OURS, "draft_line"), form("rival", "rivals_line")],
    "commitment_remove": [act(OURS, "draft_line"), act("rival", "rivals_line")],
    "commitment_agree": [act("provider", "offered_line"), act("", "draft_line")],
    "commitment_return": [form("provider", "offered_line"), form("", "draft_line")],
}  # fmt: skip
