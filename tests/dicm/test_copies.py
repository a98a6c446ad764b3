"""Whatever somebody with the rights of the owner writes into a copy, into its digest or into a term is found."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from territories.journal.copies import PROOFS, Copies
from territories.papers.digest import digest_of
from territories.tenancy import tenant_models
from tests.reading import as_owner

OTHER = "0" * 64
# The table, what an intruder writes into its first row, and what the command calls it.
ALTERED = {
    "what was published of a tender": ("tenders_tenderversion", "body = '{}'", "is not what its digest says"),
    "a bid": (
        "scoring_bid",
        "body = jsonb_set(body, '{lines,0,quantity}', '\"1\"')",
        "is not what its digest says",
    ),
    "an answer": ("orders_answer", "body = '{}'", "is not what its digest says"),
    "a yes for a no": ("orders_answer", "verb = 'return'", "is not what the journal tells"),
    "a snapshot": ("contracts_snapshot", 'body = body || \'{"buyer": "x"}\'', "is not what its digest says"),
    "what was published of an activity": (
        "community_activityversion",
        'body = body || \'{"title": "x"}\'',
        "is not what its digest says",
    ),
    "the act that published it": (
        "community_activityversion",
        "verb = 'describe'",
        "is not what the journal tells",
    ),
    "an edition": (
        "research_edition",
        'body = body || \'{"finding": "none"}\'',
        "is not what its digest says",
    ),
    "figures": ("reports_frozen", 'body = body || \'{"confirmed": "9"}\'', "is not what its digest says"),
    "a PDF's digest": ("reports_paper", f"digest = '{OTHER}'", "is not what the journal tells"),
}


def owner_does(north, statement: str, *values) -> int:
    with as_owner(north), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def said(north) -> str:
    with pytest.raises(CommandError) as failure:
        call_command("verify_journal")
    assert failure.value.returncode == 1
    return str(failure.value).removeprefix(f"{north.schema_name}: ")


def first(table: str) -> str:
    return f"id = (SELECT id FROM {table} ORDER BY created_at, id LIMIT 1)"


def label(table: str) -> str:
    return next(model._meta.label for model in tenant_models() if model._meta.db_table == table)


def test_the_command_says_how_much_fits(order_at, capsys):
    order_at("reported")
    call_command("verify_journal")
    assert capsys.readouterr().out == "40 journal entries hold together; copies that fit them: 11.\n"


def test_every_row_with_a_digest_of_its_own_is_proved():
    proved = {proof.model for proof in PROOFS if isinstance(proof, Copies)}
    kept = {
        model
        for model in tenant_models()
        if getattr(model, "insert_only", False) and "digest" in {field.name for field in model._meta.fields}
    }
    # The journal proves itself; a signature is under the snapshot's digest.
    assert {model._meta.label for model in kept - proved} == {"journal.Entry", "contracts.Signature"}


@pytest.mark.parametrize("kind", ALTERED)
def test_an_altered_copy_is_named(order_at, north, kind):
    table, change, wrong = ALTERED[kind]
    order_at("reported")
    assert owner_does(north, f"UPDATE {table} SET {change} WHERE {first(table)}") == 1
    with north, connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE {first(table)}")
        (key,) = cursor.fetchone()
    assert said(north).startswith(f"{label(table)} {key} {wrong}; ")


@pytest.mark.parametrize(
    "table",
    [
        proof.model._meta.db_table
        for proof in PROOFS
        if isinstance(proof, Copies) and hasattr(proof.model, "body")
    ],
)
def test_a_copy_that_was_altered_with_its_digest_is_not_what_the_journal_tells(order_at, north, table):
    order_at("reported")
    with as_owner(north):
        model = next(model for model in tenant_models() if model._meta.db_table == table)
        row = model.objects.order_by("created_at", "pk").first()
        row.body = row.body | {"more": "x"}
        row.digest = digest_of(row.body)
        row.save()
    assert said(north).startswith(f"{label(table)} {row.pk} is not what the journal tells; ")


def test_a_copy_that_is_gone_is_missed(order_at, north):
    story = order_at("reported")
    assert owner_does(north, "DELETE FROM research_edition") == 1
    assert said(north) == (
        f"research.Edition: what the journal calls “publish” of {story.publication.pk} is gone; 1 others fit."
    )


def test_a_copy_that_no_act_made_is_found(order_at, north):
    story = order_at("evaluated")
    with as_owner(north):
        story.publication.edition.delete()
        row = story.publication.edition
        row.pk, row._state.adding, row.body = None, True, {"title": "Other"}
        row.digest = digest_of(row.body)
        row.save(force_insert=True)
    assert said(north) == f"research.Edition {row.pk} is not what the journal tells; 1 others fit."


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE contracts_term SET quantity = 1",
        "UPDATE contracts_term SET donor_cost = donor_cost + 0.01",
        "UPDATE contracts_term SET ends_on = ends_on + 1",
        "UPDATE contracts_term SET how = 'Otherwise.'",
        "UPDATE contracts_term SET number = 2",
        "DELETE FROM contracts_term",
    ],
)
def test_terms_that_are_not_those_of_the_snapshot_are_found(order_at, north, change):
    story = order_at("active")
    assert owner_does(north, change) == 1
    assert said(north).startswith(f"{story.contract.reference} has other terms than its snapshot; ")
