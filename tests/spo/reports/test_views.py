"""Reports as people meet them: ordering with its errors, waiting, reading, downloading."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import override_settings
from django.utils import timezone

from spo.reports.models import Frozen, Paper, Report
from territories.references import reference
from tests.reading import WHOLE_PAGE, Page, as_owner, table


def typed(first, last) -> dict:
    return {
        f"{name}_{part}": str(getattr(value, part))
        for name, value in (("starts_on", first), ("ends_on", last))
        for part in ("day", "month", "year")
    }


TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            dict.fromkeys(typed(TODAY, TODAY), ""),
            {
                "starts_on": "First day of the period: this is needed",
                "ends_on": "Last day of the period: this is needed",
            },
        ),
        (
            {"starts_on_day": "31", "starts_on_month": "April"},
            {"starts_on": "First day of the period: enter a real date, such as 27 3 2027"},
        ),
        ({"ends_on_year": "2020"}, {"ends_on": "The last day must be on or after the first day."}),
        ({"ends_on_year": "2099"}, {"ends_on": "The last day can't be in the future."}),
        ({"starts_on_day": "", "ends_on_month": "13"}, {
            "starts_on": "First day of the period must include a day",
            "ends_on": "Last day of the period: enter a real date, such as 27 3 2027",
        }),
    ],
)  # fmt: skip
def test_a_wrong_period_is_explained_and_what_was_typed_is_kept(client_for, cast, north, changed, told):
    sent = typed(TODAY, TODAY) | changed
    page = Page(client_for(cast.manager).post("/reports/new/", sent))
    assert (page.status, page.told) == (200, told)
    assert page.kept(sent) == sent
    with north:
        assert Report.objects.count() == 0


def test_a_report_is_ordered_waited_for_and_read(client_for, cast, order_at, north):
    order_at("confirmed")
    browser = client_for(cast.manager)
    answer = browser.post("/reports/new/", typed(TODAY - timedelta(days=7), TODAY))
    with north:
        report = Report.objects.get()
    assert (answer["Location"], report.status) == (f"/reports/{report.pk}/", "ready")
    page = client_for(None).get(answer["Location"]).content.decode()
    assert "1 delivery, worth £600 at its cost to the donor, was confirmed" in page


def test_a_report_that_failed_is_tried_once_more(client_for, cast, order_at, north, tmp_path):
    story = order_at("reported")
    with as_owner(north):
        Frozen.objects.all().delete()
        Paper.objects.all().delete()
        Report.objects.update(status="failed")
    browser, url = client_for(cast.manager), f"/reports/{story.report.pk}/"
    assert "Making the report failed." in browser.get(url).content.decode()
    assert browser.post(f"{url}again/").status_code == 302
    with north:
        assert Report.objects.get().status == "ready"
    back = f"{story.territory.url}{url}"
    answer = browser.post(f"{url}again/", headers={"referer": back}, follow=True)
    assert Page(answer).banners == ["This is not possible any more: the report is now “Ready”."]
    part = browser.post(f"{url}again/", headers={"HX-Request": "true"})
    assert (part.status_code, WHOLE_PAGE in part.content.decode()) == (409, False)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("ordered", "You can leave this page"),
        ("rendering", "You can leave this page"),
        ("failed", "Making the report failed."),
        ("ready", "The report is ready."),
    ],
)
def test_how_far_it_is_is_a_fragment(client_for, cast, order_at, north, status, sentence):
    story = order_at("reported")
    with north:
        Report.objects.update(status=status, percent=40)
    url = f"/reports/{story.report.pk}/making/"
    part = client_for(cast.manager).get(url, headers={"HX-Request": "true"}).content.decode()
    assert sentence in part
    assert WHOLE_PAGE not in part


def test_a_report_that_is_being_made_is_nobodys_to_read(client_for, cast, order_at, north):
    story = order_at("reported")
    with north:
        Report.objects.update(status="rendering")
    urls = [f"/reports/{story.report.pk}/{part}" for part in ("", "pdf/", "csv/")]
    assert [client_for(None).get(url).status_code for url in urls] == [404, 404, 404]
    assert [client_for(cast.manager).get(url).status_code for url in urls] == [200, 404, 404]


def test_the_file_is_saved_under_the_reports_name(client_for, order_at):
    story = order_at("reported")
    answer = client_for(None).get(f"/reports/{story.report.pk}/pdf/")
    content = b"".join(answer.streaming_content)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"] == f'attachment; filename="{story.report.reference}.pdf"'
    assert content.startswith(b"%PDF-")


def test_a_file_that_is_gone_from_the_disk_is_not_found(client_for, order_at, tmp_path):
    story = order_at("reported")
    with override_settings(MEDIA_ROOT=tmp_path):
        assert client_for(None).get(f"/reports/{story.report.pk}/pdf/").status_code == 404


def test_no_other_file_is_handed_out_as_a_report(client_for, cast, order_at, north, caplog):
    """Not even a picture that is private to a contract: where the PDF lies follows from its reference and digest."""
    story = order_at("reported")
    url = f"/reports/{story.report.pk}/pdf/"
    with north:
        name, picture = story.report.paper.path, {"digest": story.delivery.evidence_digest}
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Paper.objects.update(**picture)
        with pytest.raises(IntegrityError), transaction.atomic():
            Paper.objects.create(report=story.report, **picture)
    default_storage.delete(name)
    default_storage.save(name, story.delivery.evidence.open("rb"))
    assert client_for(None).get(url).status_code == 404
    assert [record.message for record in caplog.records if record.name == "territories.papers.files"] == [
        f"{story.report.reference}.pdf is handed out to nobody: {name} is not the file with its digest."
    ]
    with as_owner(north):
        Paper.objects.update(**picture)
    assert client_for(None).get(url).status_code == 404


def test_the_rows_as_a_file(client_for, order_at):
    story = order_at("reported")
    header, row = table(client_for(None).get(f"/reports/{story.report.pk}/csv/"))
    assert header == [
        "Delivery", "Day", "Contract", "Supplier", "Provider", "Activity", "District", "Support", "Quantity",
        "Unit", "Cost to the donor, £", "Assurance",
    ]  # fmt: skip
    assert row == [
        story.delivery.reference, TODAY.isoformat(), story.contract.reference, "Ridgeway Builders Ltd",
        "Cowley Road Youth Project", "Friday night football", "Oxford", "Staff volunteering", "30.00", "hours",
        "600.00", "Confirmed, effect shown by research",
    ]  # fmt: skip


def test_a_page_of_reports_has_at_most_fifty(client_for, cast, north):
    now = timezone.now()
    with north:
        Report.objects.bulk_create(
            Report(
                reference=reference("ESG"), starts_on=TODAY, ends_on=TODAY, ordered_by=cast.manager.user,
                organisation=cast.manager.organisation, ordered_at=now,
                status="ready" if number else "ordered",
                ready_at=now if number else None,
            )
            for number in range(52)
        )  # fmt: skip
    residents, manager = client_for(None), client_for(cast.manager)
    assert [Page(residents.get(f"/reports/?page={number}")).rows for number in (1, 2)] == [51, 2]
    assert [Page(manager.get(f"/reports/?page={number}")).rows for number in (1, "x", 2)] == [51, 51, 3]
