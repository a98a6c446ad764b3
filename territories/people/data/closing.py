"""An account is closed and names nobody any more; what was done stays done, and the journal stays whole."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from territories.journal.chain import record
from territories.models import Application, Invitation, Membership, Staff, User, UserActivity
from territories.people.parts.rules import serially
from territories.people.persons import alone_with_address
from territories.refusal import require

Role = Membership.Role


def why_not_close(user: User) -> str | None:
    """An account is closed once, and never that of a territory's last lead."""
    if user.closed_at:
        return _("This account is closed.")
    for part in Membership.objects.filter(user=user, ended_at=None, role=Role.LEAD).select_related(
        "participation__territory"
    ):
        others = (
            Membership.objects.playing()
            .at(part.participation.territory_id)
            .filter(role=Role.LEAD)
            .exclude(user=user)
        )
        if not others.exists():
            return _("%(territory)s would be left without a lead. Hand the part over first.") % {
                "territory": part.territory
            }
    return None


@transaction.atomic(durable=True)
def close_account(user: User, *, by: User | None = None) -> User:
    """End every part, forget name and address, take every way to sign in away. Without `by`: on written request."""
    parts = Membership.objects.filter(user=user, ended_at=None).select_related("participation")
    for territory in sorted(parts.values_list("participation__territory", flat=True)):
        serially(territory)
    # What asks the person in before the person themselves, as joining and accepting lock them.
    mine = Application.objects.filter(email=user.email)
    invited = Invitation.objects.filter(email=user.email)
    list(mine.select_for_update().order_by("pk"))
    list(invited.select_for_update().order_by("pk"))
    alone_with_address(user.email)
    user = User.objects.select_for_update().get(pk=user.pk)
    require(why_not_close(user))
    now, address = timezone.now(), nobodys_address(user)
    ended = list(parts)
    parts.update(ended_at=now)
    mine.filter(status__in=["unconfirmed", "waiting", "returned"]).delete()
    mine.update(email=address, person="")
    invited.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)
    invited.update(email=address)
    end_sessions(user)
    for model in (EmailAddress, Authenticator, SocialAccount, Staff):
        model.objects.filter(user=user).delete()
    UserActivity.objects.filter(user_id=user.pk).delete()
    user.email, user.name, user.closed_at = address, "", now
    user.is_active = False
    user.set_unusable_password()
    user.save()
    for part in ended:
        record("leave", part, user=by, before={"role": part.role}, after={"ended_at": now})
    record("anonymise", user, user=by)
    return user


def nobodys_address(user: User) -> str:
    """An address that no mail reaches (RFC 2606), different for everyone."""
    return f"closed-{user.pk}@closed.invalid"


def end_sessions(user: User) -> None:
    """Sign a person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()
