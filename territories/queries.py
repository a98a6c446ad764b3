"""What is read about territories and who takes part in them."""

from django.db.models import Prefetch

from territories.models import Organisation, Oversight, Region, Territory


def standing_territories() -> list[Territory]:
    """Territories of today, by name, with their region and the body that oversees them now."""
    now = Oversight.objects.filter(valid_to=None)
    rows = Territory.objects.filter(valid_to=None).select_related("region")
    return list(rows.prefetch_related(Prefetch("oversights", queryset=now, to_attr="now")).order_by("name"))


def region_of(territory: Territory) -> dict:
    """A territory's region, overseeing body, and the public bodies and universities that take part."""
    partners = Organisation.objects.filter(
        participations__territory=territory,
        participations__until=None,
        closed_at=None,
        kind__in=(*Organisation.BUYERS, Organisation.Kind.UNIVERSITY),
    )
    return {
        "name": Region.objects.get(pk=territory.region_id),
        "oversight": territory.oversights.filter(valid_to=None).first(),
        "partners": list(partners.order_by("kind", "name")),
    }
