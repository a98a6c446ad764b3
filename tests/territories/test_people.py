"""The people of a territory: invited by e-mail, taking part, leaving; nobody is deleted."""

import re
from contextlib import nullcontext
from datetime import timedelta
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from dicm.access.words import MEMBERS
from territories.journal.models import Entry
from territories.models import Invitation, Membership, Organisation, Participation, User
from territories.people.parts import actions, rules
from tests.cast import PASSWORD
from tests.client import Browser
from tests.reading import Page, at_once, broken, journalled, refusal, table
from tests.test_statements import rows, statements

PEOPLE = "/t/thames-valley/people/"
LINK = re.compile(r"http://[^/\s]+(/invitations/\S+)")
NEW = {"name": "Nia Bowen", "password": "seven quiet bicycles"}


def invited(by: Membership, role: str, email="nia@new.example", participation=None) -> tuple[Invitation, str]:
    """An invitation and the address in its letter."""
    mail.outbox.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        row = actions.invite(participation=participation or by.participation, role=role, email=email, by=by)
    (letter,) = mail.outbox
    assert letter.to == [email.lower()]
    return row, LINK.search(letter.body)[1]


def unpeopled(territory) -> Participation:
    """A charity that a colleague has registered."""
    charity = Organisation.objects.create(name="Barton Repair Café", kind="provider")
    return Participation.objects.create(organisation=charity, territory=territory)


# ---- inviting ----


def test_an_invitation_keeps_no_secret(cast):
    row, link = invited(cast.supplier, "supplier", email="Nia@New.example")
    secret = link.split("/")[2]
    assert secret not in (row.digest, str(row.__dict__), str(Entry.objects.order_by("-seq").first().after))
    assert (row.digest, row.email) == (Invitation.digest_of(secret), "nia@new.example")
    assert row.expires_at - timezone.now() > timedelta(days=6)
    journalled(row, "invite", cast.supplier)
    assert "Drafts Social Purchase Orders" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("lead", ["lead", "colleague", "buyer", "evaluator", "manager"]),
        ("buyer", ["colleague", "buyer", "evaluator", "manager"]),
        ("evaluator", ["evaluator"]),
        ("colleague", ["colleague"]),
        ("manager", ["manager"]),
        ("provider", ["provider"]),
        ("supplier", ["supplier"]),
        ("researcher", ["researcher"]),
    ],
)
def test_who_may_give_which_role_to_a_colleague(cast, who, roles):
    by = getattr(cast, who)
    assert rules.roles_to_give(by, by.participation) == roles
    for role in set(Membership.Role.values) - set(roles):
        said = f"{by.organisation} has no such role that is yours to give."
        assert refusal(
            lambda role=role: actions.invite(
                participation=by.participation, role=role, email="a@b.example", by=by
            )
        ) == (said)


@pytest.mark.parametrize("who", ["supplier", "buyer", "provider", "southern lead"])
def test_nobody_invites_for_another_organisation(cast, who):
    by = cast.south.lead if who == "southern lead" else getattr(cast, who)
    there = cast.other_provider.participation
    assert refusal(
        lambda: actions.invite(participation=there, role="provider", email="a@b.example", by=by)
    ) == ("You can't invite people for this organisation.")


def test_a_lead_invites_where_nobody_is_yet_and_another_lead_at_any_public_body(cast, north):
    row, _link = invited(cast.lead, "provider", participation=unpeopled(north))
    assert row.role == "provider"
    council = cast.other_buyer.participation
    assert invited(cast.lead, "lead", participation=council)[0].participation == council


def test_a_lead_makes_nobody_the_supplier_or_the_provider_of_others(cast):
    """Or they could read a rival's order before it is sealed, and confirm their own deliveries."""
    for role, part in (("supplier", cast.rival), ("provider", cast.provider), ("buyer", cast.other_buyer)):
        said = refusal(
            lambda role=role, part=part: actions.invite(
                participation=part.participation, role=role, email="mole@new.example", by=cast.lead
            )
        )
        assert said in {
            "You can't invite people for this organisation.",
            "Oxford City Council has no such role that is yours to give.",
        }


@pytest.mark.parametrize(
    ("of", "role", "by"), [("rival", "supplier", "lead"), ("provider", "provider", "colleague")]
)
def test_an_organisation_whose_people_are_gone_is_still_theirs(cast, client_for, of, role, by):
    """Or a lead could end the last part, invite themselves, and read sealed bids or confirm deliveries."""
    part, by = getattr(cast, of), getattr(cast, by)
    actions.end_part(part, by=cast.lead)
    there = part.participation
    assert refusal(
        lambda: actions.invite(participation=there, role=role, email="mole@new.example", by=by)
    ) == ("You can't invite people for this organisation.")
    url = f"{PEOPLE}invite/?organisation={there.organisation_id}"
    assert client_for(by, territory=None).get(url).status_code == 404


def test_at_a_public_body_whose_people_are_gone_a_lead_makes_another_lead_alone(cast):
    council = cast.other_buyer.participation
    Membership.objects.filter(participation=council).update(ended_at=timezone.now())
    assert rules.roles_to_give(cast.lead, council) == ["lead"]


@pytest.mark.parametrize("email", ["colin@home.example", "colleague@thames-valley.example.org"])
def test_nobody_invites_themselves_into_another_organisation(cast, north, email):
    EmailAddress.objects.create(
        user=cast.colleague.user, email="colin@home.example", verified=True, primary=False
    )
    there = unpeopled(north)
    assert refusal(
        lambda: actions.invite(participation=there, role="provider", email=email, by=cast.colleague)
    ) == ("Nobody invites themselves into another organisation.")


def test_nobody_accepts_what_they_sent_to_an_address_that_became_theirs(cast, north):
    row, _link = invited(cast.colleague, "provider", email="mole@new.example", participation=unpeopled(north))
    EmailAddress.objects.create(
        user=cast.colleague.user, email="mole@new.example", verified=True, primary=False
    )
    assert refusal(lambda: actions.accept(row, user=cast.colleague.user)) == (
        "Nobody invites themselves into another organisation."
    )


def test_an_invitation_of_others_ends_when_the_organisation_has_people_of_its_own(cast, north):
    there = unpeopled(north)
    late, _link = invited(cast.lead, "provider", email="mole@new.example", participation=there)
    first, _link = invited(cast.colleague, "provider", participation=there)
    actions.accept(first, **NEW)
    assert refusal(lambda: actions.accept(late, name="Mal", password=NEW["password"])) == (
        "Barton Repair Café has people of its own by now. They can invite you."
    )


# ---- nobody plays for both sides ----

BOTH = (
    "Whoever leads, buys, scores or manages for a public body can't play a part for a supplier or a provider "
    "in the same territory. The other part has to end first."
)
BUYING, SUPPLYING = ("lead", "buyer", "evaluator", "manager"), ("supplier", "provider")
ACROSS = [
    *((ours, theirs) for ours in BUYING for theirs in SUPPLYING),
    *((ours, theirs) for ours in SUPPLYING for theirs in BUYING),
]


@pytest.mark.parametrize(("plays", "offered"), ACROSS)
def test_nobody_is_invited_to_the_other_side(cast, plays, offered):
    person, by = getattr(cast, plays).user, getattr(cast, "lead" if offered in BUYING else offered)
    assert refusal(
        lambda: actions.invite(participation=by.participation, role=offered, email=person.email, by=by)
    ) == (BOTH)


@pytest.mark.parametrize(("plays", "offered"), ACROSS)
def test_nobody_accepts_a_part_of_the_side_that_they_joined_against_meanwhile(cast, plays, offered):
    by = getattr(cast, "lead" if offered in BUYING else offered)
    row, _link = invited(by, offered, email=cast.stranger.email)
    there = getattr(cast, plays).participation
    other = Membership.objects.appoint(user=cast.stranger, participation=there, role=plays)
    assert refusal(lambda: actions.accept(row, user=cast.stranger)) == BOTH
    Membership.objects.filter(pk=other.pk).update(ended_at=timezone.now())
    assert actions.accept(row, user=cast.stranger).role == offered


def test_nobody_is_handed_a_part_of_the_other_side(cast):
    mole = Membership.objects.appoint(
        user=cast.buyer.user, participation=cast.other_provider.participation, role="provider"
    )
    assert refusal(lambda: actions.hand_over(cast.lead, mole.user, by=cast.lead)) == BOTH


def test_whoever_buys_in_one_territory_may_supply_in_another(cast):
    row, _link = invited(cast.south.supplier, "supplier", email=cast.buyer.user.email)
    assert actions.accept(row, user=cast.buyer.user).territory == cast.south.territory


def test_colleagues_and_researchers_are_on_no_side(cast):
    for part in (cast.colleague, cast.researcher):
        row, _link = invited(cast.provider, "provider", email=part.user.email)
        assert actions.accept(row, user=part.user).role == "provider"


def test_of_two_parts_for_both_sides_accepted_at_once_one_is_played(committed, cast, north):
    offers = [invited(by, by.role, email=cast.stranger.email)[0] for by in (cast.lead, cast.supplier)]
    done, refused = at_once(
        nullcontext(), north, *(lambda row=row: actions.accept(row, user=cast.stranger) for row in offers)
    )
    assert (len(done), refused) == (1, [BOTH])


def test_a_colleague_hands_a_record_to_the_charity_itself(cast, north, client_for):
    claimed = unpeopled(north)
    _row, link = invited(cast.colleague, "provider", participation=claimed)
    assert client_for(None, territory=None).post(link, NEW).status_code == 302
    assert Membership.objects.get(participation=claimed).role == "provider"
    # Now it has people of its own, and they invite.
    assert rules.why_not_invite(claimed, "provider", "b@c.example", cast.colleague) == (
        "You can't invite people for this organisation."
    )


def test_a_person_is_invited_to_a_part_once(cast):
    invited(cast.supplier, "supplier")
    assert rules.why_not_invite(
        cast.supplier.participation, "supplier", "nia@new.example", cast.supplier
    ) == ("This person has been invited already. Withdraw that invitation to send another.")
    assert rules.why_not_invite(
        cast.supplier.participation, "supplier", cast.traveller.user.email, cast.supplier
    ) == ("This person plays that part already.")


def test_one_that_was_let_lie_gives_way(cast):
    old, _link = invited(cast.supplier, "supplier")
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    invited(cast.supplier, "supplier")
    old.refresh_from_db()
    assert old.revoked_at is not None


# ---- accepting ----


def test_a_new_person_makes_an_account_and_comes_in(cast, client_for, north):
    row, link = invited(cast.supplier, "supplier")
    browser = client_for(None, territory=None, REMOTE_ADDR="10.9.2.1")
    assert "Drafts Social Purchase Orders" in browser.get(link).text
    assert (browser.post(link, NEW).status_code, mail.outbox[-1].to) == (302, [cast.supplier.user.email])
    part = Membership.objects.get(user__email="nia@new.example")
    assert (part.role, part.participation, part.user.name) == (
        "supplier",
        cast.supplier.participation,
        "Nia Bowen",
    )
    assert EmailAddress.objects.get(user=part.user).verified
    row.refresh_from_db()
    journalled(row, "accept", part)
    browser.post("/accounts/login/", {"login": part.user.email, "password": NEW["password"]})
    assert client_for(part).get("/orders/").status_code == 200


def test_someone_with_an_account_signs_in_and_accepts(cast, client_for):
    _row, link = invited(cast.supplier, "supplier", email=cast.stranger.email)
    nobody = client_for(None, territory=None)
    assert "sign in first" in nobody.get(link).text
    assert nobody.post(link, NEW).url.startswith("http")
    assert Membership.objects.filter(user=cast.stranger).exists() is False
    browser = client_for(cast.stranger, territory=None)
    assert browser.post(link).url == "/your-territories/"
    assert Membership.objects.get(user=cast.stranger).role == "supplier"


def test_bad_input_is_explained_and_nothing_is_lost(cast, client_for):
    _row, link = invited(cast.supplier, "supplier")
    page = Page(client_for(None, territory=None).post(link, {"name": "Nia", "password": "short"}))
    assert page.told == {"password": "This password is too short. It must contain at least 12 characters."}
    assert page.kept({"name": ""}) == {"name": "Nia"}
    assert User.objects.filter(email="nia@new.example").exists() is False


def spoil(cast, row, how) -> None:
    over = timezone.now()
    {
        "used": lambda: Invitation.objects.filter(pk=row.pk).update(
            accepted_at=over, accepted_by=cast.stranger
        ),
        "withdrawn": lambda: actions.revoke(row, by=cast.supplier),
        "too old": lambda: Invitation.objects.filter(pk=row.pk).update(expires_at=over),
        "inviter left": lambda: Membership.objects.filter(pk=row.invited_by_id).update(ended_at=over),
        "organisation left": lambda: Participation.objects.filter(pk=row.participation_id).update(
            until=over.date()
        ),
    }[how]()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("used", "This invitation has been used already. Sign in to go on."),
        ("withdrawn", "This invitation has been withdrawn."),
        ("too old", "This invitation is too old. Ask the person who invited you to send another."),
        (
            "inviter left",
            "The person who invited you has left. Ask their organisation for another invitation.",
        ),
        ("organisation left", "Ridgeway Builders Ltd does not take part in this territory any more."),
    ],
)
def test_a_link_that_is_over_says_why_and_does_nothing(cast, client_for, how, said):
    row, link = invited(cast.supplier, "supplier")
    spoil(cast, row, how)
    before = User.objects.count()
    browser = client_for(None, territory=None)
    assert said in browser.get(link).text
    assert said in Page(browser.post(link, NEW)).html
    assert User.objects.count() == before


def test_an_invitation_is_for_the_one_who_was_invited(cast, client_for):
    row, link = invited(cast.supplier, "supplier")
    browser = client_for(cast.stranger, territory=None)
    said = f"The invitation is for nia@new.example, and you are signed in as {cast.stranger.email}."
    assert said in browser.get(link).text
    assert refusal(lambda: actions.accept(row, user=cast.stranger)) == f"{said} Sign out first."


def test_a_forged_link_is_nothing(everyone, client_for):
    browser = client_for(None, territory=None)
    assert (browser.get("/invitations/forged/").status_code, browser.post("/invitations/x/").status_code) == (
        404,
        404,
    )


def test_an_invitation_is_withdrawn_by_its_organisation_or_a_lead(cast, client_for):
    row, _link = invited(cast.supplier, "supplier")
    url = f"/t/thames-valley/invitations/{row.pk}/revoke/"
    for stranger in (cast.rival, cast.south.lead):
        assert client_for(stranger, territory=None).post(url).status_code == 404
    assert client_for(cast.lead, territory=None).post(url).status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None
    for stranger in (cast.rival, cast.south.lead):
        assert rules.why_not_revoke(row, stranger) == (
            "Only the organisation's own people and the territory's leads can withdraw this invitation."
        )
    assert refusal(lambda: actions.revoke(row, by=cast.lead)) == (
        "This invitation has been used or withdrawn already."
    )


# ---- leaving ----


def test_who_leaves_plays_no_part_from_the_next_page_on(cast, client_for, north):
    browser = client_for(cast.traveller)
    assert browser.get("/orders/").status_code == 200
    with TestCase.captureOnCommitCallbacks(execute=True):
        part = actions.end_part(cast.traveller, by=cast.traveller)
    journalled(part, "leave", cast.traveller)
    assert mail.outbox[-1].to == [part.user.email]
    assert browser.get("/orders/").status_code == 404
    assert User.objects.get(pk=part.user_id).is_active


@pytest.mark.parametrize("who", ["lead", "supplier"])
def test_leads_and_the_longest_member_remove_people(cast, who):
    Membership.objects.filter(pk=cast.supplier.pk).update(since=timezone.now() - timedelta(days=9))
    by = getattr(cast, who)
    journalled(actions.end_part(cast.traveller, by=by), "remove", by)


@pytest.mark.parametrize("who", ["traveller", "rival", "buyer", "southern lead"])
def test_nobody_else_removes_anyone(cast, who):
    Membership.objects.filter(pk=cast.supplier.pk).update(since=timezone.now() - timedelta(days=9))
    by = cast.south.lead if who == "southern lead" else getattr(cast, who)
    assert refusal(lambda: actions.end_part(cast.supplier, by=by)) == (
        "A lead of the territory, or whoever has been in your organisation longest, can end this part."
    )


def test_the_last_lead_stays_until_there_is_another(cast, client_for):
    said = "The last lead can't leave the territory. Hand the part over, or invite another lead first."
    assert refusal(lambda: actions.end_part(cast.lead, by=cast.lead)) == said
    page = client_for(cast.lead, territory=None).get(f"{PEOPLE}{cast.lead.pk}/end/")
    assert said in unescape(page.text)
    connection.set_schema_to_public()
    Membership.objects.appoint(user=cast.buyer.user, participation=cast.lead.participation, role="lead")
    assert actions.end_part(cast.lead, by=cast.lead).ended_at is not None


def test_of_two_leads_who_leave_at_once_one_stays(committed, cast, north):
    second = Membership.objects.appoint(
        user=cast.buyer.user, participation=cast.lead.participation, role="lead"
    )
    done, refused = at_once(
        nullcontext(),
        north,
        lambda: actions.end_part(cast.lead, by=cast.lead),
        lambda: actions.end_part(second, by=second),
    )
    Membership.objects.filter(pk=cast.lead.pk).update(ended_at=None)
    assert (len(done), refused) == (
        1,
        ["The last lead can't leave the territory. Hand the part over, or invite another lead first."],
    )


def test_whoever_is_removed_is_signed_out_everywhere_and_whoever_leaves_is_not(cast):
    Membership.objects.filter(pk=cast.supplier.pk).update(since=timezone.now() - timedelta(days=9))
    removed, leaver = signed_in(cast.traveller), signed_in(cast.rival)
    actions.end_part(cast.traveller, by=cast.supplier)
    actions.end_part(cast.rival, by=cast.rival)
    assert [browser.get("/account/").status_code for browser in (removed, leaver)] == [302, 200]


def signed_in(part: Membership) -> Browser:
    """Through the form, as in a browser, so that the session is one of those that are listed."""
    browser = Browser(None)
    browser.post("/accounts/login/", {"login": part.user.email, "password": PASSWORD})
    assert browser.get("/account/").status_code == 200
    return browser


# ---- an address that is somebody's second one ----


def test_an_invitation_to_a_second_address_is_its_owners(cast, client_for):
    EmailAddress.objects.create(
        user=cast.researcher.user, email="ruth@home.example", verified=True, primary=False
    )
    row, link = invited(cast.other_provider, "provider", email="ruth@home.example")
    stranger = client_for(None, territory=None)
    assert refusal(lambda: actions.accept(row, name="Mal", password=PASSWORD)) == (
        "You have an account already: sign in first, then accept."
    )
    assert stranger.post(link, NEW).url.startswith("http://dicm.localhost")  # to sign in
    assert "you are signed in as" in refusal(lambda: actions.accept(row, user=cast.rival.user))
    assert client_for(cast.researcher, territory=None).post(link).url == "/your-territories/"
    assert Membership.objects.filter(user=cast.researcher.user, role="provider", ended_at=None).count() == 1


# ---- handing over ----


def test_the_last_lead_hands_over_and_both_are_told(cast, client_for):
    colleague = Membership.objects.get(pk=cast.buyer.pk)
    browser, address = client_for(cast.lead, territory=None), f"{PEOPLE}{cast.lead.pk}/hand-over/"
    assert "Hand the part over to a colleague instead" in browser.get(f"{PEOPLE}{cast.lead.pk}/end/").text
    empty = browser.post(address, {"to": ""})
    assert "Who takes it over? Choose an answer" in unescape(empty.text)
    done = browser.post(address, {"to": colleague.user_id})
    assert done.url == "/your-territories/"
    taken = Membership.objects.get(user=colleague.user, role="lead", ended_at=None)
    assert taken.participation == cast.lead.participation
    assert Membership.objects.get(pk=cast.lead.pk).ended_at is not None
    assert {letter.to[0] for letter in mail.outbox} == {cast.lead.user.email, colleague.user.email}
    line = Entry.objects.get(verb="hand over")
    assert (line.subject_id, line.after) == (str(cast.lead.pk), {"part": taken.pk})
    assert browser.get("/t/thames-valley/applications/").status_code == 404


@pytest.mark.parametrize("who", ["rival", "provider", "stranger"])
def test_a_part_goes_to_nobody_outside_the_organisation(cast, who):
    to = cast.stranger if who == "stranger" else getattr(cast, who).user
    assert refusal(lambda: actions.hand_over(cast.supplier, to, by=cast.supplier)) == (
        "A part is handed over to a colleague of the same organisation who does not play it yet."
    )


def test_nobody_hands_over_what_is_not_theirs(cast, client_for):
    address = f"{PEOPLE}{cast.supplier.pk}/hand-over/"
    assert refusal(lambda: actions.hand_over(cast.supplier, cast.traveller.user, by=cast.rival)) == (
        "A lead of the territory, or whoever has been in your organisation longest, can end this part."
    )
    assert client_for(cast.rival, territory=None).post(address, {"to": cast.rival.user_id}).status_code == 404
    assert client_for(cast.south.lead, territory=None).get(address).status_code == 404


def test_nobody_takes_a_leads_part_over_by_having_been_there_longest(cast):
    Membership.objects.filter(pk=cast.buyer.pk).update(since=timezone.now() - timedelta(days=99))
    said = "Only the person who plays a part, or a lead of the territory, hands it over."
    assert refusal(lambda: actions.hand_over(cast.lead, cast.buyer.user, by=cast.buyer)) == said
    assert Membership.objects.get(pk=cast.lead.pk).ended_at is None


def test_a_part_ends_once(cast):
    part = actions.end_part(cast.traveller, by=cast.traveller)
    assert refusal(lambda: actions.end_part(part, by=cast.lead)) == "This part has ended already."


# ---- at the same moment ----


def test_a_new_person_who_accepts_two_invitations_at_once_is_made_once(committed, cast):
    here, _link = invited(cast.supplier, "supplier")
    there, _link = invited(cast.south.supplier, "supplier")
    new = {"name": "Nia Bowen", "password": "seven quiet bicycles"}
    done, refused = at_once(
        nullcontext(),
        "journal:public",
        lambda: actions.accept(here, **new),
        lambda: actions.accept(there, **new),
    )
    assert (len(done), refused) == (1, ["You have an account already: sign in first, then accept."])
    assert User.objects.filter(email="nia@new.example").count() == 1


def test_an_invitation_accepted_twice_at_once_is_accepted_once(committed, cast):
    row, _link = invited(cast.supplier, "supplier", email=cast.stranger.email)
    done, refused = at_once(
        nullcontext(),
        "journal:public",
        lambda: actions.accept(row, user=cast.stranger),
        lambda: actions.accept(row, user=cast.stranger),
    )
    assert (len(done), refused) == (1, ["This invitation has been used already. Sign in to go on."])


def test_a_part_handed_over_to_someone_who_accepts_it_at_that_moment_is_played_once(committed, cast):
    row, _link = invited(cast.lead, "buyer", email=cast.evaluator.user.email)
    done, refused = at_once(
        nullcontext(),
        "journal:public",
        lambda: actions.accept(row, user=cast.evaluator.user),
        lambda: actions.hand_over(cast.buyer, cast.evaluator.user, by=cast.buyer),
    )
    playing = Membership.objects.filter(user=cast.evaluator.user, role="buyer", ended_at=None)
    assert playing.count() == 1
    Membership.objects.filter(pk=cast.buyer.pk).update(ended_at=None)
    assert (len(done), refused) in [
        (1, ["A part is handed over to a colleague of the same organisation who does not play it yet."]),
        (2, []),
    ]


def test_whoever_is_removed_while_their_act_waits_acts_no_more(committed, cast, north):
    """Both are under way: the one who was removed first does not invite any more, or was in time."""
    by = actions.accept(invited(cast.lead, "lead", email=cast.buyer.user.email)[0], user=cast.buyer.user)
    done, refused = at_once(
        nullcontext(),
        north,
        lambda: actions.end_part(by, by=cast.lead),
        lambda: actions.invite(
            participation=cast.lead.participation, role="lead", email="new@b.example", by=by
        ),
    )
    ended = Entry.objects.get(verb="remove").seq
    invited_after = Entry.objects.filter(verb="invite", actor_id=by.user_id, seq__gt=ended)
    assert invited_after.exists() is False
    assert (len(done), refused) in [
        (1, ["You don't play this part any more. Ask a colleague or a lead of the territory."]),
        (2, []),
    ]


def test_a_closed_account_accepts_nothing(cast):
    row, _link = invited(cast.supplier, "supplier", email=cast.stranger.email)
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    assert refusal(lambda: actions.accept(row, user=cast.stranger)) == "This account is closed."


def test_an_invitation_ends_with_the_organisation_of_whoever_sent_it(cast):
    council = cast.other_buyer.participation
    row, _link = invited(cast.lead, "lead", participation=council, email=cast.stranger.email)
    Organisation.objects.filter(pk=cast.lead.organisation.pk).update(closed_at=timezone.now())
    said = "The person who invited you has left. Ask their organisation for another invitation."
    assert refusal(lambda: actions.accept(row, user=cast.stranger)) == said


# ---- what the database keeps ----


def test_one_invitation_to_a_part_is_open_at_a_time(cast):
    row, _link = invited(cast.supplier, "supplier")
    with broken("one_open_invitation"), transaction.atomic():
        Invitation.objects.create(
            participation=row.participation,
            role=row.role,
            email=row.email.upper(),
            digest="x",
            invited_by=row.invited_by,
            expires_at=row.expires_at,
        )


@pytest.mark.parametrize("changed", [{"accepted_at": timezone.now()}, {"accepted_by": 1}])
def test_an_invitation_is_accepted_by_someone_at_a_time(cast, changed):
    row, _link = invited(cast.supplier, "supplier")
    with broken("invitation_accepted_by_someone"), transaction.atomic():
        Invitation.objects.filter(pk=row.pk).update(**changed)


# ---- pages ----


def test_members_see_their_own_organisation_and_leads_everyone(cast, client_for):
    mine = client_for(cast.supplier, territory=None).get(PEOPLE)
    assert [part.user.name for part in mine.context["page"]] == ["Sam Carter", "Tara Traveller"]
    assert "Cherwell" not in mine.text
    everyone_here = client_for(cast.lead, territory=None).get(PEOPLE).context["page"]
    assert {part.pk for part in everyone_here} == {part.pk for part in cast.parts().values()}
    assert len(MEMBERS.split()) == len(everyone_here)


def test_people_are_found_by_words_and_role_and_as_a_file(cast, client_for):
    lead = client_for(cast.lead, territory=None)
    found = lead.get(f"{PEOPLE}?words=oxford&role=buyer").context["page"]
    assert [part.user.name for part in found] == ["Bruno Hall"]
    file = table(lead.get(f"{PEOPLE}?words=bruno&format=csv"))
    assert [row[:4] for row in file] == [
        ["Organisation", "Name", "E-mail address", "Role"],
        ["Oxford City Council", "Bruno Hall", cast.other_buyer.user.email, "Buyer"],
    ]


def test_a_territorys_site_leads_to_its_people(cast, client_for):
    answer = client_for(cast.supplier).get("/people/")
    assert answer.status_code == 302
    assert answer.url.endswith(PEOPLE)


def test_the_roles_on_the_form_are_those_that_one_may_give(cast, client_for):
    buyer = client_for(cast.buyer, territory=None)
    form = buyer.get(f"{PEOPLE}invite/").context["form"]
    assert [value for value, _label in form.fields["role"].choices] == [
        "colleague",
        "buyer",
        "evaluator",
        "manager",
    ]
    page = Page(buyer.post(f"{PEOPLE}invite/", {"email": "nia", "role": "lead"}))
    assert sorted(page.told) == ["", "email", "role"]


def test_an_invitation_by_form_names_one_organisation(cast, client_for, north):
    claimed = unpeopled(north)
    url = f"{PEOPLE}invite/?organisation={claimed.organisation_id}"
    colleague = client_for(cast.colleague, territory=None)
    sent = {"participation": claimed.pk, "role": "provider", "email": "nia@new.example"}
    assert colleague.post(url, sent).status_code == 302
    assert Invitation.objects.get().participation == claimed
    assert "nia@new.example" in client_for(cast.lead, territory=None).get(PEOPLE).text
    assert client_for(cast.rival, territory=None).get(url).status_code == 404


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 400, "%00"])
def test_nonsense_in_the_address_is_no_organisation(cast, client_for, nonsense):
    url = f"{PEOPLE}invite/?organisation={nonsense}"
    assert client_for(cast.supplier, territory=None).get(url).status_code in (200, 404)


def test_a_page_asks_before_it_ends_a_part(cast, client_for):
    supplier = client_for(cast.supplier, territory=None)
    url = f"{PEOPLE}{cast.traveller.pk}/end/"
    Membership.objects.filter(pk=cast.supplier.pk).update(since=timezone.now() - timedelta(days=9))
    assert "Do you want to remove Tara Traveller?" in supplier.get(url).text
    assert Membership.objects.get(pk=cast.traveller.pk).ended_at is None
    assert supplier.post(url).url == PEOPLE
    for stranger in (cast.rival, cast.south.lead):
        assert client_for(stranger, territory=None).get(url).status_code == 404


def test_whoever_ends_the_last_part_of_others_is_told_what_follows(cast, client_for):
    lead = client_for(cast.lead, territory=None)
    said = "Then nobody acts for it, and nobody here can invite its next person"
    assert said in lead.get(f"{PEOPLE}{cast.rival.pk}/end/").text
    assert said not in lead.get(f"{PEOPLE}{cast.traveller.pk}/end/").text
    Membership.objects.filter(pk=cast.other_buyer.pk).update(ended_at=timezone.now())
    Membership.objects.filter(pk=cast.evaluator2.pk).update(ended_at=timezone.now())
    assert rules.what_follows(cast.colleague) == (
        "This is the last part of Oxford City Council in Thames Valley. Then nobody acts for it until a lead invites "
        "another lead for it."
    )


def test_a_list_of_people_asks_as_often_for_thirty_as_for_two(cast, client_for):
    browser = client_for(cast.supplier, territory=None)
    assert (rows(browser.get(PEOPLE)), statements(browser, PEOPLE)) == (2, 8)
    connection.set_schema_to_public()
    for number in range(28):
        user = User.objects.create_user(f"{number}@builder.example", name=f"Person {number}")
        Membership.objects.appoint(user=user, participation=cast.supplier.participation, role="supplier")
    assert (rows(browser.get(PEOPLE)), statements(browser, PEOPLE)) == (30, 8)
