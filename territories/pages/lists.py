"""Lists as people use them: searched by GET, at most 50 rows a page."""

from datetime import datetime
from typing import NamedTuple

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

ROWS = 50


class Waiting(NamedTuple):
    """Something that a member has to do next: a sentence that leads there, since when, and until when it is due."""

    sentence: str
    url: str
    since: datetime | None = None
    due: datetime | None = None


class ListFilter(forms.Form):
    """Words to search for and a state to choose; nonsense in the address is simply not a filter."""

    mark_optional = False

    words = forms.CharField(label=_("Words or reference"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args, statuses=(), **kwargs):
        super().__init__(*args, **kwargs)
        if "status" in self.fields:
            self.fields["status"].choices = [("", _("Any")), *statuses]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, ready to be passed to a query."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def listing(request, rows, chooser: ListFilter) -> dict:
    """What the template of a list needs: `page`, `chooser`, `chips` to take filters off, addresses."""
    kept = request.GET.copy()
    kept.pop("page", None)
    chips = []
    for name, value in chooser.chosen.items():
        without = kept.copy()
        without.pop(name)
        field = chooser.fields[name]
        said = dict(getattr(field, "choices", ())).get(value, value)
        chips.append({"label": f"{field.label}: {said}", "href": f"?{without.urlencode()}"})
    as_file = kept.copy()
    as_file["format"] = "csv"
    return {
        "page": page_of(request, rows),
        "chooser": chooser,
        "chips": chips,
        "clear_url": request.path,
        "csv_url": f"?{as_file.urlencode()}",
        "query": kept.urlencode(),
    }


def page_of(request, rows) -> Page:
    """The page that the query string asks for; the last one if it asks for too much."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))
