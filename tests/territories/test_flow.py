"""States as tables: what leads where, whose it is, and why something else can't be done."""

import pytest
from django.db.models import TextChoices

from community.flows import ACTIVITY
from research.flows import PUBLICATION
from spo.contracts.flows import CONTRACT
from spo.delivery.flows import DELIVERY
from spo.orders.flows import COMMITMENT, ORDER
from spo.reports.flows import REPORT
from spo.tenders.flows import TENDER
from territories.flow import Edge, Flow
from territories.refusal import Refused

FLOWS = [ACTIVITY, PUBLICATION, ORDER, COMMITMENT, TENDER, CONTRACT, DELIVERY, REPORT]


class Door(TextChoices):
    SHUT = "shut", "Shut"
    OPEN = "open", "Open"
    LOCKED = "locked", "Locked"


DOOR = Flow(
    "door",
    Door,
    Edge("open", (Door.SHUT,), Door.OPEN, "guest"),
    Edge("shut", (Door.OPEN, Door.LOCKED), Door.SHUT, "guest"),
    Edge("lock", (Door.SHUT,), Door.LOCKED, "host"),
    Edge("shut", (Door.SHUT,), Door.SHUT, "wind"),
)


@pytest.mark.parametrize(
    ("status", "verb", "after"),
    [
        ("shut", "open", "open"),
        ("open", "shut", "shut"),
        ("locked", "shut", "shut"),
        ("shut", "shut", "shut"),
    ],
)
def test_a_verb_leads_from_a_state_to_another(status, verb, after):
    assert DOOR.after(status, verb) == after
    assert DOOR.why_not(status, verb) is None


def test_a_verb_that_is_not_possible_is_refused_with_the_sentence_of_why_not():
    with pytest.raises(Refused) as refusal:
        DOOR.after("locked", "open")
    assert str(refusal.value.reason) == str(DOOR.why_not("locked", "open"))
    assert str(refusal.value.reason) == "This is not possible any more: the door is now “Locked”."


@pytest.mark.parametrize("ask", [DOOR.why_not, DOOR.after])
def test_a_verb_that_does_not_exist_is_a_mistake_and_no_refusal(ask):
    with pytest.raises(LookupError, match=r"^paint is no verb of door$"):
        ask("shut", "paint")


def test_a_flow_draws_itself():
    assert DOOR.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> shut",
        "    shut --> open: open (guest)",
        "    open --> shut: shut (guest)",
        "    locked --> shut: shut (guest)",
        "    shut --> locked: lock (host)",
        "    shut --> shut: shut (wind)",
    ]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: str(flow.name))
def test_every_state_can_be_reached_from_the_first(flow):
    reached, first = set(), next(iter(flow.states)).value
    todo = {first}
    while todo:
        reached |= todo
        todo = {edge.target for edge in flow.edges if reached & set(edge.sources)} - reached
    assert reached == set(flow.states.values)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: str(flow.name))
def test_one_verb_leads_from_one_state_to_one_other(flow):
    steps = [(edge.verb, source) for edge in flow.edges for source in edge.sources]
    assert len(steps) == len(set(steps))


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: str(flow.name))
def test_every_edge_has_an_owner(flow):
    assert [edge.verb for edge in flow.edges if not edge.owner] == []
