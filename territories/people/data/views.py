"""What is held about oneself, to take away; and leaving for good."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from territories.access import member, parts_of
from territories.people.data.closing import close_account, why_not_close
from territories.people.data.held import held_here


@login_required
@never_cache
def your_data(request):
    """What it is, and the files: one of the public site, one of each territory where one plays a part."""
    territories = sorted({part.territory for part in parts_of(request)}, key=str)
    return render(request, "people/data/your_data.html", {"territories": territories})


@login_required
@never_cache
def your_data_file(request):
    """What the public site holds: account, parts, invitations, applications."""
    return _file(request, "dicm-account")


@member()
@never_cache
def your_data_here(request):
    """What this territory holds: each row that names the reader, and what they did."""
    return _file(request, f"dicm-{request.territory.slug}")


@login_required
@reauthentication_required
@never_cache
def account_close(request):
    """Close one's account, after a question and one's password."""
    reason = why_not_close(request.user)
    if request.method == "POST":
        close_account(request.user, by=request.user)
        logout(request)
        messages.success(request, _("Your account is closed. Your name and address are forgotten."))
        return redirect("home")
    return render(request, "people/data/close.html", {"why_not": reason, "mine": parts_of(request)})


your_data.access = your_data_file.access = account_close.access = ()


def _file(request, name: str) -> JsonResponse:
    response = JsonResponse(held_here(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
