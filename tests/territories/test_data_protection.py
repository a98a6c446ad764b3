"""What is held about people: every field is known, all of it can be taken away, closed and, in time, removed."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import override_settings
from django.utils import timezone

from dicm.data_words import TERRITORY_RULES
from spo.delivery.models import Delivery
from spo.scoring.models import Award, Dismissal, Score
from spo.tenders.models import Declaration
from territories.journal.chain import verify
from territories.journal.models import Entry
from territories.models import Application, Invitation, Membership, User, UserActivity
from territories.people.data.closing import close_account, why_not_close
from territories.people.data.held import OTHERS, all_models, held_here, personal_fields
from territories.people.data.retention import forget_signatory
from territories.people.joining import actions as joining
from territories.refusal import Refused
from territories.signatories import Signed
from territories.tenancy import tenant_models
from tests.cast import PASSWORD
from tests.client import Browser
from tests.reading import as_owner, done

# Fields of text that can't be about a person: names of things, codes, digests, states.
IMPERSONAL = {
    *("role", "letter", "page"),
    *("activity_title", "area", "body", "code", "codename", "country", "digest", "display_id", "district"),
    *(
        "district_code",
        "doi",
        "domain",
        "domains",
        "evidence_digest",
        "evidence_key",
        "evidence_suffix",
        "figures",
    ),
    *(
        "key",
        "label",
        "language",
        "model",
        "name_cy",
        "app_label",
        "notice",
        "numbers",
        "ons_code",
        "pdf",
        "police_area",
    ),
    *(
        "police_force",
        "postcode",
        "previous",
        "reference",
        "request_id",
        "schema",
        "schema_name",
        "scheme",
        "slug",
    ),
    *(
        "subject",
        "subject_id",
        "on_behalf_of",
        "office",
        "unit",
        "unit_cy",
        "evidence_cy",
        "value",
        "verb",
        "object_id",
        "client_id",
        "secret",
    ),
    *("provider", "provider_id", "settings", "session_key"),
}
# Names of things, in tables of things.
NAMED_THINGS = {
    "territories.Application",
    "territories.Organisation", "territories.Territory", "territories.Region", "territories.SupportType",
    "auth.Group", "auth.Permission", "socialaccount.SocialApp",
}  # fmt: skip
TEXT = (models.CharField, models.TextField, models.JSONField, models.FileField, models.GenericIPAddressField)


def could_be_personal(field) -> bool:
    if field.related_model in {User, Membership} or field.name in {"user_id", "actor_id"}:
        return True
    return isinstance(field, TEXT) and not field.choices and field.name not in IMPERSONAL


def unlisted(model) -> list[str]:
    listed = {*personal_fields(model), *getattr(model, "free_text", ())}
    things = {"name", "evidence"} if model._meta.label in NAMED_THINGS else set()
    return [
        f.name for f in model._meta.concrete_fields if could_be_personal(f) and f.name not in listed | things
    ]


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model._meta.label)
def test_every_field_that_could_be_about_a_person_is_listed(model):
    names = {field.name for field in model._meta.concrete_fields}
    assert set(personal_fields(model)) | set(getattr(model, "free_text", ())) <= names
    assert unlisted(model) == []


def test_a_planted_field_is_found():
    class Planted(models.Model):  # noqa: DJ008
        personal = ()
        name_of_a_child = models.CharField(max_length=10)
        helper = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "planted"

    assert unlisted(Planted) == ["name_of_a_child", "helper"]


def test_a_model_that_lists_nothing_is_found():
    class Silent(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "planted"

    with pytest.raises(KeyError, match="personal"):
        personal_fields(Silent)


def test_only_what_exists_is_listed_of_other_projects():
    assert OTHERS.keys() <= {model._meta.label for model in all_models()}


# ---- what is held ----


def test_all_that_a_territory_holds_about_someone(order_at, cast, north):
    order_at("scored")
    with north:
        mine, theirs = held_here(cast.evaluator.user), held_here(cast.rival.user)
    assert sorted(mine) == [
        "journal.Entry",
        "notices.Notice",
        "scoring.PanelMember",
        "scoring.Score",
        "tenders.Declaration",
    ]
    assert [row["evaluator"] for row in mine["scoring.Score"]] == [cast.evaluator.user_id] * 2
    assert {row["verb"] for row in mine["journal.Entry"]} == {"declare", "score"}
    assert {row["facts"]["name"] for row in theirs["notices.Notice"]} == {str(cast.rival.user)}
    assert theirs.keys() == {"notices.Notice"}


def test_all_that_the_public_site_holds_about_someone(cast, client_for):
    page = client_for(cast.supplier, territory=None).get("/account/data/file/")
    held = json.loads(page.content)
    assert page["Content-Disposition"] == 'attachment; filename="dicm-account.json"'
    assert {"account.EmailAddress", "territories.Membership", "territories.User"} <= held.keys()
    assert held["territories.User"][0]["email"] == cast.supplier.user.email
    assert "password" not in held["territories.User"][0]


def test_a_territorys_file_is_ones_own(cast, client_for, order_at):
    order_at("agreed")
    held = json.loads(client_for(cast.supplier).get("/your-data/").content)
    assert {row["actor_id"] for row in held["journal.Entry"]} == {cast.supplier.user_id}


def test_the_command_gathers_every_territory(committed, cast, order_at, capsys):
    order_at("draft")
    order_at("draft", company=cast.south)
    call_command("export_person", cast.supplier.user.email.upper())
    held = json.loads(capsys.readouterr().out)
    assert sorted(held) == ["public", "t_thames_valley"]
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("export_person", "nobody@example.org")


# ---- closing ----


def test_a_closed_account_names_nobody_and_leaves_the_journal_whole(cast, order_at, north):
    order_at("agreed")
    user = cast.supplier.user
    before = user.email
    close_account(user, by=user)
    user = User.objects.get(pk=user.pk)
    assert (str(user), user.is_active, user.has_usable_password()) == ("Someone who left", False, False)
    assert user.email == f"closed-{user.pk}@closed.invalid"
    assert not Membership.objects.filter(user=user, ended_at=None).exists()
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not UserActivity.objects.filter(user_id=user.pk).exists()
    with north:
        assert verify().broken is None
        assert Entry.objects.filter(actor_id=user.pk).count() == 3
    connection.set_schema_to_public()
    line = Entry.objects.get(verb="anonymise")
    assert (line.actor_id, line.subject_id) == (user.pk, str(user.pk))
    for model in all_models():
        if model._meta.app_label in {"territories", "account", "usersessions", "socialaccount"}:
            assert before not in str(list(model._default_manager.values()))


def test_what_an_applicant_and_an_invited_person_said_is_forgotten(cast):
    email = cast.provider.user.email
    asked = joining.apply(
        territory=cast.territory, kind="provider", name="x", numbers=[["GB-CHC", "1170009"]], reason="x",
        person="Priya Shah", email=email,
    )  # fmt: skip
    invited = Invitation.objects.create(
        participation=cast.provider.participation, role="provider", email=email, digest="0" * 64,
        invited_by=cast.lead, expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    close_account(cast.provider.user)
    assert not Application.objects.filter(pk=asked.pk).exists()  # nobody could answer for it any more
    invited.refresh_from_db()
    assert invited.email == f"closed-{cast.provider.user_id}@closed.invalid"
    assert invited.revoked_at is not None


def test_the_last_lead_cannot_close_their_account(cast):
    with pytest.raises(Refused, match="Thames Valley would be left without a lead"):
        close_account(cast.lead.user)
    Membership.objects.appoint(user=cast.stranger, participation=cast.lead.participation, role="lead")
    assert why_not_close(cast.lead.user) is None


def asked_again(user) -> Browser:
    """Signed in, and asked for the password once more on the way to closing."""
    browser = Browser(None)
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    there = browser.get("/account/close/").url
    assert there == "/accounts/reauthenticate/?next=%2Faccount%2Fclose%2F"
    assert browser.post(there, {"password": PASSWORD}).url == "/account/close/"
    return browser


def test_one_closes_ones_account_with_ones_password_and_is_signed_out(cast):
    browser = asked_again(cast.rival.user)
    page = browser.get("/account/close/").content.decode()
    assert "You are no longer Supplier of Cherwell Facilities Ltd in Thames Valley." in page
    done = browser.post("/account/close/", follow=True).content.decode()
    assert "Your account is closed" in done
    assert browser.get("/account/").status_code == 302
    again = browser.post("/accounts/login/", {"login": cast.rival.user.email, "password": PASSWORD})
    assert again.status_code == 200


def test_the_last_lead_reads_why_not(cast):
    browser = asked_again(cast.lead.user)
    page = browser.get("/account/close/").content.decode()
    assert "would be left without a lead" in page
    assert '<form method="post" novalidate>' not in page


def test_the_command_closes_once(cast, capsys):
    call_command("close_account", cast.rival.user.email)
    assert "is closed and names nobody" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("close_account", cast.rival.user.email)
    with pytest.raises(CommandError, match="left without a lead"):
        call_command("close_account", cast.lead.user.email)


def test_the_database_lets_no_closed_account_keep_a_name(cast):
    with pytest.raises(IntegrityError, match="closed_account_names_nobody"), transaction.atomic():
        User.objects.filter(pk=cast.rival.user_id).update(closed_at=timezone.now())


# ---- retention ----


def retention(capsys, *options) -> dict[str, int]:
    call_command("retention", *options)
    lines = capsys.readouterr().out.split("\n")[3:]
    return {line.split("  ")[0]: int(line.split()[-1]) for line in lines if line[-2:].strip().isdigit()}


LONG_AGO = timedelta(days=7 * 365)


@pytest.fixture
def old(committed, cast, order_at, north):
    """A confirmed delivery, a declared interest, an application and an invitation, all of seven years ago."""
    story = order_at("confirmed")
    then = timezone.now() - LONG_AGO
    with connection.cursor() as cursor:  # as the owner: a territory's role can't move what was agreed
        cursor.execute(
            f"UPDATE {north.schema_name}.contracts_term SET starts_on = %s, ends_on = %s", [then, then]
        )
        cursor.execute(f"UPDATE {north.schema_name}.scoring_award SET decided_at = %s", [then])
    with as_owner(north):
        Declaration.objects.update(words="My brother works there.")
        seat = story.panel[0]
        Dismissal.objects.create(
            seat=seat, dismissed_by_id=seat.user_id, dismissed_at=then, person="Bella Novak"
        )
    asked = joining.apply(
        territory=north, kind="provider", name="x", numbers=[["GB-CHC", "1170009"]], reason="x",
        person="Ann", email="ann@example.org",
    )  # fmt: skip
    Application.objects.filter(pk=asked.pk).update(created_at=then)
    Invitation.objects.create(
        participation=cast.provider.participation, role="provider", email="old@example.org", digest="0" * 64,
        invited_by=cast.lead, expires_at=then,
    )  # fmt: skip
    return story


DUE = {
    "applications whose address nobody confirmed": 1,
    "applications that were refused, or returned and not sent again": 0,
    "who asked, in applications that were approved": 0,
    "invitations that nobody accepted": 1,
    "sessions that are over": 0,
    "when somebody last signed in": 0,
    "names of people who published an activity": 0,
    "names of people who published an evaluation": 0,
    "names of people who answered an offer": 0,
    "what was declared about interests in a tender": 3,
    "names of people on panels": 2,
    "names of people who took somebody off a panel": 1,
    "names of people who declared their interests": 3,
    "names of people who chaired a moderation": 2,
    "names of people who awarded": 1,
    "names of people who published a tender": 2,  # with the version by which time passed
    "names of people who submitted a bid": 1,
    "pictures and documents that show deliveries": 1,
    "names of people who signed a contract": 3,
    "names of people who claimed a delivery": 1,
    "names of people who decided on a delivery": 1,
}


def test_whoever_signed_whatever_is_forgotten_some_day():
    signed = {model for model in tenant_models() if issubclass(model, Signed)}
    ruled = {rule.due(timezone.now()).model for rule in TERRITORY_RULES if rule.act is forget_signatory}
    assert {model._meta.label for model in signed - ruled} == set()


def test_a_dry_run_says_what_is_due_and_changes_nothing(old, north, capsys):
    assert retention(capsys) == DUE
    assert retention(capsys) == DUE
    with north:
        assert Delivery.objects.exclude(evidence="").count() == 1


def test_what_is_due_goes_once_and_what_it_proved_stays(old, north, capsys):
    with north:
        path = Delivery.objects.get().evidence.path
    assert retention(capsys, "--apply") == DUE
    assert set(retention(capsys, "--apply").values()) == {0}
    with north:
        kept = Delivery.objects.get()
        assert (bool(kept.evidence), len(kept.evidence_digest), kept.quantity) == (
            False,
            64,
            Decimal("30.00"),
        )
        assert set(Declaration.objects.values_list("words", flat=True)) == {""}
        assert (Score.objects.count(), Award.objects.count()) == (4, 1)
        assert set(Award.objects.values_list("person", "office")) == {("", "buyer")}
        assert list(Entry.objects.filter(verb="retain").values_list("subject", "after__rows")) == [
            ("tenders.declaration", 3),
            ("scoring.panelmember", 2),
            ("scoring.dismissal", 1),
            ("tenders.declaration", 3),
            ("scoring.consensus", 2),
            ("scoring.award", 1),
            ("tenders.tenderversion", 2),
            ("scoring.bid", 1),
            ("delivery.delivery", 1),
            ("contracts.signature", 3),
            ("delivery.delivery", 1),
            ("delivery.decision", 1),
        ]
        assert verify().broken is None
    assert not Path(path).exists()
    assert Application.objects.filter(email="ann@example.org").count() == 0


def test_what_is_held_stays(old, capsys):
    with override_settings(DICM_LEGAL_HOLD=[old.tender.reference]):
        left = retention(capsys, "--apply")
    assert (
        left["what was declared about interests in a tender"],
        left["pictures and documents that show deliveries"],
    ) == (0, 0)


def test_an_approved_application_forgets_who_asked_after_a_year(committed, cast, capsys):
    asked = joining.confirm(
        joining.apply(
            territory=cast.territory,
            kind="provider",
            name="Old friends",
            numbers=[["GB-CHC", "1170010"]],
            reason="x",
            person="Ann Old",
            email="ann.old@example.org",
        )
    )
    done(joining.approve, asked, by=cast.lead)
    Application.objects.filter(pk=asked.pk).update(decided_at=timezone.now() - timedelta(days=366))
    assert retention(capsys, "--apply")["who asked, in applications that were approved"] == 1
    asked.refresh_from_db()
    assert (asked.person, asked.reason) == ("", "-")
    assert asked.email == f"closed-{asked.membership.user_id}@closed.invalid"
