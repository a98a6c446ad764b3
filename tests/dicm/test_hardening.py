"""What a stranger meets: headers, limits, answers that tell nothing, and settings that refuse to be careless."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.core import mail
from django.utils import timezone

from territories.models import User
from tests.cast import PASSWORD
from tests.client import Browser

ROOT = Path(__file__).resolve().parents[2]
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
PRODUCTION = {
    "SECRET_KEY": "a-key-of-letters-3-and-digits-that-is-long-enough-for-anybody-0123456789",
    "DICM_BASE_DOMAIN": "dicm.example",
    "DICM_SCHEME": "https",
    "EMAIL_URL": "smtp://user:password@mail.example:587",
}
HASHERS = ["dicm.hashers.Hasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
NOT_GIVEN = {*PRODUCTION, "DICM_MFA_REQUIRED", "DEBUG"}


def manage(*words: str, **given: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name not in NOT_GIVEN} | given
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )


# ---- settings ----


def test_a_deployment_hashes_passwords_as_the_tests_below_suppose():
    code = "from django.conf import settings; print(settings.PASSWORD_HASHERS)"
    done = manage("shell", "--no-imports", "--command", code, **PRODUCTION)
    assert done.stdout.strip() == str(HASHERS)


def test_a_deployment_as_in_the_readme_has_nothing_to_mend():
    done = manage("check", "--deploy", "--fail-level", "INFO", **PRODUCTION)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


def test_nothing_starts_without_a_key_but_on_this_machine():
    done = manage("check", DICM_BASE_DOMAIN="dicm.example")
    assert done.returncode != 0
    assert "Give a long random SECRET_KEY in the environment" in done.stderr
    assert manage("check").returncode == 0


@pytest.mark.parametrize(("given", "required"), [({}, True), ({"DICM_MFA_REQUIRED": "off"}, False)])
def test_a_second_factor_is_required_unless_somebody_says_off(given, required):
    code = "from django.conf import settings; print(settings.DICM_MFA_REQUIRED)"
    done = manage("shell", "--no-imports", "--command", code, **PRODUCTION, **given)
    assert done.stdout.strip() == str(required)


# ---- passwords ----


def test_passwords_are_hashed_with_argon2_and_those_of_before_are_hashed_anew(everyone, cast, settings):
    """As a deployment has it; tests otherwise take a hash that costs nothing."""
    settings.PASSWORD_HASHERS = HASHERS
    user = User.objects.get(pk=cast.rival.user_id)
    user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    user.save(update_fields=["password"])
    browser = Browser(None, REMOTE_ADDR="10.3.9.1")
    assert browser.post(LOGIN, {"login": user.email, "password": PASSWORD}).status_code == 302
    user.refresh_from_db()
    kind, facts = identify_hasher(user.password), user.password.split("$")
    assert (kind.algorithm, facts[1:4]) == ("argon2", ["argon2id", "v=19", "m=47104,t=2,p=1"])
    again = Browser(None, REMOTE_ADDR="10.3.9.2")
    assert again.post(LOGIN, {"login": user.email, "password": PASSWORD}).status_code == 302


# ---- headers ----


def test_pages_of_members_are_kept_by_nobody(client_for, cast, north):
    for browser in (client_for(cast.supplier), client_for(cast.supplier, territory=None)):
        for path in ("/", "/orders/", "/activities/", "/your-territories/"):
            said = browser.get(path).headers["Cache-Control"]
            assert "no-store" in said and "private" in said, path
    assert "Cache-Control" not in client_for(None).get("/activities/").headers


def test_every_page_says_what_browsers_may_do(client_for):
    for browser in (client_for(None), client_for(None, territory=None)):
        headers = browser.get("/").headers
        assert "camera=()" in headers["Permissions-Policy"]
        assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-site"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_security_txt_says_where_to_report_and_has_not_run_out(client_for):
    answer = client_for(None, territory=None).get("/.well-known/security.txt")
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert said["Contact"] == settings.DICM_SECURITY_CONTACT
    assert said["Canonical"] == f"{settings.DICM_PUBLIC_URL}/.well-known/security.txt"
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert timedelta(days=90) < left < timedelta(days=365)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


# ---- limits: each at an address of its own ----


def failures(browser: Browser, email: str, times: int) -> list[str]:
    """What the page says to each of some wrong passwords."""
    answers = [browser.post(LOGIN, {"login": email, "password": "wrong"}) for _time in range(times)]
    return [
        " ".join(answer.context["form"].non_field_errors()) if answer.status_code == 200 else "429"
        for answer in answers
    ]


def test_five_wrong_passwords_close_an_account_for_a_while_and_none_is_told_apart(everyone, cast):
    wrong = "The email address and/or password you specified are not correct."
    enough = "Too many failed login attempts. Try again later."
    expected = [wrong] * 5 + [enough] * 2
    known = Browser(None, REMOTE_ADDR="10.3.0.1")
    assert failures(known, cast.rival.user.email, 7) == expected
    assert failures(Browser(None, REMOTE_ADDR="10.3.0.2"), "nobody@example.org", 7) == expected
    # The right password from elsewhere doesn't open it either: it is the account that is closed.
    elsewhere = Browser(None, REMOTE_ADDR="10.3.0.3")
    right = elsewhere.post(LOGIN, {"login": cast.rival.user.email, "password": PASSWORD})
    assert right.context["form"].non_field_errors() == [enough]


def test_one_address_guesses_ten_times_a_minute_whoever_it_names(everyone):
    browser = Browser(None, REMOTE_ADDR="10.3.1.1")
    said = [failures(browser, f"guess{number}@example.org", 1)[0] for number in range(11)]
    assert [answer.startswith("Too many") for answer in said] == [False] * 10 + [True]


def test_links_for_one_address_are_asked_for_five_times_a_minute(everyone):
    browser = Browser(None, REMOTE_ADDR="10.3.2.1")
    codes = [browser.post(RESET, {"email": "somebody@example.org"}).status_code for _time in range(6)]
    assert codes == [302] * 5 + [429]


def test_somebody_signed_in_confirms_the_password_ten_times_a_minute(client_for, cast):
    browser = client_for(cast.other_provider, territory=None)
    codes = [
        browser.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code for _time in range(11)
    ]
    assert codes == [200] * 10 + [429]


def test_an_unknown_address_gets_the_same_answer_and_no_mail(everyone):
    browser = Browser(None, REMOTE_ADDR="10.3.4.1")
    assert browser.post(RESET, {"email": "nobody-at-all@example.org"}).url == f"{RESET}done/"
    assert mail.outbox == []
