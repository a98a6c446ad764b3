"""Organisations ask to join on the public site; a territory's leads answer, or its rule does."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.db import transaction
from django.test import TestCase
from django.utils import timezone

from territories.journal.chain import verify
from territories.journal.models import Entry
from territories.models import (
    Application,
    Identifier,
    Membership,
    Organisation,
    Participation,
    User,
    Welcome,
)
from territories.notices.upkeep import send_due
from territories.people.joining import actions, rules
from territories.people.joining.flows import APPLICATION
from territories.people.parts import actions as people
from territories.refusal import Stale
from tests.reading import Page, broken, done, edges, forbidden, journalled, refusal, table
from tests.seen import read
from tests.test_statements import rows, statements

EMPTY = "this is needed"
QUEUE = "/t/thames-valley/applications/"
ADDRESS = re.compile(r"http://[^/\s]+(/\S+)")
TYPED = {
    "kind": "provider",
    "name": "Barton Repair Café",
    "scheme": "GB-CHC",
    "number": "1170001",
    "reason": "We mend bicycles.\r\nEvery Saturday.",
    "person": "Nia Bowen",
    "email": "nia@barton.example",
}


def facts(territory, **changed) -> dict:
    given = {
        "territory": territory,
        "kind": "provider",
        "name": "Barton Repair Café",
        "numbers": [["GB-CHC", "1170001"]],
        "reason": "We mend bicycles.",
        "person": "Nia Bowen",
        "email": "nia@barton.example",
    }
    return given | changed


@pytest.fixture
def waiting(north):
    """waiting(name=…) → an application that its applicant has confirmed."""

    def make(**changed) -> Application:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return actions.confirm(actions.apply(**facts(changed.pop("territory", north), **changed)))

    return make


def walk(status: str, row: Application, by: Membership) -> Application:
    """A waiting application, taken to another state by its act."""
    acts = {
        "waiting": lambda: row,
        "returned": lambda: done(actions.send_back, row, answer="The number, please.", by=by),
        "refused": lambda: done(actions.refuse, row, answer="You are in Kent.", by=by),
        "approved": lambda: done(actions.approve, row, by=by),
    }
    return acts[status]()


def links(letter) -> list[str]:
    return ADDRESS.findall(letter.body)


# ---- the acts ----


def test_an_application_waits_for_its_e_mail_to_be_confirmed(north):
    row = actions.apply(**facts(north, email="Nia@Barton.example"))
    assert (row.status, row.confirmed_at, row.email) == ("unconfirmed", None, "nia@barton.example")
    last = Entry.objects.order_by("-seq").first()
    assert (last.verb, last.subject, last.actor_id) == ("apply", "territories.application", None)


def test_a_signed_in_person_has_confirmed_already(north, cast):
    row = actions.apply(**facts(north, email=cast.stranger.email), user=cast.stranger)
    assert row.status == "waiting"


def test_confirming_twice_is_confirming_once(waiting):
    row = waiting()
    before = Entry.objects.count()
    assert actions.confirm(row).confirmed_at == row.confirmed_at
    assert Entry.objects.count() == before


def test_approval_makes_everything_that_is_missing(waiting, cast, north):
    row = waiting(numbers=[["GB-CHC", "1170001"], ["GB-COH", "10000001"]])
    mail.outbox.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        row = done(actions.approve, row, by=cast.lead)
    journalled(row, "approve", cast.lead)
    part = row.membership
    assert (part.role, part.user.email, part.user.name) == ("provider", "nia@barton.example", "Nia Bowen")
    assert (part.organisation.name, part.organisation.kind, part.territory) == (
        "Barton Repair Café",
        "provider",
        north,
    )
    assert [(one.scheme, one.value, one.preferred) for one in part.organisation.identifiers.all()] == [
        ("GB-CHC", "1170001", True),
        ("GB-COH", "10000001", False),
    ]
    address = EmailAddress.objects.get(user=part.user)
    assert (address.verified, address.primary, part.user.has_usable_password()) == (True, True, False)
    assert (row.decided_by, row.status) == (cast.lead, "approved")
    assert verify().broken is None
    (letter,) = mail.outbox
    assert letter.to == ["nia@barton.example"]


def test_the_letter_of_approval_leads_to_a_password_and_in(waiting, cast, client_for, north):
    mail.outbox.clear()
    row = waiting()
    with TestCase.captureOnCommitCallbacks(execute=True):
        done(actions.approve, row, by=cast.lead)
    password = next(link for link in links(mail.outbox[-1]) if "/password/" in link)
    browser = client_for(None, territory=None, REMOTE_ADDR="10.9.1.1")
    page = browser.get(password, follow=True)
    new = {"password1": "seven quiet bicycles", "password2": "seven quiet bicycles"}
    assert browser.post(page.redirect_chain[-1][0], new).status_code == 302
    signed_in = browser.post("/accounts/login/", {"login": row.email, "password": new["password1"]})
    assert (signed_in.status_code, signed_in.url) == (302, "/your-territories/")


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("supplier", "supplier"),
        ("provider", "provider"),
        ("university", "researcher"),
        ("police", "buyer"),
        ("council", "buyer"),
        ("nhs", "buyer"),
        ("fire", "buyer"),
        ("justice", "buyer"),
    ],
)
def test_the_first_role_follows_from_the_kind(waiting, cast, kind, role):
    row = done(actions.approve, waiting(kind=kind, numbers=[["XI", "NEW-ONE"]]), by=cast.lead)
    assert row.membership.role == role
    assert kind in Membership.KINDS[Membership.Role(role)]


def test_an_organisation_joins_another_territory_without_a_second_registration(waiting, cast, south):
    before = Organisation.objects.count()
    supplier = cast.supplier
    row = waiting(
        territory=south,
        kind="supplier",
        name="Whatever it is called",
        numbers=[["GB-COH", "09121572"]],
        email=supplier.user.email,
    )
    people = User.objects.count()
    # The traveller speaks for the same builder in the south already, so the south's own people invite.
    assert rules.why_not_approve(row, cast.south.lead) == (
        "Ridgeway Builders Ltd takes part here already. Its own people can invite a colleague."
    )
    Membership.objects.filter(pk=cast.traveller.pk).update(ended_at=timezone.now())
    Membership.objects.filter(
        participation__territory=south, participation__organisation=supplier.organisation
    ).update(ended_at=timezone.now())
    row = done(actions.approve, row, by=cast.south.lead)
    assert (row.membership.organisation, row.membership.user) == (supplier.organisation, supplier.user)
    assert (Organisation.objects.count(), User.objects.count()) == (before, people)


def test_a_charity_that_a_colleague_registered_comes_into_its_own_record(waiting, cast, north):
    charity = Organisation.objects.create(name="Barton Repair Cafe", kind="provider")
    Identifier.objects.create(organisation=charity, scheme="GB-CHC", value="1170001", preferred=True)
    here = Participation.objects.create(organisation=charity, territory=north)
    assert done(actions.approve, waiting(), by=cast.lead).membership.participation == here


# ---- refusals ----


@pytest.mark.parametrize(
    ("verb", "status"), [one for one in forbidden(APPLICATION) if one[1] != "unconfirmed"]
)
def test_what_is_over_cannot_be_done_again(waiting, cast, verb, status):
    row = walk(status, waiting(), cast.lead)
    acts = {
        "approve": lambda: done(actions.approve, row, by=cast.lead),
        "return": lambda: done(actions.send_back, row, answer="x", by=cast.lead),
        "refuse": lambda: done(actions.refuse, row, answer="x", by=cast.lead),
        "change": lambda: actions.change(
            row, kind="provider", name="x", numbers=[], reason="x", seen=read(row)
        ),
        "confirm": None,  # the link may be followed any number of times
    }
    if acts[verb]:
        label = Application.Status(status).label
        said = f"This is not possible any more: the application is now “{label}”."
        assert refusal(acts[verb]) == said


def test_every_edge_of_the_flow_is_named():
    assert edges(APPLICATION) == {
        ("confirm", "unconfirmed", "waiting"),
        ("return", "waiting", "returned"),
        ("change", "returned", "waiting"),
        ("approve", "waiting", "approved"),
        ("refuse", "waiting", "refused"),
    }


@pytest.mark.parametrize("who", ["buyer", "colleague", "supplier", "southern lead"])
def test_only_leads_of_the_territory_decide(waiting, cast, who):
    row = waiting()
    by = cast.south.lead if who == "southern lead" else getattr(cast, who)
    for act in (
        lambda: done(actions.approve, row, by=by),
        lambda: done(actions.send_back, row, answer="x", by=by),
        lambda: done(actions.refuse, row, answer="x", by=by),
    ):
        assert refusal(act) == "Only the leads of the territory decide on this application."


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"numbers": [["GB-COH", "09121573"]]},
            "That number belongs to Cherwell Facilities Ltd, which is of another kind.",
        ),
        (
            {"numbers": [["GB-CHC", "1164883"], ["GB-CHC", "1164884"]]},
            "These numbers belong to different organisations.",
        ),
        (
            {"numbers": [["GB-CHC", "1164883"]]},
            "Cowley Road Youth Project takes part here already. Its own people can invite a colleague.",
        ),
    ],
)
def test_a_number_is_nobody_elses(waiting, cast, changed, said):
    row = waiting(**changed)
    assert refusal(lambda: done(actions.approve, row, by=cast.lead)) == said


def test_an_applicant_with_a_second_address_of_theirs_is_known(waiting, cast):
    EmailAddress.objects.create(
        user=cast.rival.user, email="nia@barton.example", verified=True, primary=False
    )
    people = User.objects.count()
    row = done(actions.approve, waiting(), by=cast.lead)
    assert (row.membership.user, User.objects.count()) == (cast.rival.user, people)


def test_a_lead_does_not_approve_their_own_application(waiting, cast, client_for):
    EmailAddress.objects.create(user=cast.lead.user, email="nia@barton.example", verified=True, primary=False)
    own = "This application is your own. Another lead of the territory has to decide on it."
    for row in (waiting(kind="council", email=cast.lead.user.email), waiting(kind="council")):
        assert refusal(lambda row=row: done(actions.approve, row, by=cast.lead)) == own
        assert own in client_for(cast.lead, territory=None).get(f"{QUEUE}{row.pk}/").text


@pytest.mark.parametrize(
    ("who", "kind"), [("buyer", "provider"), ("evaluator", "supplier"), ("rival", "nhs")]
)
def test_nobody_is_approved_for_both_sides(waiting, cast, who, kind):
    row = waiting(kind=kind, email=getattr(cast, who).user.email)
    assert refusal(lambda: done(actions.approve, row, by=cast.lead)) == (
        "Whoever leads, buys, scores or manages for a public body can't play a part for a supplier or a provider "
        "in the same territory. The other part has to end first."
    )


def test_the_next_person_of_an_organisation_whose_people_are_gone_waits_for_a_lead(
    waiting, cast, south, north
):
    """Even at a domain that is let in at once, and for somebody who acts for it elsewhere."""
    Welcome.objects.create(territory=north, domains=["thames-valley.example.org", "hampshire.example.org"])
    builder = {"kind": "supplier", "name": "Ridgeway Builders Ltd", "numbers": [["GB-COH", "09121572"]]}
    Membership.objects.filter(participation=cast.supplier.participation).update(ended_at=timezone.now())
    row = waiting(**builder, email=cast.supplier.user.email)
    assert (row.status, rules.why_not_at_once(row)) == (
        "waiting",
        "DICM knows its number, and not this person.",
    )
    there = cast.south.traveller.participation
    Membership.objects.appoint(user=cast.south.lead.user, participation=there, role="supplier")
    row = waiting(**builder, email=cast.south.lead.user.email)
    assert (row.status, rules.why_not_at_once(row)) == (
        "waiting",
        "Its people in this territory have left.",
    )
    assert done(actions.approve, row, by=cast.lead).membership.participation == cast.supplier.participation


def test_whoever_removed_the_people_of_an_organisation_does_not_choose_the_next(waiting, cast):
    """Or a lead could put a second account of their own in the place of a supplier."""
    people.end_part(cast.rival, by=cast.lead)
    row = waiting(kind="supplier", name="Cherwell Facilities Ltd", numbers=[["GB-COH", "09121573"]])
    assert refusal(lambda: done(actions.approve, row, by=cast.lead)) == (
        "You removed the people of this organisation. Another lead of the territory has to decide on it."
    )
    second = Membership.objects.appoint(
        user=cast.other_buyer.user, participation=cast.other_buyer.participation, role="lead"
    )
    assert done(actions.approve, row, by=second).membership.participation == cast.rival.participation


def test_a_closed_organisation_stays_closed(waiting, cast):
    charity = Organisation.objects.create(name="Old Mill", kind="provider", closed_at=timezone.now())
    Identifier.objects.create(organisation=charity, scheme="GB-CHC", value="1170001", preferred=True)
    row = waiting()
    assert refusal(lambda: done(actions.approve, row, by=cast.lead)) == "Old Mill is closed."


def test_nobody_is_flooded_with_letters(north):
    for _number in range(rules.LETTERS_A_DAY):
        actions.apply(**facts(north))
    assert refusal(lambda: actions.apply(**facts(north))) == (
        "We have written to this address several times today. Follow a link in one of the e-mails, or come back tomorrow."
    )
    tagged = facts(north) | {"email": "nia+1@barton.example"}
    assert "several times today" in refusal(lambda: actions.apply(**tagged))


# ---- links ----


def test_a_fresh_link_is_sent_a_few_times_a_day(waiting):
    row = waiting()
    for _number in range(rules.LETTERS_A_DAY):
        actions.send_link(row)
    assert "several times today" in refusal(lambda: actions.send_link(row))


def test_others_who_ask_for_links_keep_no_applicant_from_a_valid_one(client_for, waiting):
    """Behind one address many people sit: what is limited is the letters to each application."""
    browser, row = client_for(None, territory=None), waiting()
    address = actions.link_of(row).partition("localhost")[2].partition("/")[2]
    assert {browser.post(f"/{address}").status_code for _time in range(12)} == {302}


def test_what_an_older_tab_says_of_a_returned_application_is_not_sent(waiting, cast):
    row = done(actions.send_back, waiting(), answer="The reason, please.", by=cast.lead)
    older = read(row)
    facts_ = {"kind": row.kind, "name": row.name, "numbers": row.numbers}
    row = actions.change(row, reason="We help in Barton.", seen=older, **facts_)
    row = done(actions.send_back, row, answer="Longer, please.", by=cast.lead)
    with pytest.raises(Stale):
        actions.change(row, reason="x", seen=older, **facts_)
    row.refresh_from_db()
    assert row.reason == "We help in Barton."


def test_an_application_whose_person_is_forgotten_gets_no_link(waiting):
    row = waiting()
    Application.objects.filter(pk=row.pk).update(person="")
    assert refusal(lambda: actions.send_link(row)) == (
        "This application is over, and its address is forgotten. Ask to join again."
    )


# ---- what the database keeps ----


@pytest.mark.parametrize(
    ("promise", "changed"),
    [
        ("application_confirmed_at_a_time", {"confirmed_at": None}),
        ("application_decided_by_someone_for_a_reason", {"answer": "x"}),
        ("application_decided_by_someone_for_a_reason", {"status": "refused"}),
        ("application_decided_by_someone_for_a_reason", {"status": "returned", "answer": "x"}),
        ("application_decided_by_someone_for_a_reason", {"status": "approved"}),
    ],
)
def test_a_decision_is_whole(waiting, promise, changed):
    row = waiting()
    with broken(promise), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(**changed)


def test_a_territory_says_once_whom_it_lets_in(north):
    Welcome.objects.create(territory=north)
    with broken("welcome.territory_id"), transaction.atomic():
        Welcome.objects.create(territory=north)


# ---- the applicant's pages ----


def test_an_applicant_goes_all_the_way(client_for, cast, north):
    mail.outbox.clear()
    browser = client_for(None, territory=None)
    sent = browser.post("/join/", TYPED | {"territory": north.pk})
    assert sent.status_code == 302
    assert "We have sent a link to nia@barton.example" in browser.get(sent.url).text
    (letter,) = mail.outbox
    (link,) = links(letter)
    elsewhere = client_for(None, territory=None)
    assert "Confirm and send the application" in elsewhere.get(link).text
    row = Application.objects.get(email="nia@barton.example")
    assert row.status == "unconfirmed"  # a scanner that opens links confirms nothing
    assert elsewhere.post(link).url == sent.url
    assert "Waiting for an answer" in elsewhere.get(sent.url).text
    with north:
        send_due()
    assert [letter.to for letter in mail.outbox[1:]] == [["nia@barton.example"], [cast.lead.user.email]]
    assert "Barton" in mail.outbox[-1].subject and f"{QUEUE}{row.pk}/" in mail.outbox[-1].body

    lead = client_for(cast.lead, territory=None)
    answered = lead.fill(f"{QUEUE}{row.pk}/return/", {"answer": "Which Saturday?"})
    assert answered.status_code == 302
    assert "Which Saturday?" in mail.outbox[-1].body
    page = Page(elsewhere.get(f"{sent.url}change/"))
    assert page.kept({"name": "", "number": ""}) == {"name": TYPED["name"], "number": TYPED["number"]}
    again = {name: value for name, value in TYPED.items() if name not in {"person", "email"}}
    assert elsewhere.fill(f"{sent.url}change/", again | {"name": "Barton Repairs"}).url == sent.url
    row.refresh_from_db()
    assert (row.status, row.name, row.answer, row.decided_by) == ("waiting", "Barton Repairs", "", None)
    # What was said is kept for both, whatever the state has become.
    assert [(said["verb"], said["words"], said["person"]) for said in row.said] == [
        ("return", "Which Saturday?", "Lena Ahmed")
    ]
    assert all(
        "Which Saturday?" in page.text for page in (lead.get(f"{QUEUE}{row.pk}/"), elsewhere.get(sent.url))
    )
    assert lead.fill(f"{QUEUE}{row.pk}/approve/", on=f"{QUEUE}{row.pk}/").status_code == 302
    assert "Your role: Provider" in elsewhere.get(sent.url).text


def test_bad_input_is_explained_and_nothing_is_lost(client_for, north):
    sent = TYPED | {"territory": str(north.pk), "number": "12", "second_scheme": "GB-COH", "email": "nia"}
    page = Page(client_for(None, territory=None).post("/join/", sent))
    assert page.told == {
        "number": "A number from Charity Commission for England and Wales has 6 or 7 digits, such as 1164883.",
        "second_number": "Write the number in this register, or choose no register.",
        "email": "Your e-mail address: enter an e-mail address, such as name@example.org",
    }
    kept = {name: value.replace("\r\n", "\n") for name, value in sent.items() if name != "email"}
    found = {name: value.replace("\r\n", "\n") for name, value in page.kept(kept).items()}
    assert found == kept
    assert Application.objects.exists() is False


def test_an_empty_application_is_explained(client_for):
    told = Page(client_for(None, territory=None).post("/join/", {"name": ""})).told
    assert told["name"] == f"Name of the organisation: {EMPTY}"
    assert sorted(told) == ["email", "kind", "name", "number", "person", "reason", "scheme", "territory"]


def test_whoever_is_signed_in_is_not_asked_who_they_are(client_for, cast, north):
    browser = client_for(cast.stranger, territory=None)
    assert {"id_email", "id_person"}.isdisjoint(Page(browser.get("/join/")).ids)
    typed = {name: value for name, value in TYPED.items() if name not in {"person", "email"}}
    assert browser.post("/join/", typed | {"territory": north.pk}).status_code == 302
    row = Application.objects.get()
    assert (row.email, row.person, row.status) == (cast.stranger.email, cast.stranger.name, "waiting")
    assert TYPED["name"] in browser.get("/join/").text


def test_a_territorys_own_page_asks_for_that_territory(client_for, south):
    page = Page(client_for(None, territory=None).get("/join/?territory=hampshire"))
    assert page.kept({"territory": ""}) == {"territory": str(south.pk)}


def test_an_application_is_its_applicants_alone(client_for, cast, waiting):
    row = waiting(email=cast.stranger.email)
    url = f"/join/{row.reference}/"
    assert client_for(cast.stranger, territory=None).get(url).status_code == 200
    for who in (None, cast.supplier, cast.lead):
        browser = client_for(who, territory=None)
        assert (browser.get(url).status_code, browser.get(f"{url}change/").status_code) == (404, 404)


@pytest.mark.parametrize(("pk", "salt"), [(None, ""), (1, "stream"), (10**9, actions.SALT)])
def test_a_forged_link_is_nothing(client_for, everyone, pk, salt):
    url = f"/join/link/{signing.dumps(pk, salt=salt) if pk else 'forged'}/"
    browser = client_for(None, territory=None)
    assert (browser.get(url).status_code, browser.post(url).status_code) == (404, 404)


def test_an_old_link_confirms_nothing_and_another_can_be_had(client_for, north, monkeypatch):
    row = actions.apply(**facts(north))
    monkeypatch.setattr("territories.people.joining.views.LINK_SECONDS", -1)
    url = f"/join/link/{signing.dumps(row.pk, salt=actions.SALT)}/"
    browser = client_for(None, territory=None)
    assert "Send me a new link" in browser.get(url).text
    mail.outbox.clear()
    browser.post(url)
    assert [letter.to for letter in mail.outbox] == [[row.email]]
    row.refresh_from_db()
    assert row.status == "unconfirmed"
    assert browser.get(f"/join/{row.reference}/").status_code == 404


def test_a_link_used_twice_leads_to_the_page(client_for, waiting):
    row = waiting()
    url = f"/join/link/{signing.dumps(row.pk, salt=actions.SALT)}/"
    browser = client_for(None, territory=None)
    for answer in (browser.get(url), browser.post(url)):
        assert (answer.status_code, answer.url) == (302, f"/join/{row.reference}/")


def test_letters_are_in_the_applicants_language(client_for, north):
    browser = client_for(None, territory=None)
    browser.cookies["django_language"] = "cy"
    mail.outbox.clear()
    browser.post("/join/", TYPED | {"territory": north.pk})
    assert mail.outbox[-1].subject == "DICM: cadarnhewch eich cyfeiriad e-bost"


# ---- the leads' pages ----


def test_the_longest_waiting_comes_first_and_the_unconfirmed_not_at_all(
    client_for, cast, waiting, north, south
):
    newer, older = waiting(name="Newer"), waiting(name="Older")
    Application.objects.filter(pk=older.pk).update(confirmed_at=timezone.now() - timedelta(days=9))
    actions.apply(**facts(north, name="Unconfirmed"))
    waiting(name="Southern", territory=south)
    lead = client_for(cast.lead, territory=None)
    assert [row.name for row in lead.get(QUEUE).context["page"]] == ["Older", "Newer"]
    assert "1 week, 2 days ago" in lead.get(QUEUE).text.replace("\xa0", " ")
    assert [row[0] for row in table(lead.get(f"{QUEUE}?format=csv"))] == ["Organisation", "Older", "Newer"]
    walk("refused", newer, cast.lead)
    assert [row.name for row in lead.get(f"{QUEUE}?status=waiting").context["page"]] == ["Older"]


def test_a_lead_of_one_territory_knows_nothing_of_another(client_for, cast, waiting, south):
    row, theirs = waiting(), cast.south.lead
    southern = client_for(theirs, territory=None)
    for base in (QUEUE, "/t/hampshire/applications/"):
        url = f"{base}{row.pk}/"
        assert southern.get(url).status_code == 404
        for act in ("approve", "return", "refuse"):
            assert southern.post(f"{url}{act}/", {"answer": "x"}).status_code == 404
    assert southern.get(QUEUE).status_code == 404
    row.refresh_from_db()
    assert row.status == "waiting"


def test_approving_what_the_applicant_has_changed_meanwhile_shows_both(client_for, cast, waiting):
    row = waiting()
    lead, page = client_for(cast.lead, territory=None), f"{QUEUE}{row.pk}/"
    opened = lead.hidden(f"{page}approve/", page)
    Application.objects.filter(pk=row.pk).update(name="Barton Holdings", reason="Something else")
    stale = lead.post(f"{page}approve/", opened)
    assert stale.status_code == 409
    assert "Barton Holdings" in stale.text
    row.refresh_from_db()
    assert row.status == "waiting"


def test_an_answer_without_words_is_explained(client_for, cast, waiting):
    row = waiting()
    lead = client_for(cast.lead, territory=None)
    assert Page(lead.post(f"{QUEUE}{row.pk}/refuse/", {"answer": " "})).told == {
        "answer": "Why? This needs an answer"
    }


def test_the_page_says_what_the_refused_act_says(client_for, cast, waiting):
    row = waiting(numbers=[["GB-CHC", "1164883"]])
    lead = client_for(cast.lead, territory=None)
    said = "Cowley Road Youth Project takes part here already. Its own people can invite a colleague."
    assert said in lead.get(f"{QUEUE}{row.pk}/").text
    lead.fill(f"{QUEUE}{row.pk}/approve/", on=f"{QUEUE}{row.pk}/")
    assert said in Page(lead.get(QUEUE)).html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("not a domain!", "“not” is not a domain."),
        ("co.uk", "Anyone can have an address there. Name an organisation's own domain."),
        ("ac.uk", "Anyone can have an address there. Name an organisation's own domain."),
        ("gmail.com", "Anyone can have an address there. Name an organisation's own domain."),
    ],
)
def test_a_domain_is_one(client_for, cast, typed, said):
    lead = client_for(cast.lead, territory=None)
    page = Page(lead.post(f"{QUEUE}welcome/", {"automatic": "on", "domains": typed}))
    assert (page.told, page.kept({"domains": ""})) == ({"domains": said}, {"domains": typed})


def test_a_lead_reads_and_changes_whom_the_territory_lets_in(client_for, cast, north):
    lead = client_for(cast.lead, territory=None)
    assert Page(lead.get(f"{QUEUE}welcome/")).boxes["automatic"] == ["on"]
    lead.fill(f"{QUEUE}welcome/", {"automatic": "off", "domains": "@B.example, a.example\na.example"})
    row = Welcome.objects.get(territory=north)
    assert (row.automatic, row.domains) == (False, ["a.example", "b.example"])
    assert Page(lead.get(f"{QUEUE}welcome/")).boxes["automatic"] == ["off"]


def test_a_queue_of_thirty_asks_as_often_as_one_of_one(client_for, cast, waiting):
    browser = client_for(cast.lead, territory=None)
    waiting()
    assert (rows(browser.get(QUEUE)), statements(browser, QUEUE)) == (1, 8)
    for number in range(29):
        waiting(name=f"Charity {number}", email=f"{number}@charity.example")
    assert (rows(browser.get(QUEUE)), statements(browser, QUEUE)) == (30, 8)


def test_the_public_site_alone_reads_applications(north, waiting):
    waiting()
    with north, pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Application.objects.count()
