"""What staff correct, as the version that they have seen."""

from django import forms
from django.utils.translation import gettext as _

from territories.people.staff.actions import alone_at_the_desk
from territories.people.staff.rules import Correctable, why_not_keep
from territories.refusal import Stale
from territories.shown import carried, require_seen, seen_in


class Carried(forms.CharField):
    """What a page brings along without anybody typing it."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data) -> bool:
        return False


class CorrectionForm(forms.ModelForm):
    seen = Carried(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["seen"] = carried(Correctable(self.instance))

    @property
    def version(self) -> str:
        return seen_in(self.data).version

    def clean(self):
        alone_at_the_desk(type(self.instance))
        stands = type(self.instance)._default_manager.filter(pk=self.instance.pk).first()
        if stands is not None:
            self._compare(Correctable(stands))
        return super().clean()

    def _compare(self, now: Correctable) -> None:
        try:
            require_seen(now, self.version)
        except Stale as stale:
            self.data = self.data.copy()
            self.data["seen"] = carried(now)
            says = _("It says now: %(now)s. Save again to keep yours.") % {"now": now.in_words()}
            self.add_error(None, f"{stale.reason} {says}")

    def _post_clean(self):
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and (reason := why_not_keep(self.instance, self.changed_data)):
            self.add_error(None, reason)
