"""Nobody waits unseen: who is told what by each act, once, in the page and by letter, whatever the mail server does."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone, translation

from spo.orders import actions as orders
from spo.orders.letters import AGREED, OFFERED
from territories.models import Wish
from territories.notices import actions, queries, upkeep
from territories.notices.letters import LETTERS, Letter, told
from territories.notices.models import Notice
from territories.notices.people import people
from territories.notices.stopping import stop_address
from territories.notices.tell import settled, tell
from tests.client import acting_in
from tests.reading import Page, as_owner, at_once
from tests.seen import read

# What each stage of the story tells, as letter → roles. What is told to nobody has no line.
TOLD = {
    "offered": {"order_offered": {"provider"}},
    "agreed": {"order_agreed": {"supplier"}},
    "prepared": {"panel_seat": {"evaluator"}},
    "open": {"tender_opened": {"supplier"}},
    "sealed": {"order_offered": {"provider"}, "order_agreed": {"supplier"}},
    "scoring": {"scores_due": {"evaluator"}},
    "awarded": {"bid_won": {"supplier"}},
    "locked": {"contract_to_sign": {"buyer", "provider", "supplier"}},
    "active": {"contract_in_force": {"buyer", "supplier"}},
    "claimed": {"delivery_claimed": {"provider"}},
    "confirmed": {"delivery_confirmed": {"supplier"}},
    "evaluated": {"activity_evaluated": {"provider"}},
    "reported": {"report_ready": {"manager"}},
}
AWAY = "django.core.mail.backends.locmem.EmailBackend.send_messages"


@pytest.fixture
def offered(order_at, north):
    """An order that waits for its provider, who was told."""
    story = order_at("offered")
    mail.outbox.clear()
    return story


@pytest.fixture
def untold(order_at, cast, north):
    """tell_one(**how) → the one notice of the provider about the order, whose letter has not gone."""
    story = order_at("agreed")
    with acting_in(north):
        Notice.objects.all().update(settled_at=timezone.now())

    def tell_one(letter: Letter = AGREED, **how) -> Notice:
        with north, transaction.atomic():
            tell([cast.provider], letter, story.order, page="/orders/", reference="R", title="T", **how)
            return Notice.objects.filter(settled_at=None, reminds=False).get()

    tell_one.order = story.order
    mail.outbox.clear()
    return tell_one


def test_the_whole_story_tells_whoever_comes_next(order_at, cast, north):
    """Every act that hands something over, and nobody who did it themselves."""
    found = {}
    story, before = None, 0
    for stage in TOLD:
        story = story.walk(stage) if story else order_at(stage)
        with north:
            rows = Notice.objects.select_related("part").filter(reminds=False).order_by("created_at", "pk")
            fresh = [row for row in rows[before:] if row.wanted_at <= timezone.now()]
            before = rows.count()
        found[stage] = {}
        for row in fresh:
            found[stage].setdefault(row.letter, set()).add(row.part.role)
    assert found == TOLD


def test_every_letter_can_be_read_in_both_languages(order_at, cast, north):
    order_at("reported")
    with north:
        for row in Notice.objects.all():
            english = told(row.letter, row.facts)
            with translation.override("cy"):
                welsh = told(row.letter, row.facts)
            assert english.words != welsh.words
            assert "%(" not in f"{english}{welsh}"


def test_a_letter_says_the_same_as_text_and_as_html_with_its_link(offered, cast):
    offered.walk("agreed")
    (letter,) = [one for one in mail.outbox if one.to == [cast.supplier.user.email]]
    html, kind = letter.alternatives[0]
    link = f"{cast.territory.url}/orders/{offered.order.pk}/"
    assert letter.subject == f"{offered.order.reference} is agreed"
    assert kind == "text/html" and html.count(f'href="{link}"') == 2
    assert link in letter.body and "Every line of" in letter.body and "Every line of" in html
    with cast.territory:
        row = Notice.objects.get(letter="order_agreed", person=cast.supplier.user_id)
    assert letter.extra_headers["Message-ID"] == f"<{row.pk}@dicm.localhost>"
    assert letter.extra_headers["List-Unsubscribe"] == f"<{stop_address(cast.supplier.user)}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_people_wrote_stays_text_in_the_html(untold, north):
    untold(name="<b>x</b>")
    with north:
        upkeep.send_due()
    html, _kind = mail.outbox[0].alternatives[0]
    assert "<b>" not in html


def test_the_same_is_never_told_twice(untold, north):
    first = untold(once=1)
    assert untold(once=1).pk == first.pk
    with north:
        assert upkeep.send_due() is False and len(mail.outbox) == 1
        assert upkeep.send_due() is False and len(mail.outbox) == 1


def test_a_duty_has_no_way_out_and_says_so(order_at, cast):
    order_at("locked")
    letter = next(one for one in mail.outbox if one.subject.startswith("You are asked to sign"))
    assert "List-Unsubscribe" not in letter.extra_headers
    assert "nothing goes on without you" in letter.body


def test_who_wants_no_letters_gets_those_that_are_a_duty(offered, cast, north):
    actions.stop(cast.supplier.user)
    offered.walk("locked")
    subjects = [one.subject for one in mail.outbox if one.to == [cast.supplier.user.email]]
    assert [one.split(":")[0] for one in subjects] == ["Your bid was successful", "You are asked to sign"]
    with north:
        over = Notice.objects.filter(person=cast.supplier.user_id, over="unwished")
        assert {row.letter for row in over} >= {"order_agreed", "tender_opened"}
        assert queries.notices_of(cast.supplier.user).filter(letter="order_agreed").exists()


def test_who_wishes_one_letter_a_week_gets_one_on_monday(order_at, cast, north):
    actions.wish(cast.supplier.user, rhythm="weekly", language="cy")
    order_at("open")
    mine = [one for one in mail.outbox if one.to == [cast.supplier.user.email]]
    assert mine == []
    with north:
        rows = Notice.objects.filter(person=cast.supplier.user_id, reminds=False, weekly=True)
        days = {timezone.localtime(row.due_at) for row in rows if row.letter != "tender_closing"}
        assert {(day.weekday(), day.hour) for day in days} == {(0, 7)}
        rows.update(due_at=timezone.now())
        upkeep.send_due()
    (letter,) = [one for one in mail.outbox if one.to == [cast.supplier.user.email]]
    assert letter.subject.endswith("DICM yr wythnos hon")
    assert letter.body.count(cast.territory.url) >= 2


def test_a_mail_server_that_is_away_loses_nothing_and_doubles_nothing(untold, north, monkeypatch):
    row = untold()

    def away(self, messages):
        raise SMTPServerDisconnected("away")

    with north:
        with monkeypatch.context() as patched:
            patched.setattr(AWAY, away)
            assert upkeep.send_due() is False
        row.refresh_from_db()
        assert (row.sent_at, row.claimed_at, row.attempts, row.over) == (None, None, 1, "")
        assert row.due_at > timezone.now() + timedelta(seconds=30)
        assert upkeep.send_due() is False and mail.outbox == []
        Notice.objects.filter(pk=row.pk).update(due_at=timezone.now())
        upkeep.send_due()
        row.refresh_from_db()
    assert (len(mail.outbox), bool(row.sent_at), row.doubted) == (1, True, False)


def test_an_act_stands_while_the_mail_server_is_away(offered, cast, north, monkeypatch):
    def away(self, messages):
        raise OSError("away")

    monkeypatch.setattr(AWAY, away)
    with acting_in(north):
        orders.agree(offered.line, seen=read(offered.line), by=cast.provider)
        assert Notice.objects.filter(letter="order_agreed", sent_at=None).exists()
        offered.order.refresh_from_db()
    assert offered.order.status == "agreed"


def test_an_address_that_refuses_is_asked_no_more(untold, north, monkeypatch):
    row = untold()

    def refuse(self, messages):
        raise SMTPRecipientsRefused({"x": (550, b"nobody")})

    monkeypatch.setattr(AWAY, refuse)
    with north:
        upkeep.send_due()
        row.refresh_from_db()
        assert (row.over, row.sent_at) == ("refused", None)
        assert not upkeep.due().exists()


def test_after_three_days_it_is_given_up(untold, north, monkeypatch):
    row = untold()

    def away(self, messages):
        raise OSError("away")

    monkeypatch.setattr(AWAY, away)
    with as_owner(north):
        Notice.objects.filter(pk=row.pk).update(wanted_at=timezone.now() - timedelta(days=3, minutes=1))
    with north:
        upkeep.send_due()
        row.refresh_from_db()
    assert row.over == "given up"


def test_a_letter_whose_sender_died_goes_once_more_and_is_doubted(untold, north):
    row = untold()
    with north:
        Notice.objects.filter(pk=row.pk).update(claimed_at=timezone.now() - timedelta(minutes=5), attempts=1)
        assert not upkeep.due().exists()
        Notice.objects.filter(pk=row.pk).update(claimed_at=timezone.now() - timedelta(minutes=11))
        upkeep.send_due()
        row.refresh_from_db()
    assert (len(mail.outbox), row.doubted, row.attempts) == (1, True, 2)
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{row.pk}@dicm.localhost>"


def test_reminders_come_twice_and_end_when_it_is_done(offered, cast, north):
    with north:
        waits = Notice.objects.filter(letter="order_offered", part=cast.provider).order_by("wanted_at")
        first = waits[0].wanted_at
        assert [(row.wanted_at - first).days for row in waits] == [0, 3, 7]
        assert [row.reminds for row in waits] == [False, True, True]
        assert queries.notices_of(cast.provider.user).filter(letter="order_offered").count() == 1
    offered.walk("agreed")
    with north:
        Notice.objects.filter(reminds=True).update(due_at=timezone.now())
        mail.outbox.clear()
        upkeep.send_due()
    assert mail.outbox == []


def test_what_is_settled_before_it_goes_does_not_go(untold, north):
    untold(letter=OFFERED, supplier="S", once=7)
    with north:
        settled(untold.order, OFFERED)
        upkeep.send_due()
    assert mail.outbox == []


def test_who_closed_their_account_is_written_to_no_more(untold, north, cast):
    row = untold()
    type(cast.provider.user).objects.filter(pk=cast.provider.user_id).update(is_active=False)
    with north:
        upkeep.send_due()
        row.refresh_from_db()
    assert (row.over, mail.outbox) == ("gone", [])


def test_two_senders_send_each_letter_once(committed, cast, order_at):
    story = order_at("agreed")
    with story.territory, transaction.atomic():
        suppliers = people("supplier")
        for number in range(30):
            tell(
                suppliers, AGREED, story.order, page="/", once=f"x{number}", reference=f"R{number}", title="T"
            )
    mail.outbox.clear()
    with story.territory:
        wanted = upkeep.due().count()
    at_once(story.territory, "nothing that a sender waits for", *[upkeep.send_due] * 4)
    with story.territory:
        while upkeep.send_due():
            pass
    sent = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert (len(sent), len(set(sent))) == (wanted, wanted)


def test_the_bell_counts_what_is_new_and_the_list_says_it(offered, cast, client_for):
    browser = client_for(cast.provider)
    page = browser.get("/notices/")
    assert "offers you support: do you agree?" in page.text
    assert 'class="dicm-who__count">1<' in browser.get("/orders/").text
    assert browser.fill("/notices/read/", on="/notices/").status_code == 302
    assert "dicm-who__count" not in browser.get("/orders/").text
    assert "offers you support" in browser.get("/notices/").text


def test_nobody_reads_what_others_were_told(offered, cast, client_for):
    assert "offers you support" not in client_for(cast.other_provider).get("/notices/").text
    assert "Nothing yet" in client_for(cast.colleague).get("/notices/").text


def test_a_lead_sees_that_letters_went_and_not_what_they_say(order_at, cast, client_for):
    story = order_at("open")
    page = Page(client_for(cast.lead).get("/letters/"))
    assert ["A tender is open: …", str(cast.supplier.organisation), "Supplier"] in [
        row[1:4] for row in page.cells if row
    ]
    assert "offers you support" not in page.html
    assert story.order.title not in page.html
    assert "Three days left" not in page.html
    for who in (cast.buyer, cast.supplier, cast.provider):
        assert client_for(who).get("/letters/").status_code in {403, 404}


def test_the_address_in_a_letter_stops_them_and_reading_it_does_not(cast, client_for):
    path = "/stop/" + stop_address(cast.supplier.user).rsplit("/stop/", 1)[1]
    anybody = client_for(None, territory=None)
    assert anybody.get(path).status_code == 200
    assert not Wish.objects.filter(user=cast.supplier.user).exists()
    assert anybody.post(path).status_code == 200  # as a mail program sends it: no cookie, no token
    assert Wish.objects.get(user=cast.supplier.user).rhythm == "none"
    assert anybody.get("/stop/forged/").status_code == 404
    assert anybody.post("/stop/forged/").status_code == 404


def test_letters_are_chosen_on_ones_account(cast, client_for):
    browser = client_for(cast.supplier, territory=None)
    assert browser.fill("/account/letters/", {"rhythm": "weekly", "language": "cy"}).status_code == 302
    wish = Wish.objects.get(user=cast.supplier.user)
    assert (wish.rhythm, wish.language) == ("weekly", "cy")
    bad = browser.fill("/account/letters/", {"rhythm": "hourly", "language": "cy"})
    assert "rhythm" in Page(bad).told


def test_two_letters_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two letters"):
        Letter("order_offered", "a", "b", "c")
    assert LETTERS["order_offered"] is OFFERED
