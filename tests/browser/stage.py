"""What browser tests find when they begin: the demo's story, and a tender that is being scored beside it.

Runs in a management shell beside a product whose worker is at work.
"""

import time
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from dicm.demo import story
from dicm.demo.story import agree, cast, score
from spo.orders import actions as orders
from spo.orders.models import Order
from spo.scoring import actions as scoring
from spo.tenders import actions as tenders
from territories.models import Territory
from tests.seen import read

SCORED = "Furniture for the front counters"
OPEN_FOR = timedelta(seconds=3)


def play() -> None:
    story.play(print)
    with Territory.objects.get(slug=cast.THAMES_VALLEY):
        tender_in_scoring()


def tender_in_scoring() -> None:
    """Two criteria, three evaluators who have not declared yet, and one bid."""
    buyer, supplier = cast.part_of(cast.BUYER), cast.part_of(cast.SUPPLIER)
    tender = tenders.prepare_tender(
        title=SCORED,
        scope="Desks, chairs and counters for five front offices.",
        notice="",
        weight=Decimal(10),
        top_grade=5,
        closes_at=timezone.now() + timedelta(minutes=1),
        by=buyer,
    )
    for question in score.QUESTIONS:
        tenders.add_criterion(tender, by=buyer, **score.as_criterion(question))
    for person in cast.PANEL:
        scoring.appoint(tender, cast.part_of(person), by=buyer)
    order = agree.drafted(AGREED, supplier)
    agree.agreed(order)
    closes_at = timezone.now() + OPEN_FOR
    tenders.change_tender(tender, version=tender.version, closes_at=closes_at, by=buyer)
    tender = tenders.open_tender(tender, seen=read(tender), by=buyer)
    order.refresh_from_db()
    order = score.written_for(tender, order, supplier)
    scoring.submit(order, tender, seen=read(order), by=supplier)
    while tender.takes_bids:
        time.sleep(0.05)
    scoring.begin_scoring(tender, seen=read(tender), by=buyer)


AGREED = agree.Draft(
    "Desks for the homework table",
    "Two of the desks that we replace go to the kitchen, sanded and oiled by our joiners.",
    (agree.Line(agree.KITCHEN, "goods", 2, 300, "Two desks in one delivery in the first month."),),
)
BOOKS = agree.Draft(
    "Books for the homework table",
    "A shelf of ours, filled once.",
    (agree.Line(agree.KITCHEN, "goods", 30, 200, "Thirty books in one delivery in the first month."),),
)
FEWER = agree.Line(agree.KITCHEN, "goods", 30, 111, "Thirty worn books in one delivery in the first month.")


def offer() -> None:
    """An order that its provider has not answered; says where it stands."""
    with Territory.objects.get(slug=cast.THAMES_VALLEY):
        order = agree.drafted(BOOKS, cast.part_of(cast.SUPPLIER))
        agree.put_before_providers(order)
        print(f"/orders/{order.pk}/")


def offer_less() -> None:
    """The same order taken back, its line changed, and offered again."""
    with Territory.objects.get(slug=cast.THAMES_VALLEY):
        supplier = cast.part_of(cast.SUPPLIER)
        order = Order.objects.get(title=BOOKS.title)
        orders.take_back(order, seen=read(order), by=supplier)
        line = order.commitments.get()
        new = agree.facts(FEWER, line.starts_on + agree.MONTH)
        orders.rewrite_commitment(line, version=line.version, by=supplier, **new)
        agree.put_before_providers(order)
