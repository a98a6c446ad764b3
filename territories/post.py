"""Letters by e-mail: plain text, in the reader's language, with whole addresses, sent once the act is committed."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation


def address(name: str, *args) -> str:
    """The whole address of a page of the public site."""
    return f"{settings.DICM_PUBLIC_URL}{reverse(name, args=args, urlconf=settings.PUBLIC_SCHEMA_URLCONF)}"


def post(letter: str, to: str, *, language: str = settings.LANGUAGE_CODE, **facts) -> None:
    """Send `templates/mail/<letter>.txt`, whose first line is the subject, after the transaction.

    A mail server that is away undoes nothing: the act stands, and every letter can be had again.
    """
    with translation.override(language):
        text = render_to_string(f"mail/{letter}.txt", facts | {"public_url": settings.DICM_PUBLIC_URL})
    subject, _line, body = text.strip().partition("\n")
    transaction.on_commit(
        lambda: send_mail(" ".join(subject.split()), body.strip() + "\n", None, [to]), robust=True
    )
