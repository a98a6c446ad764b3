"""What waits for a member, in every room: asked together, the most urgent first."""

from datetime import datetime
from itertools import chain

from django.shortcuts import render
from django.utils import timezone

from community import queries as community
from research import queries as research
from spo.contracts import queries as contracts
from spo.delivery import queries as delivery
from spo.orders import queries as orders
from spo.reports import queries as reports
from spo.scoring.queries import tenders as scoring
from territories.access import member
from territories.models import Membership
from territories.pages.lists import Waiting
from territories.people.joining import queries as joining

ROOMS = (
    joining.waiting_for,
    community.waiting_for,
    research.waiting_for,
    orders.waiting_for,
    scoring.waiting_for,
    contracts.waiting_for,
    delivery.waiting_for,
    reports.waiting_for,
)


def waiting_for(reader: Membership) -> list[Waiting]:
    """What is due first, then what has waited longest."""
    return sorted(chain.from_iterable(room(reader) for room in ROOMS), key=_urgency)


def _urgency(entry: Waiting) -> tuple[datetime, datetime]:
    now = timezone.now()
    never = now.replace(year=now.year + 100)
    return entry.due or never, entry.since or now


@member()
def waiting(request):
    """By itself for the first page, which asks for it; as a page of its own without JavaScript."""
    now = timezone.now()
    entries = [
        entry._asdict()
        | {
            "days": (now - entry.since).days if entry.since else None,
            "late": bool(entry.due and entry.due < now),
        }
        for entry in waiting_for(request.member)
    ]
    return render(request, "waiting.html", {"entries": entries})
