"""To a provider and back, and the page for whoever is not signed in."""

import logging
from functools import wraps

from allauth.account.utils import get_next_redirect_url
from allauth.decorators import rate_limit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views as allauth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from territories.people.openid.queries import identity_providers

log = logging.getLogger(__name__)


def of_a_known_provider(view):
    """404 for a provider that is not configured. One that can't be reached, or says what nobody understands,
    gets a page that says so.
    """

    @wraps(view)
    @never_cache
    def guarded(request, provider_id):
        names = {app["provider_id"]: app["name"] for app in identity_providers()}
        if provider_id not in names:
            raise Http404
        try:
            return view(request, provider_id)
        except (OSError, KeyError, ValueError):  # what requests raises is an OSError
            log.exception("%s answers nothing that can be understood", provider_id)
            return not_signed_in(request, no_answer(names[provider_id]))

    return guarded


@rate_limit(action="login")
@of_a_known_provider
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider, by a page that goes on by itself.

    A redirect would not do: browsers hold every address that a form leads to against our `form-action`, and where
    a provider leads on to is its own affair.
    """
    back = get_next_redirect_url(request)
    if request.method != "POST":
        return redirect(sign_in_page(back))
    provider = get_adapter(request).get_provider(request, provider_id)
    there = provider.redirect(request, AuthProcess.LOGIN, next_url=back).url
    page = render(request, "account/openid_leave.html", {"provider": provider.name, "address": there})
    page["Refresh"] = f"0; url={there}"
    return page


@of_a_known_provider
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From the provider; `OpenIDAdapter` decides what becomes of it."""
    return allauth.callback(request, provider_id)


sign_in.access = come_back.access = None


def not_signed_in(request: HttpRequest, reason: str, back: str | None = None) -> HttpResponse:
    """The page that says why, and what to do."""
    facts = {"reason": reason, "sign_in_page": sign_in_page(back)}
    return render(request, "account/openid_refused.html", facts, status=403)


def no_answer(provider: str) -> str:
    return _("%(provider)s did not confirm who you are.") % {"provider": provider}


def sign_in_page(back: str | None) -> str:
    """The address of the sign-in page, from which one gets to `back`."""
    return reverse("account_login") + (f"?{urlencode({'next': back})}" if back else "")
