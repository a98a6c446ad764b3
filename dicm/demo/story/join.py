"""Left open for the reader: an application that waits for the lead of Thames Valley."""

from dicm.demo.story.cast import THAMES_VALLEY
from territories.models import Application, Territory
from territories.people.joining import actions
from territories.tenancy import PUBLIC_SITE, connection

EMAIL = "nia@barton.example"


def ask() -> None:
    """A charity applies and confirms its address; on the public site, under the public role."""
    connection.set_tenant(PUBLIC_SITE)
    try:
        if application := Application.objects.filter(email=EMAIL).order_by("created_at").first():
            actions.confirm(application)
        else:
            actions.confirm(_applied())
    finally:
        connection.set_schema_to_public()


def _applied() -> Application:
    return actions.apply(
        territory=Territory.objects.get(slug=THAMES_VALLEY),
        kind="provider",
        name="Barton Repair Café",
        numbers=[["GB-CHC", "9900014"]],
        reason=(
            "Every Saturday volunteers mend bicycles, toasters and radios with whoever brings them. "
            "We would like suppliers to lend us tools and a second room."
        ),
        person="Nia Bowen",
        email=EMAIL,
    )
