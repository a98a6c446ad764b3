"""From a host name to a territory; from a refusal to a sentence."""

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client

from community.models import Activity
from territories.models import Domain
from territories.tenancy import PUBLIC_SITE
from tests.client import Browser

BASE = settings.DICM_BASE_DOMAIN


def at(host: str, path: str = "/health/", **headers):
    return Client(headers={"host": host, **headers}).get(path)


# ---- hosts ----


@pytest.mark.parametrize("host", [BASE, f"{BASE}:8000", BASE.upper(), f"{BASE}:80"])
def test_the_base_domain_is_the_public_site(everyone, host):
    response = at(host, "/accessibility/")
    assert response.status_code == 200
    assert response.wsgi_request.territory is None


@pytest.mark.parametrize("port", ["", ":8000", ":12345"])
def test_a_territory_answers_at_its_own_name(north, south, port):
    for territory in (north, south):
        response = at(f"{territory.host}{port}", "/activities/")
        assert (response.status_code, response.wsgi_request.territory) == (200, territory)
    assert at(north.host.upper(), "/activities/").wsgi_request.territory == north


@pytest.mark.parametrize(
    "host",
    [f"nowhere.{BASE}", f"www.{BASE}", f"a.thames-valley.{BASE}", f"cheshire.{BASE}", f"t_thames_valley.{BASE}",
     f"public.{BASE}"],
)  # fmt: skip
def test_a_name_that_is_nobodys_is_404(everyone, host):
    response = at(host)
    assert (response.status_code, response.content) == (404, b"There is no site at this address.")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost", "127.0.0.1", f"{BASE}.evil.example", f"evil{BASE}", f"{BASE}@evil.example",
     "thames-valley", "", f"thames-valley.{BASE}/x"],
)  # fmt: skip
def test_a_host_that_is_not_ours_is_404_and_never_said_back(everyone, host):
    response = at(host)
    assert (response.status_code, response.content) == (404, b"There is no site at this address.")


def test_a_forwarded_host_is_not_believed(north):
    assert at(BASE, "/accessibility/", **{"x-forwarded-host": north.host}).wsgi_request.territory is None


def test_a_host_that_nobody_answers_to_is_remembered_for_a_while(everyone, django_assert_num_queries):
    at(f"nowhere-at-all.{BASE}")
    with django_assert_num_queries(0):
        at(f"nowhere-at-all.{BASE}")


def test_a_host_that_is_moved_is_found_when_the_memory_is_over(north):
    Domain.objects.create(tenant=north, domain=f"the-valley.{BASE}", is_primary=False)
    caches["hosts"].clear()
    assert at(f"the-valley.{BASE}", "/activities/").wsgi_request.territory == north
    caches["hosts"].clear()


def test_a_territorys_page_is_not_kept_for_another_host(north, south, order_at):
    story = order_at("published")
    assert at(north.host, f"/activities/{story.activity.pk}/").status_code == 200
    assert at(south.host, f"/activities/{story.activity.pk}/").status_code == 404


# ---- refusals ----


def test_a_refused_act_says_why_where_it_was_tried(client_for, cast, order_at, north):
    story = order_at("registered")
    here = f"{north.url}/activities/{story.activity.pk}/"
    response = client_for(cast.provider).post(
        f"{here}publish/".removeprefix(north.url), headers={"referer": here}
    )
    assert (response.status_code, response.url) == (302, here)
    page = response.client.get(f"/activities/{story.activity.pk}/")
    assert [str(message) for message in page.context["messages"]] == [
        "Say first which dual impact the activity has."
    ]
    with north:
        assert Activity.objects.get(pk=story.activity.pk).status == "draft"


@pytest.mark.parametrize(
    "referer",
    ["", "http://evil.example/x", "//evil.example/", "javascript:alert(1)", f"http://{BASE}.evil.example/"],
)
def test_a_refused_act_sends_nobody_to_a_foreign_site(client_for, cast, order_at, referer):
    story = order_at("registered")
    url = f"/activities/{story.activity.pk}/publish/"
    response = client_for(cast.provider).post(url, headers={"referer": referer} if referer else {})
    assert (response.status_code, response.url) == (302, "/")


def test_a_refused_act_answers_a_fragment_with_a_fragment(client_for, cast, order_at):
    story = order_at("registered")
    response = client_for(cast.provider).post(
        f"/activities/{story.activity.pk}/publish/", headers={"hx-request": "true"}
    )
    text = response.content.decode()
    assert response.status_code == 409
    assert ("Say first which dual impact the activity has." in text, "<html" in text) == (True, False)


def test_a_refused_form_keeps_what_was_typed(client_for, cast, order_at, north):
    """The supplier writes while a colleague offers the order: refused, and not a word is lost."""
    story = order_at("offered")
    typed = {"title": "A better title", "approach": "A better approach", "version": "1"}
    response = client_for(cast.supplier).post(f"/orders/{story.order.pk}/edit/", typed)
    assert response.status_code == 200
    form = response.context["form"]
    assert form.non_field_errors() == ["The order is with the providers. Take it back to change it."]
    assert {name: form[name].value() for name in typed} == typed
    assert "A better approach" in response.content.decode()


def test_a_stale_form_shows_both_texts_and_saves_the_second_time(client_for, cast, order_at, north):
    story = order_at("draft")
    browser, url = client_for(cast.supplier), f"/orders/{story.order.pk}/edit/"
    assert browser.post(url, {"title": "Theirs", "approach": "Same", "version": "1"}).status_code == 302
    response = browser.post(url, {"title": "Mine", "approach": "Same", "version": "1"})
    form = response.context["form"]
    assert (response.status_code, form["title"].value(), form["version"].value()) == (200, "Mine", "2")
    assert form.errors["title"] == ["Saved meanwhile: Theirs"]
    assert browser.post(url, {"title": "Mine", "approach": "Same", "version": "2"}).status_code == 302
    with north:
        story.order.refresh_from_db()
    assert (story.order.title, story.order.version) == ("Mine", 3)


def test_a_mistake_is_no_refusal(cast, north, monkeypatch):
    """Only refusals become sentences; whatever else goes wrong is an error and is seen as one."""
    browser = Browser(north, raise_request_exception=False)
    browser.force_login(cast.supplier.user)
    monkeypatch.setattr("django.core.paginator.Paginator.get_page", lambda *given: 1 / 0)
    assert browser.get("/orders/").status_code == 500


def test_the_public_site_is_what_a_request_leaves_behind(everyone, north):
    at(north.host, "/activities/")
    assert connection.tenant is PUBLIC_SITE


@pytest.mark.parametrize("path", ["/nowhere/", "/orders/%00/"])
def test_a_part_that_is_not_ones_own_breaks_no_page_that_is_not_there(client_for, cast, path):
    assert client_for(cast.supplier).post(path, {"part": str(cast.rival.pk)}).status_code == 404
