"""Contracts as people meet them."""

import pytest

from spo.contracts.models import Contract, Signature
from tests.reading import WHOLE_PAGE, Page, table


def test_signing_twice_answers_with_a_sentence(client_for, cast, order_at):
    story = order_at("locked")
    browser, url = client_for(cast.supplier), f"/contracts/{story.contract.pk}/sign/"
    back = f"{story.territory.url}/contracts/{story.contract.pk}/"
    sent = browser.hidden(url)
    assert Page(browser.post(url, sent, follow=True)).banners == ["You signed for Ridgeway Builders Ltd."]
    again = browser.post(url, sent, headers={"referer": back}, follow=True)
    assert Page(again).banners == ["Ridgeway Builders Ltd has signed already."]
    part = browser.post(url, sent, headers={"HX-Request": "true"})
    assert (part.status_code, WHOLE_PAGE in part.content.decode()) == (409, False)
    with story.territory:
        assert Signature.objects.count() == 1


def test_locking_in_twice_answers_with_a_sentence(client_for, cast, order_at):
    story = order_at("awarded")
    browser, url = client_for(cast.buyer), f"/contracts/of/{story.tender.pk}/lock/"
    sent = browser.hidden(url, f"/contracts/of/{story.tender.pk}/")
    first = Page(browser.post(url, sent, follow=True))
    second = Page(
        browser.post(url, sent, headers={"referer": f"{story.territory.url}/tenders/"}, follow=True)
    )
    assert first.banners == ["The order is locked in. Now every party signs."]
    assert second.banners == ["The order is locked into a contract already."]
    with story.territory:
        assert Contract.objects.count() == 1


def test_the_step_to_the_contract_is_a_fragment_for_htmx_and_a_page_for_everyone_else(
    client_for, cast, order_at
):
    story = order_at("awarded")
    browser, url = client_for(cast.buyer), f"/contracts/of/{story.tender.pk}/"
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    page = browser.get(url).content.decode()
    assert ["Lock the order in" in text for text in (part, page)] == [True, True]
    assert [WHOLE_PAGE in text for text in (part, page)] == [False, True]


def test_a_supplier_does_not_find_a_rivals_contract_in_list_or_file(client_for, cast, order_at):
    story = order_at("active")
    for part, found in (("supplier", 1), ("provider", 1), ("rival", 0), ("other_provider", 0)):
        browser = client_for(getattr(cast, part))
        assert browser.get("/contracts/").content.decode().count(story.contract.reference) == found
        rows = table(browser.get("/contracts/?format=csv"))
        assert rows[0] == ["Reference", "Contract", "Buyer", "Supplier", "Status"]
        assert [row[0] for row in rows[1:]] == [story.contract.reference] * found


def test_contracts_are_found_by_words_and_status(client_for, cast, order_at):
    active, signing = order_at("active"), order_at("locked")
    browser = client_for(cast.buyer)

    def found(query):
        return {row.reference for row in browser.get(f"/contracts/?{query}").context["page"].object_list}

    both = {active.contract.reference, signing.contract.reference}
    assert (
        found("")
        == found("words=ridgeway")
        == found("words=coaches&page=x")
        == found("status=nonsense")
        == both
    )
    assert (
        found("status=active") == found(f"words={active.contract.reference}") == {active.contract.reference}
    )
    assert found("words=zebra") == set()


@pytest.mark.parametrize("part", ["supplier", "provider", "buyer"])
def test_the_page_says_who_has_signed_and_what_under(client_for, cast, order_at, part):
    story = order_at("locked")
    page = client_for(getattr(cast, part)).get(f"/contracts/{story.contract.pk}/").content.decode()
    with story.territory:
        assert Contract.objects.get().snapshot.digest in page
    assert page.count("has not signed yet") == 3
