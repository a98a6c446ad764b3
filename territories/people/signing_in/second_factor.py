"""What follows when a second factor is set up or taken away; told by allauth's signals, as no view of ours is asked."""

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.dispatch import receiver

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@receiver(authenticator_added)
def remember(request, user, authenticator, **more) -> None:
    """Whoever has just proved a new factor need not prove it again in this session."""
    if authenticator.type in FACTORS:
        # Whoever is still signed in elsewhere with the password alone could take the factor away again.
        end_other_sessions(request, user)
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


@receiver(authenticator_removed)
def forget(request, user, **more) -> None:
    """Without any factor left, no session counts as one that has seen it."""
    if Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists():
        return
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record["method"] != "mfa"
    ]
    end_other_sessions(request, user)
