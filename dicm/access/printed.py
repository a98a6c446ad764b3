"""The access table as a page of the documentation."""

from django.contrib.admindocs.views import simplify_regex

from dicm.access.checks import Address, addresses
from dicm.access.public import PUBLIC, Public
from dicm.access.territory import rows
from dicm.access.words import EVERYONE, MEMBERS, Row

# What people of the table are in relation to the thing that stands beside them; the longest groups first.
GROUPS = {
    MEMBERS: "every member",
    "buyer other_buyer": "buyers",
    "evaluator evaluator2": "evaluators",
    "supplier traveller rival": "suppliers",
    "provider other_provider": "providers",
    "supplier traveller": "its supplier",
    "lead": "leads",
    "colleague": "community colleagues",
    "manager": "category managers",
    "researcher": "researchers",
    "supplier": "whose it is",
    "buyer": "its buyer",
    "other_buyer": "its buyer",
    "rival": "its supplier",
    "provider": "its provider",
}
THINGS = {
    "": "",
    "part": "one's own part",
    "rivals_order": "another supplier's order",
    "rivals_line": "a line of another supplier's order",
    "councils_tender": "another buyer's tender",
    "sealed_bid": "a bid before the closing time",
    "rivals_sealed_bid": "another supplier's bid before the closing time",
    "undeclared_bid": "a bid before the evaluator has declared interests",
    "scoring_bid": "a bid that is being scored",
    "bid": "a bid of a finished tender",
    "rivals_bid": "another supplier's bid of a finished tender",
    "tender": "an awarded tender",
    "open_tender": "a tender that takes bids",
    "scoring_tender": "a tender that is being scored",
    "signing_contract": "a contract that waits for signatures",
    "contract": "a signed contract",
    "claimed_delivery": "a delivery that is claimed",
    "delivery": "a delivery that is confirmed",
    "waiting_report": "a report that is not made yet",
    "seat": "a seat on its panel",
    "draft_line": "a line of a draft",
    "offered_line": "a line that is offered",
    "order": "a sealed order",
    "publication": "a publication",
    "activity": "a published activity",
}
GETS = {
    200: "the page",
    302: "sent on",
    307: "the event stream",
    204: "nothing to see",
    404: "nothing (404)",
    405: "",
}


def in_words() -> str:
    """The whole table as Markdown."""
    territory = [line for address in addresses("dicm.urls") for line in _territory_lines(address)]
    public = [_public_line(address) for address in addresses("dicm.urls_public")]
    return "\n".join([
        HEAD,
        "## A territory's site",
        "",
        "| address | of | who | gets |",
        "|---|---|---|---|",
        *territory,
        "",
        "## The public site",
        "",
        "| address | not signed in | without a part | member of the territory | its lead | lead of another | staff |",
        "|---|---|---|---|---|---|---|",
        *public,
        "",
    ])  # fmt: skip


HEAD = """# Who may what

Printed by `manage.py access_table` from the one table that the tests walk (`dicm/access/`): every address of every site,
with every person of the cast, in their own territory and in a foreign one. Whoever is not named gets nothing: who is signed in
is told that there is no such page (404), in the same words as for a page that does not exist; who is not is sent to sign in.
**2** marks what needs a second factor; territory leads and staff need one for everything that is not open to all.
"""


def _territory_lines(address: Address) -> list[str]:
    answers: dict[tuple[str, str], list[str]] = {}
    for row in rows():
        if row.url == address.name:
            answers.setdefault((_people(row), _gets(row, address)), []).append(_thing(row.thing))
    return [
        f"| {_route(address)} | {'; '.join(dict.fromkeys(filter(None, things)))} | {people} | {gets} |"
        for (people, gets), things in answers.items()
    ]


def _public_line(address: Address) -> str:
    row: Public = PUBLIC[address.name]
    return f"| {_route(address)} | {' | '.join(GETS[status] or 'may send' for status in row.answers().values())} |"


def _people(row: Row) -> str:
    if row.may == EVERYONE:
        return "everyone"
    left, found = set(row.names), []
    for group, words in GROUPS.items():
        if (members := set(group.split())) <= left:
            found.append(words)
            left -= members
    return ", ".join(dict.fromkeys(found)) or "nobody"


def _gets(row: Row, address: Address) -> str:
    if not row.may:
        return "nothing"
    gets = {"GET": GETS[row.status], "GET POST": "the form", "POST": "may send"}[row.takes]
    file = " as a file" if row.query else ""
    return f"{gets}{file}{' **2**' if getattr(address.view, 'strong', False) else ''}"


def _thing(name: str) -> str:
    words = THINGS.get(name, name.replace("_", " "))
    return words if name in THINGS or not words else f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _route(address: Address) -> str:
    return f"`{simplify_regex(address.route).replace('//', '/')}`"
