"""How people sign in: by e-mail, on the public site, with an account that an organisation gave them."""

import base64
import re
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from territories.models import UserActivity


class AccountAdapter(DefaultAccountAdapter):
    """No open registration; after sign-in back to the territory that one came from."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def is_safe_url(self, url) -> bool:
        try:
            address = urlsplit(url or "").netloc
        except ValueError:
            return False
        own = f"{settings.DICM_BASE_DOMAIN}{settings.DICM_ORIGIN_SUFFIX}"
        ours = (
            {address} if address == own or re.fullmatch(rf"[a-z0-9-]+\.{re.escape(own)}", address) else set()
        )
        allowed = ours or {self.request.get_host()}
        return url_has_allowed_host_and_scheme(url, allowed, settings.DICM_SCHEME == "https")

    def post_login(self, request, user, **kwargs):
        UserActivity.objects.update_or_create(user_id=user.pk, defaults={"signed_in_at": timezone.now()})
        return super().post_login(request, user, **kwargs)

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "territories.openid.adapter.SecondFactorStage"}
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
