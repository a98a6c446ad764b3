"""What every act has in common: a transaction of its own, and a part that is still played."""

import logging
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from territories.models import Membership
from territories.refusal import Refused, require
from territories.tenancy import PUBLIC, connection

logger = logging.getLogger(__name__)


def act[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """One act of the part `by`: in a transaction of its own, with the part as it stands there.

    Refused where the part is not played any more: before anything is done, and again before it is done for good, as
    whoever waits for a lock may lose the part meanwhile. `by` is given by name.
    """
    return _in_a_part(action, until_done=True)


def act_on_parts[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """The same for an act that may end the part `by` itself, and reads it again once nobody else can."""
    return _in_a_part(action, until_done=False)


def _in_a_part[**P, R](action: Callable[P, R], *, until_done: bool) -> Callable[P, R]:
    by = signature(action).parameters.get("by")
    if by is None or by.kind != Parameter.KEYWORD_ONLY:
        raise TypeError(f"{action.__name__} does not say by whom: it needs the keyword `by`.")

    @wraps(action)
    def acted(*args: P.args, **kwargs: P.kwargs) -> R:
        given: dict[str, Any] = kwargs
        with transaction.atomic(durable=True):
            given["by"] = still_acting(given["by"])
            try:
                result = action(*args, **kwargs)
            except ObjectDoesNotExist as gone:
                # Its page was there when it was asked for: somebody removed it before this act had its turn.
                logger.warning("%s: %s", action.__qualname__, gone, exc_info=gone)
                raise Refused(_("This is not there any more: somebody removed it meanwhile.")) from gone
            if until_done:
                still_acting(given["by"])
            return result

    return acted


def still_acting(by: Membership) -> Membership:
    """The part as it stands in the database; Refused if it is not played any more, or elsewhere."""
    rows = Membership.objects.select_related(
        "user", "participation__organisation", "participation__territory"
    )
    stands = rows.filter(pk=by.pk, user=by.user_id, participation=by.participation_id, role=by.role).first()
    require(why_not_act(stands))
    assert stands is not None
    return stands


def why_not_act(by: Membership | None) -> str | None:
    """Why nothing can be done in a part: it has ended, its organisation has left, it is another territory's."""
    if by is None or by.ended_at or not by.user.is_active:
        return _("You don't play this part any more. Ask a colleague or a lead of the territory.")
    if by.participation.until or by.organisation.closed_at:
        return _("%(name)s does not take part in this territory any more.") % {"name": by.organisation}
    if connection.schema_name not in {PUBLIC, by.territory.schema_name}:
        return _("You play this part in another territory.")
    return None
