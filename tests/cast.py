"""The people of every test, and the story that they walk through by real actions."""

import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, fields
from datetime import timedelta
from decimal import Decimal
from html import unescape

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.test import Client, TestCase
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
from spo.scoring.models import Award, Bid, PanelMember
from spo.scoring.queries.panel import seat_of
from spo.scoring.sheets import agenda_of, sheet_of, standing_of
from spo.tenders import actions as tenders
from spo.tenders.models import Criterion, Tender
from spo.tenders.published import as_published
from territories.journal.chain import record
from territories.models import (
    Identifier,
    Membership,
    Organisation,
    Participation,
    Staff,
    SupportType,
    Territory,
    User,
)
from territories.papers.digest import digest_of, plain
from territories.papers.uploads import checked
from territories.shown import version_of

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PASSWORD = "correct horse battery staple"
# In each territory: a postcode inside, in the district whose ONS code is given.
PLACES = {
    "thames-valley": {"postcode": "OX4 1AA", "district_code": "E07000178", "district": "Oxford"},
    "hampshire": {"postcode": "SO14 7LY", "district_code": "E06000045", "district": "Southampton"},
}


# ---- who ----


@dataclass(frozen=True)
class Part:
    """One part of the cast: a role for an organisation."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True)
class House:
    """An organisation of the cast with its number in a register."""

    name: str
    kind: str
    scheme: str
    number: str


HOUSES = {
    "thames-valley": {
        "council": House("Oxford City Council", "council", "GB-LAE", "OXO"),
        "police": House("Thames Valley Police", "police", "XI", "TVP"),
        "charity": House("Cowley Road Youth Project", "provider", "GB-CHC", "1164883"),
        "other": House("Iffley Food Bank", "provider", "GB-CHC", "1164884"),
        "builder": House("Ridgeway Builders Ltd", "supplier", "GB-COH", "09121572"),
        "rival": House("Cherwell Facilities Ltd", "supplier", "GB-COH", "09121573"),
        "university": House("University of Oxford", "university", "ROR", "052GG0110"),
    },
    "hampshire": {
        "council": House("Southampton City Council", "council", "GB-LAE", "STH"),
        "police": House("Hampshire Constabulary", "police", "XI", "HCO"),
        "charity": House("St Mary’s Youth Boxing", "provider", "GB-CHC", "1164885"),
        "other": House("Bevois Valley Pantry", "provider", "GB-CHC", "1164886"),
        "builder": House("Solent Works Ltd", "supplier", "GB-COH", "09121574"),
        "rival": House("Itchen Cleaning Ltd", "supplier", "GB-COH", "09121575"),
        "university": House("University of Southampton", "university", "ROR", "01RYK1543"),
    },
}

PARTS = {
    "lead": Part("Lena Ahmed", "lead", "police"),
    "colleague": Part("Colin Price", "colleague", "council"),
    "provider": Part("Priya Shah", "provider", "charity"),
    "other_provider": Part("Oti Mensah", "provider", "other"),
    "supplier": Part("Sam Carter", "supplier", "builder"),
    "rival": Part("Rhys Morgan", "supplier", "rival"),
    "buyer": Part("Bella Novak", "buyer", "police"),
    "other_buyer": Part("Bruno Hall", "buyer", "council"),
    "evaluator": Part("Eva Lindqvist", "evaluator", "police"),
    "evaluator2": Part("Ewan Kerr", "evaluator", "council"),
    "manager": Part("Mo Farouk", "manager", "police"),
    "researcher": Part("Ruth Oyelaran", "researcher", "university"),
}


@dataclass(frozen=True)
class Cast:
    """The parts of one territory; `south` is the same company one territory further."""

    territory: Territory
    lead: Membership
    colleague: Membership
    provider: Membership
    other_provider: Membership
    supplier: Membership
    rival: Membership
    buyer: Membership
    other_buyer: Membership
    evaluator: Membership
    evaluator2: Membership
    manager: Membership
    researcher: Membership
    # The supplier's second person, who plays the same part in both territories.
    traveller: Membership
    stranger: User
    # One of DICM's own, who plays no part in any territory.
    staff: User
    south: "Cast | None" = None

    def parts(self) -> dict[str, Membership]:
        """Every part by its name."""
        found = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: part for name, part in found.items() if isinstance(part, Membership)}

    def rows(self) -> list[Membership | User | Organisation]:
        """Every object of the cast that the tests of a process share, in both territories."""
        parts = list(self.parts().values())
        rows = [*parts, *(part.user for part in parts), *(part.organisation for part in parts)]
        return [*rows, self.stranger, self.staff, *(self.south.rows() if self.south else [])]


def facts_of(row: Model) -> dict:
    """What an object in memory says of its own columns."""
    return {field.attname: vars(row)[field.attname] for field in row._meta.concrete_fields}


def engage(north: Territory, south: Territory) -> Cast:
    """Write everybody into the public schema."""
    stranger = _person("stranger@example.org", "Stella Stranger")
    staff = _person("staff@example.org", "Stan Field")
    Staff.objects.create(user=staff)
    traveller = _person("traveller@example.org", "Tara Traveller")
    builder = HOUSES["thames-valley"]["builder"]
    companies = []
    for territory in (south, north):
        joined = {key: _join(house, territory) for key, house in HOUSES[territory.slug].items()}
        parts = {key: _engaged(key, part, joined[part.organisation]) for key, part in PARTS.items()}
        parts["traveller"] = Membership.objects.appoint(
            user=traveller, participation=_join(builder, territory), role="supplier"
        )
        companies.append(parts)
    southern = Cast(territory=south, stranger=stranger, staff=staff, **companies[0])
    return Cast(territory=north, stranger=stranger, staff=staff, south=southern, **companies[1])


def _join(house: House, territory: Territory) -> Participation:
    organisation, created = Organisation.objects.get_or_create(name=house.name, kind=house.kind)
    if created:
        Identifier.objects.create(
            organisation=organisation, scheme=house.scheme, value=house.number, preferred=True
        )
    return Participation.objects.get_or_create(organisation=organisation, territory=territory)[0]


def _person(email: str, name: str) -> User:
    """Someone who can sign in with PASSWORD."""
    user = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _engaged(key: str, part: Part, participation: Participation) -> Membership:
    territory = participation.territory
    user = _person(f"{key}@{territory.slug}.example.org", part.name)
    return Membership.objects.appoint(user=user, participation=participation, role=part.role)


# ---- where ----


@contextmanager
def acting_in(territory: Territory) -> Iterator[None]:
    """In the territory's schema and under its role; what was left for after the commit happens at the end.

    Where a test is rolled back there is no commit: what waits for one is done here, in the territory
    in which it was queued. Where a test commits, PostgreSQL's own commit has done it already.
    """
    with territory, TestCase.captureOnCommitCallbacks(execute=True):
        yield


class Browser(Client):
    """A test client at a territory's own address, or at the public site's."""

    def __init__(self, territory: Territory | None = None, **options):
        self.territory = territory
        host = territory.host if territory else settings.DICM_BASE_DOMAIN
        headers = {"host": f"{host}{settings.DICM_ORIGIN_SUFFIX}"} | options.pop("headers", {})
        super().__init__(headers=headers, **options)

    def force_login(self, user, backend=None, *, second_factor=True):
        """Signed in as somebody who used a second factor, unless told."""
        super().force_login(user, backend)
        if second_factor:
            session = self.session
            session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()

    def fill(self, url, sent=None, on=None, **options):
        """Send to `url` the form that the page `on` has for it, with what is hidden in the form.

        Without `on` it is the form on the page at `url` itself.
        """
        return self.post(url, self.hidden(url, on) | (sent or {}), **options)

    def hidden(self, url, on=None) -> dict:
        """What is hidden in that form, as it stands now."""
        page = self.get(on or url).content.decode()
        forms = re.findall(r'<form method="post"([^>]*)>(.*?)</form>', page, re.DOTALL)
        named = (lambda head: f'action="{url}"' in head) if on else (lambda head: "action=" not in head)
        found = next((HIDDEN.findall(body) for head, body in forms if named(head)), [])
        return {name: unescape(value) for name, value in found}

    def request(self, **request):
        """Ask, then do what was left for after the commit where it was queued."""
        with TestCase.captureOnCommitCallbacks() as left:
            response = super().request(**request)
        if left:
            with acting_in(self.territory) if self.territory else nullcontext():
                for act in left:
                    act()
        return response


# ---- what somebody has read before an act ----


def read(row) -> str:
    """The version of a row as it now stands: what a page opened now would post; nothing where it is gone."""
    current = type(row)._default_manager.filter(pk=row.pk).first()
    if current is None:
        return ""
    return version_of(as_published(current) if isinstance(current, Tender) else current)


def sheet_read(bid: Bid, evaluator: Membership) -> str:
    """The same for an evaluator's scores of a bid."""
    bid = Bid.objects.select_related("tender").get(pk=bid.pk)
    seat = seat_of(evaluator, bid.tender)
    return version_of(sheet_of(bid, seat, evaluator)) if seat else ""


def agenda_read(bid: Bid, chair: Membership) -> str:
    """The same for a bid in moderation."""
    return version_of(agenda_of(Bid.objects.select_related("tender").get(pk=bid.pk), chair))


def standing_read(tender: Tender) -> str:
    """The same for the ranking of a tender."""
    return version_of(standing_of(as_published(Tender.objects.get(pk=tender.pk))))


def award_read(tender: Tender) -> str:
    """The same for the award of a tender; nothing before it is made."""
    award = Award.objects.filter(tender=tender).first()
    return version_of(award) if award else ""


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


# ---- what ----

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


def played_for(user, participation, role, ended=None) -> None:
    connection.set_schema_to_public()
    Membership.objects.appoint(user=user, participation=participation, role=role, ended_at=ended)
