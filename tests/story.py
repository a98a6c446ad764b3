"""The story that the cast walks through by real actions, stage by stage."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image

from community import actions as community
from community.models import Activity, Impact, Need, Provider
from community.published import publish as publish_version
from research import actions as research
from research.models import Publication
from spo.contracts import actions as contracts
from spo.contracts.models import Contract, Term
from spo.delivery import actions as delivery
from spo.delivery.models import Delivery
from spo.orders import actions as orders
from spo.orders.models import Commitment, Order
from spo.reports import actions as reports
from spo.reports.models import Report
from spo.scoring import actions as scoring
from spo.scoring.models import Bid, PanelMember
from spo.tenders import actions as tenders
from spo.tenders.models import Criterion, Tender
from territories.journal.chain import record
from territories.models import (
    Membership,
    SupportType,
    Territory,
)
from territories.papers.digest import digest_of, plain
from territories.papers.uploads import checked
from tests.cast import PLACES, Cast
from tests.client import acting_in
from tests.seen import agenda_read, award_read, read, sheet_read, standing_read


def published_at_once(rows: QuerySet[Activity], *, by: Membership) -> None:
    """Many activities, published without the act of each."""
    rows.update(status="published", published_at=timezone.now())
    for row in rows.select_related("provider__organisation"):
        publish_version(row, "publish", by=by)


def closed(tender: Tender) -> None:
    """Time passes: the clock stays as it is, and what was published about the closing time moves behind it.

    A draft's is a fact of its row; of what is open a second version is published, with its line in the journal.
    """
    closes_at = timezone.now() - timedelta(seconds=1)
    Tender.objects.filter(pk=tender.pk).update(closes_at=closes_at)
    last = tender.versions.last()
    if last is None:
        return
    body = plain(last.body | {"closes_at": closes_at})
    last.pk, last._state.adding = None, True
    last.number, last.body, last.digest = last.number + 1, body, digest_of(body)
    with transaction.atomic():
        last.save(force_insert=True)
        record("open", tender, after={"version": last.number, "digest": last.digest})


def written_for(order: Order, tender: Tender, supplier: Membership, company: "Cast") -> None:
    """An agreed order, agreed once more by its providers: for this tender."""
    orders.write_for(order, tender, seen=read(order), by=supplier)
    providers = {part.organisation: part for part in (company.provider, company.other_provider)}
    for line in order.commitments.filter(status=Commitment.Status.PROPOSED):
        orders.agree(line, seen=read(line), by=providers[line.activity.provider.organisation])


STAGES = (
    "registered",  # an activity as a draft
    "published",  # … with its dual impact and its need
    "draft",  # an order with one line
    "offered",
    "agreed",
    "prepared",  # a tender as a draft, with criteria and panel
    "open",
    "sealed",  # a bid
    "scoring",  # the closing time has passed
    "declared",
    "scored",  # every evaluator has scored every bid
    "moderation",
    "settled",  # every consensus grade is agreed
    "awarded",
    "locked",  # a contract waits for signatures
    "active",  # everyone has signed
    "claimed",
    "confirmed",
    "evaluated",  # a publication about the activity, published
    "reported",  # a report, made
)


@dataclass
class Story:
    """How far things have come in a territory, and what is there by now."""

    territory: Territory
    cast: Cast
    supplier: Membership
    provider: Membership
    stage: str = ""
    registered: Provider | None = None
    activity: Activity | None = None
    impact: Impact | None = None
    need: Need | None = None
    order: Order | None = None
    line: Commitment | None = None
    tender: Tender | None = None
    criteria: list[Criterion] = field(default_factory=list)
    panel: list[PanelMember] = field(default_factory=list)
    bid: Bid | None = None
    contract: Contract | None = None
    term: Term | None = None
    delivery: Delivery | None = None
    publication: Publication | None = None
    report: Report | None = None

    def walk(self, stage: str) -> "Story":
        """Go on until `stage`, each step an act of its own in the territory."""
        todo = STAGES[STAGES.index(self.stage) + 1 if self.stage else 0 : STAGES.index(stage) + 1]
        for name in todo:
            with acting_in(self.territory):
                _STEPS[name](self)
            self.stage = name
        with self.territory:
            for name in ("activity", "order", "line", "tender", "bid", "contract", "delivery", "report"):
                if row := getattr(self, name):
                    row.refresh_from_db()
        return self


def story_of(company: Cast, **given) -> Story:
    """A story at its beginning; `given` may name supplier, provider, activity or tender of another one."""
    parts = {"supplier": company.supplier, "provider": company.provider} | given
    return Story(territory=company.territory, cast=company, **parts)


def support(code: str = "volunteering") -> SupportType:
    return SupportType.objects.get(code=code)


def picture() -> SimpleUploadedFile:
    """A small PNG, as a phone would send it."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(content, "PNG")
    return SimpleUploadedFile("IMG_0042.png", content.getvalue(), "image/png")


def commitment(activity: Activity, **changed) -> dict:
    """HOW and WHERE of one line that runs now."""
    today = timezone.localdate()
    place = {name: getattr(activity, name) for name in ("postcode", "district_code", "district")}
    facts = {
        "activity": activity,
        "support_type": support(),
        "quantity": Decimal("120.00"),
        "donor_cost": Decimal("2400.00"),
        "starts_on": today - timedelta(days=30),
        "ends_on": today + timedelta(days=300),
        "how": "Two site managers coach on Thursday evenings.",
    }
    return facts | place | changed


def tender_facts(**changed) -> dict:
    facts = {
        "title": "Refurbishment of Cowley police station",
        "scope": "Refit of the ground floor and the custody suite.",
        "notice": "032703-2026",
        "weight": Decimal("10.00"),
        "top_grade": 5,
        "closes_at": timezone.now() + timedelta(days=14),
    }
    return facts | changed


def _register(story: Story) -> None:
    if story.activity:
        story.registered = story.activity.provider
        return
    organisation = story.provider.organisation
    story.registered = Provider.objects.filter(organisation=organisation).first()
    if story.registered is None:
        known = organisation.identifiers.get(preferred=True)
        story.registered = community.register_provider(
            name=organisation.name,
            scheme=known.scheme,
            number=known.value,
            about="Evenings for young people, five days a week.",
            by=story.cast.colleague,
        )
    story.activity = community.register_activity(
        provider=story.registered,
        by=story.provider,
        title="Friday night football",
        what="Floodlit football with trained coaches, and someone to talk to.",
        who="Young people aged 11 to 17",
        **PLACES[story.territory.slug],
    )


def _publish(story: Story) -> None:
    if story.activity.status == "published":
        return
    story.impact = community.add_impact(
        story.activity,
        primary="safer",
        secondary="policing",
        reason="Fewer calls on Fridays.",
        by=story.provider,
    )
    story.need = community.add_need(
        story.activity, support_type=support(), quantity=Decimal("200.00"), note="Coaches", by=story.provider
    )
    story.activity = community.publish_activity(story.activity, seen=read(story.activity), by=story.provider)


def _draft(story: Story) -> None:
    story.order = orders.draft_order(
        title=f"{story.supplier.organisation}: coaches for Fridays",
        approach="One person of ours looks after it; we meet every month.",
        by=story.supplier,
    )
    story.line = orders.add_commitment(story.order, by=story.supplier, **commitment(story.activity))


def _offer(story: Story) -> None:
    orders.offer(story.order, seen=read(story.order), by=story.supplier)


def _agree(story: Story) -> None:
    orders.agree(story.line, seen=read(story.line), by=story.provider)


def _prepare(story: Story) -> None:
    if story.tender is None:
        story.tender = tenders.prepare_tender(by=story.cast.buyer, **tender_facts())
        story.criteria = [
            tenders.add_criterion(
                story.tender,
                dimension=dimension,
                title=title,
                guidance="Named people and days.",
                weight=Decimal(weight),
                by=story.cast.buyer,
            )
            for dimension, title, weight in [("how", "Deliverability", "60"), ("where", "Place", "40")]
        ]
        story.panel = [
            scoring.appoint(story.tender, evaluator, by=story.cast.buyer)
            for evaluator in (story.cast.evaluator, story.cast.evaluator2)
        ]
    story.criteria = story.criteria or list(story.tender.criteria.all())
    story.panel = story.panel or list(story.tender.panel.all())


def _open(story: Story) -> None:
    if Tender.objects.get(pk=story.tender.pk).status == "draft":
        tenders.open_tender(story.tender, seen=read(story.tender), by=story.cast.buyer)


def _seal(story: Story) -> None:
    written_for(story.order, story.tender, story.supplier, story.cast)
    story.bid = scoring.submit(story.order, story.tender, seen=read(story.order), by=story.supplier)


def _begin_scoring(story: Story) -> None:
    closed(story.tender)
    scoring.begin_scoring(story.tender, seen=read(story.tender), by=story.cast.buyer)


def _declare(story: Story) -> None:
    for part in (story.cast.evaluator, story.cast.evaluator2, story.cast.buyer):
        scoring.declare(story.tender, conflict=False, words="", by=part)


def _score(story: Story) -> None:
    for evaluator in (story.cast.evaluator, story.cast.evaluator2):
        for bid in story.tender.bids.all():
            grade = 5 if bid.pk == story.bid.pk else 2
            grades = dict.fromkeys(story.criteria, (grade, "Names people and days."))
            scoring.score(bid, grades, seen=sheet_read(bid, evaluator), by=evaluator)


def _settle(story: Story) -> None:
    scoring.settle(story.tender, seen=read(story.tender), by=story.cast.buyer)


def _agree_grades(story: Story) -> None:
    for bid in story.tender.bids.all():
        for criterion in story.criteria:
            scoring.agree_grade(
                bid,
                criterion,
                grade=5 if bid.pk == story.bid.pk else 2,
                rationale="The panel agreed.",
                seen=agenda_read(bid, story.cast.buyer),
                by=story.cast.buyer,
            )


def _award(story: Story) -> None:
    scoring.award(
        story.tender,
        story.bid,
        reason="The most points.",
        standstill_until=None,
        seen=standing_read(story.tender),
        by=story.cast.buyer,
    )


def _lock(story: Story) -> None:
    story.contract = contracts.lock_in(story.tender, seen=award_read(story.tender), by=story.cast.buyer)
    story.term = story.contract.terms.get()


def _sign(story: Story) -> None:
    for party in (story.cast.buyer, story.supplier, story.provider):
        contracts.sign(story.contract, seen=read(story.contract), by=party)


def _claim(story: Story) -> None:
    story.delivery = delivery.claim(
        story.term,
        quantity=Decimal("30.00"),
        donor_cost=Decimal("600.00"),
        delivered_on=timezone.localdate(),
        note="Three evenings.",
        evidence=checked(picture(), settings.EVIDENCE_MAX_BYTES),
        by=story.supplier,
    )


def _confirm(story: Story) -> None:
    delivery.confirm(story.delivery, seen=read(story.delivery), by=story.provider)


def _evaluate(story: Story) -> None:
    story.publication = research.draft_publication(
        story.activity, by=story.cast.researcher, **publication_facts()
    )
    story.publication = research.publish(
        story.publication, seen=read(story.publication), by=story.cast.researcher
    )


def publication_facts(**changed) -> dict:
    facts = {
        "title": "Friday football and calls to the police",
        "authors": "Oyelaran, R.",
        "design": 3,
        "sample": 140,
        "finding": "positive",
        "summary": "Calls fell by a tenth against two similar streets.",
        "conflicts": "None",
        "doi": "",
    }
    return facts | changed


def _report(story: Story) -> None:
    today = timezone.localdate()
    story.report = reports.order_report(starts_on=today.replace(day=1), ends_on=today, by=story.cast.manager)


_STEPS: dict[str, Callable[[Story], None]] = dict(
    zip(
        STAGES,
        (
            _register,
            _publish,
            _draft,
            _offer,
            _agree,
            _prepare,
            _open,
            _seal,
            _begin_scoring,
            _declare,
            _score,
            _settle,
            _agree_grades,
            _award,
            _lock,
            _sign,
            _claim,
            _confirm,
            _evaluate,
            _report,
        ),
        strict=True,
    )
)
