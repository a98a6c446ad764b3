"""Who may: every view says it in its first line, and nothing is open by forgetting.

`view.access` is None for everyone, or the roles that may; the access table in the tests walks them all.
What weighs more needs a second factor: pages that say `strong=True`, and every part in STRONG_ROLES.
"""

from functools import wraps

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from territories.models import Membership
from territories.refusal import Refused
from territories.sessions import keep, kept_here

ANY_ROLE = tuple(Membership.Role.values)
# Whoever leads a territory needs a second factor for everything that is not open to all.
STRONG_ROLES = (Membership.Role.LEAD,)
# The hidden field of every form: in which part it was shown.
PART = "part"


def parts_of(request) -> list[Membership]:
    """All the parts that the person plays, in every territory; read once a request."""
    if not hasattr(request, "_parts"):
        request._parts = (
            list(
                Membership.objects.playing()
                .filter(user=request.user)
                .select_related("user", "participation__organisation", "participation__territory")
                .order_by("participation__territory__name", "participation__organisation__name", "role")
            )
            if request.user.is_authenticated
            else []
        )
    return request._parts


def parts_here(request) -> list[Membership]:
    """The parts played in the territory of this request, the chosen one first."""
    if request.territory is None:
        return []
    chosen = request.session.get(f"part:{request.territory.slug}")
    here = [part for part in parts_of(request) if part.participation.territory_id == request.territory.pk]
    return sorted(here, key=lambda part: part.pk != chosen)


def acting(request, roles=ANY_ROLE) -> Membership | None:
    """The part in which the person is here: the chosen one if its role fits, else the first that fits."""
    return next((part for part in parts_here(request) if part.role in roles), None)


def _shown_to(request, fitting: list[Membership]) -> Membership | None:
    """Of the parts that fit, the one to which the form was shown that is posted, whatever was chosen since.

    The first one where nothing is posted, or by a form that was shown to nobody in particular; Refused where
    the part of the form is not played any more.
    """
    shown = request.POST.get(PART)
    if not (shown and fitting):
        return fitting[0] if fitting else None
    part = next((part for part in fitting if str(part.pk) == shown), None)
    if part is None:
        raise Refused(_("You don't play the part any more in which you opened this page. Open it again."))
    return part


def signed_in_strongly(request) -> bool:
    """Whether a second factor was used in this session, or none is asked for (DICM_MFA_REQUIRED).

    Read from the session: a territory's role can't read anybody's second factors.
    """
    used = get_authentication_records(request, request.user)
    return not settings.DICM_MFA_REQUIRED or any(record["method"] == "mfa" for record in used)


def too_weak(request, part: Membership, strong: bool = False) -> bool:
    """Whether what is asked needs a second factor that this session has not seen."""
    if signed_in_strongly(request):
        return False
    return strong or part.role in STRONG_ROLES or request.user.is_staff


def member(*roles, strong=False):
    """Only for people who play one of these roles here (any, if none is named); others see 404.

    Someone who is not signed in is sent to sign in and comes back, and someone without a second factor,
    where it is `strong`, to set one up. The view finds its part in `request.member`.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return to_sign_in(request)
            fitting = [part for part in parts_here(request) if part.role in (roles or ANY_ROLE)]
            request.member = _shown_to(request, fitting)
            if request.member is None:
                raise Http404
            if too_weak(request, request.member, strong):
                return to_second_factor(request)
            return view(request, *args, **kwargs)

        guarded.access = roles or ANY_ROLE  # type: ignore[attr-defined]
        guarded.strong = strong  # type: ignore[attr-defined]
        return guarded

    return decorate


def member_of(*roles):
    """On the public site, at an address that names a territory by its slug: only for people who play one of
    these roles there; others see 404. The view finds its part in `request.member`.
    """

    def decorate(view):
        @wraps(view)
        @never_cache
        def guarded(request, slug, *args, **kwargs):
            if not request.user.is_authenticated:
                return to_sign_in(request)
            fitting = roles or ANY_ROLE
            chosen = request.session.get(f"part:{slug}")
            there = [
                part for part in parts_of(request) if part.territory.slug == slug and part.role in fitting
            ]
            request.member = _shown_to(request, sorted(there, key=lambda part: part.pk != chosen))
            if request.member is None:
                raise Http404
            if too_weak(request, request.member):
                return to_second_factor(request)
            return view(request, *args, **kwargs)

        guarded.access = roles or ANY_ROLE  # type: ignore[attr-defined]
        return guarded

    return decorate


def everyone(view):
    """For residents too. A member who is here is known as `request.member`, else it is None.

    Whose part needs a second factor that was not used sees what residents see.
    """

    @wraps(view)
    def open_view(request, *args, **kwargs):
        part = acting(request)
        request.member = None if part and too_weak(request, part) else part
        return view(request, *args, **kwargs)

    open_view.access = None  # type: ignore[attr-defined]
    return open_view


def to_sign_in(request):
    """To the public site's sign-in page, and back here afterwards; what was sent too late is kept."""
    keep(request)
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': way_back(request)})}")


def to_second_factor(request):
    """To the public site's page that says why a second factor is needed, and back here afterwards."""
    page = f"{settings.DICM_PUBLIC_URL}/account/second-factor/"
    return redirect(f"{page}?{urlencode({'next': way_back(request)})}")


def way_back(request) -> str:
    """This page; where something was sent, the page that has kept it, or the site's first one."""
    if request.method == "GET":
        return request.build_absolute_uri()
    return request.build_absolute_uri("/kept/" if kept_here(request) else "/")
