"""Signing in with an identity provider: a real one, asked over HTTP, for people who have an account here already."""

import json
import logging
from itertools import count

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.urls import NoReverseMatch, reverse

from dicm import openid
from territories.models import User, UserActivity
from tests.client import Browser
from tests.identity import provider
from tests.territories.test_second_factor import at

ADDRESSES = count(1)
LOGIN, FORCE = "/accounts/login/", "/accounts/openid/force/"
BASE, SUFFIX = django_settings.DICM_BASE_DOMAIN, django_settings.DICM_ORIGIN_SUFFIX
BACK = f"{django_settings.DICM_PUBLIC_URL}{FORCE}callback/"
DOMAIN = "thames-valley.example.org"


@pytest.fixture(scope="module")
def idp():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with provider() as running:
        running.client = running.registered(BACK)
        yield running


@pytest.fixture
def configure(idp, settings):
    """DICM_OPENID names the provider, with what a test says of it."""

    def configured(**more):
        one = {"id": "force", "name": "Thames Valley Police", "server": idp.url, "domains": [DOMAIN]}
        text = json.dumps([one | idp.client | more])
        settings.SOCIALACCOUNT_PROVIDERS = openid.providers(text, local=True)

    configured()
    return configured


@pytest.fixture
def public(everyone, configure):
    """A browser at the public site, from an address of its own: attempts are counted by address."""
    return Browser(None, REMOTE_ADDR=f"10.4.{next(ADDRESSES)}.1")


@pytest.fixture
def lead(cast, idp) -> User:
    """The lead, whom the provider knows as officer-1."""
    known(idp, cast.lead.user.email)
    return cast.lead.user


def known(idp, email: str, sub: str = "officer-1", **claims) -> None:
    idp.knows(sub, **{"email": email, "email_verified": True} | claims)


def leave(browser, **sent) -> str:
    """Where the page leads on to."""
    page = browser.post(FORCE, sent)
    assert page.status_code == 200
    wait, there = page["Refresh"].split("; url=")
    assert wait == "0" and there == page.context["address"]
    return there


def sign_in(browser, idp, sub: str = "officer-1", **sent):
    return browser.get(idp.answers(leave(browser, **sent), sub=sub))


def refused(browser, answer, reason: str) -> bool:
    """A page of ours says why, and nobody is signed in or known from now on."""
    assert (answer.status_code, answer.templates[0].name) == (403, "account/openid_refused.html")
    assert answer.context["reason"] == reason
    return "_auth_user_id" not in browser.session


def linked() -> list[tuple]:
    return list(SocialAccount.objects.values_list("provider", "uid", "user__email"))


# ---- the sign-in page ----


def test_the_sign_in_page_has_a_button_for_each_provider_and_keeps_the_way_back(public):
    page = public.get(LOGIN, {"next": "/accessibility/"})
    form = page.text.split(f'action="{FORCE}"')[1].split("</form>")[0]
    assert "Sign in with Thames Valley Police" in form and "csrfmiddlewaretoken" in form
    assert '<input type="hidden" name="next" value="/accessibility/">' in form


def test_without_a_provider_there_is_no_word_of_it(client_for):
    browser = client_for(None, territory=None)
    assert "/accounts/openid/" not in browser.get(LOGIN).text
    assert browser.post(FORCE).status_code == 404


@pytest.mark.parametrize("name", ["council", "openid_connect"])
def test_only_providers_that_are_configured_have_an_address(public, name):
    assert public.post(f"/accounts/openid/{name}/").status_code == 404
    assert public.get(f"/accounts/openid/{name}/callback/").status_code == 404


def test_one_leaves_by_post_alone_and_not_from_a_foreign_page(public):
    assert public.get(FORCE, {"next": "/accessibility/"}).url == "/accounts/login/?next=%2Faccessibility%2F"
    strict = Browser(None, enforce_csrf_checks=True)
    assert strict.post(FORCE).status_code == 403


def test_what_leaves_says_where_to_come_back_to_and_nothing_of_the_reader(public, idp):
    there = leave(public, process="connect", next="/accessibility/")
    assert there.startswith(
        f"{idp.url}/oauth2/authorize?client_id={idp.client['client_id']}&redirect_uri=http%3A"
    )
    assert "accessibility" not in there and idp.client["secret"] not in there


@pytest.mark.parametrize(
    "name",
    [
        "openid_connect_login",
        "socialaccount_signup",
        "socialaccount_connections",
        "socialaccount_login_error",
        "socialaccount_login_cancelled",
    ],
)
def test_nobody_signs_up_or_connects_by_hand(name):
    with pytest.raises(NoReverseMatch):
        reverse(name, urlconf="dicm.urls_public")


# ---- who comes in ----


def test_somebody_with_an_account_is_signed_in_as_by_a_password(public, idp, lead):
    answer = sign_in(public, idp)
    assert (answer.status_code, answer.url) == (302, "/your-territories/")
    assert public.session["_auth_user_id"] == str(lead.pk)
    assert UserActivity.objects.get(user_id=lead.pk).signed_in_at
    cookie = answer.cookies[django_settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")  # ends with the browser
    page = public.get("/account/")
    assert UserSession.objects.filter(user=lead).count() == 1
    assert "Thames Valley Police" in page.text and page.context["connected"] == ["Thames Valley Police"]
    assert {"began_at", "seen_at"} <= set(public.session.keys())


def test_the_code_is_worth_nothing_to_whoever_did_not_begin(public, idp, lead):
    there = leave(public)
    public.get(idp.answers(there, sub="officer-1"))
    assert idp.knows_who_began(there)
    assert idp.asked[-1]["client_secret"] == idp.client["secret"]


def test_nothing_is_kept_but_what_decides(public, idp, lead):
    known(idp, lead.email, name="Lena Ahmed", phone_number="01865 000000", collar="4711")
    sign_in(public, idp)
    (kept,) = SocialAccount.objects.all()
    assert kept.extra_data == {"email": lead.email, "second_factor": False}
    assert kept.socialtoken_set.count() == 0


def test_the_spelling_of_an_address_does_not_matter(public, idp, lead):
    known(idp, lead.email.upper())
    assert sign_in(public, idp).status_code == 302
    assert linked() == [("force", "officer-1", lead.email)]


def test_from_the_second_time_on_the_person_is_known_whatever_their_address(public, idp, lead):
    sign_in(public, idp)
    public.post("/accounts/logout/")
    known(idp, f"lena.married@{DOMAIN}")
    assert sign_in(public, idp).status_code == 302
    assert public.session["_auth_user_id"] == str(lead.pk)
    assert linked() == [("force", "officer-1", lead.email)]


def test_entra_says_it_in_a_word_of_its_own(public, idp, lead):
    idp.knows("officer-1", email=lead.email, xms_edov=True)
    assert sign_in(public, idp).status_code == 302


def test_whoever_is_signed_in_as_another_is_so_no_more(public, idp, lead, cast):
    public.force_login(cast.supplier.user)
    sign_in(public, idp)
    assert public.session["_auth_user_id"] == str(lead.pk)


# ---- who does not ----


def test_an_address_without_an_account_gets_none(public, idp):
    known(idp, f"new@{DOMAIN}")
    answer = sign_in(public, idp, next="/accessibility/")
    assert refused(public, answer, f"No account on DICM has the address new@{DOMAIN}.")
    assert 'href="/accounts/login/?next=%2Faccessibility%2F"' in answer.text
    assert "to invite you at your work address" in answer.text
    assert (linked(), User.objects.filter(email=f"new@{DOMAIN}").exists()) == ([], False)


def test_whoever_was_refused_comes_in_by_the_next_attempt(public, idp, lead):
    known(idp, f"new@{DOMAIN}", sub="officer-2")
    assert sign_in(public, idp, sub="officer-2").status_code == 403
    leave(public)  # and turned round on the way
    assert sign_in(public, idp).status_code == 302
    assert public.session["_auth_user_id"] == str(lead.pk)


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email_verified": False, "xms_edov": True},
    ],
)
def test_an_address_that_is_not_called_verified_opens_nothing(public, idp, lead, claims):
    known(idp, lead.email, **claims)
    reason = "Thames Valley Police does not say that your e-mail address is verified."
    assert refused(public, sign_in(public, idp), reason)
    assert linked() == []


def test_a_provider_that_says_nothing_of_addresses_opens_nothing(public, idp, lead):
    idp.knows("officer-1", email=lead.email)
    reason = "Thames Valley Police does not say that your e-mail address is verified."
    assert refused(public, sign_in(public, idp), reason)


def test_letters_that_only_look_alike_are_not_the_same(public, idp, cast):
    assert "k" not in cast.lead.user.email
    User.objects.filter(pk=cast.lead.user_id).update(email=f"k@{DOMAIN}")
    EmailAddress.objects.filter(user=cast.lead.user).update(email=f"k@{DOMAIN}")
    known(idp, f"\u212a@{DOMAIN}")
    reason = "Thames Valley Police does not say that your e-mail address is verified."
    assert refused(public, sign_in(public, idp), reason)


@pytest.mark.parametrize(
    "domain", ["hampshire.example.org", f"evil.{DOMAIN}", f"evil{DOMAIN}", f"{DOMAIN}.evil.example"]
)
def test_a_provider_vouches_for_its_own_domains_alone(public, idp, lead, domain):
    EmailAddress.objects.filter(user=lead).update(email=f"officer@{domain}")
    known(idp, f"officer@{domain}")
    reason = f"Thames Valley Police can't vouch for the address officer@{domain} here."
    assert refused(public, sign_in(public, idp), reason)
    assert linked() == []


def test_domains_count_on_every_visit(public, idp, lead):
    sign_in(public, idp)
    public.post("/accounts/logout/")
    known(idp, "lena@council.example")
    reason = "Thames Valley Police can't vouch for the address lena@council.example here."
    assert refused(public, sign_in(public, idp), reason)


def test_an_address_here_that_was_not_confirmed_opens_nothing(public, idp, lead):
    EmailAddress.objects.filter(user=lead).update(verified=False)
    assert refused(public, sign_in(public, idp), f"No account on DICM has the address {lead.email}.")


def test_an_address_that_was_given_to_somebody_else_opens_nothing(public, idp, lead):
    sign_in(public, idp)
    public.post("/accounts/logout/")
    known(idp, lead.email, sub="officer-2")
    reason = f"The account with the address {lead.email} belongs to somebody else at Thames Valley Police."
    assert refused(public, sign_in(public, idp, sub="officer-2"), reason)
    assert linked() == [("force", "officer-1", lead.email)]


@pytest.mark.parametrize("before", [True, False])
def test_a_closed_account_stays_closed(public, idp, lead, before):
    if before:
        sign_in(public, idp)
        public.post("/accounts/logout/")
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert sign_in(public, idp).url == "/accounts/inactive/"
    assert "_auth_user_id" not in public.session
    assert bool(linked()) is before


# ---- what goes wrong on the way ----


def test_whoever_changes_their_mind_is_back_at_the_sign_in_page(public, idp, lead):
    there = leave(public, next="/accessibility/")
    answer = public.get(idp.answers(there, action="deny"))
    assert answer.url == "/accounts/login/?next=%2Faccessibility%2F"
    assert "You did not sign in with Thames Valley Police." in public.get(answer.url).text
    assert "_auth_user_id" not in public.session


def test_an_answer_to_a_question_that_this_browser_did_not_ask_is_refused(public, idp, lead):
    late = "This sign-in began too long ago, or in another browser."
    back = idp.answers(leave(public), sub="officer-1")
    stranger = Browser(None)
    assert refused(stranger, stranger.get(back), late)
    start, state = back.split("state=")
    assert refused(public, public.get(f"{start}state={state[::-1]}"), late)
    assert public.get(back).status_code == 302
    public.post("/accounts/logout/")
    assert refused(public, public.get(back), late)


def test_a_code_that_the_provider_did_not_give_is_refused(public, idp, lead):
    state = leave(public).split("state=")[1].split("&")[0]
    answer = public.get(f"{FORCE}callback/", {"code": "made-up", "state": state})
    assert refused(public, answer, "Thames Valley Police did not confirm who you are.")


def test_a_provider_that_does_not_answer_is_no_error_of_ours(public, configure):
    configure(server="http://localhost:9")
    answer = public.post(FORCE)
    assert refused(public, answer, "Thames Valley Police did not confirm who you are.")


def test_a_secret_that_is_wrong_is_no_error_of_ours(public, configure, idp, lead):
    configure(secret="another")
    assert refused(public, sign_in(public, idp), "Thames Valley Police did not confirm who you are.")


# ---- and back ----


@pytest.mark.parametrize(
    "back", [f"http://thames-valley.{BASE}{SUFFIX}/orders/?status=draft", "/accessibility/"]
)
def test_afterwards_one_is_back_where_one_came_from(public, idp, lead, back):
    assert sign_in(public, idp, next=back).url == back


@pytest.mark.parametrize("back", ["http://evil.example/", "//evil.example/", f"http://{BASE}.evil.example/"])
def test_nobody_is_sent_to_a_foreign_site(public, idp, lead, back):
    assert sign_in(public, idp, next=back).url == "/your-territories/"
    public.post("/accounts/logout/")
    answer = public.get(idp.answers(leave(public, next=back), action="deny"))
    assert answer.url == LOGIN


# ---- the second factor ----


@pytest.mark.parametrize(
    ("trusted", "amr", "strong"),
    [
        (True, ["pwd", "mfa"], True),
        (True, ["pwd"], False),
        (True, None, False),
        (False, ["pwd", "mfa"], False),
    ],
)
def test_a_second_factor_elsewhere_counts_where_the_provider_is_trusted_with_it(
    public, idp, lead, configure, north, trusted, amr, strong
):
    configure(second_factor=trusted)
    known(idp, lead.email, amr=amr)
    for _visit in range(2):
        sign_in(public, idp)
        answer = at(north, public).get("/orders/")
        assert (answer.status_code == 200) is strong
        assert strong or answer.url.startswith(f"{django_settings.DICM_PUBLIC_URL}/account/second-factor/")
        public.post("/accounts/logout/")


@pytest.mark.parametrize(("trusted", "asked"), [(False, True), (True, False)])
def test_a_second_factor_here_is_asked_for_all_the_same(public, idp, lead, configure, trusted, asked):
    configure(second_factor=trusted)
    known(idp, lead.email, amr=["mfa"])
    Authenticator.objects.create(user=lead, type="totp", data={"secret": "x"})
    answer = sign_in(public, idp)
    assert answer.url == ("/accounts/2fa/authenticate/" if asked else "/your-territories/")
    assert ("_auth_user_id" not in public.session) is asked


def test_the_word_of_a_trusted_provider_does_not_outlive_the_sign_in(public, idp, lead, configure, north):
    configure(second_factor=True)
    known(idp, lead.email, amr=["mfa"])
    sign_in(public, idp)
    known(idp, lead.email)
    sign_in(public, idp)
    assert at(north, public).get("/orders/").status_code == 302
