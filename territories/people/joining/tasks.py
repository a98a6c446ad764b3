"""What is told in a territory of an application that stands on the public site: ids and words in, one step called."""

from celery import shared_task
from django.db import transaction

from territories.models import Application, Membership
from territories.notices.people import people
from territories.notices.tell import settled, tell
from territories.people.joining.letters import WAITS
from territories.tasks import assert_territory


@shared_task
def tell_leads(territory_id: int, application_id: int, page: str, once: int, facts: dict) -> None:
    assert_territory(territory_id)
    with transaction.atomic():
        application = Application(pk=application_id)
        leads = people(Membership.Role.LEAD)
        tell(leads, WAITS, application, page=page, once=once, remind=True, **facts)


@shared_task
def answered(territory_id: int, application_id: int) -> None:
    """Nobody is reminded any more, and it waits for nobody."""
    assert_territory(territory_id)
    with transaction.atomic():
        settled(Application(pk=application_id), WAITS)
