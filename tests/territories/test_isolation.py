"""One territory never reaches another, and nobody changes what must not change: really tried."""

import os
import subprocess
import sys
import threading
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.core.signals import request_finished
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django.db.models.signals import post_init
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from community.models import Activity, Provider
from spo.delivery.tasks import recompute_progress
from spo.delivery.tasks import sweep as sweep_progress
from spo.orders.models import Order
from spo.reports.tasks import render_report
from spo.scoring.models import Dismissal
from territories.founding import atlas, blueprint, found
from territories.journal.models import Entry
from territories.models import Invitation, Organisation, User
from territories.tasks import WrongTerritory, here
from territories.tenancy import PUBLIC, PUBLIC_SITE, privileges, public_models, role_of, tenant_models
from tests.cast import PASSWORD
from tests.reading import broken

ROOT = Path(__file__).resolve().parent.parent.parent


def where() -> tuple[str, str]:
    """The schema and the role that PostgreSQL itself names for the next statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema, current_user")
        return cursor.fetchone()


def in_(territory) -> tuple[str, str]:
    return territory.schema_name, role_of(territory.schema_name)


def run(statement: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def denied(match="permission denied"):
    """PostgreSQL says no, and the transaction around goes on."""
    with pytest.raises(ProgrammingError, match=match), transaction.atomic():
        yield


# ---- rows ----


def test_the_orm_sees_the_rows_of_the_active_territory_only(order_at, cast, north, south):
    here_, there = order_at("draft"), order_at("draft", company=cast.south)
    with north:
        assert list(Order.objects.values_list("pk", flat=True)) == [here_.order.pk]
    with south:
        assert list(Order.objects.values_list("pk", flat=True)) == [there.order.pk]


def test_a_row_of_one_territory_saved_in_another_changes_nothing_there(order_at, cast, north, south):
    ours, theirs = order_at("draft"), order_at("draft", company=cast.south)
    ours.order.title = "Ours now"
    with south:
        with pytest.raises(DatabaseError), transaction.atomic():
            ours.order.save(update_fields=["title"])
        assert list(Order.objects.values_list("pk", "title")) == [(theirs.order.pk, theirs.order.title)]


def test_rows_of_a_foreign_territory_are_never_joined(order_at, cast, south):
    order_at("registered")
    with south:
        assert Activity.objects.filter(provider__organisation__kind="provider").count() == 0


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_no_table_of_a_foreign_territory_can_be_read_or_written(model, north, south):
    table = f"{south.schema_name}.{model._meta.db_table}"
    with north:
        for statement in (
            f"SELECT * FROM {table}",
            f"INSERT INTO {table} DEFAULT VALUES",
            f"UPDATE {table} SET id = id",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with denied():
                run(statement)


def test_a_territory_cannot_name_the_schema_or_take_the_role_of_another(north, south):
    with north:
        with transaction.atomic():
            run("SELECT set_config('search_path', %s, true)", south.schema_name)
            with denied():
                run(f"SELECT count(*) FROM {south.schema_name}.community_activity")
            connection.search_path_set_schemas = None
        assert where() == in_(north)


# ---- what must not change ----

INSERT_ONLY = [
    "journal_entry", "orders_answer", "tenders_tenderversion", "scoring_dismissal", "tenders_declaration",
    "scoring_bid", "scoring_score", "scoring_consensus", "scoring_award", "contracts_snapshot", "contracts_term",
    "contracts_signature", "delivery_decision", "community_provider", "community_activityversion", "research_edition",
    "reports_paper", "reports_frozen",
]  # fmt: skip


def test_these_tables_are_the_ones_that_only_grow():
    found_ = [model._meta.db_table for model in tenant_models() if getattr(model, "insert_only", False)]
    assert sorted(found_) == sorted(INSERT_ONLY)


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_what_was_settled_cannot_be_changed_under_the_territorys_role(order_at, north, table):
    seat = order_at("reported").panel[0]
    with north:
        Dismissal.objects.create(seat=seat, dismissed_by_id=seat.user_id, dismissed_at=seat.created_at)
        before = run(f"SELECT md5(string_agg(t::text, '' ORDER BY id)), count(*) > 0 FROM {table} t")
        for statement in (
            f"UPDATE {table} SET created_at = now()",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with denied():
                run(statement)
        assert run(f"SELECT md5(string_agg(t::text, '' ORDER BY id)), count(*) > 0 FROM {table} t") == before
        assert before[0][1] is True


# Of these tables only these columns change, and no row goes.
CHANGING = {
    "community_activity": {
        "title", "what", "who", "postcode", "district_code", "district", "status", "version", "published_at",
    },
    "notices_notice": {
        "read_at", "settled_at", "due_at", "claimed_at", "attempts", "sent_at", "over", "doubted",
    },
    "research_publication": {"status", "published_at"},
    "orders_order": {"title", "approach", "status", "version", "tender"},
    "orders_commitment": {
        "activity", "activity_title", "support_type", "quantity", "donor_cost", "starts_on", "ends_on",
        "how", "postcode", "district_code", "district", "status", "version",
    },
    "tenders_tender": {"title", "scope", "notice", "weight", "top_grade", "closes_at", "status", "version", "panel_size"},
    "scoring_panelmember": {"declared_at", "conflict", "ended_at"},
    "contracts_contract": {"status", "signed_at"},
    "delivery_delivery": {"status"},
    "reports_report": {"status", "percent", "started_at", "attempts", "ready_at"},
}  # fmt: skip


def test_these_are_the_columns_that_change_where_few_do():
    found_ = {
        model._meta.db_table: set(model.changing) for model in tenant_models() if hasattr(model, "changing")
    }
    assert found_ == CHANGING


@pytest.mark.parametrize("table", CHANGING)
def test_nothing_else_of_them_changes_under_the_territorys_role(order_at, north, table):
    order_at("reported")
    model = next(model for model in tenant_models() if model._meta.db_table == table)
    with north:
        for field in model._meta.concrete_fields:
            statement = f"UPDATE {table} SET {field.column} = {field.column}"
            if field.name in CHANGING[table]:
                run(statement)
            else:
                with denied():
                    run(statement)
        if "DELETE" not in privileges(model):
            with denied():
                run(f"DELETE FROM {table}")


def test_every_table_says_what_may_be_done_to_it():
    """Nothing is open by forgetting: what may change in any way is named here."""
    said = ("insert_only", "changing", "allowed")
    free = {
        model._meta.db_table for model in tenant_models() if not any(hasattr(model, name) for name in said)
    }
    assert free == {"delivery_progress"}  # recomputed, never said by anybody


@pytest.mark.parametrize("table", ["community_impact", "community_need", "tenders_criterion"])
def test_what_is_listed_of_a_draft_is_taken_away_and_never_altered(order_at, north, table):
    order_at("prepared")
    with north:
        with denied():
            run(f"UPDATE {table} SET created_at = created_at")
        run(f"DELETE FROM {table}")


def test_the_orm_cannot_change_a_settled_row_either(order_at, north):
    story = order_at("locked")
    with north:
        story.term.quantity = 1
        with denied():
            story.term.save()
        with denied():
            Entry.objects.all().delete()
        with denied():
            story.contract.terms.update(quantity=1)


# ---- the public schema ----


def test_the_public_role_reads_no_territory(north, south):
    connection.set_tenant(PUBLIC_SITE)
    for schema in (north.schema_name, south.schema_name):
        with denied():
            run(f"SELECT * FROM {schema}.orders_order")


def test_a_territory_changes_no_public_row_of_which_it_only_may_add_more(north, cast):
    with north:
        for statement in (
            "UPDATE territories_organisation SET name = 'x'",
            "DELETE FROM territories_organisation",
            "UPDATE territories_membership SET role = 'lead'",
            "INSERT INTO territories_membership (user_id, participation_id, role) VALUES (1, 1, 'lead')",
            "UPDATE territories_user SET is_active = true",
            "INSERT INTO territories_staff (user_id) VALUES (1)",
            "INSERT INTO territories_appointment DEFAULT VALUES",
            "DELETE FROM territories_user",
            "INSERT INTO territories_user (email) VALUES ('me@example.org')",
            "UPDATE territories_territory SET schema_name = ''",
            "UPDATE territories_domain SET tenant_id = 1",
            "UPDATE territories_participation SET until = now()",
            "UPDATE territories_supporttype SET unit = 'pounds'",
        ):
            with denied():
                run(statement)
        Organisation.objects.create(name="A new one", kind="provider")


# What a role of a territory may do to public tables, apart from reading them. Whatever is added is decided here.
WRITTEN = {
    "django_session": {"INSERT", "UPDATE", "DELETE"},
    "territories_identifier": {"INSERT"},
    "territories_organisation": {"INSERT"},
    "territories_participation": {"INSERT"},
    "territories_useractivity": {"INSERT", "UPDATE"},
}
CLOSED = {
    "django_admin_log",
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "usersessions_usersession",
    "journal_entry",
    "territories_application",
    "territories_invitation",
    "territories_welcome",
}


def test_these_are_the_public_tables_that_a_territory_reads_and_writes(north):
    rows = run(
        "SELECT c.relname, p.privilege_type FROM pg_class c, aclexplode(c.relacl) p "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND p.grantee = %s::regrole",
        f'"{role_of(north.schema_name)}"',
    )
    written, read = {}, set()
    for table, privilege in rows:
        if privilege == "SELECT":
            read.add(table)
        else:
            written.setdefault(table, set()).add(privilege)
    assert written == WRITTEN
    assert read == {model._meta.db_table for model in public_models()} - CLOSED


@pytest.mark.parametrize("table", sorted(CLOSED))
def test_a_territory_cannot_read_what_is_the_public_sites_alone(north, table):
    with north, denied():
        run(f"SELECT * FROM public.{table}")


# What the public site may do to the tables of people, organisations and places, apart from reading them.
WRITTEN_BY_THE_PUBLIC_SITE = {
    "territories_application": {"INSERT", "UPDATE", "DELETE"},
    "territories_identifier": {"INSERT"},
    "territories_invitation": {"INSERT", "DELETE", "accepted_at", "accepted_by_id", "email", "revoked_at"},
    "territories_membership": {"INSERT", "ended_at"},
    "territories_organisation": {"INSERT", "closed_at", "name"},
    "territories_participation": {"INSERT", "until"},
    "territories_seal": {"INSERT"},
    "territories_staff": {"DELETE"},
    "territories_supporttype": {"INSERT", "evidence", "evidence_cy", "name", "name_cy", "position"},
    "territories_territory": {"successor_id", "valid_to"},
    "territories_user": {
        "INSERT", "closed_at", "date_joined", "email", "is_active", "name", "password",
    },
    "territories_useractivity": {"INSERT", "UPDATE", "DELETE"},
    "territories_welcome": {"INSERT", "UPDATE", "DELETE"},
    "territories_wish": {"INSERT", "language", "rhythm"},
}  # fmt: skip


def test_this_is_what_the_public_site_may_write(everyone):
    role = f'"{role_of(PUBLIC)}"'
    whole = run(
        "SELECT c.relname, p.privilege_type FROM pg_class c, aclexplode(c.relacl) p "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'territories\\_%%' AND c.relkind = 'r' "
        "AND p.privilege_type <> 'SELECT' AND p.grantee = %s::regrole",
        role,
    )
    columns = run(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) p "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'territories\\_%%' "
        "AND p.privilege_type = 'UPDATE' AND p.grantee = %s::regrole",
        role,
    )
    written: dict[str, set] = {}
    for table, what in [*whole, *columns]:
        written.setdefault(table, set()).add(what)
    assert written == WRITTEN_BY_THE_PUBLIC_SITE


def test_the_public_site_makes_no_lead_and_no_staff_by_writing_rows(cast):
    connection.set_tenant(PUBLIC_SITE)
    person, part = cast.rival.user_id, cast.lead.participation_id
    for statement in (
        f"INSERT INTO territories_staff (user_id) VALUES ({person})",
        f"UPDATE territories_staff SET user_id = {person}",
        "INSERT INTO territories_appointment DEFAULT VALUES",
        f"UPDATE territories_membership SET role = 'lead' WHERE user_id = {person}",
        f"UPDATE territories_membership SET user_id = {person}",
        f"UPDATE territories_membership SET participation_id = {part}",
        "UPDATE territories_membership SET appointment_id = NULL",
        "DELETE FROM territories_membership",
        "UPDATE territories_invitation SET role = 'lead'",
        f"UPDATE territories_invitation SET participation_id = {part}",
        "UPDATE territories_domain SET domain = 'x'",
        "INSERT INTO territories_domain (domain, is_primary, tenant_id) VALUES ('x', true, 1)",
        "UPDATE territories_identifier SET organisation_id = 1",
        "DELETE FROM territories_user",
    ):
        with denied():
            run(statement)


def test_the_public_site_changes_no_unit_in_which_something_was_agreed(everyone):
    connection.set_tenant(PUBLIC_SITE)
    for statement in (
        "UPDATE territories_supporttype SET unit = 'thousand pounds'",
        "UPDATE territories_supporttype SET unit_cy = 'mil o bunnoedd'",
        "UPDATE territories_supporttype SET code = code || 'x'",
        "DELETE FROM territories_supporttype",
    ):
        with denied():
            run(statement)
    run("UPDATE territories_supporttype SET name = name")


def written_part(cast, **came_by) -> None:
    """A part of a lead for a rival, as somebody with the public site's role would write it."""
    names = ", ".join(("user_id", "participation_id", "role", *came_by))
    values = (cast.rival.user_id, cast.lead.participation_id, "lead", *came_by.values())
    connection.set_tenant(PUBLIC_SITE)
    run(f"INSERT INTO territories_membership ({names}) VALUES ({', '.join(['%s'] * len(values))})", *values)
    run("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_part_comes_from_one_thing(cast):
    with broken("part_came_from_one_thing"), transaction.atomic():
        written_part(cast)
    two = {"handed_by_id": cast.lead.pk, "appointment_id": cast.lead.appointment_id}
    with broken("part_came_from_one_thing"), transaction.atomic():
        written_part(cast, **two)
    with broken("appointment_id"), transaction.atomic():
        written_part(cast, appointment_id=cast.lead.appointment_id)


def test_a_part_is_what_its_invitation_says_accepted_by_this_person(cast):
    facts = {"invited_by": cast.rival, "expires_at": timezone.now()}
    mine = Invitation.objects.create(
        participation=cast.rival.participation, role="supplier", email="a@b.example", digest="1", **facts
    )
    Invitation.objects.filter(pk=mine.pk).update(accepted_at=timezone.now(), accepted_by=cast.rival.user)
    open_ = Invitation.objects.create(
        participation=cast.lead.participation, role="lead", email="a@b.example", digest="2", **facts
    )
    for invitation in (mine, open_):
        with broken("part_is_its_invitations"), transaction.atomic():
            written_part(cast, invitation_id=invitation.pk)


def test_what_is_handed_over_is_the_same_part(cast):
    with broken("part_is_its_predecessors"), transaction.atomic():
        written_part(cast, handed_by_id=cast.rival.pk)


def test_no_role_can_make_tables_or_sign_in(north, south):
    roles = [role_of(schema) for schema in (PUBLIC, north.schema_name, south.schema_name)]
    assert run(
        "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s) AND NOT (rolsuper OR rolcanlogin OR rolcreaterole "
        "OR rolcreatedb OR rolbypassrls OR rolinherit)",
        roles,
    ) == [(3,)]
    for site in (PUBLIC_SITE, north):
        connection.set_tenant(site)
        with denied():
            run("CREATE TABLE mine (id int)")


# ---- switching ----


def test_a_switch_takes_the_schema_and_the_role_and_gives_them_back(north, south):
    assert where() == (PUBLIC, connection.settings_dict["USER"])
    with north:
        assert where() == in_(north)
        with south:
            assert where() == in_(south)
        assert where() == in_(north)
    assert where() == (PUBLIC, connection.settings_dict["USER"])


def test_an_exception_gives_the_schema_and_the_role_back(north):
    with pytest.raises(RuntimeError), north:
        where()
        raise RuntimeError
    assert where() == (PUBLIC, connection.settings_dict["USER"])


def test_a_rolled_back_savepoint_keeps_the_territory(north, south):
    """Before django-tenants 4.0 the path that PostgreSQL had rolled back was still believed to be set."""
    with north:
        sid = transaction.savepoint_create()
        with south:
            assert where() == in_(south)
        assert where() == in_(north)
        transaction.savepoint_rollback(sid)
        assert where() == in_(north)
    with north:
        assert where() == in_(north)
        with pytest.raises(RuntimeError), transaction.atomic():
            connection.set_tenant(south)
            assert where() == in_(south)
            raise RuntimeError
        assert where() == in_(south)  # the last switch counts, not what PostgreSQL rolled back to
        connection.set_tenant(north)
        assert where() == in_(north)


def test_an_order_written_after_a_rolled_back_savepoint_lands_in_its_own_territory(
    order_at, cast, north, south
):
    order_at("published"), order_at("published", company=cast.south)
    sid = transaction.savepoint_create()
    with south:
        Order.objects.count()
    transaction.savepoint_rollback(sid)
    with north:
        Order.objects.create(
            reference="SPO-TEST-0001", supplier=cast.supplier.organisation, title="x", approach="x"
        )
    with south:
        assert Order.objects.count() == 0


def test_a_failed_statement_keeps_the_territory(north):
    with north:
        with pytest.raises(ProgrammingError), transaction.atomic():
            run("SELECT * FROM no_such_table")
        assert where() == in_(north)


def test_a_rolled_back_transaction_keeps_the_territory(committed, north, south):
    """PostgreSQL goes back to what it had before the transaction: here the public schema, under the owner."""
    assert where() == (PUBLIC, connection.settings_dict["USER"])
    with north:
        with pytest.raises(RuntimeError), transaction.atomic():
            where()
            raise RuntimeError
        assert where() == in_(north)
        transaction.set_autocommit(False)
        with south:
            where()
        transaction.rollback()
        transaction.set_autocommit(True)
        assert where() == in_(north)


def test_a_new_connection_takes_the_territory_up_again(committed, north):
    with north:
        assert where() == in_(north)
        connection.close()
        assert where() == in_(north)
        with connection.cursor() as cursor, pytest.raises(DatabaseError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.close()
        assert where() == in_(north)


def test_threads_do_not_share_a_territory(committed, north, south):
    """Each of two threads switches to and fro, at the same time as the other."""
    wrong, both = [], threading.Barrier(2)

    def work(mine, other):
        try:
            for _time in range(10):
                with mine:
                    both.wait(10)
                    if where() != in_(mine):
                        wrong.append(mine.slug)
                    with other:
                        where()
                    both.wait(10)
                    if where() != in_(mine):
                        wrong.append(mine.slug)
        except Exception as failure:
            both.abort()
            wrong.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=pair) for pair in ((north, south), (south, north))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [thread.is_alive() for thread in threads] == [False, False]
    assert wrong == []


def test_a_bare_schema_name_is_the_owners(north):
    """For migrations: django-tenants' own switch by name keeps the connection's user."""
    connection.set_schema(north.schema_name)
    assert where() == (north.schema_name, connection.settings_dict["USER"])


# ---- tasks ----


@pytest.mark.parametrize("task", [recompute_progress, render_report])
def test_a_task_of_another_territory_touches_nothing(north, south, task):
    with south, pytest.raises(WrongTerritory):
        task.delay(north.pk, str(uuid.uuid4()))


def test_a_task_queued_in_public_is_refused(north):
    with pytest.raises(WrongTerritory):
        sweep_progress.delay(north.pk)
    connection.set_schema(north.schema_name)
    with pytest.raises(WrongTerritory):
        sweep_progress.delay(north.pk)


def test_a_task_cannot_be_queued_outside_a_territory(north):
    for enter in (connection.set_schema_to_public, lambda: connection.set_schema(north.schema_name)):
        enter()
        with pytest.raises(WrongTerritory):
            here()
    with north:
        assert here() == north.pk


def test_a_task_runs_in_the_schema_and_under_the_role_that_it_was_queued_in(north, south):
    """Through the application's own switch, as a worker does: queued in the north, run from elsewhere."""
    seen = []

    @recompute_progress.app.task(name=f"tests.where.{uuid.uuid4()}")
    def task():
        seen.append(where())

    for start in (south, PUBLIC_SITE):
        connection.set_tenant(start)
        task.apply(headers={"_schema_name": north.schema_name})
    assert seen == [in_(north), in_(north)]


def test_a_task_that_names_another_territorys_schema_is_denied(north, south):
    """Raw SQL inside a worker's task, entered through the application's own switch."""

    @recompute_progress.app.task(name=f"tests.reach.{uuid.uuid4()}")
    def reach():
        assert where() == in_(north)
        with denied():
            run(f"SELECT * FROM {south.schema_name}.orders_order")
        with denied():
            run(f"UPDATE {south.schema_name}.orders_order SET title = 'ours'")
        tried.append(True)

    tried: list[bool] = []
    connection.set_tenant(PUBLIC_SITE)
    reach.apply(headers={"_schema_name": north.schema_name}, throw=True)
    assert tried == [True]


# ---- requests ----


@pytest.fixture
def roles_of_requests():
    """Where each read of a user or an organisation happened, as PostgreSQL says."""
    seen = set()

    def look(sender, **kwargs):
        seen.add(where())

    for model in (User, Provider):
        post_init.connect(look, sender=model)
    yield seen
    for model in (User, Provider):
        post_init.disconnect(look, sender=model)


def test_a_request_runs_in_the_territorys_schema_and_under_its_role(
    client_for, cast, order_at, north, roles_of_requests
):
    story, browser = order_at("published"), client_for(cast.provider)
    roles_of_requests.clear()
    assert browser.get(f"/activities/{story.activity.pk}/edit/").status_code == 200
    assert roles_of_requests == {in_(north)}


def test_a_request_to_the_public_site_runs_under_the_public_role(client_for, cast, roles_of_requests):
    browser = client_for(cast.provider, territory=None)
    roles_of_requests.clear()
    assert browser.get("/your-territories/?stay").status_code == 200
    assert roles_of_requests == {(PUBLIC, role_of(PUBLIC))}


def test_after_a_request_nothing_of_the_territory_is_left(client_for, cast, north):
    browser = client_for(cast.provider)
    left = []

    def look(**kwargs):
        left.append(connection.schema_name)

    request_finished.connect(look)
    try:
        browser.get("/activities/")
    finally:
        request_finished.disconnect(look)
    assert left == [PUBLIC]
    assert where() == (PUBLIC, role_of(PUBLIC))


# ---- founding ----


def test_founding_twice_changes_nothing(committed, north):
    before = picture(north.schema_name)
    facts = next(row for row in atlas("territories") if row["slug"] == north.slug)
    again = found(facts)
    assert (again.pk, again.schema_name) == (north.pk, north.schema_name)
    assert picture(north.schema_name) == before


def test_creating_the_territories_twice_changes_nothing(committed, north, south, capsys):
    counts = (
        "SELECT (SELECT count(*) FROM territories_territory), (SELECT count(*) FROM territories_oversight)"
    )
    before = run(counts)
    for _time in range(2):
        call_command("create_territories", only=[north.slug, south.slug], verbosity=0)
    assert run(counts) == before
    with pytest.raises(SystemExit) as left:
        call_command("migrate_schemas", check_unapplied=True, verbosity=0)
        raise SystemExit(0)
    assert left.value.code == 0


def picture(schema: str) -> dict[str, list]:
    """Everything about a schema that PostgreSQL knows, without the schema's own name."""
    questions = {
        "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length, "
        "numeric_precision, numeric_scale FROM information_schema.columns WHERE table_schema = %s",
        "constraints": "SELECT r.relname, c.conname, c.contype, pg_get_constraintdef(c.oid), c.condeferrable, "
        "c.condeferred, c.confdeltype FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid "
        "WHERE c.connamespace = %s::regnamespace",
        "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s",
        "sequences": "SELECT sequence_name, data_type FROM information_schema.sequences WHERE sequence_schema = %s",
        "migrations": f"SELECT app, name FROM {schema}.django_migrations WHERE %s <> ''",
    }
    return {
        name: sorted(str(row).replace(f"{schema}.", "") for row in run(question, schema))
        for name, question in questions.items()
    }


def test_a_founded_schema_is_the_one_that_migrations_make(committed, north):
    connection.set_schema_to_public()
    run("CREATE SCHEMA t_migrated")
    try:
        call_command("migrate_schemas", schema_name="t_migrated", verbosity=0)
        connection.set_schema_to_public()
        founded, migrated = picture(north.schema_name), picture("t_migrated")
        assert founded == migrated
        assert [len(founded[name]) > 0 for name in ("columns", "constraints", "indexes", "migrations")] == [
            True
        ] * 4
    finally:
        connection.set_schema_to_public()
        run("DROP SCHEMA t_migrated CASCADE")


def test_the_blueprint_names_no_schema_and_no_comment():
    assert [line for line in blueprint() if line.startswith("--") or "t_blueprint" in line] == []


# ---- a user that is no superuser ----

ACT = """
import django; django.setup()
from django.db import connection, ProgrammingError, transaction
from territories.models import *
from territories.tenancy import PUBLIC_SITE
from community.actions import register_provider
from community.models import Provider
north = Territory.objects.get(slug="thames-valley")
council = Organisation.objects.create(name="Oxford City Council", kind="council")
user = User.objects.create_user("colin@example.org", name="Colin")
part = Membership.objects.appoint(
    user=user, participation=Participation.objects.create(organisation=council, territory=north), role="colleague"
)
with north:
    register_provider(name="Cowley Road", scheme="GB-CHC", number="1164883", about="x", by=part)
    print(Provider.objects.count())
    south = Territory.objects.get(slug="hampshire").schema_name
    for statement in ("UPDATE journal_entry SET verb = ''", f"SELECT * FROM {south}.community_provider"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
            print("allowed", statement)
        except ProgrammingError as no:
            print("permission denied" in str(no))
"""


LET_IN = """
import django; django.setup()
from territories.login import let_in
print(let_in("a password"))
"""
# As the login that serves, which owns nothing: whatever resets its role is nobody.
SERVE = """
import django; django.setup()
from django.db import connection, ProgrammingError, transaction
from territories.models import Territory
from territories.tenancy import role_of
from community.models import Provider
north = Territory.objects.get(slug="thames-valley")
with north:
    print(Provider.objects.count())
    with connection.cursor() as cursor:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute("SELECT current_setting(%s)", [name])
            print(cursor.fetchone()[0])
for statement in (
    "RESET ROLE; SELECT * FROM t_thames_valley.community_provider",
    "RESET ROLE; UPDATE territories_territory SET name = ''",
    "RESET ROLE; SELECT password FROM territories_user",
    "SET ROLE NONE; CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE community_provider (id int)",
):
    with north, connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement)
            print("allowed")
        except ProgrammingError as no:
            print("denied" if "permission denied" in str(no) else no)
"""


@pytest.fixture
def plain_database(django_db_setup, django_db_blocker):
    """A database whose owner can make roles and is otherwise nobody; its URL."""
    own = connection.settings_dict
    name = f"{own['NAME']}_plain"

    def server():
        facts = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"], "password": own["PASSWORD"]}
        return psycopg.connect(
            make_conninfo(dbname="postgres", **{k: v for k, v in facts.items() if v}), autocommit=True
        )

    def clean(line):
        line.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for (role,) in line.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) ORDER BY rolname DESC", [name]
        ).fetchall():
            line.execute(f'DROP ROLE IF EXISTS "{role}"')

    with server() as line:
        clean(line)
        line.execute(f"CREATE ROLE \"{name}\" LOGIN CREATEROLE PASSWORD '{PASSWORD}'")
        line.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
        facts = {"host": own["HOST"], "port": own["PORT"], "user": name, "password": PASSWORD, "dbname": name}
        yield make_conninfo(**{k: v for k, v in facts.items() if v})
        clean(line)


def test_a_user_that_is_no_superuser_is_enough(plain_database):
    surroundings = os.environ | {"DATABASE_URL": plain_database, "DJANGO_SETTINGS_MODULE": "dicm.settings"}

    def python(*words):
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.split("\n")

    python("manage.py", "create_territories", "--only", "thames-valley", "hampshire", "--verbosity", "0")
    python("manage.py", "create_territories", "--only", "thames-valley", "hampshire", "--verbosity", "0")
    assert python("-c", ACT) == ["1", "True", "True", ""]
    surroundings["DATABASE_URL"] = python("-c", LET_IN)[0]
    assert python("-c", SERVE) == ["1", "30s", "10s", "1min", *["denied"] * 5, ""]


# ---- planted faults: what the tests above would miss if the walls were not there ----


@pytest.mark.parametrize(("roles", "answered"), [(True, False), (False, True)])
def test_a_query_that_names_another_schema_is_answered_only_where_the_walls_are_down(
    north, south, settings, roles, answered
):
    settings.DICM_ROLES = roles
    connection.set_schema_to_public()
    with north:
        try:
            with transaction.atomic():
                run(f"SELECT count(*) FROM {south.schema_name}.orders_order")
            got = True
        except ProgrammingError:
            got = False
    assert got is answered


def test_a_connection_that_arrives_elsewhere_stops(north, south):
    """As after a statement of somebody who changed path or role behind our back and made us forget it."""

    class Elsewhere(type(north)):
        class Meta:
            proxy = True
            app_label = "planted"

    lost = Elsewhere.objects.get(pk=north.pk)
    lost.schema_name = "t_nowhere"
    with pytest.raises((WrongTerritory, DatabaseError)), transaction.atomic():
        connection.set_tenant(lost)
        where()
    connection.set_schema_to_public()
