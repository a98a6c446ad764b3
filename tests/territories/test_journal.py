"""The journal: every act a line, every line in the chain, and nobody's tampering unnoticed."""

import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections, transaction

from spo.orders import actions as orders
from territories.journal.chain import START, Verdict, digest_of, record, request_id, verify
from territories.journal.models import Entry
from territories.journal.seals import seal_all
from territories.tenancy import PUBLIC_SITE
from tests.story import commitment, story_of


def as_owner(territory, statement: str, *values) -> int:
    """What only the owner of the tables, or an intruder with his rights, could do; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("journal_entry", f"{territory.schema_name}.journal_entry"), values)
        return cursor.rowcount


def verdict(territory) -> Verdict:
    with territory:
        return verify()


@pytest.fixture
def told(order_at, north):
    """A territory with a journal of some length."""
    order_at("agreed")
    with north:
        assert Entry.objects.count() == 9
    return north


def test_every_act_of_a_story_is_a_line_in_its_order(told, cast):
    with told:
        lines = list(Entry.objects.values_list("seq", "verb", "subject", "role"))
    assert lines == [
        (1, "register", "community.provider", "colleague"),
        (2, "register", "community.activity", "provider"),
        (3, "add impact", "community.activity", "provider"),
        (4, "add need", "community.activity", "provider"),
        (5, "publish", "community.activity", "provider"),
        (6, "draft", "orders.order", "supplier"),
        (7, "add commitment", "orders.order", "supplier"),
        (8, "offer", "orders.order", "supplier"),
        (9, "agree", "orders.commitment", "provider"),
    ]


def test_a_line_says_who_did_it_for_whom(told, cast):
    with told:
        entry = Entry.objects.get(seq=6)
    assert (entry.actor_id, entry.organisation_id) == (cast.supplier.user_id, cast.supplier.organisation.pk)


def test_what_the_machine_does_has_no_person(north, order_at):
    story = order_at("draft")
    with north, transaction.atomic():
        entry = record("recompute", story.order)
    assert (entry.actor_id, entry.organisation_id, entry.role) == (None, None, "")


def test_an_untouched_chain_holds(told):
    assert verdict(told) == Verdict(9)


def test_an_empty_chain_holds(north):
    assert verdict(north) == Verdict(0)


def test_the_chain_starts_from_nothing_and_each_line_names_the_one_before(told):
    with told:
        entries = list(Entry.objects.all())
    assert [entry.previous for entry in entries] == [START, *(entry.digest for entry in entries[:-1])]
    assert len({entry.digest for entry in entries}) == 9


ALTERATIONS = {
    "seq": "seq = 9999",
    "at": "at = at + interval '1 second'",
    "actor_id": "actor_id = actor_id + 1",
    "organisation_id": "organisation_id = organisation_id + 1",
    "role": "role = 'lead'",
    "verb": "verb = 'return'",
    "subject": "subject = 'orders.order2'",
    "subject_id": "subject_id = 'x'",
    "before": """before = '{"a": 1}'""",
    "after": """after = '{"a": 1}'""",
    "request_id": "request_id = 'x'",
    "previous": f"previous = '{START}'",
    "digest": f"digest = '{START}'",
}


def test_every_field_of_a_line_is_altered_below():
    fields = {field.name for field in Entry._meta.concrete_fields}
    # The key and the database's own clock name a row; they say nothing about the act.
    assert fields - ALTERATIONS.keys() == {"id", "created_at"}


@pytest.mark.parametrize("field", ALTERATIONS)
def test_an_altered_line_is_found(told, field):
    assert as_owner(told, f"UPDATE journal_entry SET {ALTERATIONS[field]} WHERE seq = 5") == 1
    assert (verdict(told).checked, verdict(told).broken) == (4, 5)


def test_a_line_that_was_altered_with_a_new_digest_breaks_the_next_one(told):
    with told:
        entry = Entry.objects.get(seq=5)
    entry.verb = "close"
    assert (
        as_owner(told, "UPDATE journal_entry SET verb = 'close', digest = %s WHERE seq = 5", digest_of(entry))
        == 1
    )
    assert verdict(told) == Verdict(5, 6, "the entry does not fit the chain")


@pytest.mark.parametrize(("removed", "broken"), [(1, 1), (5, 5), (8, 8)])
def test_a_removed_line_is_found(told, removed, broken):
    assert as_owner(told, "DELETE FROM journal_entry WHERE seq = %s", removed) == 1
    assert verdict(told) == Verdict(broken - 1, broken, "an entry is missing")


def test_a_removed_line_is_found_even_if_the_others_close_ranks(told):
    assert as_owner(told, "DELETE FROM journal_entry WHERE seq = 5") == 1
    for number in range(6, 10):
        as_owner(told, "UPDATE journal_entry SET seq = seq - 1 WHERE seq = %s", number)
    assert verdict(told) == Verdict(4, 5, "the entry does not fit the chain")


def test_a_chain_that_was_cut_off_is_shorter(told):
    """Nothing inside a chain can tell that its end is missing: the number that the command prints does."""
    assert as_owner(told, "DELETE FROM journal_entry WHERE seq > 7") == 2
    assert verdict(told) == Verdict(7)


def test_lines_that_changed_places_are_found(told):
    for old, new in ((4, 0), (5, 4), (0, 5)):
        assert as_owner(told, "UPDATE journal_entry SET seq = %s WHERE seq = %s", new, old) == 1
    assert verdict(told) == Verdict(3, 4, "the entry does not fit the chain")


def test_a_line_of_another_territory_does_not_fit(told, order_at, cast, south):
    order_at("agreed", company=cast.south)
    columns = ", ".join(field.column for field in Entry._meta.concrete_fields if field.name != "id")
    as_owner(told, "DELETE FROM journal_entry WHERE seq = 9")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {told.schema_name}.journal_entry (id, {columns}) "
            f"SELECT uuidv7(), {columns} FROM {south.schema_name}.journal_entry WHERE seq = 9"
        )
    assert verdict(told) == Verdict(8, 9, "the entry does not fit the chain")


def test_each_territory_has_a_chain_of_its_own(told, order_at, cast, south):
    order_at("published", company=cast.south)
    assert (verdict(told).checked, verdict(south).checked) == (9, 5)


# ---- the command ----


def test_the_command_says_how_many_lines_hold(told, order_at, cast, capsys):
    order_at("published", company=cast.south)
    call_command("verify_journal")
    assert capsys.readouterr().out == "14 journal entries hold together; copies that fit them: 3.\n"


def test_the_command_names_the_first_broken_line_and_fails(told):
    as_owner(told, "UPDATE journal_entry SET verb = 'x' WHERE seq IN (4, 7)")
    with pytest.raises(CommandError) as failure:
        call_command("verify_journal")
    assert failure.value.returncode == 1
    assert str(failure.value) == (
        f"{told.schema_name}: broken at entry 4, the entry does not fit the chain; the 3 entries before it hold."
    )


def test_the_command_looks_at_the_public_journal_too(told, cast):
    connection.set_schema_to_public()
    record("close", cast.stranger)
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.journal_entry SET verb = 'x'")
    with pytest.raises(CommandError) as failure:
        call_command("verify_journal")
    assert str(failure.value).startswith("public: broken at entry 1,")


# ---- many at once ----


def test_writers_at_the_same_time_make_one_chain(committed, cast, north):
    """Eight threads write five orders each, with connections of their own."""
    start, failures = threading.Barrier(8), []

    def write():
        try:
            start.wait(10)
            with north:
                for number in range(5):
                    orders.draft_order(title=f"Order {number}", approach="x", by=cast.supplier)
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert verdict(north) == Verdict(40)


def test_an_act_that_fails_leaves_no_line_and_no_gap(committed, cast, north):
    story = story_of(cast).walk("published")
    with north:
        with pytest.raises(RuntimeError), transaction.atomic():
            record("draft", story.activity, by=cast.supplier)
            raise RuntimeError
        orders.draft_order(title="x", approach="x", by=cast.supplier)
    assert verdict(north) == Verdict(6)


# ---- what it says, and what it never says ----


def test_a_request_is_named_in_its_lines(client_for, cast, north):
    assert client_for(cast.supplier).post("/orders/new/", {"title": "x", "approach": "x"}).status_code == 302
    with north:
        assert Entry.objects.get().request_id.count("-") == 4
    assert request_id.get() == ""


def test_scores_and_free_text_of_bids_are_not_in_the_journal(order_at, north):
    story = order_at("scored")
    with north:
        told_ = [json.dumps([entry.before, entry.after]) for entry in Entry.objects.all()]
        scored = list(Entry.objects.filter(verb="score").values_list("before", "after"))
    secrets = [story.order.approach, story.line.how, "Names people and days.", '"grade"']
    assert [secret for secret in secrets for line in told_ if secret in line] == []
    assert scored == [({}, {"bid": str(story.bid.pk), "criteria": 2})] * 2


def test_what_a_line_is_about_is_read_back_as_it_was_hashed(cast, north, order_at):
    story = order_at("published")
    with north:
        facts = commitment(story.activity)
        with transaction.atomic():
            record(
                "try",
                story.activity,
                by=cast.supplier,
                after={"quantity": facts["quantity"], "on": facts["starts_on"]},
            )
        entry = Entry.objects.get(verb="try")
    assert entry.after == {"quantity": "120.00", "on": facts["starts_on"].isoformat()}
    assert verdict(north) == Verdict(6)


def test_the_public_site_keeps_a_journal_of_its_own(told, cast):
    connection.set_tenant(PUBLIC_SITE)
    with transaction.atomic():
        record("close", cast.stranger)
    assert verify() == Verdict(1)


# ---- seals ----


def test_entries_cut_off_at_the_end_are_missed(told):
    assert seal_all() == 1
    connection.set_schema_to_public()
    assert as_owner(told, "DELETE FROM journal_entry WHERE seq > 6") == 3
    assert verdict(told) == Verdict(6)  # the chain alone can't tell
    with pytest.raises(
        CommandError, match="broken at entry 7, the journal had reached entry 9 and ends before it"
    ):
        call_command("verify_journal")


def test_a_chain_that_was_written_anew_is_not_the_one_that_was_sealed(told):
    seal_all()
    connection.set_schema_to_public()
    with told:
        last = Entry.objects.get(seq=9)
    last.verb = "return"
    as_owner(told, "UPDATE journal_entry SET verb = 'return', digest = %s WHERE seq = 9", digest_of(last))
    assert verdict(told) == Verdict(9)
    with pytest.raises(
        CommandError, match="broken at entry 9, the entry is another than the one that was sealed"
    ):
        call_command("verify_journal")


def test_sealing_again_adds_nothing_until_something_is_done(told, order_at):
    assert (seal_all(), seal_all()) == (1, 0)
    order_at("registered")
    assert seal_all() == 1


def test_nobody_changes_a_seal(told):
    seal_all()
    for site in (PUBLIC_SITE, told):
        connection.set_tenant(site)
        for statement in (
            "UPDATE public.territories_seal SET seq = 1",
            "DELETE FROM public.territories_seal",
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
