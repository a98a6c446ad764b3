"""Why somebody whom a provider knows is not signed in, and what its word is worth."""

from allauth.account.models import Login
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.utils.translation import gettext as _

from territories.models import User
from territories.people.openid.queries import known_otherwise


def why_not_sign_in(app: SocialApp, account: SocialAccount, person: User | None) -> str | None:
    """Why a provider's answer, `claims.told` in the account's extra_data, signs nobody in; or None."""
    address = account.extra_data["email"]
    words = {"provider": app.name, "email": address}
    if not address:
        return _("%(provider)s does not say that your e-mail address is verified.") % words
    if address.rpartition("@")[2] not in app.settings["domains"]:
        return _("%(provider)s can't vouch for the address %(email)s here.") % words
    if person is None:
        return _("No account on DICM has the address %(email)s.") % words
    if account.pk is None and known_otherwise(app.provider_id, person):
        return _("The account with the address %(email)s belongs to somebody else at %(provider)s.") % words
    return None


def used_a_second_factor(login: Login) -> bool:
    """Whether a provider that is trusted with it says that the person used several factors there."""
    social = (login.signal_kwargs or {}).get("sociallogin")
    return bool(
        social
        and social.provider.app.settings["second_factor"]
        and social.account.extra_data["second_factor"]
    )
