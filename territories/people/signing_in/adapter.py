"""How people sign in: by e-mail, on the public site, with an account that an organisation gave them."""

import base64
import re
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from territories.models import UserActivity
from territories.pages.plain import plain_address
from territories.post import address, post

# What allauth tells people about, by the name of its letter.
CHANGES = {
    "account/email/email_changed": _("Your e-mail address was changed to another one."),
    "account/email/email_confirm": _("An e-mail address was confirmed as yours."),
    "account/email/email_deleted": _("An e-mail address was removed."),
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("Your password was chosen anew through a link in an e-mail."),
    "account/email/password_set": _("A password was set."),
    "mfa/email/recovery_codes_generated": _(
        "New recovery codes were made; the old ones don't work any more."
    ),
    "mfa/email/totp_activated": _("An authenticator app was added as your second factor."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed as your second factor."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was removed."),
}


class AccountAdapter(DefaultAccountAdapter):
    """No open registration; after sign-in back to the territory that one came from."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_client_ip(self, request) -> str:
        """What the DICM_PROXIES in front passed on; whoever came round them counts as who connected."""
        passed_on = request.headers.get("X-Forwarded-For", "").split(",")
        if len(passed_on) < settings.ALLAUTH_TRUSTED_PROXY_COUNT:
            return request.META["REMOTE_ADDR"]
        return super().get_client_ip(request)

    def is_safe_url(self, url) -> bool:
        try:
            asked = urlsplit(url or "").netloc
        except ValueError:
            return False
        own = f"{settings.DICM_BASE_DOMAIN}{settings.DICM_ORIGIN_SUFFIX}"
        ours = {asked} if asked == own or re.fullmatch(rf"[a-z0-9-]+\.{re.escape(own)}", asked) else set()
        allowed = ours or {self.request.get_host()}
        return url_has_allowed_host_and_scheme(url, allowed, settings.DICM_SCHEME == "https")

    def get_reauthentication_methods(self, user) -> list[dict]:
        """Whoever has a second factor is asked for it; the password alone could be somebody else's."""
        methods = super().get_reauthentication_methods(user)
        strong = [method for method in methods if method["id"].startswith("mfa_")]
        return strong or methods

    def clean_email(self, email: str) -> str:
        """Plain letters only: some that look alike count as the same to the database."""
        return plain_address(super().clean_email(email))

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Tell people what was changed about how they sign in; in one letter of ours for all of it."""
        held = email or EmailAddress.objects.get_primary_email(user)
        if held and template_prefix in CHANGES:
            post("account_changed", held, language=get_language() or "en-gb", change=CHANGES[template_prefix])

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Our own address, whatever host and port were asked."""
        uid, _dash, token = key.partition("-")
        return address("account_reset_password_from_key", uid, token)

    def post_login(self, request, user, **kwargs):
        UserActivity.objects.update_or_create(user_id=user.pk, defaults={"signed_in_at": timezone.now()})
        return super().post_login(request, user, **kwargs)

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "territories.people.openid.adapter.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names passkeys for the whole service, and keeps secrets unreadable in the database and its copies."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.DICM_BASE_DOMAIN, "name": "DICM"}

    def generate_authenticator_name(self, user, type) -> str:
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": held + 1}


def _cipher() -> MultiFernet:
    """The first key writes; older ones (SECRET_KEY_FALLBACKS) still read."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    derived = (salted_hmac("dicm.second-factor", "key", key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
