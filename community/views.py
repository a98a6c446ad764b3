"""Target and Spotlight: activities are registered, and suppliers and residents find them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community import actions, queries
from community.forms import ActivityFilter, ActivityForm, ImpactForm, IntroductionForm, NeedForm, ProviderForm
from community.models import Activity, Impact, Need
from community.published import as_published, needs_of
from community.rules import may_hand_over, may_keep, why_not_change, why_not_publish
from territories.access import everyone, member
from territories.forms import accepted, form_page
from territories.models import Membership
from territories.pages.lists import listing
from territories.papers.sheets import as_csv
from territories.post import address
from territories.shown import seen_in

Role = Membership.Role
Status = Activity.Status


@everyone
def activities(request):
    """The Spotlight: all activities that this reader may see."""
    chooser = ActivityFilter(request.GET, districts=queries.districts_with_activities())
    rows = queries.matching(queries.activities_seen_by(request.member), **chooser.chosen)
    if request.GET.get("format") == "csv":
        header = [_("Activity"), _("Provider"), _("District"), _("Dual impact")]
        return as_csv(
            "activities",
            header,
            (
                [a.title, a.provider, a.district, "; ".join(map(str, a.dual_impacts))]
                for a in map(as_published, rows)
            ),
        )
    may_register = request.member and request.member.role in {"colleague", "provider"}
    context = listing(request, rows, chooser) | {"may_register": may_register}
    context["page"].object_list = [as_published(row) for row in context["page"].object_list]
    return render(request, "community/activities.html", context)


@everyone
def activity(request, pk):
    row = seen(request, pk)
    keeps = may_keep(row.provider, request.member)
    return render(
        request,
        "community/activity.html",
        {
            "activity": row,
            "needs": needs_of(row),
            "keeps": keeps and not why_not_change(row, request.member),
            "why_not_publish": keeps and why_not_publish(row, request.member),
            "may_publish": keeps and row.state == Status.DRAFT,
            "invite_url": may_hand_over(row.provider, request.member) and invite_url(request, row),
            "listed": row.state != Status.DRAFT,
            "may_order": request.member and request.member.role == Role.SUPPLIER and row.is_published,
        },
    )


def invite_url(request, row: Activity) -> str:
    """Where its provider's people are invited, on the public site."""
    chosen = urlencode({"organisation": row.provider.organisation_id})
    return f"{address('invite', request.territory.slug)}?{chosen}"


@member("provider")
def introduction(request):
    """The first thing that a provider does which joined by itself."""
    if queries.providers_kept_by(request.member):
        return redirect("activity_new")
    form = IntroductionForm(request.POST or None)
    if request.POST and accepted(form, lambda: actions.introduce(**form.cleaned_data, by=request.member)):
        messages.success(request, _("Thank you. Now register what you do."))
        return redirect("activity_new")
    return form_page(request, form, _("Introduce your organisation"), _("Save and go on"), back="activities")


@member("colleague")
def provider_new(request):
    form = ProviderForm(request.POST or None)
    if request.POST and (
        provider := accepted(form, lambda: actions.register_provider(**form.cleaned_data, by=request.member))
    ):
        messages.success(
            request, _("%(name)s is registered. Now register what it does.") % {"name": provider}
        )
        return redirect("activity_new")
    return form_page(
        request,
        form,
        _("Register a provider"),
        _("Register the provider"),
        back="activities",
        intro=_("A charity, social enterprise or community group that works in this territory."),
    )


@member("colleague", "provider")
def activity_new(request):
    providers = queries.providers_kept_by(request.member)
    if request.member.role == "provider" and not providers:
        return redirect("introduction")
    form = ActivityForm(request.POST or None, territory=request.territory, providers=providers)
    if request.POST and (
        row := accepted(form, lambda: actions.register_activity(**form.facts, by=request.member))
    ):
        messages.success(
            request, _("Saved as a draft. Next: say which dual impact it has and what it needs.")
        )
        return redirect("activity", row.pk)
    context = {"form": form, "providers": providers}
    context["may_register_provider"] = request.member.role == Role.COLLEAGUE
    return render(request, "community/activity_new.html", context)


@member("colleague", "provider")
def activity_edit(request, pk):
    row = kept(request, pk)
    form = ActivityForm(request.POST or None, row=row, territory=request.territory)
    if request.POST and accepted(
        form,
        lambda: actions.describe_activity(
            row, version=form.cleaned_data["version"] or 0, by=request.member, **form.facts
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("activity", pk)
    return form_page(request, form, _("Change the activity"), _("Save"), back=row)


@member("colleague", "provider")
def impact_new(request, pk):
    row = kept(request, pk)
    form = ImpactForm(request.POST or None)
    if request.POST and accepted(
        form, lambda: actions.add_impact(row, **form.cleaned_data, by=request.member)
    ):
        messages.success(request, _("The dual impact is added."))
        return redirect("activity", pk)
    return form_page(
        request,
        form,
        _("Add a dual impact"),
        _("Add the dual impact"),
        back=row,
        intro=_(
            "Every dual impact is a pair: people are better off, and because of that a frontline service is needed less."
        ),
    )


@member("colleague", "provider")
def need_new(request, pk):
    row = kept(request, pk)
    form = NeedForm(request.POST or None)
    if request.POST and accepted(form, lambda: actions.add_need(row, **form.cleaned_data, by=request.member)):
        messages.success(request, _("The need is added."))
        return redirect("activity", pk)
    return form_page(
        request,
        form,
        _("Add a need"),
        _("Add the need"),
        back=row,
        intro=_("What would help the activity? Suppliers offer support against these needs."),
    )


@member("colleague", "provider")
@require_POST
def impact_remove(request, pk):
    mine = Impact.objects.filter(activity__in=queries.activities_kept_by(request.member))
    impact = get_object_or_404(mine.select_related("activity__provider"), pk=pk)
    actions.remove_impact(impact, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The dual impact is removed."))
    return redirect("activity", impact.activity_id)


@member("colleague", "provider")
@require_POST
def need_remove(request, pk):
    mine = Need.objects.filter(activity__in=queries.activities_kept_by(request.member))
    need = get_object_or_404(mine.select_related("activity__provider", "support_type"), pk=pk)
    actions.remove_need(need, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The need is removed."))
    return redirect("activity", need.activity_id)


@member("colleague", "provider")
@require_POST
def activity_publish(request, pk):
    row = actions.publish_activity(kept(request, pk), seen=seen_in(request.POST).version, by=request.member)
    messages.success(
        request, _("“%(title)s” is published. Suppliers and residents can see it now.") % {"title": row.title}
    )
    return redirect("activity", pk)


def seen(request, pk) -> Activity:
    """The activity as this reader may see it, or 404."""
    return as_published(get_object_or_404(queries.activities_seen_by(request.member), pk=pk))


def kept(request, pk) -> Activity:
    """The activity if this member keeps it, or 404."""
    return get_object_or_404(queries.activities_kept_by(request.member), pk=pk)
