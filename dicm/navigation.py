"""Where one goes from every page: gathered above all rooms."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from territories.access import acting
from territories.models import Membership
from territories.notices.queries import unread_by

# Pages of a territory by their names in `urls.py`; the second ones for members alone.
PAGES = (
    ("territory", _("Overview"), False),
    ("activities", _("Activities"), False),
    ("orders", _("Social Purchase Orders"), True),
    ("tenders", _("Tenders"), True),
    ("contracts", _("Contracts"), True),
    ("reports", _("Reports"), False),
    ("publications", _("Research"), False),
    ("people_here", _("People"), True),
    ("journal", _("Journal"), True),
)


def navigation(request) -> dict:
    """`nav`, and how many notices are `unread`."""
    if not hasattr(request, "user"):  # the page of an error, before anybody is known
        return {"nav": []}
    playing = getattr(request, "member", None) or acting(request)
    # Counted by the page that shows it, and by no other.
    told = {"unread": lambda: unread_by(request.user).order_by().count()}
    if getattr(request, "territory", None) is None:
        return told | {"nav": _entries(request, _public(request, playing))}
    pages = [(reverse(name), label) for name, label, members in PAGES if playing or not members]
    return told | {"nav": _entries(request, pages)}


def _public(request, playing: Membership | None) -> list[tuple]:
    pages = [(reverse("home"), _("Territories"))]
    if request.user.is_authenticated:
        pages.append((reverse("your_territories"), _("Your territories")))
    if playing:
        pages.append((f"{playing.territory.url}/", playing.territory))
    return [*pages, (reverse("join"), _("Join"))]


def _entries(request, pages: list[tuple]) -> list[dict]:
    return [{"label": str(label), "url": url, "active": _is_in(request.path, url)} for url, label in pages]


def _is_in(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
