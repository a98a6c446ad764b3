"""What a person sees of their own account, on the public site: who they are, how it is protected, where it is open."""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from territories.access import signed_in_strongly
from territories.people.openid.queries import connected

# Where someone wanted to go who was sent to set up a second factor first.
WANTED = "second_factor_next"


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Name, address, second factors and sessions, each with the way to change it."""
    sessions = sorted(UserSession.objects.purge_and_list(request.user), key=lambda held: held.created_at)
    return render(
        request,
        "account/your_account.html",
        {
            "factors": Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at"),
            "sessions": sessions,
            "connected": connected(request.user),
        },
    )


@login_required
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed; whoever has one already is asked for it, and both come back."""
    wanted = request.GET.get("next", "")
    wanted = wanted if get_adapter(request).is_safe_url(wanted) else reverse("account")
    held = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    if signed_in_strongly(request):
        return HttpResponseRedirect(wanted)
    if held:
        page = "mfa_reauthenticate" if "totp" in held else "mfa_reauthenticate_webauthn"
        return redirect(f"{reverse(page)}?{urlencode({'next': wanted})}")
    request.session[WANTED] = wanted
    return render(request, "account/second_factor.html")


account.access = second_factor.access = ()
