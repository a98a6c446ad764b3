"""The access table: every address of both sites, and who gets what there.

A row is one address with one thing in it. `may` names those who get `status`; everybody else is refused: whoever
is not signed in goes to sign in, whoever is signed in is told that there is nothing (404). EVERYONE includes residents. An act
is a row whose address takes POST only: its rightful people get 405 for a GET.

docs/access.md is printed from it, the tests walk it, and `manage.py check` fails on an address that it doesn't name.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

EVERYONE = "everyone"
# Who stands before a thing of a territory, with the role that they play.
PEOPLE = {
    "lead": "lead",
    "colleague": "colleague",
    "manager": "manager",
    "researcher": "researcher",
    "buyer": "buyer",
    "other_buyer": "buyer",
    "evaluator": "evaluator",
    "evaluator2": "evaluator",
    "supplier": "supplier",
    "traveller": "supplier",
    "rival": "supplier",
    "provider": "provider",
    "other_provider": "provider",
}
BUYERS = "buyer other_buyer"
PANEL = "evaluator evaluator2"
SUPPLIERS = "supplier rival traveller"
PROVIDERS = "provider other_provider"
MEMBERS = f"lead colleague manager researcher {BUYERS} {PANEL} {SUPPLIERS} {PROVIDERS}"
# The people of the supplier whose things these are.
OURS = "supplier traveller"
CONTRACT_SEEN = f"lead manager {BUYERS} {OURS} provider"


@dataclass(frozen=True)
class Row:
    """One address with one thing in it; `thing` is one of THINGS, `may` names some of PEOPLE."""

    url: str
    thing: str
    may: str
    status: int = 200
    takes: str = "GET"
    query: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.url, self.thing, self.query)))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.may.split()) - {EVERYONE}


def page(may: str, thing: str = "", status: int = 200, query: str = "") -> tuple:
    return may, thing, status, "GET", query


def form(may: str, thing: str = "", status: int = 200) -> tuple:
    return may, thing, status, "GET POST", ""


def live(may: str, thing: str) -> tuple:
    """A redirect to the event stream."""
    return page(may, thing, 307)


def act(may: str, thing: str) -> tuple:
    return may, thing, 405, "POST", ""


def listed(may: str) -> list[tuple]:
    """A list, and the same as a file."""
    return [page(may), page(may, query="format=csv")]


def seen_order(answer) -> list[tuple]:
    """Whatever shows an order: its supplier's own, and to a provider what was put before it."""
    return [
        answer(OURS, "draft_order"),
        answer(f"{OURS} provider", "offered_order"),
        answer(f"{OURS} provider", "order"),
        answer("rival provider", "rivals_order"),
    ]


def seen_tender(answer) -> list[tuple]:
    return [
        answer("buyer", "draft_tender"),
        answer("other_buyer", "councils_tender"),
        answer(MEMBERS, "open_tender"),
        answer(MEMBERS, "tender"),
    ]


TERRITORY: dict[str, list[tuple]] = {
    "territory": [page(EVERYONE)],
    "switch": [page("supplier", "part", 302)],
    "kept": [page(MEMBERS, status=302)],
    "stay": [page(MEMBERS, status=204)],
    "journal": listed(MEMBERS),
    "your_data_here": [page(MEMBERS)],
    "people_here": [page(MEMBERS, status=302)],
    "health": [page(EVERYONE)],
    "set_language": [page(EVERYONE, status=302)],
    # community
    "activities": [page(EVERYONE), page(EVERYONE, query="format=csv")],
    "activities_waiting": [page(MEMBERS)],
    "activity": [page(EVERYONE, "activity"), page("colleague lead provider", "draft_activity")],
    "activity_new": [form(f"colleague {PROVIDERS}")],
    "activity_edit": [form("colleague provider", "activity"), form("colleague provider", "draft_activity")],
    "activity_publish": [act("colleague provider", "draft_activity"), act("colleague provider", "activity")],
    "impact_new": [form("colleague provider", "activity"), form("colleague provider", "draft_activity")],
    "need_new": [form("colleague provider", "activity"), form("colleague provider", "draft_activity")],
    "impact_remove": [act("colleague provider", "impact")],
    "need_remove": [act("colleague provider", "need")],
    "provider_new": [form("colleague")],
    # Once introduced, a provider goes on to its activities.
    "introduction": [form(PROVIDERS, status=302)],
    # research
    "publications": [page(EVERYONE)],
    "publications_of": [page(EVERYONE, "activity"), page("colleague lead provider", "draft_activity")],
    "publication_new": [form("researcher", "activity"), form("", "draft_activity")],
    "publication": [page(EVERYONE, "publication"), page("researcher", "draft_publication")],
    "publication_publish": [act("researcher", "draft_publication"), act("researcher", "publication")],
    # orders
    "orders": listed(MEMBERS),
    "orders_waiting": [page(MEMBERS)],
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
    # tenders
    "tenders": listed(MEMBERS),
    "tenders_waiting": [page(MEMBERS)],
    "tender": seen_tender(page),
    "tender_now": seen_tender(page),
    "tender_live": seen_tender(live),
    "tender_new": [form(BUYERS)],
    "tender_edit": [form("buyer", "draft_tender"), form("buyer", "open_tender")],
    "criterion_new": [form("buyer", "draft_tender")],
    "criterion_remove": [act("buyer", "criterion")],
    "panel_dismiss": [form("buyer", "seat")],
    "panel_new": [form("buyer", "draft_tender"), form("buyer", "open_tender")],
    "tender_open": [act("buyer", "draft_tender"), act("buyer", "open_tender")],
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
    # contracts
    "contracts": listed(MEMBERS),
    "contracts_waiting": [page(MEMBERS)],
    "contract": [page(CONTRACT_SEEN, "contract"), page(CONTRACT_SEEN, "signing_contract")],
    "contract_sign": [form(f"buyer {OURS} provider", "signing_contract"), form(f"buyer {OURS} provider", "contract")],
    "contract_of": [page("buyer", "tender"), page("buyer", "open_tender"), page("other_buyer", "councils_tender")],
    "lock_in": [act("buyer", "tender"), act("other_buyer", "councils_tender")],
    # delivery
    "public_progress": [page(EVERYONE)],
    "progress": [page(CONTRACT_SEEN, "contract"), page(CONTRACT_SEEN, "signing_contract")],
    "progress_live": [live(CONTRACT_SEEN, "contract")],
    "claim": [form(OURS, "contract"), form(OURS, "signing_contract", 302)],
    "deliveries": listed(MEMBERS),
    "deliveries_waiting": [page(MEMBERS)],
    "confirm": [form("provider", "claimed_delivery"), form("provider", "delivery")],
    "correct": [form("provider", "delivery")],
    "withdraw": [form(OURS, "claimed_delivery")],
    "dispute": [form("provider", "claimed_delivery")],
    "evidence": [page(CONTRACT_SEEN, "delivery"), page(CONTRACT_SEEN, "claimed_delivery")],
    # reports
    "reports": [page(EVERYONE)],
    "report_new": [form("manager lead")],
    "report": [page(EVERYONE, "report"), page("manager lead", "waiting_report")],
    "report_making": [page("manager lead", "report"), page("manager lead", "waiting_report")],
    "report_live": [live("manager lead", "waiting_report")],
    "report_again": [act("manager lead", "report"), act("manager lead", "waiting_report")],
    "report_pdf": [page(EVERYONE, "report"), page("", "waiting_report")],
    "report_csv": [page(EVERYONE, "report"), page("", "waiting_report")],
}  # fmt: skip


@dataclass(frozen=True)
class Public:
    """What the public site answers to nobody in particular, to a stranger, to a member of one territory, to its
    lead, to the lead of another territory, and to staff. `args` stand in the address.

    `lead` and `foreign` are as a member's where nothing is said, `staff` as a stranger's: most pages are the same for all.
    """

    nobody: int
    stranger: int
    member: int
    args: tuple = ()
    lead: int | None = None
    foreign: int | None = None
    staff: int | None = None

    def answers(self) -> dict[str, int]:
        return {
            "nobody": self.nobody,
            "stranger": self.stranger,
            "north supplier": self.member,
            "north lead": self.member if self.lead is None else self.lead,
            "south lead": self.member if self.foreign is None else self.foreign,
            "staff": self.stranger if self.staff is None else self.staff,
        }


def of_leads(*things: str, status: int = 200) -> Public:
    """A page about a territory for its leads alone; 405 where it takes POST only."""
    return Public(302, 404, 404, ("thames-valley", *things), status, 404)


def of_members(*things: str, status: int = 200) -> Public:
    """A page about a territory for everyone who plays a part there."""
    return Public(302, 404, status, ("thames-valley", *things), status, 404)


def of_staff(*things: object) -> Public:
    """A page of the desk."""
    return Public(302, 404, 404, things, 404, 404, 200)


SAME = Public(200, 200, 200)
# What staff correct; nothing else is at the desk.
DESK = ("territory", "organisation", "supporttype")
PUBLIC: dict[str, Public] = {
    "home": SAME,
    "your_territories": Public(302, 200, 302),
    "join": SAME,
    "application_link": Public(404, 404, 404, ("forged",)),
    # Its applicant sees it; here that is nobody of these.
    "application": Public(404, 404, 404, ("reference",)),
    "application_change": Public(404, 404, 404, ("reference",)),
    "applications": of_leads(),
    "welcome": of_leads(),
    "application_review": of_leads("application"),
    "application_approve": of_leads("application", status=405),
    "application_return": of_leads("application"),
    "application_refuse": of_leads("application"),
    "people": of_members(),
    "journal_of_people": of_members(),
    "invite": of_members(),
    "part_end": of_members("part"),
    "part_hand_over": of_members("part"),
    "invitation_revoke": of_members("part", status=405),
    "invitation": Public(404, 404, 404, ("forged",)),
    "staff:index": of_staff(),
    "staff:jsi18n": of_staff(),
    "staff:app_list": of_staff("territories"),
    **{f"staff:territories_{kind}_changelist": of_staff() for kind in DESK},
    **{f"staff:territories_{kind}_{page}": of_staff(kind) for kind in DESK for page in ("change", "history")},
    "staff:territories_supporttype_add": of_staff(),
    "accessibility": SAME,
    "privacy": SAME,
    "health": SAME,
    "ready": SAME,
    "set_language": Public(302, 302, 302),
    "security_txt": SAME,
    "stay": Public(302, 204, 204),
    "account": Public(302, 200, 200),
    "your_data": Public(302, 200, 200),
    "your_data_file": Public(302, 200, 200),
    # Who is asked for a password again.
    "account_close": Public(302, 302, 302),
    "second_factor": Public(302, 302, 302),
    "openid_sign_in": Public(404, 404, 404, ("unknown",)),
    "openid_connect_callback": Public(404, 404, 404, ("unknown",)),
    "account_login": Public(200, 302, 302),
    "account_logout": Public(302, 200, 200),
    "account_inactive": SAME,
    "account_signup": Public(200, 302, 302),
    "account_reauthenticate": Public(302, 200, 200),
    "account_email": Public(302, 200, 200),
    "account_email_verification_sent": SAME,
    "account_confirm_email": Public(200, 200, 200, ("no-such-key",)),
    "account_change_password": Public(302, 200, 200),
    "account_set_password": Public(302, 302, 302),
    "account_reset_password": SAME,
    "account_reset_password_done": SAME,
    "account_reset_password_from_key": Public(200, 200, 200, ("1", "no-such-key")),
    "account_reset_password_from_key_done": SAME,
    "account_confirm_login_code": Public(302, 302, 302),
    # Who is asked for a password again, or has nothing there yet.
    "mfa_index": Public(302, 200, 200),
    "mfa_authenticate": Public(302, 302, 302),
    "mfa_reauthenticate": Public(302, 302, 302),
    "mfa_activate_totp": Public(302, 302, 302),
    "mfa_deactivate_totp": Public(302, 404, 404),
    "mfa_view_recovery_codes": Public(302, 404, 404),
    "mfa_generate_recovery_codes": Public(302, 302, 302),
    "mfa_download_recovery_codes": Public(302, 404, 404),
    "mfa_list_webauthn": Public(302, 200, 200),
    "mfa_add_webauthn": Public(302, 302, 302),
    "mfa_reauthenticate_webauthn": Public(302, 302, 302),
    "mfa_remove_webauthn": Public(302, 302, 302, (1,)),
    "mfa_edit_webauthn": Public(302, 302, 302, (1,)),
    "mfa_login_webauthn": Public(302, 302, 302),
    "usersessions_list": Public(302, 200, 200),
}

# Views of other projects, which have their own rules instead of an `access`.
OF_ALLAUTH = ("account_", "mfa_", "usersessions_")
THIRD_PARTY = {"set_language", *(name for name in PUBLIC if name.startswith(OF_ALLAUTH))}

TABLES: dict[str, Mapping[str, object]] = {"dicm.urls": TERRITORY, "dicm.urls_public": PUBLIC}


def rows() -> list[Row]:
    """The table of a territory's site, row by row."""
    return [
        Row(url, thing, may, status, takes, query)
        for url, answers in TERRITORY.items()
        for may, thing, status, takes, query in answers
    ]


# ---- what the table is held against ----


@dataclass(frozen=True)
class Address:
    """A pattern of a site: its name with its namespace, its route as one reads it, and its view."""

    name: str
    route: str
    view: Callable


def addresses(urlconf: str, patterns=None, space: str = "", before: str = "/") -> Iterator[Address]:
    """Every address of a site, in the order in which it is asked."""
    for pattern in get_resolver(urlconf).url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name or pattern.pattern}", route, pattern.callback)
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(urlconf, pattern.url_patterns, inner, route)


def unlisted(urlconf: str) -> list[str]:
    """Addresses of a site that its table does not name, and names of the table that are no address."""
    return sorted({address.name for address in addresses(urlconf)} ^ TABLES[urlconf].keys())


def silent(urlconf: str) -> list[str]:
    """Views of ours that do not say who may."""
    ours = (address for address in addresses(urlconf) if address.name not in THIRD_PARTY)
    return sorted(address.name for address in ours if not hasattr(address.view, "access"))
