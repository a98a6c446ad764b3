"""What every page knows about where it is and who is reading."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from territories.access import acting, parts_of


def site(request) -> dict:
    """`territory`, `member`, `parts` (the person's other parts), `public_url`, and `back_here` for signing in."""
    territory = getattr(request, "territory", None)
    if not hasattr(request, "user"):
        return {
            "public_url": settings.DICM_PUBLIC_URL,
            "mfa_required": settings.DICM_MFA_REQUIRED,
            "territory": territory,
        }
    playing = getattr(request, "member", None) or acting(request)
    return {
        "territory": territory,
        "member": playing,
        "parts": [
            {
                "label": f"{part.role_name}, {part.organisation} – {part.territory}",
                "url": f"{part.territory.url}{reverse('switch', args=[part.pk], urlconf='dicm.urls')}",
                "may": part.may,
            }
            for part in parts_of(request)
            if playing is None or part.pk != playing.pk
        ],
        "mfa_required": settings.DICM_MFA_REQUIRED,
        "public_url": settings.DICM_PUBLIC_URL,
        "back_here": back_here(request),
        # A page that nobody signed in reads can't be left too long.
        "idle_seconds": settings.DICM_IDLE_SECONDS if playing or not territory else 0,
    }


def back_here(request) -> str:
    """The query by which signing in leads back to this page; none from the pages of signing in themselves."""
    if "/accounts/" in request.path:
        return ""
    return "?" + urlencode({"next": request.build_absolute_uri()})
