"""All the territories of the atlas at once: each sees its own rows, and none those of any other."""

import pytest
from django.db import ProgrammingError, connection, transaction

from community.models import Provider
from spo.delivery.tasks import sweep
from territories.founding import atlas, found
from territories.journal.chain import record, verify
from territories.journal.models import Entry
from territories.models import Organisation, Territory
from territories.tasks import WrongTerritory
from territories.tenancy import PUBLIC, role_of, tenant_models
from tests.conftest import swept


@pytest.fixture(scope="module")
def everywhere(committed_module, django_db_blocker):
    """Every territory there is, each with one provider of its own; what was founded for it goes afterwards."""
    with django_db_blocker.unblock(), swept():
        standing = set(Territory.objects.values_list("schema_name", flat=True))
        territories = [found(facts) for facts in atlas("territories")]
        for territory in territories:
            organisation = Organisation.objects.create(name=f"Charity of {territory.slug}", kind="provider")
            with territory:
                Provider.objects.create(organisation=organisation, about=territory.slug)
        try:
            yield territories
        finally:
            connection.set_schema_to_public()
            with connection.cursor() as cursor:
                for territory in territories:
                    if territory.schema_name not in standing:
                        cursor.execute(f"DROP SCHEMA {territory.schema_name} CASCADE")
                        cursor.execute(f'DROP OWNED BY "{role_of(territory.schema_name)}"')
                        cursor.execute(f'DROP ROLE "{role_of(territory.schema_name)}"')


def where() -> tuple:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema, current_user")
        return cursor.fetchone()


def test_there_are_as_many_as_the_atlas_names(everywhere):
    assert len(everywhere) == len(atlas("territories")) >= 45
    assert len({territory.schema_name for territory in everywhere}) == len(everywhere)


def test_each_is_in_its_own_schema_under_its_own_role_and_sees_its_own_rows(everywhere, db):
    for territory in everywhere:
        with territory:
            assert where() == (territory.schema_name, role_of(territory.schema_name))
            assert list(Provider.objects.values_list("about", flat=True)) == [territory.slug]


def test_no_role_reads_or_writes_a_table_of_any_other(everywhere, db):
    """PostgreSQL's own word, for every pair of territories and every table."""
    names = [territory.schema_name for territory in everywhere]
    tables = [model._meta.db_table for model in tenant_models()]
    pairs = """
        SELECT own, other, has_schema_privilege(%s || own, other, 'USAGE'),
               bool_or(has_table_privilege(%s || own, other || '.' || name, 'SELECT, INSERT, UPDATE, DELETE'))
        FROM unnest(%s::text[]) AS own, unnest(%s::text[]) AS other, unnest(%s::text[]) AS name GROUP BY own, other
    """
    prefix = role_of("")
    with connection.cursor() as cursor:
        cursor.execute(pairs, [prefix, prefix, names, names, tables])
        rows = cursor.fetchall()
    assert len(rows) == len(names) ** 2
    reached = {(own, other) for own, other, enters, touches in rows if enters or touches}
    assert reached == {(name, name) for name in names}


def test_each_really_tries_every_other(everywhere, db):
    """Raw SQL that names the other's schema, from each territory to each other one."""
    tried = 0
    for territory in everywhere:
        with territory, connection.cursor() as cursor:
            for other in everywhere:
                if other == territory:
                    continue
                tried += 1
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(f"SELECT about FROM {other.schema_name}.community_provider")
    assert tried == len(everywhere) * (len(everywhere) - 1)


def test_through_the_orm_another_territorys_row_is_not_there(everywhere, db):
    keys = {}
    for territory in everywhere:
        with territory:
            keys[territory.slug] = Provider.objects.get().pk
    for number, territory in enumerate(everywhere):
        neighbour = everywhere[number - 1]
        with territory:
            assert not Provider.objects.filter(pk=keys[neighbour.slug]).exists()
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                list(Provider.objects.extra(tables=[f'{neighbour.schema_name}"."community_provider']))


def test_a_task_for_one_refuses_to_run_in_another(everywhere, db):
    for number, territory in enumerate(everywhere):
        with territory:
            sweep(territory.pk)
            with pytest.raises(WrongTerritory):
                sweep(everywhere[number - 1].pk)


def test_each_journal_is_a_chain_of_its_own(everywhere, db):
    for territory in everywhere:
        with territory:
            record("register", Provider.objects.get())
            assert list(Entry.objects.values_list("seq", flat=True)) == [1]
            assert verify().checked == 1
    assert where()[0] == PUBLIC
