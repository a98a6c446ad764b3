"""In which order transactions lock: two that take the same locks in another order can wait for each other for ever.

A Book listens to every statement of every connection and writes down, for each transaction, which tables it had
locked rows of (FOR UPDATE, UPDATE, DELETE) and which advisory locks, when it asked for the next.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import pytest
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.transaction import Atomic, get_connection

CHANGED = re.compile(r'^\s*(?:UPDATE|DELETE FROM)\s+(?:"\w+"\.)?"(\w+)"')
MADE = re.compile(r'^\s*INSERT INTO\s+(?:"\w+"\.)?"(\w+)"')
READ = re.compile(r'(?:FROM|JOIN)\s+(?:"\w+"\.)?"(\w+)"')
# Who listens now; a book that is begun meanwhile has what follows for itself.
_books: list["Book"] = []
FOR_UPDATE = re.compile(r'FOR (?:NO KEY )?UPDATE(?: OF ((?:"\w+"(?:, )?)+))?')


class Book:
    """`after[b][a]` is where b was asked for while a was held."""

    def __init__(self) -> None:
        self.after: dict[str, dict[str, str]] = defaultdict(dict)
        self.held: dict[int, list[str]] = defaultdict(list)
        self.own: dict[int, set[str]] = defaultdict(set)

    def cycle(self) -> list[str]:
        """Locks that were taken in a circle, each with where; none is as it should be."""
        try:
            TopologicalSorter({lock: set(before) for lock, before in self.after.items()}).prepare()
        except CycleError as found:
            # Of the library: each is asked for before the next, the last is the first again.
            locks = found.args[1]
            return [f"{a} before {b} in {self.after[b][a]}" for a, b in pairwise(locks)]
        return []

    def hear(self, execute, sql, params, many, context):
        connection = context["connection"]
        if _books[-1] is self and _acting(connection):
            self.write(id(connection), locks_of(sql, params))
            if made := MADE.match(sql):
                # Its own new rows are seen by nobody yet: as if they were held from the beginning.
                self.own[id(connection)].add(made[1])
        return execute(sql, params, many, context)

    def write(self, transaction: int, locks: list[str]) -> None:
        held = self.held[transaction]
        where = os.environ.get("PYTEST_CURRENT_TEST", "").split(" (")[0]
        for lock in locks:
            if lock not in held and lock not in self.own[transaction]:
                self.after[lock] |= {before: where for before in held if before not in self.after[lock]}
                held.append(lock)

    def end(self, transaction: int) -> None:
        self.held.pop(transaction, None)
        self.own.pop(transaction, None)


def locks_of(sql: str, params) -> list[str]:
    """What a statement locks: tables, or the advisory lock that its parameter names."""
    if "pg_advisory_xact_lock(" in sql:
        return [f"the lock “{params[0].split(':')[0]}”"]
    if changed := CHANGED.match(sql):
        return [changed[1]]
    if asked := FOR_UPDATE.search(sql):
        return re.findall(r"\w+", asked[1]) if asked[1] else READ.findall(sql)
    return []


def _acting(connection) -> bool:
    """Whether it is in a transaction, other than the one that a test is rolled back with."""
    return any(not block._from_testcase for block in connection.atomic_blocks)


@contextmanager
def watched() -> Iterator[Book]:
    """Every connection of this process, those that are still to come among them."""
    book, leave = Book(), Atomic.__exit__

    def listen(connection, **more):
        if book.hear not in connection.execute_wrappers:
            connection.execute_wrappers.append(book.hear)

    def left(self, *raised):
        try:
            return leave(self, *raised)
        finally:
            if not _acting(get_connection(self.using)):
                book.end(id(get_connection(self.using)))

    for connection in connections.all(initialized_only=True):
        listen(connection)
    connection_created.connect(listen)
    _books.append(book)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Atomic, "__exit__", left)
        yield book
    _books.remove(book)
    connection_created.disconnect(listen)
    for connection in connections.all(initialized_only=True):
        if book.hear in connection.execute_wrappers:
            connection.execute_wrappers.remove(book.hear)
