"""The desk of DICM's own staff: Django's admin on the public site, for territories, organisations and yardsticks alone.

Nothing of a territory is here, nothing is deleted here, and what is changed goes through an action with its journal line.
"""

from collections.abc import Iterator
from functools import wraps

from django.contrib import admin
from django.http import Http404
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from territories.access import signed_in_strongly, to_second_factor, to_sign_in
from territories.models import Identifier, Organisation, Oversight, SupportType, Territory
from territories.people.staff.actions import correct
from territories.people.staff.forms import CorrectionForm
from territories.people.staff.rules import CORRECTED, SETTLED


class Desk(admin.AdminSite):
    """Only for staff with a second factor; to others there is no such page. People sign in where everyone does."""

    site_title = site_header = gettext_lazy("DICM staff")
    index_title = gettext_lazy("What staff may correct")
    final_catch_all_view = False
    # What people do about their own sign-in is at "Your account", and nothing here links into a territory.
    LEFT_OUT = ("login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site")

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if not self.has_permission(request):
                raise Http404
            return (
                inner(request, *args, **kwargs) if signed_in_strongly(request) else to_second_factor(request)
            )

        return guarded

    def get_urls(self) -> list:
        kept = [
            pattern for pattern in super().get_urls() if getattr(pattern, "name", "") not in self.LEFT_OUT
        ]
        for pattern in _views(kept):
            pattern.callback.access = ()
        return kept


def _views(patterns: list) -> Iterator:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _views(pattern.url_patterns)


desk = Desk(name="staff")


class Kept(admin.ModelAdmin):
    """Staff look at everything and correct what is editable; nothing is deleted, and little is added."""

    actions = None
    form = CorrectionForm
    may_add = False
    list_per_page = 50

    def has_module_permission(self, request) -> bool:
        return True

    def has_view_permission(self, request, obj=None) -> bool:
        return True

    has_change_permission = has_view_permission

    def has_add_permission(self, request, obj=None) -> bool:
        return self.may_add

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj, form, change) -> None:
        if form.changed_data:
            correct(obj, form.changed_data, seen=form.version, by=request.user)

    def lookup_allowed(self, lookup, value, request) -> bool:
        """The filters of the page and no others: a pattern or a comparison is for nobody to write into an address."""
        return lookup in {f"{name}{way}" for name in self.list_filter for way in ("__exact", "__id__exact")}

    def get_urls(self) -> list[URLPattern]:
        left_out = ("_delete",) if self.may_add else ("_delete", "_add")
        # The last one, without a name, forwards addresses of admins before Django 1.9.
        return [
            pattern for pattern in super().get_urls() if pattern.name and not pattern.name.endswith(left_out)
        ]


class Shown(admin.TabularInline):
    """Rows that stand beside another one, to be read."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request, obj=None) -> bool:
        return True

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


class IdentifiersShown(Shown):
    model = Identifier


class OversightsShown(Shown):
    model = Oversight


@admin.register(Territory, site=desk)
class TerritoryDesk(Kept):
    """When it ends and which one follows; the rest comes from the atlas, and a new one is founded by a command."""

    list_display = ("name", "region", "regime", "valid_from", "valid_to")
    list_filter = ("region", "regime")
    search_fields = ("name", "name_cy", "police_force")
    inlines = (OversightsShown,)

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return [f.name for f in Territory._meta.fields if f.editable and f.name not in CORRECTED[Territory]]


@admin.register(Organisation, site=desk)
class OrganisationDesk(Kept):
    """Its name, and when it closed; it comes in by an application."""

    list_display = ("name", "kind", "created_at", "closed_at")
    list_filter = ("kind",)
    search_fields = ("name", "identifiers__value")
    readonly_fields = ("kind", "created_at")
    inlines = (IdentifiersShown,)


@admin.register(SupportType, site=desk)
class SupportTypeDesk(Kept):
    """What support is measured in. Code and unit never change: orders and contracts were agreed in them."""

    may_add = True
    list_display = ("name", "name_cy", "unit", "position")
    search_fields = ("name", "name_cy", "code")

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        return SETTLED if obj else ()

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return super().get_fieldsets(request, obj)
        said = _(
            "Code and unit stay: orders and contracts were agreed in them. Add another kind of support instead."
        )
        return [
            (None, {"fields": (*SupportType.changing, "seen")}),
            (None, {"fields": SETTLED, "description": said}),
        ]
