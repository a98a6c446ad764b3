"""What allauth asks us while somebody signs in with a provider, and at which stage of it."""

import logging

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthError
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from territories.people.openid.claims import told
from territories.people.openid.queries import owner_of
from territories.people.openid.rules import used_a_second_factor, why_not_sign_in
from territories.people.openid.views import no_answer, not_signed_in, sign_in_page

log = logging.getLogger(__name__)


class OpenIDAdapter(DefaultSocialAccountAdapter):
    """Nobody gets an account this way: whoever has one, and no reason against it, is signed in."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        return False

    def populate_user(self, request, sociallogin, data):
        # Called before anything is looked up or written: what is not kept here is kept nowhere.
        sociallogin.account.extra_data = told(sociallogin.account.extra_data)
        return sociallogin.user

    def pre_social_login(self, request, sociallogin) -> None:
        account, app = sociallogin.account, sociallogin.provider.app
        person = sociallogin.user if account.pk else owner_of(account.extra_data["email"])
        if reason := why_not_sign_in(app, account, person):
            raise ImmediateHttpResponse(not_signed_in(request, reason, sociallogin.get_redirect_url(request)))
        if person and not person.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        sociallogin.user = person
        sociallogin.account, _new = SocialAccount.objects.get_or_create(
            provider=account.provider,
            uid=account.uid,
            defaults={"user": person, "extra_data": account.extra_data},
        )

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        state = (extra_context or {}).get("state") or {}
        if error == AuthError.CANCELLED:
            messages.info(request, _("You did not sign in with %(provider)s.") % {"provider": provider.name})
            raise ImmediateHttpResponse(redirect(sign_in_page(state.get("next"))))
        log.warning("%s signs nobody in: %s %s", provider.app.provider_id, error, exception or "")
        late = _("This sign-in began too long ago, or in another browser.")
        reason = no_answer(provider.name) if state else late
        raise ImmediateHttpResponse(not_signed_in(request, reason, state.get("next")))


class SecondFactorStage(AuthenticateStage):
    """Asks whoever has a second factor here for it, but not whoever has just used one at a provider that is
    trusted with that; then the session counts as strong (territories/access.py).
    """

    def handle(self) -> tuple:
        if not used_a_second_factor(self.login):
            return super().handle()
        record_authentication(self.request, self.login.user, "mfa", type="openid")
        return None, True
