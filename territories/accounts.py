"""How people sign in: by e-mail, on the public site, with an account that an organisation gave them."""

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
        if not url:
            return False
        host = (urlsplit(url).hostname or "").lower()
        ours = host == settings.DICM_BASE_DOMAIN or host.endswith(f".{settings.DICM_BASE_DOMAIN}")
        allowed = {urlsplit(url).netloc} if ours else {self.request.get_host()}
        return url_has_allowed_host_and_scheme(url, allowed, settings.DICM_SCHEME == "https")

    def post_login(self, request, user, **kwargs):
        UserActivity.objects.update_or_create(user_id=user.pk, defaults={"signed_in_at": timezone.now()})
        return super().post_login(request, user, **kwargs)
