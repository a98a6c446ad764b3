"""Making reports: frozen figures, workers that die, renderings that fail."""

import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from time import sleep

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from spo.delivery import actions as delivery
from spo.reports import actions, tasks, upkeep
from spo.reports.models import Report
from territories.journal.models import Entry
from territories.tasks import WrongTerritory
from tests.client import acting_in
from tests.seen import read


@pytest.fixture
def ordered(order_at, cast, north):
    """A report whose task was lost."""
    order_at("confirmed")
    today = timezone.localdate()
    with north:
        return actions.order_report(starts_on=today, ends_on=today, by=cast.manager)


def digest_of_file(report) -> str:
    """SHA-256 of the PDF as it lies on the disk."""
    return hashlib.sha256(default_storage.open(report.paper.path).read()).hexdigest()


@pytest.fixture
def broken_disk(tmp_path):
    """Files can't be written anywhere."""
    (tmp_path / "file").write_text("no folder")
    with override_settings(MEDIA_ROOT=tmp_path / "file"):
        yield


@pytest.fixture
def fontless(tmp_path, monkeypatch):
    """A machine without any font, where making a PDF would end the process."""
    (tmp_path / "fonts.conf").write_text("<fontconfig><dir>/nowhere</dir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))


def test_where_no_pdf_can_be_made_page_and_csv_are_there_and_say_so(
    ordered, north, client_for, fontless, caplog
):
    with north:
        assert upkeep.render(ordered.pk) is True
        ordered.refresh_from_db()
        assert (ordered.status, hasattr(ordered, "paper")) == ("ready", False)
    assert [record.message for record in caplog.records if record.name == upkeep.__name__] == [
        f"No PDF of {ordered.reference}: missing here is a font. `make setup` says what to do."
    ]
    browser, at = client_for(None), f"/reports/{ordered.pk}/"
    page = browser.get(at).content.decode()
    assert ("£600" in page, "The PDF is not there yet" in page, f"{at}pdf/" in page) == (True, True, False)
    assert f"{at}pdf/" not in browser.get("/reports/").content.decode()
    assert [browser.get(f"{at}{form}/").status_code for form in ("csv", "pdf")] == [200, 404]


def test_a_pdf_that_could_not_be_made_is_added_once_it_can(ordered, north, fontless, monkeypatch):
    with north:
        upkeep.render(ordered.pk)
        tasks.sweep(north.pk)
        ordered.refresh_from_db()
        before = ordered.figures, ordered.ready_at, hasattr(ordered, "paper")
        monkeypatch.delenv("FONTCONFIG_FILE")
        tasks.sweep(north.pk)
        ordered.refresh_from_db()
        line = Entry.objects.get(verb="print")
        assert (ordered.figures, ordered.ready_at, False) == before
        assert ordered.paper.digest == digest_of_file(ordered)
    assert (line.subject_id, line.after) == (str(ordered.pk), {"digest": ordered.paper.digest})


def test_processes_that_make_no_pdf_need_nothing_for_it():
    asking = "import django, sys; django.setup(); import spo.reports.tasks, dicm.urls; print('weasyprint' in sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "dicm.settings"}
    said = subprocess.check_output([sys.executable, "-c", asking], env=environment, text=True)
    assert said == "False\n"


def test_a_report_is_made_with_its_figures_its_file_and_its_digest(ordered, north):
    with north:
        assert upkeep.render(ordered.pk) is True
        ordered.refresh_from_db()
        assert ordered.figures["confirmed"] == "600.00"
        assert ordered.paper.digest == digest_of_file(ordered)
        told = list(Entry.objects.order_by("seq").values_list("verb", "actor_id", "after__digest"))[-2:]
        folder = f"{north.schema_name}/reports"
        assert ordered.paper.path == f"{folder}/{ordered.reference}-{ordered.paper.digest[:12]}.pdf"
    assert (ordered.status, ordered.percent, ordered.ready_at is None) == ("ready", 100, False)
    assert told == [("finish", None, ordered.frozen.digest), ("print", None, ordered.paper.digest)]


def test_making_it_twice_is_harmless(ordered, north):
    with north:
        upkeep.render(ordered.pk)
        ordered.refresh_from_db()
        before = ordered.ready_at, ordered.paper.digest
        assert upkeep.render(ordered.pk) is False
        ordered.refresh_from_db()
        assert (ordered.ready_at, ordered.paper.digest) == before


def test_later_deliveries_do_not_change_a_ready_report(order_at, cast, north, client_for):
    story = order_at("evaluated")
    other = order_at("claimed")
    story.walk("reported")
    page = client_for(None).get(f"/reports/{story.report.pk}/").content.decode()
    with acting_in(north):
        before = Report.objects.get().figures
        delivery.confirm(other.delivery, seen=read(other.delivery), by=cast.provider)
        tasks.sweep(north.pk)
        assert Report.objects.get().figures == before
    assert "£600" in page
    again = client_for(None).get(f"/reports/{story.report.pk}/")
    assert (again.context["confirmed"], again.context["deliveries"]) == (600, 1)


def test_a_lost_task_is_swept_up(ordered, north):
    with north:
        tasks.sweep(north.pk)
        ordered.refresh_from_db()
    assert ordered.status == "ready"


@contextmanager
def another_maker(north, report):
    """A connection of another process that makes this report; closing it is what its death looks like from here."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute(
            "SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"{north.schema_name}:report-{report.pk}"]
        )
        yield other
        number = other.info.backend_pid
    with connection.cursor() as cursor:  # PostgreSQL takes a moment to notice
        while cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [number]).fetchone():
            sleep(0.005)


def begun(north, **facts):
    with north:
        Report.objects.update(status="rendering", percent=40, started_at=timezone.now(), **facts)


def test_a_report_is_left_to_its_maker_while_that_lives_and_taken_over_when_it_dies(ordered, north):
    begun(north, attempts=1)
    with another_maker(north, ordered), north:
        tasks.sweep(north.pk)
        ordered.refresh_from_db()
        assert (ordered.status, ordered.percent) == ("rendering", 40)
    with north:
        tasks.sweep(north.pk)
        ordered.refresh_from_db()
    assert (ordered.status, ordered.percent, ordered.attempts) == ("ready", 100, 2)


def test_a_report_that_kills_its_makers_is_given_up_and_can_be_ordered_again(ordered, cast, north):
    begun(north, attempts=upkeep.ATTEMPTS)
    with north:
        assert upkeep.render(ordered.pk) is False
        ordered.refresh_from_db()
    assert ordered.status == "failed"
    with acting_in(north):
        actions.order_again(ordered, by=cast.manager)
    with north:
        ordered.refresh_from_db()
    assert (ordered.status, ordered.attempts) == ("ready", 1)


def test_a_maker_that_comes_too_late_overwrites_nothing(ordered, cast, north, order_at):
    """It lost its connection half way; meanwhile a delivery was confirmed and another made the report."""
    begun(north)
    with north:
        late = Report.objects.get()
    other = order_at("claimed")
    with acting_in(north):
        delivery.confirm(other.delivery, seen=read(other.delivery), by=cast.provider)
        assert upkeep.render(ordered.pk) is True
        made = Report.objects.select_related("frozen", "paper").get()
        with pytest.raises(upkeep.Superseded):
            upkeep._made(late)
        kept = Report.objects.select_related("frozen", "paper").get()
        assert (kept.figures, kept.paper.digest) == (made.figures, made.paper.digest)
        assert digest_of_file(kept) == made.paper.digest


def test_a_rendering_that_fails_says_so_and_can_be_ordered_again(ordered, cast, north, broken_disk):
    with north:
        with pytest.raises(NotADirectoryError):
            upkeep.render(ordered.pk)
        ordered.refresh_from_db()
        assert (ordered.status, ordered.ready_at, hasattr(ordered, "paper")) == ("failed", None, False)
        tasks.sweep(north.pk)  # a sweep does not try for ever
        ordered.refresh_from_db()
        assert ordered.status == "failed"
    with override_settings(MEDIA_ROOT=default_storage.base_location.parent), acting_in(north):
        actions.order_again(ordered, by=cast.manager)
    with north:
        ordered.refresh_from_db()
    assert ordered.status == "ready"


def test_a_failing_report_does_not_undo_the_order_itself(order_at, cast, north, broken_disk):
    today = timezone.localdate()
    with acting_in(north):
        report = actions.order_report(starts_on=today, ends_on=today, by=cast.manager)
    with north:
        report.refresh_from_db()
    assert report.status == "failed"


def test_a_task_refuses_another_territorys_schema(ordered, north, south):
    with north:
        with pytest.raises(WrongTerritory):
            tasks.render_report(south.pk, str(ordered.pk))
        with pytest.raises(WrongTerritory):
            tasks.sweep(south.pk)
