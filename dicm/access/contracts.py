"""Contracts, and the step to them."""

from dicm.access.words import CONTRACT_SEEN, MEMBERS, OURS, act, form, listed, page

PAGES: dict[str, list[tuple]] = {
    "contracts": listed(MEMBERS),
    "contract": [page(CONTRACT_SEEN, "contract"), page(CONTRACT_SEEN, "signing_contract")],
    "contract_sign": [form(f"buyer {OURS} provider", "signing_contract"), form(f"buyer {OURS} provider", "contract")],
    "contract_of": [page("buyer", "tender"), page("buyer", "open_tender"), page("other_buyer", "councils_tender")],
    "lock_in": [act("buyer", "tender"), act("other_buyer", "councils_tender")],
}  # fmt: skip
