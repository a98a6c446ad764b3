"""How somebody wishes to be told."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from territories.models import Wish
from territories.pages.fields import Radios


class WishForm(forms.ModelForm):
    class Meta:
        model = Wish
        fields = ("rhythm", "language")
        widgets = {"rhythm": Radios, "language": Radios}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the letters"),
            choices=[(code, {"cy": "Cymraeg"}.get(code, "English")) for code, _name in settings.LANGUAGES],
            widget=Radios(inline=True),
        )
