"""Who may: every view says it in its first line, and nothing is open by forgetting.

`view.access` is None for everyone, or the roles that may; the access table in the tests walks them all.
"""

from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from territories.models import Membership

ANY_ROLE = tuple(Membership.Role.values)


def parts_of(request) -> list[Membership]:
    """All the parts that the person plays, in every territory; read once a request."""
    if not hasattr(request, "_parts"):
        request._parts = (
            list(
                Membership.objects.filter(
                    user=request.user,
                    ended_at=None,
                    participation__until=None,
                    participation__organisation__closed_at=None,
                )
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


def member(*roles):
    """Only for people who play one of these roles here (any, if none is named); others see 404.

    Someone who is not signed in is sent to sign in and comes back. The view finds its part in
    `request.member`.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return to_sign_in(request)
            request.member = acting(request, roles or ANY_ROLE)
            if request.member is None:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.access = roles or ANY_ROLE  # type: ignore[attr-defined]
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
            if not there:
                raise Http404
            request.member = min(there, key=lambda part: part.pk != chosen)
            return view(request, *args, **kwargs)

        guarded.access = roles or ANY_ROLE  # type: ignore[attr-defined]
        return guarded

    return decorate


def everyone(view):
    """For residents too. A member who is here is known as `request.member`, else it is None."""

    @wraps(view)
    def open_view(request, *args, **kwargs):
        request.member = acting(request)
        return view(request, *args, **kwargs)

    open_view.access = None  # type: ignore[attr-defined]
    return open_view


def to_sign_in(request):
    """To the public site's sign-in page, and back here afterwards."""
    back = request.build_absolute_uri() if request.method == "GET" else request.build_absolute_uri("/")
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': back})}")
