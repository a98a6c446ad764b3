"""How many people can sign in each second and process: mostly the cost of the password's hash."""

import time

from django.conf import settings
from django.test import Client

from dicm.bench.table import table
from dicm.story import cast


def measured() -> str:
    start = time.perf_counter()
    for person in cast.CAST:
        sign_in(person)
    seconds = time.perf_counter() - start
    return table(
        "Signing in, one after another",
        ("people", "seconds", "a second"),
        [(len(cast.CAST), f"{seconds:.1f}", f"{len(cast.CAST) / seconds:.1f}")],
    )


def sign_in(person: cast.Person) -> None:
    client = Client(HTTP_HOST=f"{settings.DICM_BASE_DOMAIN}{settings.DICM_ORIGIN_SUFFIX}")
    response = client.post("/accounts/login/", {"login": person.email, "password": cast.PASSWORD})
    if response.status_code != 302:
        raise AssertionError(f"{person.email} could not sign in: {response.status_code}")
