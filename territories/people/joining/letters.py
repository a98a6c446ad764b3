"""Who is told that an organisation asks to take part: the territory's leads; where it has none, the staff."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from territories.models import Application, User
from territories.notices.letters import Letter
from territories.notices.tell import tell
from territories.post import address

WAITS = Letter(
    "application_waits",
    _("%(applicant)s asks to take part"),
    _("%(speaker)s has asked that %(applicant)s may take part in %(territory)s. Only its leads can answer."),
    _("Read and answer"),
    duty=True,
)
LEADERLESS = Letter(
    "application_leaderless",
    _("%(applicant)s asks to take part, and nobody leads %(territory)s"),
    _(
        "%(speaker)s has asked that %(applicant)s may take part in %(territory)s. It has no lead who could answer."
    ),
    _("The staff's desk"),
    duty=True,
)


def facts_of(application: Application) -> dict[str, Any]:
    return {
        "applicant": application.name,
        "speaker": application.person,
        "territory": str(application.territory),
    }


def page_of(application: Application) -> str:
    return address("application_review", application.territory.slug, application.pk)


def leaderless(application: Application, once: object) -> None:
    staff = User.objects.filter(staff__isnull=False, is_active=True)
    page = address("admin:index")
    tell(staff, LEADERLESS, application, page=page, once=once, **facts_of(application))
