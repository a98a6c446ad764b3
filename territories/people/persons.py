"""A person is made once, by whichever door they come: an invitation, an application, a command."""

from allauth.account.models import EmailAddress

from territories.locks import alone_with
from territories.models import User
from territories.people.parts.rules import whose


def alone_with_address(email: str) -> None:
    """Of two who make a person with this address at once, the second waits and finds the first one's."""
    alone_with(f"person:{email.lower()}")


def person_with(email: str, *, name: str, password: str | None = None) -> tuple[User, bool]:
    """Whoever has this address, or a new person with it (then True). Inside the transaction of an act."""
    alone_with_address(email)
    if known := whose(email):
        return held(known), False
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user, True


def held(user: User) -> User:
    """The person as they stand; whoever closes the account waits until this transaction is over."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
