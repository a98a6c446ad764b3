"""People are invited, come, and leave. Nobody is deleted: a part ends, and the journal keeps it."""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from territories.acts import act
from territories.journal.chain import record
from territories.models import Invitation, Membership, Participation, User
from territories.people.closing import end_sessions
from territories.people.rules import (
    parts_at,
    serially,
    why_not_accept,
    why_not_end,
    why_not_hand_over,
    why_not_invite,
    why_not_revoke,
)
from territories.post import address, post
from territories.refusal import require

VALID = timedelta(days=7)


@act
def invite(*, participation: Participation, role: str, email: str, by: Membership) -> Invitation:
    """Ask someone by e-mail to play a part; the link in the letter is the only copy of its secret."""
    email = email.lower()
    serially(participation.territory_id)
    require(why_not_invite(participation, role, email, by))
    now = timezone.now()
    # One that was let lie gives way to the new one.
    Invitation.objects.filter(
        participation=participation, role=role, email=email, accepted_at=None, revoked_at=None
    ).update(revoked_at=now)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        participation=participation,
        role=role,
        email=email,
        digest=Invitation.digest_of(secret),
        invited_by=by,
        expires_at=now + VALID,
    )
    record("invite", invitation, by=by, after={"role": role, "organisation": participation.organisation.name})
    post(
        "invitation",
        invitation.email,
        language=get_language() or "en-gb",
        invitation=invitation,
        may=Membership.MAY[Membership.Role(role)],
        link=address("invitation", secret),
    )
    return invitation


@transaction.atomic(durable=True)
def accept(invitation: Invitation, *, user: User | None = None, name="", password="") -> Membership:
    """Play the part: as the person who is signed in, or as a new one with a name and a password."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require(why_not_accept(invitation, user))
    if user is None:
        user = User.objects.create_user(invitation.email, password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    part, _new = Membership.objects.get_or_create(
        user=user, participation=invitation.participation, role=invitation.role, ended_at=None
    )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record("accept", invitation, by=part, after={"part": part.pk})
    post("invitation_accepted", invitation.invited_by.user.email, part=part)
    return part


@act
def revoke(invitation: Invitation, *, by: Membership) -> None:
    """Its link does not work any more."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require(why_not_revoke(invitation, by))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record("revoke", invitation, by=by, before={"role": invitation.role})


@act
def end_part(part: Membership, *, by: Membership) -> Membership:
    """Leave, or take someone's part away. The next page that they open knows it."""
    # One at a time for each territory: of two leads who leave at once, one stays.
    serially(part.participation.territory_id)
    part = _locked(part)
    require(why_not_end(part, by, leads_at(part), longest_in(part)))
    part.ended_at = timezone.now()
    part.save(update_fields=["ended_at"])
    verb = "leave" if part.user_id == by.user_id else "remove"
    if verb == "remove":
        end_sessions(part.user)
    record(verb, part, by=by, before={"role": part.role}, after={"ended_at": part.ended_at})
    post("part_ended", part.user.email, part=part)
    return part


@act
def hand_over(part: Membership, to: User, *, by: Membership) -> Membership:
    """A colleague plays the part from now on; returns theirs."""
    serially(part.participation.territory_id)
    part = _locked(part)
    require(why_not_hand_over(part, to, by, longest_in(part)))
    part.ended_at = timezone.now()
    part.save(update_fields=["ended_at"])
    taken = Membership.objects.create(user=to, participation=part.participation, role=part.role)
    record("hand over", part, by=by, before={"role": part.role}, after={"part": taken.pk})
    post("part_ended", part.user.email, part=part)
    post("part_handed_over", to.email, part=taken, before=part.user)
    return taken


def leads_at(part: Membership) -> int:
    """How many people lead the territory of a part."""
    leads = parts_at(part.participation.territory_id).filter(role=Membership.Role.LEAD)
    return leads.values("user_id").distinct().count()


def longest_in(part: Membership) -> int | None:
    """The person who has been longest in the organisation of a part."""
    colleagues = parts_at(part.participation.territory_id).filter(participation=part.participation_id)
    return colleagues.order_by("since", "pk").values_list("user_id", flat=True).first()


def _locked(part: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "participation")
    return rows.get(pk=part.pk)
