"""The address in a letter that stops the next ones: signed, so that it needs no sign-in and opens nothing else."""

from django.core import signing

from territories.models import User
from territories.post import address

_SALT = "stop"


def stop_address(person: User) -> str:
    return address("stop_letters", signing.dumps(person.pk, salt=_SALT))


def whose(token: str) -> User | None:
    """Whose letters the address stops; None for what is not ours."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=key, is_active=True).first()
