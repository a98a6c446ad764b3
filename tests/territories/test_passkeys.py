"""Whatever is sent as a passkey: a sentence, never an error of ours, signed in or not."""

import json
from collections.abc import Iterator
from copy import deepcopy

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django import forms
from django.conf import settings
from django.core.cache import cache
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from territories.people.signing_in.forms import UNREAD, CredentialField, PasskeyAloneForm
from tests.cast import PASSWORD
from tests.client import Browser

ADD, LOGIN = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/"
AUTHENTICATE, AGAIN = "/accounts/2fa/authenticate/", "/accounts/2fa/webauthn/reauthenticate/"
KEY = ES256.from_cryptography_key(ec.derive_private_key(7, ec.SECP256R1()).public_key())
HANDLE = b"a handle of 16 b"
RAW = (
    "", "1", "-1", "0", "true", "false", "null", "[1]", "[]", "{}", '"a"', "NaN", "Infinity", "1e400", "9" * 5000,
    "[" * 60_000, '{"id":' * 30_000, "{", "\x00", "é", '{"id": 1}', '{"id": "\\u0000"}', '{"id": NaN}',
    '{"rawId": "AA"}', '{"id": "AA", "rawId": "AA"}', '{"response": 1}', '{"response": {"userHandle": "MQ"}}',
)  # fmt: skip
WRONG = (None, True, -1, 1e9, [], {}, [1], "", "!", "A", "AA", "AAAA" * 20, "é", "\ud800", "\x00", "9" * 5000)
# Bytes that are base64 all right: JSON that is no object or lacks its parts, CBOR without end, too short, too deep.
BYTES = (b"[]", b"{}", b"1", b'{"type": 1}', b"[" * 9000, b"\xbf", b"\xa1\x01", b"\x81" * 9000, b"\xff" * 40)


def part(data: bytes) -> str:
    return websafe_encode(data)


def client_data(kind: str, challenge: str) -> str:
    return part(CollectedClientData.create(type=kind, challenge=challenge, origin="http://dicm.localhost"))


def registration(challenge: str = "AA") -> dict:
    """What a browser sends of a new passkey."""
    held = AttestedCredentialData.create(b"\x00" * 16, HANDLE, KEY)
    of = AuthenticatorData.create(sha256(settings.DICM_BASE_DOMAIN.encode()), 0x45, 0, held)
    said = {
        "clientDataJSON": client_data("webauthn.create", challenge),
        "attestationObject": part(AttestationObject.create("none", of, {})),
    }
    return {
        "id": part(HANDLE),
        "rawId": part(HANDLE),
        "type": "public-key",
        "response": said,
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def assertion(challenge: str, user) -> dict:
    """What a browser sends of a passkey that is known, with a signature by nobody."""
    of = AuthenticatorData.create(sha256(settings.DICM_BASE_DOMAIN.encode()), 0x05, 1)
    said = {
        "clientDataJSON": client_data("webauthn.get", challenge),
        "authenticatorData": part(of),
        "signature": part(b"x" * 70),
        "userHandle": part(str(user.pk).encode()),
    }
    return registration() | {"response": said}


def spoilt(credential: dict) -> Iterator[str]:
    """With each of its parts missing, or another thing, or other bytes."""
    for holder in ((), ("response",), ("clientExtensionResults",)):
        names = credential[holder[0]] if holder else credential
        for name in names:
            for value in (*WRONG, *map(part, BYTES)):
                other = deepcopy(credential)
                inner = other[holder[0]] if holder else other
                inner[name] = value
                yield json.dumps(other)
                del inner[name]
            yield json.dumps(other)


def sent(browser, url: str, credential: str):
    cache.clear()  # attempts are counted
    browser.raise_request_exception = False
    return browser.post(url, {"credential": credential})


@pytest.fixture
def holder(cast):
    """The supplier, who has a passkey."""
    user = cast.supplier.user
    data = {"name": "work phone", "credential": registration()}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    return user


def signed_in(user) -> Browser:
    browser = Browser(None)
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return browser


def challenge_of(browser) -> str:
    return browser.session["mfa.webauthn.state"]["challenge"]


def test_signing_in_with_what_is_no_passkey(cast, holder):
    browser = Browser(None)
    browser.get(LOGIN, headers={"accept": "application/json"})
    wrong = []
    for credential in (*RAW, *spoilt(assertion(challenge_of(browser), holder))):
        answer = sent(browser, LOGIN, credential)
        if (answer.status_code, getattr(answer, "url", "")) != (302, "/accounts/login/"):
            wrong.append((credential[:200], answer.status_code))
    assert wrong == []
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("credential", ["1", "-1", "true", "[1]", '{"id": 1}', ""])
def test_who_is_not_signed_in_is_told_why(everyone, credential):
    browser = Browser(None)
    sent(browser, LOGIN, credential)
    assert str(UNREAD) in browser.get("/accounts/login/").text


def test_a_second_factor_that_is_no_passkey(cast, holder):
    browser = signed_in(holder)
    browser.get(AUTHENTICATE)
    wrong = []
    for credential in (*RAW, *spoilt(assertion(challenge_of(browser), holder))):
        answer = sent(browser, AUTHENTICATE, credential)
        if answer.status_code != 200 or not answer.context["webauthn_form"].errors["credential"]:
            wrong.append((credential[:200], answer.status_code))
    assert wrong == []
    assert str(UNREAD) in sent(browser, AUTHENTICATE, "1").text


def test_is_it_still_you_without_a_passkey(cast, holder):
    browser = Browser(None)
    browser.force_login(holder)
    assert browser.get(AGAIN).status_code == 200
    wrong = []
    for credential in (*RAW, *spoilt(assertion(challenge_of(browser), holder))):
        answer = sent(browser, AGAIN, credential)
        if answer.status_code != 302:
            wrong.append((credential[:200], answer.status_code))
    assert wrong == []


def test_adding_what_is_no_passkey(cast):
    browser = signed_in(cast.rival.user)
    browser.post(f"/accounts/reauthenticate/?next={ADD}", {"password": PASSWORD})
    wrong = []
    for number, credential in enumerate((*RAW, *spoilt(registration()))):
        browser.get(ADD)
        challenge = client_data("webauthn.create", challenge_of(browser))
        fresh = credential.replace(registration()["response"]["clientDataJSON"], challenge)
        answer = sent(browser, ADD, fresh)
        if answer.status_code not in {200, 302}:
            wrong.append((number, credential[:200], answer.status_code))
        if answer.status_code == 302:  # a part that no one reads was spoilt: what was kept can be shown
            assert browser.get("/accounts/2fa/webauthn/").status_code == 200
            Authenticator.objects.filter(user=cast.rival.user).delete()
            browser.post(f"/accounts/reauthenticate/?next={ADD}", {"password": PASSWORD})
    assert wrong == []
    browser.get(ADD)
    assert str(UNREAD) in sent(browser, ADD, "1").text


def test_a_passkey_is_added(cast):
    browser = signed_in(cast.rival.user)
    browser.post(f"/accounts/reauthenticate/?next={ADD}", {"password": PASSWORD})
    browser.get(ADD)
    answer = sent(browser, ADD, json.dumps(registration(challenge_of(browser))))
    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=cast.rival.user, type="webauthn").count() == 1


def test_no_page_shows_what_was_sent_as_a_passkey_again():
    form = PasskeyAloneForm({"credential": '{"id": "secret"}'})
    assert "secret" not in str(form)


def test_every_field_of_json_is_a_passkeys():
    """Another one would need its own words for what can't be kept."""
    below = {one for one in forms.JSONField.__subclasses__() if one.__module__.startswith("territories")}
    assert below == {CredentialField}
