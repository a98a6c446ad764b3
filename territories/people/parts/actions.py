"""People are invited, come, and leave. Nobody is deleted: a part ends, and the journal keeps it."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from territories.acts import act, act_on_parts, still_acting
from territories.journal.chain import record
from territories.models import Invitation, Membership, Participation, User
from territories.people.data.closing import end_sessions
from territories.people.parts.rules import (
    serially,
    why_not_accept,
    why_not_end,
    why_not_hand_over,
    why_not_invite,
    why_not_revoke,
)
from territories.people.persons import alone_with_address, held, person_with
from territories.post import address, post
from territories.refusal import require

VALID = timedelta(days=7)


@act
def invite(*, participation: Participation, role: str, email: str, by: Membership) -> Invitation:
    """Ask someone by e-mail to play a part; the link in the letter is the only copy of its secret."""
    email = email.lower()
    by = _alone(participation, by)
    participation = Participation.objects.select_related("organisation", "territory").get(pk=participation.pk)
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
    # The same order as whoever invites, ends and hands over: the territory before its rows.
    serially(invitation.participation.territory_id)
    invitation = _whole(invitation)
    alone_with_address(invitation.email)
    user = held(user) if user else None
    require(why_not_accept(invitation, user))
    if user is None:
        user, _new = person_with(invitation.email, name=name, password=password)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    part, _made = Membership.objects.get_or_create(
        user=user,
        participation=invitation.participation,
        role=invitation.role,
        ended_at=None,
        defaults={"invitation": invitation},
    )
    record("accept", invitation, by=part, after={"part": part.pk})
    post("invitation_accepted", invitation.invited_by.user.email, part=part)
    return part


@act
def revoke(invitation: Invitation, *, by: Membership) -> None:
    """Its link does not work any more."""
    invitation = _whole(invitation)
    require(why_not_revoke(invitation, by))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record("revoke", invitation, by=by, before={"role": invitation.role})


@act_on_parts
def end_part(part: Membership, *, by: Membership) -> Membership:
    """Leave, or take someone's part away. The next page that they open knows it."""
    by = _alone(part.participation, by)
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


@act_on_parts
def hand_over(part: Membership, to: User, *, by: Membership) -> Membership:
    """A colleague plays the part from now on; returns theirs."""
    by = _alone(part.participation, by)
    part = _locked(part)
    require(why_not_hand_over(part, to, by, longest_in(part)))
    part.ended_at = timezone.now()
    part.save(update_fields=["ended_at"])
    taken = Membership.objects.create(
        user=to, participation=part.participation, role=part.role, handed_by=part
    )
    record("hand over", part, by=by, before={"role": part.role}, after={"part": taken.pk})
    post("part_ended", part.user.email, part=part)
    post("part_handed_over", to.email, part=taken, before=part.user)
    return taken


def leads_at(part: Membership) -> int:
    """How many people lead the territory of a part."""
    leads = Membership.objects.playing().at(part.participation.territory_id).filter(role=Membership.Role.LEAD)
    return leads.values("user_id").distinct().count()


def longest_in(part: Membership) -> int | None:
    """The person who has been longest in the organisation of a part."""
    colleagues = (
        Membership.objects.playing()
        .at(part.participation.territory_id)
        .filter(participation=part.participation_id)
    )
    return colleagues.order_by("since", "pk").values_list("user_id", flat=True).first()


def _alone(participation: Participation, by: Membership) -> Membership:
    """One act at a time in a territory; the part of whoever waited for their turn may have ended meanwhile."""
    serially(participation.territory_id)
    return still_acting(by)


def _whole(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "participation__organisation", "participation__territory", "invited_by__user"
    )
    return rows.get(pk=invitation.pk)


def _locked(part: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "participation")
    return rows.get(pk=part.pk)
