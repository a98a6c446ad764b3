"""allauth's forms for passkeys in our words."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):
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


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the passkey"))
