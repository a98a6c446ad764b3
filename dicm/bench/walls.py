"""What it costs that a territory is a schema and a role: with roles and without, by turns in one run."""

import time
from collections.abc import Callable
from statistics import median

from django.conf import settings

from dicm.bench.pages import signed_in
from dicm.bench.sizes import size
from dicm.bench.table import table
from dicm.demo.story import cast
from territories.models import Territory
from territories.tenancy import connection

SWITCHES, PAGES = size(400, 4), size(40, 2)


def measured() -> str:
    territories = list(Territory.objects.filter(slug__in=[cast.THAMES_VALLEY, cast.HAMPSHIRE]))
    client = signed_in(cast.SUPPLIER, territories[-1].host)

    def switch() -> None:
        for territory in territories:
            with territory, connection.cursor() as cursor:
                cursor.execute("SELECT 1")

    def page() -> None:
        if client.get("/activities/").status_code != 200:
            raise AssertionError("the list of activities did not come")

    rows = [("a switch with its first statement", *_by_turns(switch, SWITCHES // 2, len(territories)))]
    rows += [("a request for the list of activities", *_by_turns(page, PAGES, 1))]
    return table(
        "The walls: median milliseconds with a role for each territory and without",
        ("what", "with", "without", "the role costs"),
        [(what, f"{on:.3f}", f"{off:.3f}", f"{on - off:+.3f}") for what, on, off in rows],
    )


def _by_turns(act: Callable[[], None], times: int, parts: int) -> tuple[float, float]:
    """Median milliseconds of a part of the act, with roles and without; neither has the warmer machine."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    try:
        for turn in range(2 * times + 2):
            settings.DICM_ROLES = turn % 2 == 0
            connection.set_schema_to_public()
            start = time.perf_counter()
            act()
            if turn > 1:
                taken[settings.DICM_ROLES].append(1000 * (time.perf_counter() - start) / parts)
    finally:
        settings.DICM_ROLES = True
        connection.set_schema_to_public()
    return median(taken[True]), median(taken[False])
