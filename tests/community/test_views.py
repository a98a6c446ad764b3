"""Activities as people meet them: forms with their errors, lists, fragments."""

from html import unescape

import pytest
from django.db import connection
from django.utils import timezone

from community import actions
from community.models import Activity, Provider
from territories.models import Membership
from tests.cast import PLACES
from tests.client import acting_in
from tests.reading import WHOLE_PAGE, Page, journalled, refusal, table
from tests.story import published_at_once, support

ACTIVITY = {
    "title": "Boxing on Tuesdays",
    "what": "Two rings.\r\nOne coach.",
    "who": "Young adults",
    "postcode": "OX4 1AA",
}
LONG = "x" * 121


@pytest.fixture
def story(order_at):
    return order_at("published")


# ---- bad input ----


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param(
            dict.fromkeys(ACTIVITY, ""),
            {
                "provider": "Provider: choose an answer",
                "title": "Name of the activity: this is needed",
                "what": "What it does: this is needed",
                "who": "Who it is for: this is needed",
                "postcode": "Postcode of the place: this is needed",
            },
            id="empty",
        ),
        pytest.param(
            {"postcode": "OX4"}, {"postcode": "Enter a full postcode, such as OX1 1PT."}, id="half a postcode"
        ),
        pytest.param(
            {"postcode": "OX99 9ZZ"},
            {"postcode": "We don't know this postcode. Check it, or use one nearby."},
            id="unknown postcode",
        ),
        pytest.param(
            {"postcode": "SO14 7LY"},
            {"postcode": "SO14 7LY is in Southampton, which is outside this territory."},
            id="postcode of another territory",
        ),
        pytest.param(
            {"title": LONG},
            {"title": "Name of the activity: use 120 characters or fewer. You used 121"},
            id="long title",
        ),
        pytest.param(
            {"title": "a\x00b"},
            {"title": "Name of the activity: write this without the sign that can't be read"},
            id="null character",
        ),
        pytest.param(
            {"provider": "019aa000-0000-7000-8000-000000000000"},
            {"provider": "Provider: choose one of the answers in the list"},
            id="provider of nobody",
        ),
    ],
)
def test_a_wrong_activity_is_explained_and_what_was_typed_is_kept(client_for, cast, story, typed, told):
    sent = (
        {"provider": "" if "title" in typed and not typed["title"] else str(story.registered.pk)}
        | ACTIVITY
        | typed
    )
    page = Page(client_for(cast.colleague).post("/activities/new/", sent))
    assert (page.status, page.told) == (200, told)
    expected = sent if typed.get("provider") is None else sent | {"provider": ""}
    assert page.kept(sent) == expected


def test_a_provider_can_not_register_for_another_by_changing_the_form(
    client_for, cast, story, order_at, north
):
    order_at("registered", provider=cast.other_provider)
    with north:
        theirs = Provider.objects.get(organisation=cast.other_provider.organisation)
    page = Page(client_for(cast.provider).post("/activities/new/", ACTIVITY | {"provider": str(theirs.pk)}))
    assert page.told == {"provider": "Provider: choose one of the answers in the list"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"name": "", "number": "", "about": ""},
            {
                "name": "Name of the organisation: this is needed",
                "number": "Number in that register: this is needed",
                "about": "What the organisation does: this is needed",
            },
        ),
        (
            {"number": "12"},
            {
                "number": "A number from Charity Commission for England and Wales has 6 or 7 digits, such as 1164883."
            },
        ),
        (
            {"scheme": "GB-COH", "number": "09121572"},
            {"": "That number belongs to Ridgeway Builders Ltd, which is no provider."},
        ),
        ({"scheme": "NOWHERE"}, {"scheme": "Register: choose one of the answers in the list"}),
    ],
)
def test_a_wrong_provider_is_explained_and_what_was_typed_is_kept(client_for, cast, typed, told):
    sent = {"name": "Rose Hill Youth", "scheme": "GB-CHC", "number": "1164999", "about": "Evenings."} | typed
    page = Page(client_for(cast.colleague).post("/providers/new/", sent))
    assert (page.status, page.told) == (200, told)
    assert page.kept(sent) == sent | ({"scheme": ""} if "scheme" in told else {})


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "How much: this is needed"),
        ("-3", "How much: enter 0 or more"),
        ("0", "How much: enter more than 0"),
        ("0.00", "How much: enter more than 0"),
        ("many", "How much: enter a number, such as 24 or 1.5"),
        ("1e3", "How much: enter a number, such as 24 or 1.5"),
        ("NaN", "How much: enter a number, such as 24 or 1.5"),
        ("12,5", "How much: enter a number, such as 24 or 1.5"),
        ("1.005", "How much: use at most 2 digits after the decimal point"),
        ("99999999999", "How much: enter a smaller number, of at most 10 digits"),
    ],
)
def test_a_wrong_amount_is_explained_and_kept(client_for, cast, story, typed, told):
    sent = {"support_type": str(support("goods").pk), "quantity": typed, "note": "Balls"}
    page = Page(client_for(cast.provider).post(f"/activities/{story.activity.pk}/needs/new/", sent))
    assert (page.status, page.told, page.kept(sent)) == (200, {"quantity": told}, sent)


def test_the_largest_amount_fits(client_for, cast, story, north):
    sent = {"support_type": support("goods").pk, "quantity": "9,999,999,999.99", "note": ""}
    answer = client_for(cast.provider).post(f"/activities/{story.activity.pk}/needs/new/", sent)
    with north:
        assert str(story.activity.needs.get(support_type__code="goods").quantity) == "9999999999.99"
    assert answer.status_code == 302


def test_a_second_need_of_a_kind_is_refused_in_words_above_the_form(client_for, cast, story):
    sent = {"support_type": str(support().pk), "quantity": "7", "note": "More coaches"}
    page = Page(client_for(cast.provider).post(f"/activities/{story.activity.pk}/needs/new/", sent))
    assert page.told == {"": "This kind of support is listed already. Remove it first to change it."}
    assert page.kept(sent) == sent


def test_an_empty_dual_impact_is_explained_field_by_field(client_for, cast, story):
    url = f"/activities/{story.activity.pk}/impacts/new/"
    page = Page(client_for(cast.provider).post(url, {"reason": ""}))
    assert page.told == {
        "primary": "What changes for people? Choose an answer",
        "secondary": "Which service is needed less? Choose an answer",
        "reason": "Why does one lead to the other? This needs an answer",
    }


def test_an_impact_that_is_there_already_is_refused_and_kept(client_for, cast, story):
    sent = {"primary": "safer", "secondary": "policing", "reason": "I think so"}
    page = Page(client_for(cast.provider).post(f"/activities/{story.activity.pk}/impacts/new/", sent))
    assert page.told == {"": "This pair of impacts is there already. Remove it first to give another reason."}
    assert page.kept(sent) == sent


# ---- two people at the same text ----


def test_two_people_save_the_same_activity(client_for, cast, story, north):
    url = f"/activities/{story.activity.pk}/edit/"
    mine = client_for(cast.provider)
    opened = Page(mine.get(url))
    assert opened.boxes["version"] == ["1"]
    theirs = ACTIVITY | {"version": "1", "title": "Their title", "what": "Their text."}
    assert client_for(cast.colleague).post(url, theirs).status_code == 302

    my_text = ACTIVITY | {"version": "1", "title": "My title", "what": "My text,\r\non two lines."}
    page = Page(mine.post(url, my_text))
    assert page.told == {
        "": "This was saved while you were writing, by someone else or by you in another tab. Your text is still here, "
        "with what was saved beside it. Save again to keep yours.",
        "title": "Saved meanwhile: Their title",
        "what": "Saved meanwhile: Their text.",
    }
    assert page.kept(my_text) == my_text | {"version": "2"}
    with north:
        assert Activity.objects.get(pk=story.activity.pk).title == "Their title"

    assert mine.post(url, page.kept(my_text)).status_code == 302
    with north:
        row = Activity.objects.get(pk=story.activity.pk)
    assert (row.title, row.what, row.version) == ("My title", "My text,\r\non two lines.", 3)


def test_a_version_that_was_taken_away_is_taken_for_an_old_one(client_for, cast, story, north):
    sent = ACTIVITY | {"title": "Without a version"}
    page = Page(client_for(cast.provider).post(f"/activities/{story.activity.pk}/edit/", sent))
    assert page.told[""].startswith("This was saved while you were writing, ")
    with north:
        assert Activity.objects.get(pk=story.activity.pk).title == "Friday night football"


# ---- acts ----


def test_publishing_twice_answers_with_a_sentence(client_for, cast, story):
    browser = client_for(cast.provider)
    back = f"/activities/{story.activity.pk}/"
    answer = browser.post(f"{back}publish/", headers={"referer": f"{story.territory.url}{back}"}, follow=True)
    assert Page(answer).banners == ["This is not possible any more: the activity is now “Published”."]
    assert answer.redirect_chain == [(f"{story.territory.url}{back}", 302)]


def test_a_refusal_never_leads_to_another_site(client_for, cast, story):
    url = f"/activities/{story.activity.pk}/publish/"
    answer = client_for(cast.provider).post(url, headers={"referer": "https://evil.example/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_refused_act_is_a_fragment_for_htmx(client_for, cast, story):
    answer = client_for(cast.provider).post(
        f"/activities/{story.activity.pk}/publish/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert "This is not possible any more: the activity is now “Published”." in answer.content.decode()
    assert WHOLE_PAGE not in answer.content.decode()


def test_an_impact_removed_twice_is_gone(client_for, cast, story, north):
    with acting_in(north):
        other = actions.add_impact(
            story.activity, primary="safer", secondary="social", reason="r", by=cast.provider
        )
    browser, url = client_for(cast.provider), f"/impacts/{other.pk}/remove/"
    sent = browser.hidden(url, f"/activities/{story.activity.pk}/")
    assert [browser.post(url, sent).status_code for _time in range(2)] == [302, 404]


# ---- lists ----


@pytest.fixture
def many(story, north):
    """51 activities more, one of them with a name that a spreadsheet would calculate."""
    with north:
        Activity.objects.bulk_create(
            Activity(
                provider=story.registered,
                title=f"Chess {number:02}" if number else "=HYPERLINK(1)",
                what="Boards",
                who="Everyone",
                **PLACES["thames-valley"],
            )
            for number in range(51)
        )
        published_at_once(Activity.objects.filter(what="Boards"), by=story.provider)
    return story


def test_a_page_has_at_most_fifty_rows(client_for, many):
    browser = client_for(None)
    pages = [browser.get(f"/activities/?page={number}") for number in (1, 2, 99)]
    assert [len(page.context["page"].object_list) for page in pages] == [50, 2, 2]
    assert "Showing 51 to 52 of 52" in pages[1].content.decode()


def test_what_is_searched_and_filtered_stays_in_the_links(client_for, many):
    page = Page(client_for(None).get("/activities/?words=chess&district=E07000178"))
    assert page.boxes["words"] == ["chess"]
    hrefs = {text: href for href, text in page.links}
    assert hrefs["Remove Words or reference: chess ✕"] == "?district=E07000178"
    assert hrefs["Remove District: Oxford ✕"] == "?words=chess"
    assert hrefs["Download what is shown (CSV)"] == "?words=chess&district=E07000178&format=csv"


def test_the_file_has_all_that_is_shown_and_no_formula(client_for, many):
    many.registered.organisation.name = "@Cowley"
    many.registered.organisation.save()
    rows = table(client_for(None).get("/activities/?format=csv"))
    assert rows[0] == ["Activity", "Provider", "District", "Dual impact"]
    assert len(rows) == 53
    assert rows[1] == ["'=HYPERLINK(1)", "'@Cowley", "Oxford", ""]
    assert rows[-1] == ["Friday night football", "'@Cowley", "Oxford", "Safer communities → Policing"]


@pytest.mark.parametrize(
    "nonsense",
    [
        "primary=nonsense",
        "secondary=%00",
        "district=E99",
        "page=minus",
        "status=draft",
        "words=%00",
        "words=" + "x" * 101,
    ],
)
def test_nonsense_in_the_address_is_no_filter(client_for, many, nonsense):
    answer = client_for(None).get(f"/activities/?{nonsense}")
    assert (answer.status_code, answer.context["page"].paginator.count) == (200, 52)


def test_nothing_found_says_so_and_leads_back(client_for, many):
    page = Page(client_for(None).get("/activities/?words=zebra"))
    assert "Nothing fits these filters" in page.html
    assert ("/activities/", "Clear the filters") in page.links


# ---- what residents see ----


def test_residents_see_the_outward_half_of_a_postcode_only(client_for, story):
    page = client_for(None).get(f"/activities/{story.activity.pk}/").content.decode()
    assert "Oxford (OX4)" in page
    assert "1AA" not in page


@pytest.mark.parametrize(("who", "people", "offered"), [
    ("colleague", "never", True),
    ("colleague", "here", False),
    ("colleague", "gone", False),
    ("lead", "never", True),
    ("lead", "here", False),
    ("lead", "gone", False),
    ("other_provider", "never", False),
    (None, "never", False),
])  # fmt: skip
def test_a_record_is_handed_to_its_provider(client_for, cast, order_at, north, who, people, offered):
    story = order_at("published")
    connection.set_schema_to_public()
    if people == "never":
        Membership.objects.filter(pk=cast.provider.pk).delete()
    elif people == "gone":
        Membership.objects.filter(pk=cast.provider.pk).update(ended_at=timezone.now())
    part = getattr(cast, who) if who else None
    page = client_for(part).get(f"/activities/{story.activity.pk}/").text
    link = f"/t/{north.slug}/people/invite/?organisation={cast.provider.organisation.pk}"
    assert (link in page) is offered
    if offered:
        assert client_for(part, territory=None).get(link).status_code == 200


# ---- a provider that joined by itself ----


def test_a_provider_that_joined_by_itself_introduces_itself_and_goes_on_to_its_activities(
    client_for, cast, north
):
    browser = client_for(cast.provider)
    assert "Introduce your organisation" in browser.get("/waiting/").text
    assert browser.get("/activities/new/").url == "/providers/introduction/"
    empty = browser.post("/providers/introduction/", {"about": ""})
    assert (empty.status_code, "What your organisation does: this is needed" in unescape(empty.text)) == (
        200,
        True,
    )
    assert (
        browser.post("/providers/introduction/", {"about": "Evenings for young people."}).url
        == "/activities/new/"
    )
    with north:
        provider = Provider.objects.get()
        assert (provider.organisation, provider.about) == (
            cast.provider.organisation,
            "Evenings for young people.",
        )
    assert browser.get("/activities/new/").status_code == 200
    assert browser.get("/providers/introduction/").url == "/activities/new/"
    assert "Introduce your organisation" not in browser.get("/waiting/").text


def test_nobody_introduces_an_organisation_twice_or_another_one(cast, north):
    with acting_in(north):
        row = actions.introduce(about="x", by=cast.provider)
        journalled(row, "register", cast.provider)
        assert refusal(lambda: actions.introduce(about="y", by=cast.provider)) == (
            "Cowley Road Youth Project is registered here already."
        )
        assert refusal(lambda: actions.introduce(about="y", by=cast.colleague)) == (
            "Only the provider's own people introduce it."
        )
