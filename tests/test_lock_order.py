"""No two acts lock in another order; see tests/locks.py. What all other tests do is looked at as well, when they end."""

import pytest
from django.db import connection, transaction

from spo.contracts.models import Contract
from spo.orders.models import Order
from spo.scoring.models import PanelMember
from spo.tenders.models import Tender
from tests.locks import locks_of, watched
from tests.story import STAGES


def test_the_whole_story_locks_in_one_order(order_at, cast):
    with watched() as book:
        order_at(STAGES[-1])
    assert book.cycle() == []
    # It has heard something: the tender before its orders, and the journal after both.
    assert {"tenders_tender", "orders_order"} <= set(book.after["the lock “journal”"])
    assert "tenders_tender" in book.after["orders_order"]


def locked(*models):
    with transaction.atomic():
        for model in models:
            model.objects.select_for_update().first()


def test_two_that_lock_the_other_way_round_are_found(north):
    with watched() as book, north:
        locked(Tender, Order)
        locked(Order, Contract)
        assert book.cycle() == []
        locked(Contract, Tender)
    found = book.cycle()
    assert len(found) == 3
    assert [line.split(" in tests/")[0] for line in sorted(found)] == [
        "contracts_contract before tenders_tender",
        "orders_order before contracts_contract",
        "tenders_tender before orders_order",
    ]


def test_a_row_that_is_changed_after_the_journal_was_locked_is_found(north):
    """As an act that writes its line too early: others lock the row first."""
    key = ["journal:north"]
    with watched() as book, north, connection.cursor() as cursor:
        with transaction.atomic():
            PanelMember.objects.select_for_update().first()
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", key)
        with transaction.atomic():
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", key)
            PanelMember.objects.filter(conflict=True).update(conflict=None)
    assert len(book.cycle()) == 2


def test_what_one_transaction_held_the_next_does_not(north):
    with watched() as book, north:
        locked(Tender)
        locked(Order)
        locked(Tender)
        Tender.objects.update(scope="Outside any transaction nothing is held")
    assert book.after == {"tenders_tender": {}, "orders_order": {}}


@pytest.mark.parametrize(
    ("sql", "locks"),
    [
        ('SELECT "a"."id" FROM "a" INNER JOIN "b" ON (true) FOR UPDATE', ["a", "b"]),
        ('SELECT "a"."id" FROM "a" INNER JOIN "b" ON (true) FOR UPDATE OF "a"', ["a"]),
        ('SELECT "a"."id" FROM "a" INNER JOIN "b" ON (true)', []),
        ('UPDATE "a" SET "x" = (SELECT 1 FROM "b")', ["a"]),
        ('DELETE FROM "a" WHERE "a"."id" IN (%s)', ["a"]),
        ('INSERT INTO "a" ("x") VALUES (%s)', []),
    ],
)
def test_what_a_statement_locks(sql, locks):
    assert locks_of(sql, []) == locks
