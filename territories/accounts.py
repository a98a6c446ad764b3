"""How people sign in: by e-mail, on the public site, with an account that an organisation gave them."""

import re
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

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
