"""What every page knows about where it is and who is reading."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from territories.access import acting, parts_of


def site(request) -> dict:
    """`territory`, `member`, `parts` (the person's other parts), `nav` and `public_url`."""
    territory = getattr(request, "territory", None)
    if not hasattr(request, "user"):
        return {
            "public_url": settings.DICM_PUBLIC_URL,
            "mfa_required": settings.DICM_MFA_REQUIRED,
            "territory": territory,
            "nav": [],
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
        "nav": _nav(request, territory, playing),
        "mfa_required": settings.DICM_MFA_REQUIRED,
        "public_url": settings.DICM_PUBLIC_URL,
        # A page that nobody signed in reads can't be left too long.
        "idle_seconds": settings.DICM_IDLE_SECONDS if playing or not territory else 0,
    }


def _nav(request, territory, playing) -> list[dict]:
    if territory is None:
        entries = [("/", _("Territories"))]
        if request.user.is_authenticated:
            entries.append((reverse("your_territories"), _("Your territories")))
        if playing:
            entries.append((f"{playing.territory.url}/", str(playing.territory)))
        entries.append((reverse("join"), _("Join")))
    else:
        entries = [("/", _("Overview")), ("/activities/", _("Activities"))]
        if playing:
            entries += [
                ("/orders/", _("Social Purchase Orders")),
                ("/tenders/", _("Tenders")),
                ("/contracts/", _("Contracts")),
            ]
        entries += [("/reports/", _("Reports")), ("/research/", _("Research"))]
        if playing:
            entries += [("/people/", _("People")), ("/journal/", _("Journal"))]
    return [
        {
            "label": label,
            "url": url,
            "active": request.path == url or (url != "/" and request.path.startswith(url)),
        }
        for url, label in entries
    ]
