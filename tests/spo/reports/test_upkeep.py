"""Making reports: frozen figures, workers that die, renderings that fail."""

import hashlib
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from spo.delivery import actions as delivery
from spo.reports import actions, tasks, upkeep
from spo.reports.models import Report
from territories.tasks import WrongTerritory
from tests.cast import acting_in, read


@pytest.fixture
def ordered(order_at, cast, north):
    """A report whose task was lost."""
    order_at("confirmed")
    today = timezone.localdate()
    with north:
        return actions.order_report(starts_on=today, ends_on=today, by=cast.manager)


@pytest.fixture
def broken_disk(tmp_path):
    """Files can't be written anywhere."""
    (tmp_path / "file").write_text("no folder")
    with override_settings(MEDIA_ROOT=tmp_path / "file"):
        yield


def test_a_report_is_made_with_its_figures_its_file_and_its_digest(ordered, north):
    with north:
        assert upkeep.render(ordered.pk) is True
        ordered.refresh_from_db()
    content = ordered.pdf.open("rb").read()
    assert (ordered.status, ordered.percent, ordered.ready_at is None) == ("ready", 100, False)
    assert (ordered.figures["confirmed"], ordered.digest) == ("600.00", hashlib.sha256(content).hexdigest())
    assert ordered.pdf.name == f"{north.schema_name}/reports/{ordered.reference}.pdf"


def test_making_it_twice_is_harmless(ordered, north):
    with north:
        upkeep.render(ordered.pk)
        ordered.refresh_from_db()
        before = ordered.ready_at, ordered.digest
        assert upkeep.render(ordered.pk) is False
        ordered.refresh_from_db()
    assert (ordered.ready_at, ordered.digest) == before


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


def test_a_worker_that_died_half_way_is_swept_up_after_a_while(ordered, north):
    begun = timezone.now() - upkeep.PATIENCE
    with north:
        Report.objects.update(status="rendering", percent=40, started_at=begun + timedelta(minutes=1))
        tasks.sweep(north.pk)
        ordered.refresh_from_db()
        assert (ordered.status, ordered.percent) == ("rendering", 40)  # it may still be at work
        Report.objects.update(started_at=begun - timedelta(minutes=1))
        tasks.sweep(north.pk)
        ordered.refresh_from_db()
    assert (ordered.status, ordered.percent) == ("ready", 100)


def test_a_rendering_that_fails_says_so_and_can_be_ordered_again(ordered, cast, north, broken_disk):
    with north:
        with pytest.raises(NotADirectoryError):
            upkeep.render(ordered.pk)
        ordered.refresh_from_db()
        assert (ordered.status, ordered.ready_at, ordered.digest) == ("failed", None, "")
        tasks.sweep(north.pk)  # a sweep does not try for ever
        ordered.refresh_from_db()
        assert ordered.status == "failed"
    with override_settings(MEDIA_ROOT=ordered.pdf.storage.base_location.parent), acting_in(north):
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
