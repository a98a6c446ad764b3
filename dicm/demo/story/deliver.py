"""Real-time and Shape: deliveries are claimed, confirmed or disputed, and a report says what came of it."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from dicm.demo.story.cast import MANAGER, SUPPLIER, part_of, provider_of
from dicm.demo.story.score import tender_of_the_story
from spo.contracts.models import Contract, Term
from spo.delivery import actions
from spo.delivery.models import Delivery, Progress
from spo.reports.actions import order_again, order_report
from spo.reports.models import Report
from territories.models import Membership
from territories.papers import uploads as evidence
from territories.shown import version_of

PATIENCE = 60  # seconds that the worker has for one thing


class Late(Exception):
    """The worker did not do in time what the story waits for; one sentence for the reader."""


@dataclass(frozen=True)
class Gift:
    """A delivery: so many days after the first day of term `number`, and what its provider says to it."""

    number: int
    day: int
    quantity: int
    cost: int
    note: str
    says: str = "confirm"  # or "" for nothing yet, or what is wrong


GIFTS = (
    Gift(1, 3, 12, 540, "Mentor training for six people, then the first hour with each young person."),
    Gift(1, 11, 10, 450, "Five pairs met twice. One mentor was ill and has been in touch by letter."),
    Gift(1, 24, 12, 540, "All six pairs met twice."),
    Gift(2, 6, 6, 900, "First lot: six pieces, with the workbench at wheelchair height."),
    Gift(
        2,
        20,
        6,
        890,
        "Second lot: six pieces.",
        "Four pieces came; the two mixers were left out because the van was full. We confirm once they are here.",
    ),
    Gift(3, 5, 8, 200, "First Friday: two people from six to ten."),
    Gift(3, 12, 8, 200, "Second Friday, with the nurse's talk about burns."),
    Gift(3, 19, 8, 200, "Third Friday."),
    Gift(3, 26, 8, 200, "Fourth Friday. Meal for sixty-four.", ""),
)


def deliver() -> None:
    """Deliveries in every state, and a progress that fits them."""
    contract = contract_of_the_story()
    terms = {term.number: term for term in contract.terms.select_related("provider")}
    for gift in GIFTS:
        decided(claimed(gift, terms[gift.number]), gift, terms[gift.number])
    worker_has(lambda: progress_of(contract), "recomputed the contract's progress")


def shape() -> None:
    """A report of the period so far, made by the worker."""
    manager, contract = part_of(MANAGER), contract_of_the_story()
    report = report_of_the_story() or ordered(contract.terms.earliest("starts_on").starts_on, manager)
    if report.status == Report.Status.FAILED:
        order_again(report, by=manager)
    worker_has(ready_report, "made the report")


def contract_of_the_story() -> Contract:
    return Contract.objects.get(award__tender=tender_of_the_story())


def report_of_the_story() -> Report | None:
    return Report.objects.order_by("ordered_at").first()


def progress_of(contract: Contract) -> Progress | None:
    """The contract's progress, once it is up to date."""
    return Progress.objects.filter(contract=contract, due_at=None).first()


def ready_report() -> Report | None:
    report = report_of_the_story()
    if report and report.status == Report.Status.FAILED:
        raise Late("The worker could not make the report.")
    return report if report and report.status == Report.Status.READY else None


def ordered(first_day: date, by: Membership) -> Report:
    return order_report(starts_on=first_day, ends_on=timezone.localdate(), by=by)


def claimed(gift: Gift, term: Term) -> Delivery:
    """The delivery, claimed with a sheet as evidence if nobody has claimed it yet."""
    known = Delivery.objects.filter(term=term, note=gift.note).first()
    day = term.starts_on + timedelta(days=gift.day)
    return known or actions.claim(
        term,
        quantity=Decimal(gift.quantity),
        donor_cost=Decimal(gift.cost),
        delivered_on=day,
        note=gift.note,
        evidence=evidence.checked(sheet(gift, term, day), settings.EVIDENCE_MAX_BYTES),
        by=part_of(SUPPLIER),
    )


def decided(delivery: Delivery, gift: Gift, term: Term) -> None:
    """What the provider says about a delivery that it has said nothing about."""
    if delivery.state != Delivery.Status.CLAIMED or not gift.says:
        return
    provider = provider_of(term.provider.organisation_id)
    if gift.says == "confirm":
        actions.confirm(delivery, seen=version_of(delivery), by=provider)
    else:
        actions.dispute(delivery, what=gift.says, seen=version_of(delivery), by=provider)


def sheet(gift: Gift, term: Term, day: date) -> ContentFile:
    """A delivery note as a picture, the way someone would photograph one."""
    paper = Image.new("L", (900, 420), 250)
    words = f"DELIVERY NOTE\n\n{day:%-d %B %Y}\n{gift.quantity} {term.support_type.unit}\n\n{gift.note}"
    ImageDraw.Draw(paper).multiline_text((40, 40), words, 20, ImageFont.load_default(20), spacing=12)
    file = io.BytesIO()
    paper.save(file, "PNG")
    return ContentFile(file.getvalue(), "note.png")


def worker_has[T](look: Callable[[], T | None], done: str) -> T:
    """What `look` finds as soon as it finds something; Late when patience ends."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > end:
            raise Late(f"The worker has not {done} within {PATIENCE} seconds.")
        time.sleep(0.05)
    return found
