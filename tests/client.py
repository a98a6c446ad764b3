"""A browser of a test, at a territory's own address or at the public site's, and being in a territory."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from html import unescape

from django.conf import settings
from django.test import Client, TestCase

from territories.models import (
    Territory,
)

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@contextmanager
def acting_in(territory: Territory) -> Iterator[None]:
    """In the territory's schema and under its role; what was left for after the commit happens at the end.

    Where a test is rolled back there is no commit: what waits for one is done here, in the territory
    in which it was queued. Where a test commits, PostgreSQL's own commit has done it already.
    """
    with territory, TestCase.captureOnCommitCallbacks(execute=True):
        yield


class Browser(Client):
    """A test client at a territory's own address, or at the public site's."""

    def __init__(self, territory: Territory | None = None, **options):
        self.territory = territory
        host = territory.host if territory else settings.DICM_BASE_DOMAIN
        headers = {"host": f"{host}{settings.DICM_ORIGIN_SUFFIX}"} | options.pop("headers", {})
        super().__init__(headers=headers, **options)

    def force_login(self, user, backend=None, *, second_factor=True):
        """Signed in as somebody who used a second factor, unless told."""
        super().force_login(user, backend)
        if second_factor:
            session = self.session
            session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()

    def fill(self, url, sent=None, on=None, **options):
        """Send to `url` the form that the page `on` has for it, with what is hidden in the form.

        Without `on` it is the form on the page at `url` itself.
        """
        return self.post(url, self.hidden(url, on) | (sent or {}), **options)

    def hidden(self, url, on=None) -> dict:
        """What is hidden in that form, as it stands now."""
        page = self.get(on or url).content.decode()
        forms = re.findall(r'<form method="post"([^>]*)>(.*?)</form>', page, re.DOTALL)
        named = (lambda head: f'action="{url}"' in head) if on else (lambda head: "action=" not in head)
        found = next((HIDDEN.findall(body) for head, body in forms if named(head)), [])
        return {name: unescape(value) for name, value in found}

    def request(self, **request):
        """Ask, then do what was left for after the commit where it was queued."""
        with TestCase.captureOnCommitCallbacks() as left:
            response = super().request(**request)
        if left:
            with acting_in(self.territory) if self.territory else nullcontext():
                for act in left:
                    act()
        return response
