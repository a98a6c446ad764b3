"""Pages for when little works: no database, no session, no territory; in the reader's language all the same."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

# Seconds after which a reader, or the reader's browser, may try again.
SOON = 5


def bare(request, status: int) -> HttpResponse:
    """The page of a status, `<status>.html`; a 503 says when to come again."""
    with translation.override(translation.get_language_from_request(request)):
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = str(SOON)
    return response


def failed(request) -> HttpResponse:
    """The page for a mistake of ours; of a 503 where it was the database that could not be asked, or not in time."""
    return bare(request, 503 if isinstance(sys.exception(), OperationalError | InterfaceError) else 500)
