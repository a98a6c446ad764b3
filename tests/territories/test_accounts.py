"""Signing in: once, on the public site, and back to where one came from and nowhere else."""

from itertools import count

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from territories.models import User, UserActivity
from tests.cast import PASSWORD
from tests.client import Browser

ADDRESSES = count(1)
LOGIN = "/accounts/login/"
WRONG = "The email address and/or password you specified are not correct."


@pytest.fixture
def public(everyone):
    """A browser at the public site, from an address of its own: attempts are counted by address."""
    return Browser(None, REMOTE_ADDR=f"10.1.{next(ADDRESSES)}.1")


def sign_in(browser, user, **more):
    return browser.post(LOGIN, {"login": user.email, "password": PASSWORD} | more)


def test_people_sign_in_by_e_mail_and_the_whole_service_shares_their_session(public, cast):
    response = sign_in(public, cast.supplier.user)
    assert (response.status_code, response.url) == (302, "/your-territories/")
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["domain"], cookie["httponly"], cookie["samesite"]) == (
        settings.DICM_BASE_DOMAIN,
        True,
        "Lax",
    )
    assert (cookie["max-age"], cookie["expires"]) == ("", "")  # ends with the browser


def test_one_session_is_known_in_every_territory(public, cast, north, south):
    sign_in(public, cast.traveller.user)
    for territory in (north, south):
        browser = Browser(territory)
        browser.cookies = public.cookies
        assert browser.get("/orders/").context["member"].territory == territory


@pytest.mark.parametrize("spelling", [str.upper, str.title, lambda email: f" {email} "])
def test_an_e_mail_address_is_the_same_however_it_is_spelt(public, cast, spelling):
    response = public.post(LOGIN, {"login": spelling(cast.supplier.user.email), "password": PASSWORD})
    assert response.status_code == 302


def test_an_e_mail_address_belongs_to_one_person_whatever_its_case(everyone, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=cast.supplier.user.email.upper(), name="Another")


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"login": "nobody@example.org"}])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(public, cast, given):
    response = public.post(LOGIN, {"login": cast.supplier.user.email, "password": PASSWORD} | given)
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [WRONG]
    assert "_auth_user_id" not in public.session


def test_somebody_who_may_not_sign_in_any_more_is_told_nothing_of_it_without_the_password(public, cast):
    User.objects.filter(pk=cast.supplier.user_id).update(is_active=False)
    assert public.post(LOGIN, {"login": cast.supplier.user.email, "password": "wrong"}).context[
        "form"
    ].non_field_errors() == [WRONG]
    assert sign_in(public, cast.supplier.user).url == "/accounts/inactive/"
    assert "_auth_user_id" not in public.session


def test_an_address_that_was_not_confirmed_gets_a_message_and_no_session(public, cast):
    EmailAddress.objects.filter(user=cast.supplier.user).update(verified=False)
    assert sign_in(public, cast.supplier.user).url == "/accounts/confirm-email/"
    assert [message.to for message in mail.outbox] == [[cast.supplier.user.email]]
    assert "_auth_user_id" not in public.session


# ---- and back ----

SUFFIX = settings.DICM_ORIGIN_SUFFIX
BASE = settings.DICM_BASE_DOMAIN


@pytest.mark.parametrize(
    "back",
    [
        f"http://thames-valley.{BASE}{SUFFIX}/orders/?status=draft",
        f"http://hampshire.{BASE}{SUFFIX}/",
        f"http://{BASE}{SUFFIX}/accessibility/",
        "/accessibility/",
    ],
)
def test_after_signing_in_one_is_back_where_one_came_from(public, cast, back):
    assert sign_in(public, cast.supplier.user, next=back).url == back


@pytest.mark.parametrize(
    "back",
    [
        "http://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "\\\\evil.example/",
        "/\\evil.example/",
        f"http://{BASE}.evil.example/",
        f"http://evil{BASE}/",
        f"http://{BASE}@evil.example/",
        f"http://{BASE}:8000@evil.example/",
        f"http://evil.example/{BASE}",
        f"http://evil.example#.{BASE}",
        f"http://evil.example?.{BASE}",
        f"http://evil.example\\.{BASE}",
        "javascript:alert(1)",
        f"javascript://{BASE}/%0aalert(1)",
        f"ftp://thames-valley.{BASE}/",
    ],
)
def test_nobody_is_sent_to_a_foreign_site(public, cast, back):
    assert sign_in(public, cast.supplier.user, next=back).url == "/your-territories/"


def test_whoever_must_sign_in_first_comes_back_to_the_page_that_they_wanted(
    client_for, public, cast, north, order_at
):
    story = order_at("draft")
    wanted = f"/orders/{story.order.pk}/?x=1&y=2"
    sent = client_for(None).get(wanted)
    assert sent.url.startswith(f"{settings.DICM_PUBLIC_URL}{LOGIN}?next=")
    page = public.get(sent.url.removeprefix(settings.DICM_PUBLIC_URL))
    back = page.context["redirect_field_value"]
    assert sign_in(public, cast.supplier.user, next=back).url == f"{north.url}{wanted}"


def test_whoever_posted_comes_back_to_the_first_page(client_for, north, order_at):
    story = order_at("draft")
    sent = client_for(None).post(f"/orders/{story.order.pk}/offer/")
    assert sent.url == f"{settings.LOGIN_URL}?next=http%3A%2F%2F{north.host}{SUFFIX.replace(':', '%3A')}%2F"


# ---- what is written ----


def test_signing_in_is_kept_beside_the_person_and_not_in_it(public, cast):
    def row() -> tuple:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT xmin::text, ctid::text FROM territories_user WHERE id = %s", [cast.supplier.user_id]
            )
            return cursor.fetchone()

    before = row()
    sign_in(public, cast.supplier.user)
    first = UserActivity.objects.get(user_id=cast.supplier.user_id).signed_in_at
    public.post("/accounts/logout/")
    sign_in(public, cast.supplier.user)
    again = UserActivity.objects.get(user_id=cast.supplier.user_id).signed_in_at
    assert again > first
    assert row() == before


def test_a_person_has_no_last_login_and_no_user_name(everyone):
    names = {field.name for field in User._meta.get_fields()}
    assert names & {"last_login", "username", "first_name", "last_name"} == set()


# ---- no accounts but by invitation ----


def test_nobody_signs_up(public):
    assert "account_signup" not in public.get(LOGIN).content.decode()
    for response in (
        public.get("/accounts/signup/"),
        public.post(
            "/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
        ),
    ):
        assert response.templates[0].name == "account/signup_closed.html"
    assert User.objects.filter(email="new@example.org").exists() is False


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(public, cast):
    public.post("/accounts/password/reset/", {"email": cast.supplier.user.email})
    (message,) = mail.outbox
    link = next(word for word in message.body.split() if word.startswith(settings.DICM_PUBLIC_URL))
    form = public.get(link.removeprefix(settings.DICM_PUBLIC_URL), follow=True).redirect_chain[-1][0]
    new = "a staple that is no longer correct"
    assert public.post(form, {"password1": new, "password2": new}).status_code == 302
    assert public.post(LOGIN, {"login": cast.supplier.user.email, "password": new}).status_code == 302
    again = Browser(None).get(link.removeprefix(settings.DICM_PUBLIC_URL))
    assert (again.status_code, again.context["token_fail"]) == (200, True)


def test_a_forgotten_password_does_not_tell_who_has_an_account(public, cast):
    answers = [
        public.post("/accounts/password/reset/", {"email": email}).url
        for email in (cast.supplier.user.email, "nobody@example.org")
    ]
    assert answers == ["/accounts/password/reset/done/"] * 2


def test_signing_out_asks_first_and_then_ends_the_session_everywhere(public, cast, north):
    sign_in(public, cast.supplier.user)
    assert public.get("/accounts/logout/").status_code == 200
    assert public.post("/accounts/logout/").url == "/"
    browser = Browser(north)
    browser.cookies = public.cookies
    assert browser.get("/orders/").status_code == 302


# ---- parts ----


def test_a_person_with_one_part_goes_straight_there(client_for, cast, north):
    response = client_for(cast.supplier, territory=None).get("/your-territories/")
    assert (response.status_code, response.url) == (302, f"{north.url}/")
    assert client_for(cast.supplier, territory=None).get("/your-territories/?stay").status_code == 200


def test_a_person_with_several_parts_chooses(client_for, cast, north, south):
    response = client_for(cast.traveller, territory=None).get("/your-territories/")
    assert [part.territory for part in response.context["mine"]] == [south, north]


def test_a_part_that_has_ended_is_played_no_more(client_for, cast):
    browser = client_for(cast.supplier)
    assert browser.get("/orders/").status_code == 200
    type(cast.supplier).objects.filter(pk=cast.supplier.pk).update(ended_at=timezone.now())
    assert browser.get("/orders/").status_code == 404


def test_whoever_plays_two_parts_here_plays_the_chosen_one(client_for, cast, north):
    """The buyer is an evaluator as well: a role that fits is found, and a choice is kept."""
    second = type(cast.buyer).objects.appoint(
        user=cast.buyer.user, participation=cast.buyer.participation, role="manager"
    )
    browser = client_for(cast.buyer)
    assert browser.get("/tenders/new/").context["member"].role == "buyer"
    assert browser.get("/reports/new/").context["member"].role == "manager"
    for part in (second, cast.buyer):
        assert browser.get(f"/switch/{part.pk}/").status_code == 302
        assert browser.get("/activities/").context["member"] == part
