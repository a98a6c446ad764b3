"""What each main page costs: statements and milliseconds, for the one whose page it is."""

import time
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dicm.bench.sizes import size
from dicm.bench.table import table
from dicm.demo.story import agree, cast, deliver, score, target
from research.models import Publication
from spo.scoring import actions
from spo.scoring.models import Bid
from spo.tenders import actions as tenders
from spo.tenders.models import Tender
from spo.tenders.published import as_published
from territories.models import Territory, User
from territories.shown import version_of

RUNS = size(15, 1)
TENDER = "A tender in its individual round"


@dataclass(frozen=True)
class Visit:
    """A page of the territory, or of the public site, and who reads it."""

    name: str
    reader: cast.Person | None
    path: str
    public: bool = False


def measured() -> str:
    territory = Territory.objects.get(slug=cast.THAMES_VALLEY)
    with territory:
        visits = _visits()
    rows = [(visit.name, _reader(visit), *_cost(visit, territory.host)) for visit in visits]
    return table(
        f"Pages: SQL statements, and the median of {RUNS} readings",
        ("page", "reader", "statements", "ms"),
        [(name, reader, statements, f"{ms:.1f}") for name, reader, statements, ms in rows],
    )


def signed_in(person: cast.Person | None, host: str) -> Client:
    """A client whose requests go to a host, with the session of a person."""
    client = Client(HTTP_HOST=f"{host}{settings.DICM_ORIGIN_SUFFIX}")
    if person:
        client.force_login(User.objects.get(email=person.email))
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa"}]
        session["account_authentication_methods_user"] = str(client.session[SESSION_KEY])
        session.save()
    return client


def _visits() -> list[Visit]:
    contract, bid = deliver.contract_of_the_story(), bid_being_scored()
    report = deliver.report_of_the_story()
    return [
        Visit("public home", None, "/", public=True),
        Visit("territory home", None, "/"),
        Visit("activities", cast.SUPPLIER, "/activities/"),
        Visit("activity", cast.SUPPLIER, f"/activities/{target.activity(target.BOXING).pk}/"),
        Visit("order", cast.SUPPLIER, f"/orders/{agree.order_of(agree.STATIONS).pk}/"),
        Visit("tenders", cast.BUYER, "/tenders/"),
        Visit("tender", cast.BUYER, f"/tenders/{score.tender_of_the_story().pk}/"),
        Visit("scoring a bid", cast.PANEL[0], f"/bids/{bid.pk}/score/"),
        Visit("contract", cast.BUYER, f"/contracts/{contract.pk}/"),
        Visit("progress fragment", cast.BUYER, f"/contracts/{contract.pk}/progress/"),
        Visit("reports", cast.MANAGER, "/reports/"),
        Visit("report", cast.MANAGER, f"/reports/{report.pk if report else ''}/"),
        Visit("research", cast.RESEARCHER, "/research/"),
        Visit("publication", cast.RESEARCHER, f"/research/{Publication.objects.get().pk}/"),
    ]


def bid_being_scored() -> Bid:
    """A bid in a tender of its own, with the order that the story left ready to submit."""
    buyer, evaluator = cast.part_of(cast.BUYER), cast.part_of(cast.PANEL[0])
    closes_at = timezone.now() + timedelta(seconds=3)
    tender = score.prepared(TENDER, score.SCOPE, closes_at)
    tender = tenders.open_tender(tender, seen=version_of(tender), by=buyer)
    order = score.written_for(tender, agree.order_of(agree.FLEET), cast.part_of(cast.SUPPLIER))
    bid = actions.submit(order, tender, seen=version_of(order), by=cast.part_of(cast.SUPPLIER))
    while tender.takes_bids:
        time.sleep(0.1)
    tender = as_published(Tender.objects.get(pk=tender.pk))
    actions.begin_scoring(tender, seen=version_of(tender), by=buyer)
    actions.declare(tender, conflict=False, words="", by=evaluator)
    return bid


def _reader(visit: Visit) -> str:
    return str(visit.reader.role) if visit.reader else "resident"


def _cost(visit: Visit, host: str) -> tuple[int, float]:
    """(statements, median milliseconds) once the caches are warm."""
    client = signed_in(visit.reader, settings.DICM_BASE_DOMAIN if visit.public else host)
    _read(client, visit)
    with CaptureQueriesContext(connection) as statements:
        _read(client, visit)
    return len(statements), median(_read(client, visit) for _run in range(RUNS))


def _read(client: Client, visit: Visit) -> float:
    start = time.perf_counter()
    response = client.get(visit.path, headers={"HX-Request": "true"} if "fragment" in visit.name else None)
    took = 1000 * (time.perf_counter() - start)
    if response.status_code != 200:
        raise AssertionError(f"{visit.path} answered {response.status_code} instead of a page")
    return took
