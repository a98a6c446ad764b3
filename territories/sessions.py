"""How long a sign-in lasts, and that nothing typed is lost when it is over."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse

BEGAN, SEEN = "began_at", "seen_at"
# Whose sign-in ended in this browser, and what they sent afterwards.
ENDED, KEPT = "ended_for", "kept"
# How often a visit is written down, in seconds.
GRAIN = 60


class IdleMiddleware:
    """Ends a sign-in after DICM_IDLE_SECONDS without a visit, or DICM_SIGN_IN_SECONDS after it began."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        session, now = request.session, int(time.time())
        if SESSION_KEY in session:
            # Keys that are missing: this is the first visit after signing in.
            seen, began = session.get(SEEN, now), session.get(BEGAN, now)
            if now - seen > settings.DICM_IDLE_SECONDS or now - began > settings.DICM_SIGN_IN_SECONDS:
                who = session[SESSION_KEY]
                session.flush()
                session[ENDED] = who
            elif BEGAN not in session or (is_a_visit(request) and now - seen >= GRAIN):
                session[BEGAN], session[SEEN] = began, now
        return self.get_response(request)


def is_a_visit(request) -> bool:
    """Whether a person asked. A page that refreshes itself keeps nobody signed in."""
    return request.method == "POST" or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def stayed(request) -> HttpResponse:
    """Count this as a visit, and answer nothing."""
    request.session[SEEN] = int(time.time())
    return HttpResponse(status=204)


def keep(request) -> None:
    """Hold what somebody sent after their sign-in had ended; files can't be held."""
    if request.method != "POST" or not (who := request.session.get(ENDED)):
        return
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    request.session[KEPT] = {
        "by": who,
        "host": request.get_host(),
        "path": request.get_full_path(),
        "fields": fields,
        "files": sorted(request.FILES),
    }


def kept_here(request) -> dict | None:
    """What was kept at this address of ours, if anything."""
    held = request.session.get(KEPT)
    return held if held and held["host"] == request.get_host() else None
