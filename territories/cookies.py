"""The session and the messages of a page, where Django's own would reach too far or too short."""

import re

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends import db

from territories.stream import end_streams

# As Django makes them.
WELL_FORMED = re.compile("[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    """In the database; with a session, however it ends, end the streams of its pages."""

    def _validate_session_key(self, key):
        """Whatever else a cookie may say is no session, and is not looked for: the database refuses a NUL."""
        return bool(key and WELL_FORMED.fullmatch(key))

    def delete(self, session_key=None):
        super().delete(session_key)
        if ended := session_key or self.session_key:
            end_streams(ended)


class HostMessages(CookieStorage):
    """Messages of one host: Django gives their cookie the session's domain, where every territory would show them."""

    def _update_cookie(self, encoded_data, response):
        super()._update_cookie(encoded_data, response)  # type: ignore[misc]
        if self.cookie_name in response.cookies:
            response.cookies[self.cookie_name]["domain"] = ""
