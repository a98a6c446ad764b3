"""The public site, and the first page of a territory."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from territories.access import everyone, member, parts_here, parts_of
from territories.models import Membership
from territories.pages.tiles import Tile, tiles
from territories.queries import region_of, standing_territories
from territories.sessions import kept_here, stayed


@everyone
def home(request):
    """The 45 territories as a map and as a table."""
    territories = standing_territories()
    squares = [
        Tile(
            slug=t.slug,
            name=str(t),
            label=t.label,
            column=t.column,
            row=t.row,
            value=_("%(millions)s m") % {"millions": f"{t.population / 1_000_000:.1f}"},
            sentence=_("%(count)s people") % {"count": f"{t.population:,}"},
            href=f"{t.url}/",
            shade=min(4, t.population // 750_000),
        )
        for t in territories
    ]
    title = _("Map of the territories, each with its population in millions")
    picture = tiles("territories", squares, title=title)
    return render(request, "territories/home.html", {"territories": territories, "map": picture})


@everyone
def territory_home(request):
    """What a territory is, who watches over it, what goes on in it, and what waits for its members."""
    leads = bool(request.member and request.member.role == Membership.Role.LEAD)
    context = {"region": region_of(request.territory), "leads": leads}
    return render(request, "territories/territory.html", context)


@login_required
@never_cache
def your_territories(request):
    """Where to go after signing in: every part that one plays."""
    parts = parts_of(request)
    if len(parts) == 1 and "stay" not in request.GET:
        return redirect(f"{parts[0].territory.url}/")
    return render(request, "territories/your_territories.html", {"mine": parts})


your_territories.access = ()


@member()
def switch(request, pk):
    """Play another of one's parts in this territory."""
    if not any(part.pk == pk for part in parts_here(request)):
        raise Http404
    if request.headers.get("Sec-Fetch-Site", "none") == "cross-site":  # a page of somebody else leads here
        return redirect("/")
    request.session[f"part:{request.territory.slug}"] = pk
    return redirect("/")


@member()
def kept(request):
    """What was sent after the sign-in had ended: to read, and to send again."""
    held = kept_here(request)
    if held is None or held["by"] != str(request.user.pk):
        return redirect("/")
    return render(request, "territories/kept.html", {"held": held})


@member()
def stay(request):
    """Asked by a page whose reader says that they are still there."""
    return stayed(request)


@login_required
def stay_public(request):
    """The same on the public site, where nobody plays a part."""
    return stayed(request)


stay_public.access = ()


@everyone
def accessibility(request):
    return render(request, "territories/accessibility.html")


@everyone
def privacy(request):
    return render(request, "territories/privacy.html")


@everyone
def security_txt(request):
    """Where to report a weakness (RFC 9116); it says that it holds for the next half year."""
    expires = (timezone.now() + timedelta(days=182)).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: {settings.DICM_SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: en, cy",
        f"Canonical: {settings.DICM_PUBLIC_URL}{request.path}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
