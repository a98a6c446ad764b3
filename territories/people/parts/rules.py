"""Who may invite whom, and whose part may be ended by whom."""

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from territories.models import Invitation, Membership, Organisation, Participation, Territory, User

Role = Membership.Role

# Who spends public money and judges, and who gets it or confirms: nobody is both in one territory.
SIDES = (
    frozenset({Role.LEAD, Role.BUYER, Role.EVALUATOR, Role.MANAGER}),
    frozenset({Role.SUPPLIER, Role.PROVIDER}),
)
# Which roles one may give to colleagues of one's own organisation. Everyone else gives the role that they play.
GIVES: dict[str, tuple[str, ...]] = {
    Role.LEAD: tuple(Role.values),
    Role.BUYER: (Role.BUYER, Role.EVALUATOR, Role.MANAGER, Role.COLLEAGUE),
}


def whose(email: str) -> User | None:
    """The person who has this address, be it a second one that they confirmed."""
    held = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return User.objects.filter(email=email).first() or (held and held.user)


def serially(territory_id: int) -> None:
    """One at a time for each territory: of two leads who leave at once, one stays."""
    Territory.objects.select_for_update(no_key=True).get(pk=territory_id)


def peopled(territory_id: int) -> QuerySet[Membership]:
    """Every part that was ever played in a territory: an organisation whose people are gone is still theirs."""
    return Membership.objects.at(territory_id)


def may_invite_to(by: Membership) -> QuerySet[Participation]:
    """One's own organisation; a colleague also providers that never had people, a lead every organisation that never
    had any and, to appoint another lead, every public body.
    """
    here = Participation.objects.filter(
        territory=by.participation.territory_id, until=None, organisation__closed_at=None
    ).select_related("organisation")
    own = here.filter(pk=by.participation_id)
    if by.role not in {Role.COLLEAGUE, Role.LEAD}:
        return own
    unpeopled = here.exclude(pk__in=peopled(by.participation.territory_id).values("participation_id"))
    if by.role == Role.LEAD:
        return own | unpeopled | here.filter(organisation__kind__in=Organisation.BUYERS)
    return own | unpeopled.filter(organisation__kind=Organisation.Kind.PROVIDER)


def roles_to_give(by: Membership, participation: Participation) -> list[str]:
    """The roles that fit the organisation and are the inviting person's to give."""
    kind = participation.organisation.kind
    fitting = [role for role in Role.values if kind in Membership.KINDS[Role(role)]]
    theirs = by.participation_id != participation.pk
    if theirs and peopled(participation.territory_id).filter(participation=participation).exists():
        # Their own people say who works for them: otherwise a lead could read a supplier's bids as its colleague.
        return [Role.LEAD.value] if by.role == Role.LEAD and Role.LEAD in fitting else []
    if theirs and by.role == Role.COLLEAGUE:
        return [Role.PROVIDER.value]
    own = GIVES.get(by.role, (by.role,))
    return [role for role in fitting if role in own]


def why_not_invite(participation: Participation, role: str, email: str, by: Membership) -> str | None:
    """Only into what the inviting person may give, and not someone who plays the part already."""
    if by.ended_at or not may_invite_to(by).filter(pk=participation.pk).exists():
        return _("You can't invite people for this organisation.")
    if role not in roles_to_give(by, participation):
        return _("%(organisation)s has no such role that is yours to give.") % {
            "organisation": participation.organisation
        }
    person = whose(email)
    if person and (reason := why_not_oneself(person, participation, by)):
        return reason
    if person and (reason := why_not_both(person, role, participation.territory_id)):
        return reason
    playing = (
        Membership.objects.playing()
        .at(participation.territory_id)
        .filter(participation=participation, role=role)
    )
    if playing.filter(user__email=email).exists():
        return _("This person plays that part already.")
    open_ = Invitation.objects.filter(
        participation=participation, role=role, email=email, accepted_at=None, revoked_at=None
    )
    if any(not invitation.is_over for invitation in open_):
        return _("This person has been invited already. Withdraw that invitation to send another.")
    return None


def why_not_oneself(person: User, participation: Participation, by: Membership) -> str | None:
    """`by` invites: for another organisation than their own, somebody else than themselves."""
    if person.pk == by.user_id and participation.pk != by.participation_id:
        return _("Nobody invites themselves into another organisation.")
    return None


def why_not_both(person: User, role: str, territory_id: int) -> str | None:
    """Whoever plays for one side in a territory takes no part of the other there."""
    others = next((SIDES[1 - number] for number, side in enumerate(SIDES) if role in side), frozenset())
    if Membership.objects.playing().at(territory_id).filter(user=person, role__in=others).exists():
        return _(
            "Whoever leads, buys, scores or manages for a public body can't play a part for a supplier or a provider "
            "in the same territory. The other part has to end first."
        )
    return None


def why_not_accept(invitation: Invitation, user: User | None) -> str | None:
    """Once, in time, by the person whose address was invited, while whoever invited them may still."""
    if invitation.accepted_at:
        return _("This invitation has been used already. Sign in to go on.")
    if invitation.revoked_at:
        return _("This invitation has been withdrawn.")
    if invitation.is_over:
        return _("This invitation is too old. Ask the person who invited you to send another.")
    participation = invitation.participation
    if participation.until or participation.organisation.closed_at:
        return _("%(name)s does not take part in this territory any more.") % {
            "name": participation.organisation
        }
    if (
        not Membership.objects.playing()
        .at(participation.territory_id)
        .filter(pk=invitation.invited_by_id)
        .exists()
    ):
        return _("The person who invited you has left. Ask their organisation for another invitation.")
    if user and not user.is_active:
        return _("This account is closed.")
    invited = whose(invitation.email)
    if user is None and invited:
        return _("You have an account already: sign in first, then accept.")
    if user and user.email != invitation.email and user != invited:
        return _("The invitation is for %(invited)s, and you are signed in as %(email)s. Sign out first.") % {
            "invited": invitation.email,
            "email": user.email,
        }
    return why_not_come_in(invitation, user)


def why_not_come_in(invitation: Invitation, user: User | None) -> str | None:
    """What may have changed since the invitation was sent: whose organisation it is, and what the person plays."""
    participation, by = invitation.participation, invitation.invited_by
    if invitation.role not in roles_to_give(by, participation):
        return _("%(organisation)s has people of its own by now. They can invite you.") % {
            "organisation": participation.organisation
        }
    if user is None:
        return None
    return why_not_oneself(user, participation, by) or why_not_both(
        user, invitation.role, participation.territory_id
    )


def why_not_revoke(invitation: Invitation, by: Membership) -> str | None:
    if invitation.participation_id != by.participation_id and not _leads(by, invitation.participation):
        return _("Only the organisation's own people and the territory's leads can withdraw this invitation.")
    if invitation.accepted_at or invitation.revoked_at:
        return _("This invitation has been used or withdrawn already.")
    return None


def why_not_end(part: Membership, by: Membership, leads: int, longest: int | None) -> str | None:
    """One's own part, or a lead's or the longest member's decision; a territory's last lead stays.

    `leads` counts the leads of the territory; `longest` is the person who has been longest in the
    organisation here.
    """
    if reason := why_not_decide_about(part, by, longest):
        return reason
    if part.role == Role.LEAD and leads < 2:
        return _("The last lead can't leave the territory. Hand the part over, or invite another lead first.")
    return None


def why_not_decide_about(part: Membership, by: Membership, longest: int | None) -> str | None:
    if part.ended_at:
        return _("This part has ended already.")
    own = part.user_id == by.user_id
    same = part.participation_id == by.participation_id
    if not (own or _leads(by, part.participation) or (same and by.user_id == longest)):
        return _(
            "A lead of the territory, or whoever has been in your organisation longest, can end this part."
        )
    return None


def what_follows(part: Membership) -> str:
    """What the end of a part means for its organisation: something where nobody else plays for it here."""
    here = (
        Membership.objects.playing()
        .at(part.participation.territory_id)
        .filter(participation=part.participation_id)
    )
    if part.ended_at or here.exclude(pk=part.pk).exists():
        return ""
    names = {"organisation": part.organisation, "territory": part.territory}
    if part.organisation.kind in Organisation.BUYERS:
        return (
            _(
                "This is the last part of %(organisation)s in %(territory)s. Then nobody acts for it until a lead invites "
                "another lead for it."
            )
            % names
        )
    return (
        _(
            "This is the last part of %(organisation)s in %(territory)s. Then nobody acts for it, and nobody here can "
            "invite its next person: they ask to join anew under its number, or DICM's staff add them."
        )
        % names
    )


def why_not_hand_over(part: Membership, to: User, by: Membership, longest: int | None) -> str | None:
    """One's own part, or by a lead: to a colleague in the same organisation here, who doesn't play that part yet."""
    if reason := why_not_decide_about(part, by, longest):
        return reason
    if part.user_id != by.user_id and not _leads(by, part.participation):
        return _("Only the person who plays a part, or a lead of the territory, hands it over.")
    if not successors(part).filter(pk=to.pk).exists():
        return _("A part is handed over to a colleague of the same organisation who does not play it yet.")
    return why_not_both(to, part.role, part.participation.territory_id)


def successors(part: Membership) -> QuerySet[User]:
    """Whom a part can be handed over to, by name."""
    here = (
        Membership.objects.playing()
        .at(part.participation.territory_id)
        .filter(participation=part.participation_id)
    )
    playing = here.filter(role=part.role).values("user")
    return User.objects.filter(pk__in=here.values("user")).exclude(pk__in=playing).order_by("name", "pk")


def _leads(by: Membership, participation: Participation) -> bool:
    """Whether someone leads the territory that an organisation takes part in."""
    return by.role == Role.LEAD and by.participation.territory_id == participation.territory_id
