"""Evidence: hubs publish what they found, and everyone reads it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import community.published
from community.models import Activity
from community.queries import activities_seen_by
from research import actions, queries
from research.forms import PublicationForm
from research.published import as_published
from research.rules import why_not_publish
from territories.access import everyone, member
from territories.forms import accepted, form_page
from territories.pages.lists import page_of
from territories.shown import seen_in


def activity_seen(request, pk) -> Activity:
    """The activity as it was published, if this reader may see it, or 404."""
    return community.published.as_published(get_object_or_404(activities_seen_by(request.member), pk=pk))


@everyone
def publications(request):
    page = page_of(request, queries.publications_seen_by(request.member))
    page.object_list = [as_published(row) for row in page.object_list]
    return render(request, "research/publications.html", {"page": page})


@everyone
def publications_of(request, pk):
    """The evidence on one activity, for the activity's page."""
    activity = activity_seen(request, pk)
    rows = queries.publications_seen_by(request.member).filter(activity=activity)
    may_publish = bool(request.member and request.member.role == "researcher")
    context = {
        "publications": [as_published(row) for row in rows],
        "activity": activity,
        "may_publish": may_publish,
    }
    return render(request, "research/publications_of.html", context)


@everyone
def publication(request, pk):
    row = as_published(get_object_or_404(queries.publications_seen_by(request.member), pk=pk))
    own = request.member and row.hub_id == request.member.participation.organisation_id
    why_not = why_not_publish(row, request.member) if own else True
    return render(request, "research/publication.html", {"publication": row, "may_publish": not why_not})


@member("researcher")
def publication_new(request, pk):
    activity = activity_seen(request, pk)
    form = PublicationForm(request.POST or None)
    if request.POST and (
        row := accepted(
            form, lambda: actions.draft_publication(activity, **form.cleaned_data, by=request.member)
        )
    ):
        messages.success(request, _("Saved as a draft. Read it once more, then publish it."))
        return redirect("publication", row.pk)
    return form_page(
        request,
        form,
        _("Evaluate “%(title)s”") % {"title": activity.title},
        _("Save as a draft"),
        back=activity,
        intro=_("Findings of “no effect” or “harm” are shown as prominently as any other."),
    )


@member("researcher")
@require_POST
def publication_publish(request, pk):
    row = get_object_or_404(queries.publications_seen_by(request.member), pk=pk)
    actions.publish(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("Published. It is shown on the activity's page from now on."))
    return redirect("publication", pk)
