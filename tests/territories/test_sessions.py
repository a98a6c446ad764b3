"""How long a sign-in lasts, what counts as a visit, and that nothing typed is lost when it is over."""

import re
import time
from itertools import count

import pytest
from django.conf import settings

from tests.cast import PASSWORD
from tests.client import Browser

ADDRESSES = count(1)
IDLE, AGE = settings.DICM_IDLE_SECONDS, settings.DICM_SIGN_IN_SECONDS
PING = {"Sec-Fetch-Mode": "cors"}


def long_ago(browser, **seconds):
    """As if the last visit, or the sign-in, had been so long ago."""
    session = browser.session
    for key, ago in seconds.items():
        session[key] = int(time.time()) - ago
    session.save()


@pytest.fixture
def supplier(client_for, cast):
    """The supplier's browser, after a first visit."""
    browser = client_for(cast.supplier)
    browser.get("/orders/")
    return browser


def test_half_an_hour_without_a_visit_ends_a_sign_in(supplier):
    long_ago(supplier, seen_at=IDLE - 5)
    assert supplier.get("/orders/").status_code == 200
    assert int(time.time()) - supplier.session["seen_at"] < 5
    long_ago(supplier, seen_at=IDLE + 5)
    assert supplier.get("/orders/").url.startswith(settings.LOGIN_URL)
    assert "account_authentication_methods" not in supplier.session


def test_twelve_hours_end_it_however_often_one_comes(supplier):
    long_ago(supplier, began_at=AGE + 5)
    assert supplier.get("/orders/").url.startswith(settings.LOGIN_URL)


@pytest.mark.parametrize(
    ("path", "headers", "counts"), [("/orders/", {}, True), ("/orders/", PING, False), ("/stay/", PING, True)]
)
def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(supplier, path, headers, counts):
    long_ago(supplier, seen_at=600)
    supplier.get(path, headers=headers)
    assert (int(time.time()) - supplier.session["seen_at"] < 5) is counts


def test_the_warning_is_for_whoever_is_signed_in(client_for, supplier):
    warning = re.compile(f'data-idle-seconds="{IDLE}"\\s+data-stay="/stay/"')
    assert warning.search(supplier.get("/orders/").text)
    elsewhere = client_for(supplier_user(supplier), territory=None)
    assert warning.search(elsewhere.get("/your-territories/?stay").text)
    assert "data-idle-seconds" not in client_for(None).get("/").text


def supplier_user(browser):
    return browser.get("/orders/").wsgi_request.user


def sign_in_again(browser, user, back: str):
    public = Browser(None, REMOTE_ADDR=f"10.4.{next(ADDRESSES)}.1")
    public.cookies = browser.cookies
    return public.post("/accounts/login/", {"login": user.email, "password": PASSWORD, "next": back})


def sent_too_late(browser, story, **typed):
    """Send a note after the sign-in has ended, while the page goes on refreshing itself."""
    long_ago(browser, seen_at=IDLE + 5)
    browser.get("/orders/", headers=PING)
    return browser.post(f"/orders/{story.order.pk}/edit/", typed)


def test_what_is_sent_too_late_is_kept_and_sent_again(supplier, cast, north, order_at):
    story = order_at("draft")
    typed = {"title": "A title that took an hour", "summary": "Two lines,\nof <thought>"}
    sent = sent_too_late(supplier, story, **typed, csrfmiddlewaretoken="x")
    assert "next=http" in sent.url and "kept" in sent.url
    back = sign_in_again(supplier, cast.supplier.user, f"{north.url}/kept/")
    assert back.url == f"{north.url}/kept/"
    page = supplier.get("/kept/")
    assert dict(page.context["held"]["fields"]) == typed
    assert f'action="/orders/{story.order.pk}/edit/"' in page.text
    assert "&lt;thought&gt;" in page.text and "<thought>" not in page.text
    assert supplier.post(page.context["held"]["path"], typed).status_code in {200, 302}


def test_nobody_else_reads_what_was_kept(supplier, cast, north, order_at):
    sent_too_late(supplier, order_at("draft"), title="A secret")
    assert supplier.get("/kept/").url.startswith(settings.LOGIN_URL)
    sign_in_again(supplier, cast.rival.user, f"{north.url}/kept/")
    assert (supplier.get("/kept/").status_code, supplier.get("/kept/").url) == (302, "/")


def test_of_strangers_nothing_is_kept(client_for, order_at):
    story = order_at("draft")
    browser = client_for(None)
    browser.post(f"/orders/{story.order.pk}/edit/", {"title": "Spam"})
    assert "kept" not in browser.session


# ---- messages ----


def test_a_message_stays_on_the_host_where_it_was_said(client_for, cast, order_at, north):
    """Its cookie names no domain, in coming and in going: another territory never sees it."""
    story = order_at("registered")
    browser = client_for(cast.provider)
    said = browser.post(f"/activities/{story.activity.pk}/publish/").cookies["messages"]
    assert (said["domain"], said.value != "") == ("", True)
    shown = browser.get("/activities/")
    assert [str(message) for message in shown.context["messages"]] == [
        "Say first which dual impact the activity has."
    ]
    gone = shown.cookies["messages"]
    assert (gone["domain"], gone.value) == ("", "")
    assert browser.cookies["sessionid"]["domain"] == settings.DICM_BASE_DOMAIN
