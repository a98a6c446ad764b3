"""From a host name to a territory, and from a refusal to a sentence."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import set_urlconf
from django.utils.http import url_has_allowed_host_and_scheme

from territories.journal.chain import request_id
from territories.models import Domain
from territories.pages.differences import differences
from territories.refusal import Refused, Stale
from territories.shown import FIELD, carried, facts_of, seen_in
from territories.tenancy import PUBLIC_SITE, connection


class TerritoryMiddleware:
    """Takes the schema and the role that belong to the host; a host that is nobody's is 404."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.territory, token = None, request_id.set(str(uuid.uuid4()))
        connection.set_tenant(PUBLIC_SITE)
        try:
            host = request.get_host().rsplit(":", 1)[0].lower()
        except DisallowedHost:
            return HttpResponseNotFound(b"There is no site at this address.")
        if host != settings.DICM_BASE_DOMAIN:
            request.territory = territory_at(host)
            if request.territory is None:
                return HttpResponseNotFound(b"There is no site at this address.")
            connection.set_tenant(request.territory)
        request.urlconf = settings.ROOT_URLCONF if request.territory else settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(request.urlconf)
        try:
            return self.get_response(request)
        finally:
            request_id.reset(token)
            connection.set_tenant(PUBLIC_SITE)


# RFC 1035, in signs.
LONGEST_HOST = 253


def territory_at(host: str):
    """The territory that answers at a host name, or None; remembered for a minute."""
    if len(host) > LONGEST_HOST:
        return None
    known = caches["hosts"].get(host)
    if known is None:
        domain = Domain.objects.select_related("tenant__region").filter(domain=host).first()
        known = domain.tenant if domain else "nobody"
        caches["hosts"].set(host, known)
    return None if known == "nobody" else known


class HeadersMiddleware:
    """What browsers may do with our pages, and that nobody keeps those of someone who is signed in."""

    # Passkeys and copying are ours; everything that listens, looks or locates is nobody's.
    PERMISSIONS = (
        "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-site")
        # Static files are answered before there is a session.
        if SESSION_KEY in getattr(request, "session", {}):
            response.setdefault("Cache-Control", "private, no-store")
        return response


def written(request) -> list[str]:
    """What somebody wrote in words of their own: what takes more than one."""
    posted = [value.strip() for values in dict(request.POST).values() for value in values]
    return [value for value in posted if len(value.split()) > 1]


class RefusalMiddleware:
    """An act that was refused says why, on the page where it was tried."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # Nothing here has such a name, and PostgreSQL can't be asked for it.
        nul_asked = request.path.startswith("/staff/") and any(
            "\x00" in value for value in request.GET.values()
        )
        if "\x00" in request.path or nul_asked:
            raise Http404

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, Stale) and not request.htmx:
            return self._both_versions(request, exception)
        if request.htmx:
            text = render_to_string(
                "components/reason_refused.html", {"action": "", "reason": exception.reason}
            )
            return HttpResponse(text, status=409)
        if words := written(request):
            context = {"reason": exception.reason, "written": words, "back": self._came_from(request)}
            return render(request, "refused.html", context, status=409)
        messages.error(request, exception.reason)
        # Not `redirect`, which would look for a view of that name.
        return HttpResponseRedirect(self._came_from(request))

    def _both_versions(self, request, stale: Stale):
        """What changed since the page was opened, and the act again for whoever has read it."""
        context = {
            "changes": differences(seen_in(request.POST).facts, facts_of(stale.current), stale.current),
            "seen": carried(stale.current),
            "posted": [
                (name, value)
                for name, values in request.POST.lists()
                if name not in {FIELD, "csrfmiddlewaretoken"}
                for value in values
            ],
            "again": not request.FILES,
            "back": self._came_from(request),
        }
        return render(request, "stale.html", context, status=409)

    def _came_from(self, request) -> str:
        """The page of this site where the act was tried, or the first one."""
        came_from = request.headers.get("Referer", "")
        safe = url_has_allowed_host_and_scheme(
            came_from, {request.get_host()}, settings.DICM_SCHEME == "https"
        )
        return came_from if safe else "/"
