"""The desk of DICM's staff: few things, nothing deleted, every correction in the journal."""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection

from territories.founding import plant_public
from territories.journal.models import Entry
from territories.models import Organisation, Staff, SupportType, Territory
from territories.people.staff.actions import correct
from territories.people.staff.desk import desk
from territories.people.staff.rules import Correctable
from territories.refusal import Refused
from territories.shown import version_of
from tests.reading import refusal
from tests.story import support

NO_NUMBERS = {"identifiers-TOTAL_FORMS": "0", "identifiers-INITIAL_FORMS": "0"}


@pytest.fixture
def staff(client_for, cast):
    return client_for(cast.staff, territory=None)


def read_of(row) -> str:
    """What somebody posts who opened the row's page now."""
    return version_of(Correctable(type(row).objects.get(pk=row.pk)))


def test_only_territories_organisations_and_yardsticks_are_there(staff):
    assert set(desk._registry) == {Territory, Organisation, SupportType}
    page = staff.get("/staff/").content.decode()
    assert [word in page for word in ("Territories", "Organisations", "Support types", "Users")] == [
        True
    ] * 3 + [False]


def test_no_page_carries_styles_that_the_policy_refuses(staff):
    for path in ("/staff/", "/staff/territories/organisation/"):
        assert [mark for mark in ("<style", " style=") if mark in staff.get(path).content.decode()] == []


def test_a_correction_is_a_line_in_the_journal_and_changes_nothing_else(staff, cast):
    organisation = cast.rival.organisation
    sent = {"name": "Cherwell Facilities and Grounds Ltd", "closed_at_0": "", "closed_at_1": "",
            "identifiers-TOTAL_FORMS": "0", "identifiers-INITIAL_FORMS": "0"}  # fmt: skip
    done = staff.fill(f"/staff/territories/organisation/{organisation.pk}/change/", sent)
    assert done.url == "/staff/territories/organisation/"
    organisation = Organisation.objects.get(pk=organisation.pk)
    assert organisation.name == "Cherwell Facilities and Grounds Ltd"
    line = Entry.objects.get(verb="correct")
    assert (line.actor_id, line.subject, line.subject_id) == (
        cast.staff.pk, "territories.organisation", str(organisation.pk),
    )  # fmt: skip
    assert (line.before, line.after) == ({"name": "Cherwell Facilities Ltd"}, {"name": organisation.name})


@pytest.mark.parametrize(
    ("who", "changed", "said"),
    [
        ("stranger", ["name"], "Only DICM's staff correct this."),
        ("staff", ["kind"], "This is not for staff to change."),
        ("staff", ["name", "created_at"], "This is not for staff to change."),
    ],
)
def test_whatever_door_it_comes_by_only_staff_correct_and_only_what_is_theirs(cast, who, changed, said):
    organisation = cast.rival.organisation
    organisation.name, organisation.kind = "Mine", "provider"
    assert refusal(lambda: correct(organisation, changed, by=getattr(cast, who))) == said
    organisation.refresh_from_db()
    assert (organisation.name, organisation.kind) == ("Cherwell Facilities Ltd", "supplier")


def test_no_organisation_is_added_by_staff(cast):
    added = Organisation(name="Another", kind="provider")
    assert refusal(lambda: correct(added, ["name"], by=cast.staff)) == "This is not for staff to change."


def test_saving_without_a_change_writes_nothing(staff, cast):
    organisation = cast.rival.organisation
    sent = {"name": organisation.name, "identifiers-TOTAL_FORMS": "0", "identifiers-INITIAL_FORMS": "0"}
    assert staff.fill(f"/staff/territories/organisation/{organisation.pk}/change/", sent).status_code == 302
    assert list(Entry.objects.filter(verb="correct").values_list("before", "after")) == []


def test_bad_input_is_refused_beside_its_field_and_kept(staff, cast):
    address = f"/staff/territories/organisation/{cast.rival.organisation.pk}/change/"
    sent = {"name": "", "closed_at_0": "never", "closed_at_1": "x",
            "identifiers-TOTAL_FORMS": "0", "identifiers-INITIAL_FORMS": "0"}  # fmt: skip
    page = staff.fill(address, sent)
    assert page.status_code == 200
    assert sorted(page.context["adminform"].form.errors) == ["closed_at", "name"]
    assert 'value="never"' in page.content.decode()


def test_a_territory_ends_and_names_its_successor_and_the_rest_cannot_be_sent(staff, cast, north, south):
    sent = {"valid_to": "2030-03-31", "successor": str(south.pk), "slug": "elsewhere", "schema_name": "public",
            "oversights-TOTAL_FORMS": "0", "oversights-INITIAL_FORMS": "0"}  # fmt: skip
    assert staff.fill(f"/staff/territories/territory/{north.pk}/change/", sent).status_code == 302
    now = Territory.objects.get(pk=north.pk)
    assert (now.valid_to, now.successor) == (datetime.date(2030, 3, 31), south)
    assert (now.slug, now.schema_name) == (north.slug, north.schema_name)
    assert Entry.objects.get(verb="correct").after == {"valid_to": "2030-03-31", "successor": south.pk}


def test_a_yardstick_is_added_and_corrected_and_stays_so_after_an_upgrade(staff):
    facts = {"name": "Tool loans", "name_cy": "Benthyg offer", "unit": "tools", "unit_cy": "offer",
             "evidence": "a receipt", "evidence_cy": "derbynneb", "position": "40"}  # fmt: skip
    assert staff.post("/staff/territories/supporttype/add/", facts | {"code": "tools"}).status_code == 302
    added = SupportType.objects.get(code="tools")
    assert Entry.objects.get(verb="register", subject="territories.supporttype").subject_id == str(added.pk)
    shipped = support()
    sent = {name: getattr(shipped, name) for name in facts} | {"name": "Volunteers' hours", "code": "other"}
    assert staff.fill(f"/staff/territories/supporttype/{shipped.pk}/change/", sent).status_code == 302
    plant_public()
    shipped.refresh_from_db()
    assert (shipped.name, shipped.code) == ("Volunteers' hours", "volunteering")


def test_a_unit_is_part_of_what_was_agreed(staff, cast):
    shipped = support()
    address = f"/staff/territories/supporttype/{shipped.pk}/change/"
    assert "Add another kind of support instead." in staff.get(address).text
    names = ("name", "name_cy", "evidence", "evidence_cy", "position")
    sent = {name: getattr(shipped, name) for name in names}
    other = {"unit": "thousand pounds", "unit_cy": "mil o bunnoedd", "code": "other"}
    assert staff.fill(address, sent | {"name": "Hours"} | other).status_code == 302
    now = SupportType.objects.get(pk=shipped.pk)
    assert (now.name, now.unit, now.unit_cy, now.code) == (
        "Hours",
        shipped.unit,
        shipped.unit_cy,
        shipped.code,
    )
    for name in other:
        said = refusal(lambda name=name: correct(now, [name], by=cast.staff))
        assert said == "This is not for staff to change."


@pytest.mark.parametrize("address", ["delete/", "", "history/x/"])
def test_nothing_is_deleted(staff, cast, address):
    organisation = cast.rival.organisation.pk
    for method in (staff.get, staff.post):
        assert method(f"/staff/territories/organisation/{organisation}/{address}").status_code == 404
    assert staff.post("/staff/territories/organisation/", {"action": "delete_selected"}).status_code in {
        200,
        302,
    }
    assert Organisation.objects.filter(pk=organisation).exists()


@pytest.mark.parametrize(
    "address",
    ["territories/user/", "territories/territory/add/", "territories/organisation/add/", "login/", "logout/"],
)
def test_there_is_no_other_way_in_or_round(staff, address):
    assert staff.get(f"/staff/{address}").status_code == 404


def test_staff_without_a_second_factor_are_sent_to_set_one_up(cast, client_for):
    browser = client_for(None, territory=None)
    browser.force_login(cast.staff, second_factor=False)
    assert "/account/second-factor/?next=" in browser.get("/staff/").url


def test_a_territorys_site_has_no_desk(cast, client_for):
    assert client_for(cast.staff).get("/staff/").status_code == 404


def test_whoever_is_no_staff_sees_nothing(cast, client_for):
    assert client_for(cast.stranger, territory=None).get("/staff/").status_code == 404


def test_the_command_makes_staff_of_someone_new_or_known(cast, capsys):
    call_command("add_staff", "new@dicm.example", "--name", "Nel Prys")
    said = capsys.readouterr().out
    assert "Nel Prys is staff: http://dicm.localhost" in said and "/accounts/password/reset/key/" in said
    call_command("add_staff", cast.rival.user.email, "--name", "Rhys")
    assert "password" not in capsys.readouterr().out
    assert Staff.objects.count() == 3
    assert Entry.objects.filter(verb="add person", subject="territories.user").count() == 2


@pytest.mark.parametrize("query", ["kind__exact=%00", "q=%00", "p=%00"])
def test_what_the_database_can_not_be_asked_is_not_found(staff, query):
    assert staff.get(f"/staff/territories/organisation/?{query}").status_code == 404


# ---- two at once, and what nobody should write ----


def change_of(row) -> str:
    return f"/staff/territories/{type(row)._meta.model_name}/{row.pk}/change/"


def seen_on(page) -> str:
    return re.search(r'name="seen" value="([^"]+)"', page.content.decode())[1]


def test_an_older_tab_of_staff_undoes_nothing_untold(staff, cast):
    organisation = cast.rival.organisation
    older, address = seen_on(staff.get(change_of(organisation))), change_of(organisation)
    assert (
        staff.post(address, NO_NUMBERS | {"seen": older, "name": "Cherwell Grounds Ltd"}).status_code == 302
    )
    again = {"seen": older, "name": organisation.name, "closed_at_0": "2026-01-02", "closed_at_1": "09:00"}
    page = staff.post(address, NO_NUMBERS | again)
    said = page.context["adminform"].form.errors["__all__"][0]
    assert said.startswith("This has changed since you opened the page. It says now: ")
    assert "name: Cherwell Grounds Ltd" in said
    now = Organisation.objects.get(pk=organisation.pk)
    assert (now.name, now.closed_at) == ("Cherwell Grounds Ltd", None)
    assert staff.post(address, NO_NUMBERS | again | {"seen": seen_on(page)}).status_code == 302
    assert Organisation.objects.get(pk=organisation.pk).name == organisation.name


TOOLS = {"code": "tools", "name": "Tool loans", "name_cy": "Benthyg offer", "unit": "tools", "unit_cy": "offer",
         "evidence": "a receipt", "evidence_cy": "derbynneb", "position": "40"}  # fmt: skip


def test_two_of_the_staff_who_add_the_same_at_once_make_it_once(committed, cast, client_for):
    browsers = [client_for(cast.staff, territory=None) for _time in range(4)]

    def add(browser) -> int:
        with closing(connection):
            return browser.post("/staff/territories/supporttype/add/", TOOLS).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, browsers)) == [200, 200, 200, 302]
    assert SupportType.objects.filter(code="tools").count() == 1


@pytest.mark.parametrize("name", ["Cherwell\nGrounds", "Cherwell\u200b", "\u2800", "see www.evil.example"])
def test_a_name_is_one_plain_line_for_staff_as_well(staff, cast, name):
    organisation = cast.rival.organisation
    sent = NO_NUMBERS | {"seen": seen_on(staff.get(change_of(organisation))), "name": name}
    assert [*staff.post(change_of(organisation), sent).context["adminform"].form.errors] == ["name"]
    seen, named = read_of(organisation), Organisation.objects.get(pk=organisation.pk)
    named.name = name
    with pytest.raises(Refused):
        correct(named, ["name"], seen=seen, by=cast.staff)


def test_nothing_closes_before_its_time(staff, cast):
    organisation = cast.rival.organisation
    sent = {"seen": seen_on(staff.get(change_of(organisation))), "name": organisation.name,
            "closed_at_0": "2099-01-02", "closed_at_1": "09:00"}  # fmt: skip
    page = staff.post(change_of(organisation), NO_NUMBERS | sent)
    assert page.context["adminform"].form.errors["__all__"] == [
        "An organisation is closed from the moment that you give. Give one that has passed."
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"valid_to": "1900-01-01"}, "A territory ends after it began."),
        ({"successor": "itself"}, "A territory is followed by another one."),
    ],
)
def test_a_territory_ends_after_it_began_and_is_followed_by_another(staff, north, changed, said):
    if changed.get("successor"):
        changed = {"successor": str(north.pk)}
    sent = {"seen": seen_on(staff.get(change_of(north))), "valid_to": "", "successor": "",
            "oversights-TOTAL_FORMS": "0", "oversights-INITIAL_FORMS": "0"}  # fmt: skip
    page = staff.post(change_of(north), sent | changed)
    assert page.context["adminform"].form.errors["__all__"] == [said]


@pytest.mark.parametrize(
    "query",
    ["name__regex=(", "name__iregex=[", "identifiers__value__gt=1", "region__name=x", "kind__exact__x=1"],
)
def test_a_list_is_asked_by_its_filters_alone(staff, query):
    assert staff.get(f"/staff/territories/organisation/?{query}").status_code == 400


def test_the_filters_of_a_list_filter(staff, cast):
    page = staff.get("/staff/territories/organisation/?kind__exact=police").content.decode()
    assert (cast.lead.organisation.name in page, cast.rival.organisation.name in page) == (True, False)
    region = cast.territory.region_id
    assert cast.territory.name in staff.get(f"/staff/territories/territory/?region__id__exact={region}").text
