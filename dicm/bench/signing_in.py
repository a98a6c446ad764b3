"""How many people can sign in each second and process, and what of it is the cost of the password's hash."""

import time
from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib.auth.hashers import get_hasher, make_password
from django.test import Client

from dicm.bench.sizes import size
from dicm.bench.table import table
from dicm.demo.story import cast

HASHES = size(10, 1)


def measured() -> str:
    rows = [
        ("signing in", len(cast.CAST), *_each(sign_in, cast.CAST)),
        ("of it the hash", HASHES, *_each(lambda _time: make_password(cast.PASSWORD), range(HASHES))),
    ]
    hasher = get_hasher()
    return table(
        f"Signing in, one after another; {hasher.algorithm}, {getattr(hasher, 'memory_cost', 0) // 1024} MiB a hash",
        ("what", "times", "ms", "ms of CPU", "a second"),
        rows,
    )


def _each[T](act: Callable[[T], object], things: Sequence[T]) -> tuple[str, str, str]:
    """Milliseconds of an act by the clock and of CPU, and how many go into a second."""
    clock, cpu = time.perf_counter(), time.process_time()
    for thing in things:
        act(thing)
    clock, cpu = (time.perf_counter() - clock) / len(things), (time.process_time() - cpu) / len(things)
    return f"{1000 * clock:.0f}", f"{1000 * cpu:.0f}", f"{1 / clock:.1f}"


def sign_in(person: cast.Person) -> None:
    client = Client(HTTP_HOST=f"{settings.DICM_BASE_DOMAIN}{settings.DICM_ORIGIN_SUFFIX}")
    response = client.post("/accounts/login/", {"login": person.email, "password": cast.PASSWORD})
    if response.status_code != 302:
        raise AssertionError(f"{person.email} could not sign in: {response.status_code}")
