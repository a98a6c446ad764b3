"""Deliveries and progress."""

from dicm.access.words import CONTRACT_SEEN, EVERYONE, MEMBERS, OURS, form, listed, live, page

PAGES: dict[str, list[tuple]] = {
    "public_progress": [page(EVERYONE)],
    "progress": [page(CONTRACT_SEEN, "contract"), page(CONTRACT_SEEN, "signing_contract")],
    "progress_live": [live(CONTRACT_SEEN, "contract")],
    "claim": [form(OURS, "contract"), form(OURS, "signing_contract", 302)],
    "deliveries": listed(MEMBERS),
    "confirm": [form("provider", "claimed_delivery"), form("provider", "delivery")],
    "correct": [form("provider", "delivery")],
    "withdraw": [form(OURS, "claimed_delivery")],
    "dispute": [form("provider", "claimed_delivery")],
    "evidence": [page(CONTRACT_SEEN, "delivery"), page(CONTRACT_SEEN, "claimed_delivery")],
}  # fmt: skip
