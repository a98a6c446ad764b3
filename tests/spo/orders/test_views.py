"""Orders as people meet them: forms with their errors, lists, fragments."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from spo.orders import actions
from spo.orders.models import Answer, Commitment, Order
from territories.models import Membership
from territories.references import reference
from tests.client import acting_in
from tests.reading import WHOLE_PAGE, Page, table
from tests.seen import read
from tests.story import commitment, support

ORDER = {"title": "Coaches for Tuesdays", "approach": "One person of ours.\r\nWe meet monthly."}
DATES = {
    "starts_on_day": "1",
    "starts_on_month": "3",
    "starts_on_year": "2027",
    "ends_on_day": "31",
    "ends_on_month": "August",
    "ends_on_year": "2027",
}
EMPTY = "this is needed"


def line_typed(story, **changed) -> dict:
    facts = {
        "activity": str(story.activity.pk),
        "postcode": "OX4 1AA",
        "support_type": str(support("goods").pk),
        "quantity": "24",
        "donor_cost": "£1,200.50",
        "how": "Delivered\r\nto the door.",
    }
    return facts | DATES | changed


@pytest.fixture
def story(order_at):
    return order_at("draft")


# ---- bad input ----


def test_an_empty_order_is_explained(client_for, cast, story):
    page = Page(client_for(cast.supplier).post("/orders/new/", {"title": "", "approach": ""}))
    assert page.told == {
        "title": f"Name of the order: {EMPTY}",
        "approach": "How will you work with the providers? This needs an answer",
    }


@pytest.mark.parametrize("activity", ["", "?activity=nonsense", "?activity=%0d%0aSet-Cookie:x=1"])
def test_a_draft_leads_to_its_first_line(client_for, cast, story, activity):
    answer = client_for(cast.supplier).post(f"/orders/new/{activity}", ORDER)
    with story.territory:
        row = Order.objects.get(title=ORDER["title"])
    assert answer.status_code == 302
    assert answer["Location"].startswith(
        f"/orders/{row.pk}/{'commitments/new/?activity=' if activity else ''}"
    )
    assert client_for(cast.supplier).get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param(
            dict.fromkeys(
                ["activity", "postcode", "support_type", "quantity", "donor_cost", "how", *DATES], ""
            ),
            {
                "activity": "Activity: choose an answer",
                "support_type": "Kind of support: choose an answer",
                "quantity": f"How much: {EMPTY}",
                "donor_cost": f"What it costs you to give: {EMPTY}",
                "starts_on": f"First day: {EMPTY}",
                "ends_on": f"Last day: {EMPTY}",
                "how": "How exactly will it be given? This needs an answer",
            },
            id="empty",
        ),
        ({"quantity": "-3"}, {"quantity": "How much: enter 0 or more"}),
        ({"quantity": "0"}, {"quantity": "How much: enter more than 0"}),
        (
            {"quantity": "99999999999"},
            {"quantity": "How much: enter a smaller number, of at most 10 digits"},
        ),
        (
            {"donor_cost": "12 quid"},
            {"donor_cost": "What it costs you to give: enter an amount in pounds, such as 1,200 or 1,200.50"},
        ),
        ({"donor_cost": "-1"}, {"donor_cost": "What it costs you to give: enter £0 or more"}),
        (
            {"donor_cost": "1.005"},
            {"donor_cost": "What it costs you to give: give pence in two digits, such as 1,200.50"},
        ),
        (
            {"donor_cost": "99999999999"},
            {"donor_cost": "What it costs you to give: enter a smaller number, of at most 10 digits"},
        ),
        (
            {"starts_on_day": "31", "starts_on_month": "2"},
            {"starts_on": "First day: enter a real date, such as 27 3 2027"},
        ),
        ({"starts_on_year": "27"}, {"starts_on": "First day: enter a real date, such as 27 3 2027"}),
        ({"ends_on_month": "Smarch"}, {"ends_on": "Last day: enter a real date, such as 27 3 2027"}),
        ({"ends_on_year": ""}, {"ends_on": "Last day must include a year"}),
        ({"ends_on_year": "2026"}, {"ends_on": "The last day must be on or after the first day."}),
        (
            {"starts_on_year": "2020", "ends_on_year": "2020"},
            {"ends_on": "The last day has passed. A commitment is about what is still to come."},
        ),
        (
            {"postcode": "OX99 9ZZ"},
            {"postcode": "We don't know this postcode. Check it, or use one nearby."},
        ),
        (
            {"postcode": "SO14 7LY"},
            {"postcode": "SO14 7LY is in Southampton, which is outside this territory."},
        ),
        ({"postcode": "somewhere"}, {"postcode": "Enter a full postcode, such as OX1 1PT."}),
        (
            {"how": "x" * 1501},
            {"how": "How exactly will it be given? Use 1500 characters or fewer. You used 1501"},
        ),
    ],
)
def test_a_wrong_line_is_explained_and_what_was_typed_is_kept(client_for, cast, story, typed, told):
    sent = line_typed(story, **typed)
    browser = client_for(cast.supplier)
    for url in (f"/orders/{story.order.pk}/commitments/new/", f"/commitments/{story.line.pk}/edit/"):
        page = Page(browser.post(url, sent | {"version": "1"}))
        assert (page.status, page.told) == (200, told)
        assert page.kept(sent) == sent
    with story.territory:
        assert Commitment.objects.get(order=story.order).quantity == story.line.quantity


def test_an_activity_that_is_not_published_can_not_be_chosen(client_for, cast, story, order_at):
    draft = order_at("registered")
    sent = line_typed(story, activity=str(draft.activity.pk))
    page = Page(client_for(cast.supplier).post(f"/orders/{story.order.pk}/commitments/new/", sent))
    assert page.told == {"activity": "Activity: choose one of the answers in the list"}
    assert page.kept(sent) == sent | {"activity": ""}


def test_an_activity_of_another_territory_can_not_be_chosen(client_for, cast, story, order_at):
    south = order_at("published", company=cast.south)
    sent = line_typed(story, activity=str(south.activity.pk))
    page = Page(client_for(cast.supplier).post(f"/orders/{story.order.pk}/commitments/new/", sent))
    assert page.told == {"activity": "Activity: choose one of the answers in the list"}


@pytest.mark.parametrize(
    ("postcode", "place"), [("", "OX4 1AA"), ("ox4 1aa", "OX4 1AA"), ("HP20 1UY", "HP20 1UY")]
)
def test_a_line_is_given_at_the_place_of_the_activity_unless_another_is_named(
    client_for, cast, story, postcode, place
):
    sent = line_typed(story, postcode=postcode)
    answer = client_for(cast.supplier).post(f"/orders/{story.order.pk}/commitments/new/", sent)
    with story.territory:
        line = Commitment.objects.get(number=2)
    assert answer.status_code == 302
    assert (line.postcode, str(line.quantity), str(line.donor_cost)) == (place, "24.00", "1200.50")
    assert (line.starts_on.isoformat(), line.ends_on.isoformat()) == ("2027-03-01", "2027-08-31")


def test_a_line_that_can_not_be_written_any_more_is_refused_with_what_was_typed(client_for, cast, story):
    with acting_in(story.territory):
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    sent = line_typed(story)
    page = Page(client_for(cast.supplier).post(f"/orders/{story.order.pk}/commitments/new/", sent))
    assert page.told == {"": "The order is with the providers. Take it back to change it."}
    assert page.kept(sent) == sent


def test_a_line_is_returned_with_a_reason(client_for, cast, story):
    with acting_in(story.territory):
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    browser, url = client_for(cast.provider), f"/commitments/{story.line.pk}/return/"
    assert Page(browser.post(url, {"note": ""})).told == {"note": "What should change? This needs an answer"}
    long = {"note": "x" * 501}
    page = Page(browser.post(url, long))
    assert page.told == {"note": "What should change? Use 500 characters or fewer. You used 501"}
    assert page.kept(long) == long
    assert browser.fill(url, {"note": "Other days"}).status_code == 302
    page = client_for(cast.supplier).get(f"/commitments/{story.line.pk}/edit/").content.decode()
    assert "The provider returned it: Other days" in page


# ---- two people at the same text ----


def test_two_people_save_the_same_order(client_for, cast, story):
    url = f"/orders/{story.order.pk}/edit/"
    theirs = {"version": "1", "title": "Their title", "approach": "Their approach"}
    assert client_for(cast.traveller).post(url, theirs).status_code == 302
    mine, browser = (
        {"version": "1", "title": "My title", "approach": "My approach,\r\nlonger"},
        client_for(cast.supplier),
    )
    page = Page(browser.post(url, mine))
    assert page.told == {
        "": "This was saved while you were writing, by someone else or by you in another tab. Your text is still here, "
        "with what was saved beside it. Save again to keep yours.",
        "title": "Saved meanwhile: Their title",
        "approach": "Saved meanwhile: Their approach",
    }
    assert page.kept(mine) == mine | {"version": "2"}
    assert browser.post(url, page.kept(mine)).status_code == 302
    with story.territory:
        row = Order.objects.get(pk=story.order.pk)
    assert (row.title, row.approach, row.version) == ("My title", "My approach,\r\nlonger", 3)


def test_two_people_save_the_same_line(client_for, cast, story):
    url = f"/commitments/{story.line.pk}/edit/"
    theirs = line_typed(story, version="1", quantity="30", how="Their way")
    assert client_for(cast.traveller).post(url, theirs).status_code == 302
    mine, browser = (
        line_typed(story, version="1", donor_cost="900", ends_on_day="30"),
        client_for(cast.supplier),
    )
    page = Page(browser.post(url, mine))
    assert page.told == {
        "": "This was saved while you were writing, by someone else or by you in another tab. Your text is still here, "
        "with what was saved beside it. Save again to keep yours.",
        "quantity": "Saved meanwhile: 30",
        "donor_cost": "Saved meanwhile: £1,200.50",
        "ends_on": "Saved meanwhile: 31 August 2027",
        "how": "Saved meanwhile: Their way",
    }
    assert page.kept(mine) == mine | {"version": "2"}
    assert browser.post(url, page.kept(mine)).status_code == 302
    with story.territory:
        row = Commitment.objects.get(pk=story.line.pk)
    assert (str(row.quantity), str(row.donor_cost), row.ends_on.day, row.version) == (
        "24.00",
        "900.00",
        30,
        3,
    )


def test_a_line_opened_to_be_changed_shows_what_stands_there(client_for, cast, story):
    page = Page(client_for(cast.supplier).get(f"/commitments/{story.line.pk}/edit/"))
    assert page.kept(
        ["activity", "postcode", "support_type", "quantity", "donor_cost", "how", "version"]
    ) == {
        "activity": str(story.activity.pk),
        "postcode": "OX4 1AA",
        "support_type": str(support().pk),
        "quantity": "120",
        "donor_cost": "2400",
        "how": "Two site managers coach on Thursday evenings.",
        "version": "1",
    }
    assert page.boxes["starts_on_year"] == [str(story.line.starts_on.year)]


# ---- acts sent twice ----


def banners(browser, url, page) -> list[str]:
    """What the page says after an act, however often it was sent."""
    return Page(browser.fill(url, on=page, follow=True)).banners


def test_an_order_offered_twice_answers_with_a_sentence(client_for, cast, story):
    browser, page = client_for(cast.supplier), f"/orders/{story.order.pk}/"
    url = f"{page}offer/"
    assert banners(browser, url, page) == [
        "The order is with the providers now. You see here what they decide."
    ]
    assert banners(browser, url, page) == [
        "This is not possible any more: the order is now “With the providers”."
    ]


def test_a_line_agreed_twice_answers_with_a_sentence(client_for, cast, story, order_at):
    with acting_in(story.territory):
        actions.add_commitment(story.order, by=cast.supplier, **commitment(story.activity, how="Twice."))
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    browser, url = client_for(cast.provider), f"/commitments/{story.line.pk}/agree/"
    page = f"/orders/{story.order.pk}/"
    assert banners(browser, url, page) == ["You agreed to commitment 1."]
    assert banners(browser, url, page) == ["This is not possible any more: the commitment is now “Agreed”."]


def test_who_agrees_last_to_an_order_that_goes_back_is_not_led_to_a_page_that_is_gone(
    client_for, cast, story, order_at
):
    other = order_at("published", provider=cast.other_provider)
    with acting_in(story.territory):
        second = actions.add_commitment(story.order, by=cast.supplier, **commitment(other.activity))
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
        actions.send_back(story.line, note="Days", seen=read(story.line), by=cast.provider)
    answer = client_for(cast.other_provider).fill(
        f"/commitments/{second.pk}/agree/", on=f"/orders/{story.order.pk}/", follow=True
    )
    assert (answer.status_code, answer.redirect_chain) == (200, [("/orders/", 302)])
    assert Page(answer).banners == ["You agreed to commitment 2."]


# ---- acts on what has changed ----


def rewritten_meanwhile(story, cast) -> None:
    """The supplier takes the order back, writes 1,000 hours instead of 120, and offers it again."""
    with acting_in(story.territory):
        actions.take_back(story.order, seen=read(story.order), by=cast.supplier)
        facts = commitment(story.activity, quantity=Decimal("1000.00"))
        actions.rewrite_commitment(story.line, version=1, by=cast.supplier, **facts)
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)


def test_a_yes_on_an_older_page_shows_both_versions_and_can_be_said_again(client_for, cast, story):
    with acting_in(story.territory):
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    browser, url, page = (
        client_for(cast.provider),
        f"/commitments/{story.line.pk}/agree/",
        f"/orders/{story.order.pk}/",
    )
    opened = browser.hidden(url, page)
    rewritten_meanwhile(story, cast)
    stale = browser.post(url, opened, headers={"referer": f"{story.territory.url}{page}"})
    text = stale.content.decode()
    assert stale.status_code == 409
    assert Page(stale).table_rows == [["Quantity", "120", "1,000"]]
    assert f'href="{story.territory.url}{page}"' in text
    with story.territory:
        assert Answer.objects.count() == 0
    again = dict(re.findall(r'name="(seen)" value="([^"]+)"', text))
    assert browser.post(url, again).status_code == 302
    with story.territory:
        assert Answer.objects.get().body["quantity"] == "1000.00"


def test_returning_what_has_changed_keeps_the_words_and_shows_both_versions(client_for, cast, story):
    with acting_in(story.territory):
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    browser, url = client_for(cast.provider), f"/commitments/{story.line.pk}/return/"
    opened = browser.hidden(url)
    rewritten_meanwhile(story, cast)
    stale = Page(browser.post(url, opened | {"note": "Fewer, please"}))
    assert stale.kept({"note": ""}) == {"note": "Fewer, please"}
    assert stale.table_rows == [["Quantity", "120", "1,000"]]
    again = {"note": "Fewer, please", "seen": stale.boxes["seen"][0]}
    assert browser.post(url, again).status_code == 302


def test_an_act_without_what_it_showed_is_not_done(client_for, cast, story):
    answer = client_for(cast.supplier).post(f"/orders/{story.order.pk}/offer/", {"seen": "forged"})
    assert answer.status_code == 409
    with story.territory:
        assert Order.objects.get(pk=story.order.pk).status == "draft"


def test_a_refused_act_is_a_fragment_for_htmx(client_for, cast, story):
    with acting_in(story.territory):
        actions.offer(story.order, seen=read(story.order), by=cast.supplier)
    answer = client_for(cast.supplier).post(
        f"/orders/{story.order.pk}/offer/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert "the order is now “With the providers”" in answer.content.decode()
    assert WHOLE_PAGE not in answer.content.decode()


def test_the_lines_are_the_same_inside_the_page_and_as_the_fragment_that_replaces_them(
    client_for, cast, story
):
    browser = client_for(cast.supplier)
    part = browser.get(f"/orders/{story.order.pk}/lines/", headers={"HX-Request": "true"}).content.decode()
    page = browser.get(f"/orders/{story.order.pk}/").content.decode()
    assert WHOLE_PAGE not in part
    start = "Offer the order to the providers. Each of them agrees to its lines, or returns them."
    assert [start in text for text in (part, page)] == [True, True]


# ---- the list ----


@pytest.fixture
def many(story, cast, north):
    """50 orders more, one of them with a name that a spreadsheet would calculate."""
    with north:
        Order.objects.bulk_create(
            Order(
                reference=reference("SPO"),
                supplier=cast.supplier.organisation,
                title=f"Order {number:02}" if number else "+44",
                approach="A",
            )
            for number in range(50)
        )
    return story


def test_a_page_has_at_most_fifty_rows(client_for, cast, many):
    pages = [client_for(cast.supplier).get(f"/orders/?page={number}") for number in (1, 2)]
    assert [Page(page).rows for page in pages] == [51, 2]  # the head is a row too


def test_orders_are_found_by_words_reference_and_status(client_for, cast, many):
    browser = client_for(cast.supplier)

    def titles(query):
        return [order.title for order in browser.get(f"/orders/?{query}").context["page"].object_list]

    assert titles("words=coaches") == [many.order.title]
    assert titles(f"words={many.order.reference.lower()}") == [many.order.title]
    assert titles("words=Order+07&status=draft") == ["Order 07"]
    assert titles("words=Order+07&status=void") == []


def test_the_file_has_what_is_shown_and_no_formula(client_for, cast, many):
    header = ["Reference", "Order", "Supplier", "Status", "Commitments", "Cost to the donor, £"]
    rows = table(client_for(cast.supplier).get("/orders/?format=csv"))
    assert (rows[0], len(rows)) == (header, 52)
    assert [row[1] for row in rows if "44" in row[1] and not row[1].startswith("Order")] == ["'+44"]
    shown = table(client_for(cast.supplier).get("/orders/?format=csv&words=coaches"))
    assert shown[1:] == [
        [many.order.reference, many.order.title, "Ridgeway Builders Ltd", "Draft", "1", "2400.00"]
    ]


@pytest.mark.parametrize("nonsense", ["status=nonsense", "page=x", "page=-1", "words=%00", "sort=secret"])
def test_nonsense_in_the_address_is_no_filter(client_for, cast, many, nonsense):
    answer = client_for(cast.supplier).get(f"/orders/?{nonsense}")
    assert (answer.status_code, answer.context["page"].paginator.count) == (200, 51)


def test_that_an_order_is_sealed_its_providers_do_not_learn(client_for, cast, north, order_at):
    """A seal is between supplier and buyer; to providers it stands as agreed: on the page, in the list, in the file."""
    order = order_at("sealed").order
    told = {}
    for name in ("supplier", "provider"):
        browser = client_for(getattr(cast, name))
        page = browser.get(f"/orders/{order.pk}/").content.decode()
        lists = [browser.get(f"/orders/?status={status}").content.decode() for status in ("sealed", "agreed")]
        found = [order.reference in listed for listed in lists]
        told[name] = ("Sealed in a bid" in page, found, table(browser.get("/orders/?format=csv"))[1][3])
    assert told == {
        "supplier": (True, [True, False], "Sealed in a bid"),
        "provider": (False, [False, True], "Agreed by the providers"),
    }


def test_a_form_acts_in_the_part_to_which_it_was_shown(client_for, cast, north, order_at):
    """Whatever was chosen in another tab meanwhile; and not at all when that part is over."""
    second = Membership.objects.appoint(
        user=cast.supplier.user, participation=cast.rival.participation, role="supplier"
    )
    browser = client_for(cast.supplier)
    browser.get(f"/switch/{cast.supplier.pk}/")
    shown = browser.hidden("/orders/new/")
    browser.get(f"/switch/{second.pk}/")
    facts = {"title": "Warm rooms", "approach": "Every evening"}
    assert browser.hidden("/orders/new/")["part"] == str(second.pk)
    browser.post("/orders/new/", facts | shown)
    with acting_in(north):
        assert Order.objects.get(title="Warm rooms").supplier_id == cast.supplier.organisation.pk
    Membership.objects.filter(pk=cast.supplier.pk).update(ended_at=timezone.now())
    answer = browser.post("/orders/new/", {"title": "Too late", "approach": "x"} | shown, follow=True)
    assert "You don&#x27;t play the part any more in which you opened this page." in answer.content.decode()
    with acting_in(north):
        assert not Order.objects.filter(title="Too late").exists()
