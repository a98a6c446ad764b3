"""Which providers there are, and whom one of them has signed in."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from territories.models import User


def identity_providers() -> list[dict]:
    """The configured providers (DICM_OPENID), in their order."""
    return settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]


def owner_of(address: str) -> User | None:
    """Whose confirmed e-mail address this is."""
    held = EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
    return held.user if held else None


def known_otherwise(provider: str, person: User) -> bool:
    """Whether a person has signed in with a provider before; under another identifier, if this one is new."""
    return SocialAccount.objects.filter(provider=provider, user_id=person.pk).exists()


def connected(person) -> list[str]:
    """The names of the providers with which a person has signed in."""
    held = set(SocialAccount.objects.filter(user_id=person.pk).values_list("provider", flat=True))
    return [app["name"] for app in identity_providers() if app["provider_id"] in held]
