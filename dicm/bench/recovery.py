"""How long it takes after `kill -9` of a worker, of Valkey, of PostgreSQL until everything is done again."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from dicm.bench.table import table
from dicm.bench.town import Town, Visitor, town
from dicm.demo import serving

PERIOD = {
    f"{name}_{part}": value
    for name, days in {"starts_on": "1", "ends_on": "20"}.items()
    for part, value in {"day": days, "month": "11", "year": "2025"}.items()
}
PUBLIC = "dicm.localhost"


def measured() -> str:
    """In a service of its own, whose servers nobody else uses."""
    with tempfile.TemporaryDirectory() as folder, town(Path(folder) / ".dicm") as place:
        place.open()
        place.start("worker", serving.worker())
        place.start("reports", serving.worker("reports"))
        place.start("beat", serving.beat(place.home / "beat"))
        manager = place.manager()
        made(place, manager, ordered(manager))
        rows = [
            ("worker, in the middle of a report", "the report is made", *after_worker(place, manager)),
            (
                "Valkey, started again",
                "ready, and a report ordered meanwhile is made",
                *after_valkey(place, manager),
            ),
            ("PostgreSQL, started again", "pages, and a report is made", *after_postgres(place, manager)),
        ]
    return table(
        "Recovery after kill -9: seconds", ("what was killed", "until", "seconds", "errors meanwhile"), rows
    )


def after_worker(place: Town, manager: Visitor) -> tuple[str, int]:
    report = ordered(manager)
    with psycopg.connect(place.urls["DATABASE_URL"], autocommit=True) as owner:
        sql = "SELECT status FROM t_thames_valley.reports_report WHERE status = 'rendering'"
        place.until(lambda: owner.execute(sql).fetchone())
    place.kill("reports")
    return timed(
        lambda: place.start("reports", serving.worker("reports")), lambda: made(place, manager, report)
    )


def after_valkey(place: Town, manager: Visitor) -> tuple[str, int]:
    place.kill_valkey()
    report = ordered(manager)

    def back() -> int:
        place.until(lambda: manager.ask("/ready/", host=PUBLIC) == 200 and '"ready"' in manager.text)
        return made(place, manager, report)

    return timed(place.valkey.start, back)


def after_postgres(place: Town, manager: Visitor) -> tuple[str, int]:
    place.kill_postgres()
    manager.ask("/", host=PUBLIC)

    def back() -> int:
        place.until(lambda: manager.ask("/", host=PUBLIC) == 200)
        return made(place, manager, ordered(manager))

    return timed(place.postgres.start, back)


def timed(again: Callable[[], object], back: Callable[[], int]) -> tuple[str, int]:
    start = time.perf_counter()
    again()
    errors = back()
    return f"{time.perf_counter() - start:.1f}", errors


def ordered(manager: Visitor) -> str:
    """The address of a report that was just ordered."""
    manager.ask("/reports/new/")
    if manager.ask("/reports/new/", PERIOD) != 302:
        raise AssertionError(f"a report could not be ordered: {manager.status}")
    return str(manager.headers["Location"])


def made(place: Town, manager: Visitor, report: str) -> int:
    """Waits for the report; how many answers meanwhile were errors of ours."""
    errors = 0

    def is_made() -> bool:
        nonlocal errors
        errors += manager.ask(f"{report}pdf/") >= 500
        return manager.status == 200

    place.until(is_made, 120)
    return errors
