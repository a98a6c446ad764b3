"""Fixtures of all tests; what they hand out is described in tests/cast.py, tests/client.py and tests/story.py.

Each process has a database of its own with two territories and the whole cast, made once and committed.
Ordinary tests ask for `north`, `south` or `cast` and are rolled back. A test that needs real commits (threads,
workers, a second connection) asks for `committed` as well and is cleaned up after. Outside a territory
the connection is the owner's, in the public schema; inside (`acting_in`, or a `Browser`) it has the
territory's schema and role. Celery's tasks run as soon as their transaction would have been committed.
"""

import logging
import os
import re
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection, connections, transaction
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases

from dicm.celery import app as celery
from territories.founding import atlas, found, plant_public
from territories.tenancy import PUBLIC, public_models, tenant_models
from tests.cast import engage, facts_of
from tests.client import Browser
from tests.locks import watched
from tests.story import STAGES, story_of

SLUGS = ("thames-valley", "hampshire")
NAME = re.compile(r"test_dicm_(\d+)(_\w+)?$")


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory):
    """Files in a temporary folder, tasks in this process, keys in the cache that nobody else uses."""
    caches = {
        alias: facts | {"KEY_PREFIX": f"test{os.getpid()}"} for alias, facts in django_settings.CACHES.items()
    }
    celery.conf.update(task_always_eager=True, task_eager_propagates=True)
    for talkative in ("django.request", "celery.app.trace"):  # each 404 with its traceback
        logging.getLogger(talkative).setLevel(logging.ERROR)
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"), CACHES=caches):
        yield


@pytest.fixture(scope="session", autouse=True)
def one_order_of_locks():
    """Whatever is done in this process, no two transactions lock in another order."""
    with watched() as book:
        yield
    found = book.cycle()
    assert found == [], "\n".join(found)


@pytest.fixture(scope="session")
def django_db_setup(surroundings, django_test_environment, django_db_blocker):
    """A database of this process alone; those of processes that were killed are dropped first."""
    django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_dicm_{os.getpid()}"
    connection.settings_dict.setdefault("TEST", {})["NAME"] = f"test_dicm_{os.getpid()}"
    # What is made before any act, migrations among it, is in a book of its own.
    with django_db_blocker.unblock(), watched():
        _drop_the_abandoned()
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[])
        plant_public()
        everyone = SimpleNamespace()
        facts = {row["slug"]: row for row in atlas("territories")}
        everyone.north, everyone.south = (found(facts[slug]) for slug in SLUGS)
        everyone.cast = engage(everyone.north, everyone.south)
        everyone.said = [(row, facts_of(row)) for row in everyone.cast.rows()]
    yield everyone
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        connection.set_schema_to_public()
        teardown_databases(made, verbosity=0)
        _drop_roles(name)


@contextmanager
def _maintenance():
    """A cursor in the server's own database, which can drop the others."""
    with connection._nodb_cursor() as cursor:
        yield cursor


def _drop_the_abandoned() -> None:
    if not connection.settings_dict["HOST"].startswith("/"):
        return  # another machine's processes have numbers too
    with _maintenance() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        for (name,) in cursor.fetchall():
            if (known := NAME.match(name)) and not _alive(int(known[1])):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                _drop_roles(name)


def _drop_roles(database: str) -> None:
    with _maintenance() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname ~ %s ORDER BY rolname DESC",
            [f"^{database}(_public|_service|_t_.*)?$"],
        )
        for (role,) in cursor.fetchall():
            cursor.execute(f'DROP ROLE IF EXISTS "{role}"')


def _alive(process: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


@pytest.fixture(autouse=True)
def cast_as_it_was(request):
    """The cast is made once and shared: a test that changes one of its objects in memory fails, not a later one."""
    yield
    if "everyone" in request.fixturenames:
        shared = request.getfixturevalue("django_db_setup")
        changed = [(row, said) for row, said in shared.said if facts_of(row) != said]
        for row, said in changed:
            vars(row).update(said)
        assert [row for row, _said in changed] == []


@pytest.fixture(autouse=True)
def home_again():
    """Whatever a test switched to, the next one starts as the owner in the public schema."""
    yield
    connection.set_schema_to_public()


@pytest.fixture
def everyone(django_db_setup, request):
    """The two territories and the cast, inside a transaction unless the test commits."""
    if "committed" not in request.fixturenames:
        request.getfixturevalue("db")
    else:
        request.getfixturevalue("committed")
    return django_db_setup


@pytest.fixture
def north(everyone):
    """Thames Valley."""
    return everyone.north


@pytest.fixture
def south(everyone):
    """Hampshire."""
    return everyone.south


@pytest.fixture
def cast(everyone):
    """Every part by its name: `cast.supplier`, `cast.south.supplier`, `cast.stranger` …"""
    return everyone.cast


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Commits are real here. Afterwards the territories are empty and the public rows those of before."""
    with django_db_blocker.unblock(), swept():
        yield


@pytest.fixture(scope="module")
def committed_module(django_db_setup, django_db_blocker):
    """What a whole module builds once, committed; its tests may still roll back what they add."""
    with django_db_blocker.unblock(), swept():
        yield django_db_setup


@pytest.fixture(scope="module")
def stage(committed_module):
    """Both territories with one of everything, and everybody's browser: see tests/access.py."""
    from tests.access import (
        stage_of,
    )  # reads the addresses of every page, which other tests need not wait for

    return stage_of(committed_module.cast)


@contextmanager
def swept():
    """Take away what is committed meanwhile. Public rows that were changed, not added, stay changed."""
    connection.set_schema_to_public()
    before = {model: list(model._base_manager.values_list("pk", flat=True)) for model in public_models()}
    try:
        yield
    finally:
        connections.close_all()
        connection.set_schema_to_public()
        # Nobody else is there by now: a book of its own.
        with watched(), transaction.atomic(), connection.cursor() as cursor:
            schemas = [name for (name,) in _territory_schemas(cursor)]
            tables = [
                f'"{schema}"."{model._meta.db_table}"' for schema in schemas for model in tenant_models()
            ]
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
            for model, kept in before.items():
                pk = model._meta.pk.column
                cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE NOT "{pk}" = ANY(%s)', [kept])


def _territory_schemas(cursor):
    cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%%' AND nspname <> %s", [PUBLIC])
    return cursor.fetchall()


@pytest.fixture
def order_at(cast):
    """order_at("agreed") walks there through real actions; see STAGES and Story in tests/story.py.

    order_at("sealed", supplier=cast.rival, tender=story.tender) lets somebody else join;
    order_at("active", company=cast.south) walks in the south; story.walk("claimed") goes on.
    """

    def walk(stage, *, company=None, **given):
        assert stage in STAGES
        return story_of(company or cast, **given).walk(stage)

    return walk


@pytest.fixture
def client_for(north):
    """A browser at a territory (north, unless told), signed in as a membership's or a given user.

    client_for(None) is nobody; client_for(cast.buyer, territory=None) is at the public site.
    """

    def browse(who=None, territory=north, **options):
        browser = Browser(territory, **options)
        if who is not None:
            browser.force_login(getattr(who, "user", who))
        return browser

    return browse


def pytest_terminal_summary(terminalreporter):
    """How many checks of who may what were made, in all processes."""
    checks = sum(
        value
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, value in report.user_properties
        if name == "checks" and report.when == "call"
    )
    if checks:
        terminalreporter.write_line(f"{checks:,} checks of who may what")


@pytest.fixture(autouse=True)
def no_attempts_yet():
    """Limits on attempts begin anew with every test."""
    caches["default"].clear()
