"""The words in which the access table is written: who stands before a thing, and what they get."""

from dataclasses import dataclass

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
