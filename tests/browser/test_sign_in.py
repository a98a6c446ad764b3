"""Signing in with a passkey, and the warning before a sign-in ends, in a real browser under the strict policy."""

import re

import pytest
from playwright.sync_api import Page, expect

from dicm.demo.story import cast
from tests.browser.desk import follow, press

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_a_key(page: Page) -> Page:
    """A device that confirms at once that it is its owner."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def test_somebody_adds_a_passkey_and_signs_in_with_nothing_else(people, product):
    page = with_a_key(people.at(cast.RESEARCHER, "/account/", territory=""))
    follow(page, "Set up your second factor")
    follow(page, "Add a passkey")
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    press(page, "Continue")
    page.get_by_label("Let me sign in with this passkey alone, without my password").check()
    press(page, "Add this passkey")
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    expect(page.locator(".dicm-codes li")).to_have_count(10)
    follow(page, "Sign out")
    press(page, "Sign out")
    page.goto(product.url(path="/accounts/login/?next=/account/"))
    press(page, "Use a passkey")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Passkey: Passkey 1")
    # For the tests that follow, this person signs in anew and a password is enough.
    del people.cookies[cast.RESEARCHER.email]
    product.act("from allauth.mfa.models import Authenticator; Authenticator.objects.all().delete()")


def test_two_minutes_before_the_end_a_page_asks_and_one_stays(people, product):
    page = people.at(cast.SUPPLIER, "/orders/new/")
    page.clock.install()
    page.goto(page.url)
    page.clock.fast_forward("27:00")
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("01:05")
    expect(dialog).to_be_visible()
    with page.expect_response(re.compile("/stay/$")) as answer:
        press(dialog, "Stay signed in")
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("31:00")
    expect(dialog).to_contain_text("What you typed is still on the page")
