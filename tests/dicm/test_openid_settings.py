"""DICM_OPENID: what it says reaches allauth, and what is wrong with it is said before anything starts."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from dicm import openid
from tests.dicm.test_hardening import PRODUCTION, manage

FORCE = {
    "id": "tvp",
    "name": "Thames Valley Police",
    "server": "https://id.tvp.example/",
    "client_id": "dicm",
    "secret": "s3cret",
    "domains": ["TVP.police.uk"],
}


def without(key: str) -> dict:
    return {name: value for name, value in FORCE.items() if name != key}


def test_without_it_there_is_no_provider():
    for text in ("", "[]"):
        assert openid.providers(text, local=False)["openid_connect"]["APPS"] == []


def test_what_it_says_is_what_allauth_reads():
    read = openid.providers(json.dumps([FORCE, FORCE | {"id": "oxford", "second_factor": True}]), local=False)
    first, second = read["openid_connect"]["APPS"]
    assert read["openid_connect"]["OAUTH_PKCE_ENABLED"] is True
    assert first == {
        "provider_id": "tvp",
        "name": "Thames Valley Police",
        "client_id": "dicm",
        "secret": "s3cret",
        "settings": {
            "server_url": "https://id.tvp.example",
            "domains": ["tvp.police.uk"],
            "second_factor": False,
        },
    }
    assert (second["provider_id"], second["settings"]["second_factor"]) == ("oxford", True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{'id'", "DICM_OPENID is not JSON: Expecting property name enclosed in double quotes"),
        (FORCE, "DICM_OPENID must be a list"),
        (["tvp"], "provider 1: it must be an object"),
        *[([without(key)], f"provider 1: “{key}” is missing") for key in openid.TEXTS],
        ([FORCE | {"secret": ""}], "“secret” is missing, empty or no text."),
        ([FORCE | {"client_id": 7}], "“client_id” is missing, empty or no text."),
        ([FORCE | {"domain": "x"}], "there is no key “domain”; the keys are client_id, domains,"),
        ([FORCE, FORCE | {"id": "Thames Valley"}], "provider 2: “id” is part of an address"),
        ([FORCE, FORCE], "DICM_OPENID: the id tvp is there twice."),
        ([FORCE | {"server": "http://id.tvp.example"}], "“server” must begin with https://."),
        ([FORCE | {"server": "id.tvp.example"}], "“server” must begin with https://."),
        *[
            ([FORCE | {"domains": domains}], "“domains” must be a list of at least one domain")
            for domains in ([], None, "tvp.police.uk", ["@tvp.police.uk"], ["uk"], [""], [".police.uk"], [7])
        ],
        ([FORCE | {"second_factor": "yes"}], "“second_factor” must be true or false."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(given, said):
    text = given if isinstance(given, str) else json.dumps(given)
    with pytest.raises(ImproperlyConfigured) as refusal:
        openid.providers(text, local=False)
    assert said in str(refusal.value) and "s3cret" not in str(refusal.value)


def test_on_ones_own_machine_a_provider_may_answer_without_https():
    local = json.dumps([FORCE | {"server": "http://localhost:9400"}])
    app = openid.providers(local, local=True)["openid_connect"]["APPS"][0]
    assert app["settings"]["server_url"] == "http://localhost:9400"


def test_nothing_starts_with_a_provider_that_is_described_wrongly():
    done = manage("check", **PRODUCTION, DICM_OPENID=json.dumps([without("domains")]))
    assert done.returncode != 0
    assert "DICM_OPENID, provider 1: “domains” must be a list" in done.stderr
    assert manage("check", **PRODUCTION, DICM_OPENID=json.dumps([FORCE])).returncode == 0
