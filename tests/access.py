"""One of everything that the access table names, everybody's browser before it, and how refusals are told apart."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from community import actions as community
from dicm.access.checks import addresses
from dicm.access.public import PUBLIC
from dicm.access.words import Row
from research import actions as research
from research.models import Publication
from spo.reports import actions as reports
from spo.reports.models import Report
from spo.tenders import actions as tenders
from territories.people.joining import actions as joining
from territories.tenancy import tenant_models
from tests.cast import Cast
from tests.client import Browser, acting_in
from tests.story import Story, publication_facts, story_of, support, tender_facts

# ---- the things ----

World = dict[str, object]


def _draft_publication(company: Cast, activity) -> Publication:
    with acting_in(company.territory):
        return research.draft_publication(activity, by=company.researcher, **publication_facts())


def world_of(company: Cast) -> World:
    """One of everything that a row names, in a territory of its own; keys only."""
    first = story_of(company).walk("sealed")
    other = _rivals(first)
    first.walk("reported")
    sealed = story_of(company).walk("sealed")
    rivals_sealed = _rivals(sealed)
    draft, offered = story_of(company).walk("draft"), story_of(company).walk("offered")
    prepared = story_of(company).walk("prepared")
    undeclared, scoring = story_of(company).walk("scoring"), story_of(company).walk("declared")
    signing, claimed = story_of(company).walk("locked"), story_of(company).walk("claimed")
    registered = story_of(company).walk("registered")
    with acting_in(company.territory):
        community.introduce(about="Parcels and a kettle.", by=company.other_provider)
    return {
        "": None,
        "part": company.supplier.pk,
        "activity": first.activity.pk,
        "draft_activity": registered.activity.pk,
        "impact": first.impact.pk,
        "need": first.need.pk,
        "publication": first.publication.pk,
        "draft_publication": _draft_publication(company, first.activity).pk,
        "order": first.order.pk,
        "draft_order": draft.order.pk,
        "draft_line": draft.line.pk,
        "offered_order": offered.order.pk,
        "offered_line": offered.line.pk,
        "rivals_order": rivals_sealed.order.pk,
        "rivals_line": rivals_sealed.line.pk,
        "tender": first.tender.pk,
        "draft_tender": prepared.tender.pk,
        "councils_tender": _tender_of_the_council(company).pk,
        "open_tender": sealed.tender.pk,
        "scoring_tender": scoring.tender.pk,
        "criterion": prepared.criteria[0].pk,
        "seat": prepared.panel[0].pk,
        "sealed_bid": sealed.bid.pk,
        "rivals_sealed_bid": rivals_sealed.bid.pk,
        "undeclared_bid": undeclared.bid.pk,
        "scoring_bid": scoring.bid.pk,
        "bid": first.bid.pk,
        "rivals_bid": other.bid.pk,
        "contract": first.contract.pk,
        "signing_contract": signing.contract.pk,
        "delivery": first.delivery.pk,
        "claimed_delivery": claimed.delivery.pk,
        "report": first.report.pk,
        "waiting_report": _waiting_report(company).pk,
    }


def public_world_of(company: Cast) -> World:
    """What the table of the public site names: an application that waits, and the supplier's part."""
    application = joining.apply(
        territory=company.territory,
        kind="provider",
        name="Barton Repair Café",
        numbers=[["GB-CHC", "1170001"]],
        reason="We mend bicycles.",
        person="Nia Bowen",
        email="nia@barton.example",
    )
    joining.confirm(application)
    return {
        "application": application.pk,
        "reference": application.reference,
        "part": company.supplier.pk,
        "territory": company.territory.pk,
        "organisation": company.supplier.organisation.pk,
        "supporttype": support().pk,
    }


def _rivals(story: Story) -> Story:
    return story_of(story.cast, supplier=story.cast.rival, tender=story.tender).walk("sealed")


def _tender_of_the_council(company: Cast):
    with acting_in(company.territory):
        return tenders.prepare_tender(by=company.other_buyer, **tender_facts(title="Cleaning"))


def _waiting_report(company: Cast) -> Report:
    """A report whose worker died before it began."""
    today = timezone.localdate()
    with acting_in(company.territory):
        report = reports.order_report(starts_on=today - timedelta(days=1), ends_on=today, by=company.lead)
    with company.territory:
        Report.objects.filter(pk=report.pk).update(status=Report.Status.ORDERED, ready_at=None, percent=0)
    return report


# ---- at the doors ----


@dataclass(frozen=True)
class Stage:
    """Both worlds, and everybody's browser at both sites, signed in once."""

    cast: Cast
    things: dict[str, dict]
    browsers: dict[tuple[str, str], Browser]

    def at(self, site: str, who: str) -> Browser:
        return self.browsers[site, who]

    def role(self, who: str, site: str) -> str | None:
        """The role that somebody plays at a site, if any."""
        home, _, name = who.partition(" ")
        if name == "traveller" or home == site:
            company = self.cast if home == "north" else self.cast.south
            return company.parts()[name].role
        return None


def stage_of(cast: Cast) -> Stage:
    """Builds both worlds and signs everybody in; all of it is committed."""
    people = {f"north {name}": part.user for name, part in cast.parts().items()}
    people |= {f"south {name}": part.user for name, part in cast.south.parts().items() if name != "traveller"}
    people |= {"stranger": cast.stranger, "staff": cast.staff, "nobody": None}
    sites = {"north": cast.territory, "south": cast.south.territory, "public": None}
    browsers = {}
    for who, user in people.items():
        signed_in = Browser(None)
        if user:
            signed_in.force_login(user)
        for site, territory in sites.items():
            browsers[site, who] = Browser(territory)
            browsers[site, who].cookies = signed_in.cookies
    things = {"north": world_of(cast), "south": world_of(cast.south), "public": public_world_of(cast)}
    return Stage(cast, things, browsers)


def public_path_of(name: str, things: dict) -> str:
    args = [things.get(arg, arg) for arg in PUBLIC[name].args]
    return reverse(name, args=args, urlconf="dicm.urls_public")


def path_of(row: Row, things: dict) -> str:
    args = [things[row.thing]] if row.thing else []
    return reverse(row.url, args=args, urlconf="dicm.urls") + (f"?{row.query}" if row.query else "")


def refusal(row: Row, who: str) -> int | str:
    """404, but whoever is not signed in is sent to sign in where only members may be."""
    members_only = getattr(VIEWS[row.url], "access", None) is not None
    return "sign in" if who == "nobody" and members_only else 404


def answer(response) -> int | str:
    """The status, or that one is sent to the public site's sign-in page."""
    if response.status_code == 302 and response.url.startswith(f"{settings.LOGIN_URL}?next="):
        return "sign in"
    return response.status_code


def one_of_each(cast: Cast, names: frozenset[str]) -> set[str]:
    """One name for each role, and whoever is at home in both territories."""
    return {*{getattr(cast, name).role: name for name in sorted(names)}.values()} | (names & {"traveller"})


def fingerprint(territory) -> str:
    """Changes with every change of any row of the territory."""
    tables = [model._meta.db_table for model in tenant_models()]
    sums = ", ".join(f'(SELECT sum(hashtextextended(t::text, 0)) FROM "{table}" t)' for table in tables)
    with territory, connection.cursor() as cursor:
        cursor.execute(f"SELECT {sums}")
        return str(cursor.fetchone())


VIEWS = {address.name: address.view for address in addresses("dicm.urls")}
