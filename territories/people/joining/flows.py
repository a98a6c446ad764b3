"""The life of an application to join."""

from django.utils.translation import gettext_lazy as _

from territories.flow import Edge, Flow
from territories.models import Application

S = Application.Status
APPLICATION = Flow(
    _("application"),
    S,
    Edge("confirm", (S.UNCONFIRMED,), S.WAITING, "applicant"),
    Edge("return", (S.WAITING,), S.RETURNED, "lead"),
    Edge("change", (S.RETURNED,), S.WAITING, "applicant"),
    Edge("approve", (S.WAITING,), S.APPROVED, "lead, or the territory's rule"),
    Edge("refuse", (S.WAITING,), S.REFUSED, "lead"),
)
