"""What researchers type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from research.models import Publication
from territories.pages.fields import Line, Words


class PublicationForm(forms.ModelForm):
    class Meta:
        model = Publication
        field_classes = dict.fromkeys(("title", "authors", "conflicts", "doi"), Line) | {"summary": Words}
        fields = ("title", "authors", "design", "sample", "finding", "summary", "conflicts", "doi")
        labels = {
            "design": _("How was it studied?"),
            "finding": _("What did you find?"),
            "sample": _("Sample size"),
            "doi": _("DOI"),
        }
        help_texts = {
            "authors": _("Names as they are to be cited, separated by semicolons."),
            "summary": _("For residents and buyers: what was done, what came out, how sure you are."),
            "conflicts": _(
                "Who paid for it, and any tie to the provider or a supplier. “None” if there is none."
            ),
        }
        widgets = {
            "design": forms.RadioSelect,
            "finding": forms.RadioSelect,
            "sample": forms.TextInput(attrs={"inputmode": "numeric"}),
            "summary": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("design", "finding"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0] != ""]
