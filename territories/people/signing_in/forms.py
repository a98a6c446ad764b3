"""allauth's forms for passkeys in our words, and closed to what no browser sends."""

import json
import struct
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.webauthn import forms as passkeys
from cryptography.exceptions import UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

UNREAD = _("This passkey could not be read. Try again, or use another way.")
# What the library raises where bytes are not what it takes them for: it reads them without a look at their shape.
UNREADABLE = (
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    UnsupportedAlgorithm,
)


class CredentialField(forms.JSONField):
    """What a browser says of a passkey: an object of plain letters, as JSON, which no page shows again."""

    widget = forms.HiddenInput
    default_error_messages = {"required": UNREAD, "invalid": UNREAD}

    def to_python(self, value):
        try:
            credential = super().to_python(value)
            text = json.dumps(credential, ensure_ascii=False, allow_nan=False)
        except (ValueError, RecursionError):
            raise ValidationError(UNREAD, code="invalid") from None
        if not isinstance(credential, dict | None) or not text.isascii() or "\\u" in text:
            raise ValidationError(UNREAD, code="invalid")
        return credential

    def bound_data(self, data, initial):
        return None

    def prepare_value(self, value):
        return None


def read_or_said(clean: Callable) -> Callable:
    """A form's cleaning, in which what can't be read is a sentence."""

    @wraps(clean)
    def cleaned(form) -> Any:
        try:
            return clean(form)
        except UNREADABLE:
            raise ValidationError(UNREAD, code="invalid") from None

    return cleaned


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    credential = CredentialField()
    name = forms.CharField(
        label=_("Name of the passkey"),
        required=False,
        help_text=_("So that you know it again, such as “work phone”."),
    )
    passwordless = forms.BooleanField(
        label=_("Let me sign in with this passkey alone, without my password"),
        required=False,
        help_text=_("Your device then asks for your finger, face or PIN each time."),
    )
    clean = read_or_said(passkeys.AddWebAuthnForm.clean)


class RenamePasskeyForm(passkeys.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the passkey"))


class PasskeyForm(passkeys.AuthenticateWebAuthnForm):
    """The second factor, after the password."""

    credential = CredentialField()
    clean_credential = read_or_said(passkeys.AuthenticateWebAuthnForm.clean_credential)


class PasskeyAloneForm(passkeys.LoginWebAuthnForm):
    """Signing in without a password."""

    credential = CredentialField()
    clean_credential = read_or_said(passkeys.LoginWebAuthnForm.clean_credential)


class PasskeyAgainForm(passkeys.ReauthenticateWebAuthnForm):
    """Is it still you?"""

    credential = CredentialField()
    clean_credential = read_or_said(passkeys.ReauthenticateWebAuthnForm.clean_credential)
