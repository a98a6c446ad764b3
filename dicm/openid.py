"""DICM_OPENID: the identity providers of forces and councils, from JSON to what allauth reads."""

import json
import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# In words: id names the provider in addresses, name on pages; domains are those of the e-mail addresses it may vouch for.
TEXTS = ("id", "name", "server", "client_id", "secret")
KEYS = {*TEXTS, "domains", "second_factor"}
ID, DOMAIN = re.compile(r"[a-z0-9-]+"), re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def providers(text: str, *, local: bool) -> dict[str, dict[str, Any]]:
    """SOCIALACCOUNT_PROVIDERS, as DICM_OPENID describes it; whatever is wrong there is said in a sentence.

    `local` is one's own machine, where a provider may answer without https.
    """
    given = _read(text)
    for number, one in enumerate(given, start=1):
        if wrong := _why_not(one, local):
            raise ImproperlyConfigured(f"DICM_OPENID, provider {number}: {wrong}")
    ids = [one["id"] for one in given]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise ImproperlyConfigured(f"DICM_OPENID: the id {twice[0]} is there twice.")
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [_app(one) for one in given]}}


def _read(text: str) -> list:
    try:
        given = json.loads(text or "[]")
    except ValueError as wrong:
        raise ImproperlyConfigured(f"DICM_OPENID is not JSON: {wrong}.") from wrong
    if not isinstance(given, list):
        raise ImproperlyConfigured("DICM_OPENID must be a list, [{…}, {…}], even of one provider.")
    return given


def _why_not(one: Any, local: bool) -> str | None:
    """Why this describes no provider, or None."""
    if not isinstance(one, dict):
        return "it must be an object, {…}."
    if unknown := sorted(one.keys() - KEYS):
        return f"there is no key “{unknown[0]}”; the keys are {', '.join(sorted(KEYS))}."
    if missing := [key for key in TEXTS if not (isinstance(one.get(key), str) and one[key])]:
        return f"“{missing[0]}” is missing, empty or no text."
    if not ID.fullmatch(one["id"]):
        return "“id” is part of an address: small letters, digits and hyphens."
    if not one["server"].startswith(("https://", "http://") if local else "https://"):
        return "“server” must begin with https://."
    if not _are_domains(one.get("domains")):
        return "“domains” must be a list of at least one domain, such as [“force.police.uk”]."
    if not isinstance(one.get("second_factor", False), bool):
        return "“second_factor” must be true or false."
    return None


def _are_domains(given: Any) -> bool:
    return (
        isinstance(given, list)
        and bool(given)
        and all(isinstance(domain, str) and DOMAIN.fullmatch(domain.lower()) for domain in given)
    )


def _app(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "provider_id": one["id"],
        "name": one["name"],
        "client_id": one["client_id"],
        "secret": one["secret"],
        "settings": {
            "server_url": one["server"].rstrip("/"),
            "domains": [domain.lower() for domain in one["domains"]],
            "second_factor": one.get("second_factor", False),
        },
    }
