"""What one was told, how one wishes to be told, and what went out to others."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from territories.access import everyone, member
from territories.forms import form_page
from territories.models import Wish
from territories.notices import actions, queries
from territories.notices.forms import WishForm
from territories.notices.letters import LETTERS, named, told
from territories.notices.stopping import whose
from territories.pages.lists import page_of
from territories.pages.tables import Table, words
from territories.pages.times import moment


@member()
def notices(request):
    return _list(request)


@login_required
@never_cache
def notices_public(request):
    """On the public site: about joining and people."""
    return _list(request)


@member()
@require_POST
def notices_read(request):
    actions.read_all(request.user)
    return redirect("notices")


@login_required
@require_POST
def notices_read_public(request):
    actions.read_all(request.user)
    return redirect("notices")


notices_public.access = notices_read_public.access = ()


@member("lead")
def letters(request):
    """Which letters went to whom, without their text."""
    page = page_of(request, queries.letters_told_to(request.member))
    rows = [
        [
            moment(row.due_at),
            named(row.letter),
            row.part.organisation if row.part else "–",
            row.part.role_name if row.part else "–",
            _stands(row),
        ]
        for row in page
    ]
    head = words(_("When"), _("Letter"), _("To"), _("Role"), _("How it stands"))
    table = Table(_("Letters, the last first"), head, rows, silent=True)
    return render(request, "notices/letters.html", {"page": page, "table": table})


@login_required
@never_cache
def wishes(request):
    """On "Your account": how often, and in which language."""
    wish = Wish.objects.filter(user=request.user).first() or Wish(user=request.user)
    form = WishForm(request.POST or None, instance=wish)
    if request.POST and form.is_valid():
        actions.wish(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("account")
    return form_page(
        request,
        form,
        _("Letters to you"),
        _("Save"),
        back="account",
        intro=_(
            "Letters about what only you can do are a duty: they come at once, whatever you choose here."
        ),
    )


wishes.access = ()


@csrf_exempt  # the mail program sends the click, and what is signed in the address says whose letters they are
@everyone
@never_cache
def stop_letters(request, token):
    """Stop what is no duty: by one click in the mail program, or by the button on the page."""
    person = whose(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        actions.stop(person)
        return render(request, "notices/stopped.html", {})
    return render(request, "notices/stop.html", {})


def _list(request):
    page = page_of(request, queries.notices_of(request.user))
    entries = [
        {"told": told(row.letter, row.facts), "notice": row, "duty": LETTERS[row.letter].duty} for row in page
    ]
    news = any(row.read_at is None for row in page)
    return render(request, "notices/notices.html", {"page": page, "entries": entries, "news": news})


def _stands(row) -> str:
    if row.sent_at:
        sent = _("Sent on %(at)s") % {"at": moment(row.sent_at)}
        return f"{sent}. {_('Possibly twice.')}" if row.doubted else sent
    if row.over:
        return str(row.get_over_display()).capitalize()
    return _("Waits for the mail server") if row.attempts else _("Not gone yet")
