"""Second factors: who needs one and where, how it is set up, and that a stolen password is not enough."""

import re
from itertools import count

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from territories.models import Staff
from tests.cast import PASSWORD
from tests.client import Browser
from tests.test_access import VIEWS

ADDRESSES = count(1)
LOGIN, PAGE = "/accounts/login/", f"{settings.DICM_PUBLIC_URL}/account/second-factor/"
STRONG = {"declaration", "bid_score", "moderate", "award", "contract_sign"}


@pytest.fixture
def public(everyone):
    """A browser at the public site, from an address of its own: attempts are counted by address."""
    return Browser(None, REMOTE_ADDR=f"10.2.{next(ADDRESSES)}.1")


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sign_in(browser, user, **more):
    return browser.post(LOGIN, {"login": user.email, "password": PASSWORD} | more)


def at(territory, browser) -> Browser:
    """The same person at a territory's site."""
    there = Browser(territory)
    there.cookies = browser.cookies
    return there


def set_up_app(browser) -> str:
    """Confirm the password, scan the picture, type the digits; returns the key."""
    assert browser.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")
    browser.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    secret = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    done = browser.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert done.url == "/accounts/2fa/recovery-codes/"
    return secret


# ---- who needs one ----


def test_what_needs_a_second_factor_is_said_by_its_view():
    assert {name for name, view in VIEWS.items() if getattr(view, "strong", False)} == STRONG


@pytest.mark.parametrize(
    ("stage", "who", "path"),
    [
        ("scoring", "evaluator", "/tenders/{0.tender.pk}/declaration/"),
        ("declared", "evaluator", "/bids/{0.bid.pk}/score/"),
        ("locked", "supplier", "/contracts/{0.contract.pk}/sign/"),
        ("registered", "lead", "/orders/"),
    ],
)
def test_whoever_scores_signs_or_leads_is_sent_to_set_one_up(
    client_for, cast, north, order_at, stage, who, path
):
    path = path.format(order_at(stage))
    browser = client_for(None)
    browser.force_login(getattr(cast, who).user, second_factor=False)
    sent = browser.get(path)
    assert (sent.status_code, sent.url.split("?next=")[0]) == (302, PAGE)
    assert north.host in sent.url
    assert browser.post(path).url.startswith(f"{PAGE}?next=")
    with override_settings(DICM_MFA_REQUIRED=False):
        assert browser.get(path).status_code == 200
    browser.force_login(getattr(cast, who).user)
    assert browser.get(path).status_code == 200


def test_staff_need_one_for_whatever_they_do(client_for, cast):
    browser = client_for(None)
    Staff.objects.create(user=cast.supplier.user)
    browser.force_login(cast.supplier.user, second_factor=False)
    assert browser.get("/orders/").url.startswith(PAGE)


def test_others_work_without_one(client_for, cast):
    browser = client_for(None)
    browser.force_login(cast.supplier.user, second_factor=False)
    assert browser.get("/orders/").status_code == 200


def test_a_lead_without_one_sees_what_residents_see(client_for, cast, order_at):
    story = order_at("registered")
    browser = client_for(None)
    browser.force_login(cast.lead.user, second_factor=False)
    assert browser.get(f"/activities/{story.activity.pk}/").status_code == 404
    browser.force_login(cast.lead.user)
    assert browser.get(f"/activities/{story.activity.pk}/").status_code == 200


def test_a_territory_asks_nothing_of_the_table_of_second_factors(client_for, cast, order_at):
    story = order_at("declared")
    with CaptureQueriesContext(connection) as said:
        assert client_for(cast.evaluator).get(f"/bids/{story.bid.pk}/score/").status_code == 200
    assert [query for query in said.captured_queries if "mfa_" in query["sql"]] == []


def test_the_record_of_somebody_else_counts_for_nothing(client_for, cast):
    browser = client_for(cast.lead)
    session = browser.session
    session["account_authentication_methods_user"] = str(cast.supplier.user_id)
    session.save()
    assert browser.get("/orders/").url.startswith(PAGE)


@pytest.mark.parametrize("required", [True, False])
def test_every_page_says_when_it_is_off(client_for, required):
    with override_settings(DICM_MFA_REQUIRED=required):
        pages = [client_for(None).get("/").text, client_for(None, territory=None).get(LOGIN).text]
    assert ["The second factor is off." in page for page in pages] == [not required] * 2


# ---- setting one up ----


def test_somebody_sets_up_an_app_and_goes_on_where_they_were(committed, public, cast, north):
    sign_in(public, cast.lead.user)
    sent = at(north, public).get("/orders/?status=draft")
    page = public.get(sent.url.removeprefix(settings.DICM_PUBLIC_URL))
    assert page.status_code == 200 and "A stolen password must not be enough" in page.text
    set_up_app(public)
    codes = public.get("/accounts/2fa/recovery-codes/")
    assert len(codes.context["unused_codes"]) == 10
    assert f'href="{north.url}/orders/?status=draft"' in codes.text
    assert at(north, public).get("/orders/?status=draft").status_code == 200


@pytest.mark.parametrize("wanted", ["http://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_setting_one_up_leads_to_no_foreign_site(public, cast, wanted):
    sign_in(public, cast.lead.user)
    public.get("/account/second-factor/", {"next": wanted})
    assert public.session["second_factor_next"] == "/account/"
    public.force_login(cast.lead.user)
    assert public.get("/account/second-factor/", {"next": wanted}).url == "/account/"


def test_the_picture_is_part_of_the_page_and_the_secret_is_not_in_the_table(committed, public, cast):
    sign_in(public, cast.supplier.user)
    secret = set_up_app(public)
    kept = Authenticator.objects.get(user=cast.supplier.user, type="totp").data["secret"]
    assert kept != secret and kept.startswith("gAAAA")
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert Authenticator.objects.get(type="totp").wrap().validate_code("000000") is False


def test_the_page_of_the_app_has_its_key_as_picture_and_text(public, cast):
    sign_in(public, cast.supplier.user)
    public.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    page = public.get("/accounts/2fa/totp/activate/")
    assert 'src="data:image/svg+xml;base64,' in page.text and page.context["form"].secret in page.text
    assert re.search(r"<script(?! (src|nonce|type=))", page.text) is None
    wrong = public.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert wrong.context["form"].errors == {"code": ["Incorrect code."]}


def test_afterwards_a_password_alone_opens_nothing(committed, public, cast, north):
    sign_in(public, cast.lead.user)
    secret = set_up_app(public)
    codes = public.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    for proof in (code_for(secret), codes[0]):
        again = Browser(None, REMOTE_ADDR=f"10.2.{next(ADDRESSES)}.1")
        assert sign_in(again, cast.lead.user).url == "/accounts/2fa/authenticate/"
        assert at(north, again).get("/orders/").url.startswith(settings.LOGIN_URL)
        assert again.post("/accounts/2fa/authenticate/", {"code": "12345"}).status_code == 200
        assert "_auth_user_id" not in again.session
        cache.clear()
        assert again.post("/accounts/2fa/authenticate/", {"code": proof}).status_code == 302
        assert at(north, again).get("/orders/").status_code == 200


def test_a_session_from_before_ends_and_the_owner_is_told(committed, public, cast, north):
    """Whoever is signed in elsewhere knows the password only, and could take the factor away again."""
    older = Browser(None, REMOTE_ADDR=f"10.2.{next(ADDRESSES)}.1")
    for browser in (older, public):
        sign_in(browser, cast.lead.user)
    mail.outbox.clear()
    set_up_app(public)
    assert older.get("/account/").status_code == 302
    assert public.get("/account/").status_code == 200
    assert [letter.to for letter in mail.outbox] == [[cast.lead.user.email]] * len(mail.outbox)
    assert "An authenticator app was added" in mail.outbox[0].body


def test_where_there_is_a_factor_the_password_alone_is_not_asked_for_again(committed, public, cast):
    sign_in(public, cast.lead.user)
    set_up_app(public)
    session = public.session
    for record in session["account_authentication_methods"]:
        record["at"] = 0  # long ago
    session.save()
    there = public.post("/accounts/2fa/totp/deactivate/").url
    assert there.startswith("/accounts/2fa/reauthenticate/")
    assert public.get("/accounts/reauthenticate/").url == "/accounts/2fa/reauthenticate/"


def test_on_the_public_site_a_lead_needs_the_factor_too(cast, client_for):
    browser = client_for(None, territory=None)
    browser.force_login(cast.lead.user, second_factor=False)
    for path in ("people/", "people/?format=csv", "applications/", "people/invite/", "journal/"):
        assert browser.get(f"/t/thames-valley/{path}").url.startswith(PAGE)
    assert browser.post("/t/thames-valley/people/invite/", {"email": "a@b.example"}).url.startswith(PAGE)


def test_taking_the_last_one_away_ends_what_it_opened(committed, public, cast, north):
    other = Browser(None, REMOTE_ADDR=f"10.2.{next(ADDRESSES)}.1")
    for browser in (other, public):
        sign_in(browser, cast.lead.user)
    set_up_app(public)
    assert public.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert Authenticator.objects.filter(user=cast.lead.user).count() == 0
    assert at(north, public).get("/orders/").url.startswith(PAGE)
    assert at(north, other).get("/orders/").url.startswith(settings.LOGIN_URL)


# ---- passkeys ----


def test_a_passkey_belongs_to_the_whole_service(public, cast):
    sign_in(public, cast.supplier.user)
    public.post("/accounts/reauthenticate/?next=/accounts/2fa/webauthn/add/", {"password": PASSWORD})
    page = public.get("/accounts/2fa/webauthn/add/")
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"] == {"id": settings.DICM_BASE_DOMAIN, "name": "DICM"}
    assert 'id="js_data" type="application/json"' in page.text and "onclick" not in page.text


def test_signing_in_with_a_passkey_begins_with_a_challenge_and_refuses_rubbish(public):
    asked = public.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    assert asked["request_options"]["publicKey"]["rpId"] == settings.DICM_BASE_DOMAIN
    sent = public.post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
    assert (sent.status_code, sent.url) == (302, LOGIN)
    assert "_auth_user_id" not in public.session


# ---- your account ----


def test_your_account_shows_who_you_are_and_where_you_are_signed_in(public, cast):
    other = Browser(None, REMOTE_ADDR="10.9.9.9", headers={"user-agent": "Another browser"})
    for browser in (other, public):
        sign_in(browser, cast.supplier.user)
    page = public.get("/account/")
    for words in (
        cast.supplier.user.name,
        cast.supplier.user.email,
        "10.9.9.9",
        "Another browser",
        "Not set up",
    ):
        assert words in page.text
    assert public.post("/accounts/sessions/").status_code == 302
    assert "_auth_user_id" in public.session
    assert other.get("/account/").status_code == 302
    assert "10.9.9.9" not in public.get("/account/").text
