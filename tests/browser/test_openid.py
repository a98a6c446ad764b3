"""Signing in with an identity provider in a real browser: under the strict policy, to another site and back."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from dicm.demo import serving
from dicm.demo.story import cast
from tests import identity
from tests.browser.conftest import PATIENCE, People, Product, start
from tests.browser.desk import follow, press, told
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Force:
    """The product for a force that has an identity provider, and whoever reads it."""

    provider: identity.Provider
    people: People

    def at_the_provider(self, path: str = "/") -> Page:
        page = self.people.at(None, f"/accounts/login/?next={path}", territory="")
        assert list(faults_of(page, set())) == []
        # The provider's pages would ask for a style from far away.
        page.context.route("https://**", lambda route: route.abort())
        press(page, "Sign in with Thames Valley Police")
        expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
        return page


@pytest.fixture(scope="module")
def idp() -> Iterator[identity.Provider]:
    with identity.provider() as running:
        yield running


@pytest.fixture(scope="module")
def second_product(product, idp, tmp_path_factory) -> Iterator[Product]:
    """A second web process beside the first, on the same database, to which DICM_OPENID was given."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    client = idp.registered(f"http://dicm.localhost:{port}/accounts/openid/tvp/callback/")
    force = {"id": "tvp", "name": "Thames Valley Police", "server": idp.url, "domains": ["police.example"]}
    environment = product.environment | {"PORT": str(port), "DICM_OPENID": json.dumps([force | client])}
    folder = tmp_path_factory.mktemp("force")
    running = start("web", serving.web(port), folder, environment)
    try:
        end = time.monotonic() + PATIENCE
        while not serving.answers(port):
            assert time.monotonic() < end, (folder / "web.log").read_text()
        yield Product(port, environment)
    finally:
        serving.stop_all([running])


@pytest.fixture
def force(second_product, idp, browser) -> Iterator[Force]:
    people = People(browser, second_product, {}, {})
    yield Force(idp, people)
    for context in people.contexts:
        context.close()
    # What the provider's own pages lack is its affair; that ours are left and found again is ours.
    assert [one for one in people.complaints if "Content Security Policy" in one] == []


def sign_in(page: Page, sub: str) -> None:
    page.get_by_label("Subject").fill(sub)
    page.get_by_role("button", name="Authorize", exact=True).click()


def test_somebody_goes_to_their_force_and_comes_back_signed_in(force):
    force.provider.knows("officer-1", email=cast.BUYER.email, email_verified=True)
    page = force.at_the_provider("/account/")
    sign_in(page, "officer-1")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.locator("main")).to_contain_text("You can sign in with")
    expect(page.locator("main")).to_contain_text("Thames Valley Police")


def test_whoever_has_no_account_reads_why_and_tries_another_way(force):
    force.provider.knows("officer-2", email="nobody@police.example", email_verified=True)
    page = force.at_the_provider("/account/")
    sign_in(page, "officer-2")
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    assert list(faults_of(page, set())) == []
    follow(page, "Try again, or sign in with your password")
    page.get_by_label("Email").fill(cast.BUYER.email)
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_whoever_turns_back_is_at_the_sign_in_page(force):
    page = force.at_the_provider()
    press(page, "Deny access")
    told(page, "You did not sign in with Thames Valley Police.")
