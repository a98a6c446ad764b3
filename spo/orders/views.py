"""The SPO: drafted by a supplier, agreed line by line by the providers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spo.orders import actions, queries
from spo.orders.forms import CommitmentForm, OrderForm, ReturnForm
from spo.orders.models import Answer, Commitment, Order
from spo.orders.rules import own, why_not_decide, why_not_offer, why_not_take_back, why_not_write
from spo.tenders.models import Tender
from territories.access import member
from territories.forms import accepted, form_page
from territories.models import Membership
from territories.pages.lists import ListFilter, listing
from territories.pages.onward import Onward
from territories.papers.sheets import as_csv
from territories.shown import seen_in
from territories.stream import listen

Role = Membership.Role


@member()
def orders(request):
    chooser = ListFilter(request.GET, statuses=Order.Status.choices)
    rows = queries.order_list(request.member, **chooser.chosen)
    if request.GET.get("format") == "csv":
        header = [
            _("Reference"),
            _("Order"),
            _("Supplier"),
            _("Status"),
            _("Commitments"),
            _("Cost to the donor, £"),
        ]
        return as_csv(
            "orders",
            header,
            ([o.reference, o.title, o.supplier, o.state.label, o.lines, o.cost] for o in rows),
        )
    role = request.member.role
    reader = {"supplies": role == Role.SUPPLIER, "provides": role == Role.PROVIDER}
    return render(request, "orders/orders.html", listing(request, rows, chooser) | reader)


@member("supplier", "provider")
def order(request, pk):
    return render(request, "orders/order.html", order_context(request, pk))


@member("supplier", "provider")
def order_lines(request, pk):
    """The part of the order's page that changes while others work on it."""
    return render(request, "orders/_lines.html", order_context(request, pk))


@member("supplier", "provider")
def order_live(request, pk):
    get_object_or_404(queries.orders_seen_by(request.member), pk=pk)
    return listen(request, f"order-{pk}")


@member("supplier")
def order_new(request):
    form = OrderForm(request.POST or None)
    if request.POST and (
        row := accepted(
            form,
            lambda: actions.draft_order(
                title=form.cleaned_data["title"], approach=form.cleaned_data["approach"], by=request.member
            ),
        )
    ):
        messages.success(
            request, _("Draft %(reference)s is saved. Now add commitments.") % {"reference": row.reference}
        )
        chosen = request.GET.get("activity")
        line = reverse("commitment_new", args=[row.pk], query={"activity": chosen})
        return redirect(line if chosen else row)
    return form_page(
        request,
        form,
        _("Draft a Social Purchase Order"),
        _("Save and add commitments"),
        back="orders",
        intro=_(
            "An order says HOW you will support local activities and WHERE. "
            "Providers agree to it line by line before you can submit it in a tender."
        ),
    )


@member("supplier")
def order_edit(request, pk):
    row = get_object_or_404(queries.orders_seen_by(request.member), pk=pk)
    form = OrderForm(request.POST or None, row=row)
    if request.POST and accepted(
        form,
        lambda: actions.describe_order(
            row,
            version=form.cleaned_data["version"] or 0,
            title=form.cleaned_data["title"],
            approach=form.cleaned_data["approach"],
            by=request.member,
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect("order", pk)
    return form_page(request, form, _("Change the order"), _("Save"), back=row)


@member("supplier")
def commitment_new(request, pk):
    row = get_object_or_404(queries.orders_seen_by(request.member), pk=pk)
    start = {"activity": request.GET.get("activity")}
    form = CommitmentForm(request.POST or None, territory=request.territory, initial=start)
    if request.POST and accepted(form, lambda: actions.add_commitment(row, by=request.member, **form.facts)):
        messages.success(request, _("The commitment is added."))
        return redirect("order", pk)
    return form_page(
        request,
        form,
        _("Add a commitment"),
        _("Add the commitment"),
        back=row,
        intro=_("One kind of support, to one activity, in one place."),
    )


@member("supplier")
def commitment_edit(request, pk):
    line = get_object_or_404(queries.commitments_seen_by(request.member), pk=pk)
    form = CommitmentForm(request.POST or None, row=line, territory=request.territory)
    if request.POST and accepted(
        form,
        lambda: actions.rewrite_commitment(
            line, version=form.cleaned_data["version"] or 0, by=request.member, **form.facts
        ),
    ):
        messages.success(request, _("Saved. The provider will be asked again about this commitment."))
        return redirect("order", line.order_id)
    return form_page(
        request,
        form,
        _("Change commitment %(number)s") % {"number": line.number},
        _("Save"),
        back=line,
        warning=returned(line),
    )


@member("supplier")
@require_POST
def commitment_remove(request, pk):
    line = get_object_or_404(queries.commitments_seen_by(request.member), pk=pk)
    actions.remove_commitment(line, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The commitment is removed."))
    return redirect("order", line.order_id)


@member("supplier")
@require_POST
def order_offer(request, pk):
    row = get_object_or_404(queries.orders_seen_by(request.member), pk=pk)
    row = actions.offer(row, seen=seen_in(request.POST).version, by=request.member)
    if row.status == Order.Status.AGREED:
        messages.success(
            request, _("Every commitment is agreed already. You can submit the order in a tender.")
        )
    else:
        messages.success(request, _("The order is with the providers now. You see here what they decide."))
    return redirect("order", pk)


@member("supplier")
@require_POST
def order_take_back(request, pk):
    row = get_object_or_404(queries.orders_seen_by(request.member), pk=pk)
    actions.take_back(row, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("The order is a draft again."))
    return redirect("order", pk)


@member("provider")
@require_POST
def commitment_agree(request, pk):
    line = get_object_or_404(queries.commitments_seen_by(request.member), pk=pk)
    actions.agree(line, seen=seen_in(request.POST).version, by=request.member)
    messages.success(request, _("You agreed to commitment %(number)s.") % {"number": line.number})
    # With another line returned the order is the supplier's draft again, which this provider can't read.
    still = queries.orders_seen_by(request.member).filter(pk=line.order_id).exists()
    return redirect("order", line.order_id) if still else redirect("orders")


@member("provider")
def commitment_return(request, pk):
    line = get_object_or_404(queries.commitments_seen_by(request.member), pk=pk)
    form = ReturnForm(request.POST or None)
    seen = seen_in(request.POST).version
    if request.POST and accepted(
        form, lambda: actions.send_back(line, note=form.cleaned_data["note"], seen=seen, by=request.member)
    ):
        messages.success(
            request, _("Commitment %(number)s is returned to the supplier.") % {"number": line.number}
        )
        return redirect("orders")
    return form_page(
        request,
        form,
        _("Return commitment %(number)s") % {"number": line.number},
        _("Return it to the supplier"),
        back=line,
        about=line,
    )


def returned(line: Commitment) -> str:
    """What the provider said when it returned the line, if that was its last word."""
    answer = line.answers.last()
    if answer is None or answer.verb != Answer.Verb.RETURN:
        return ""
    return _("The provider returned it: %(note)s") % {"note": answer.note}


def order_context(request, pk) -> dict:
    row = get_object_or_404(queries.whole_order(request.member), pk=pk)
    for line in row.lines_seen:
        line.open_to_me = not why_not_decide(line, request.member)
    mine = own(row, request.member)
    return {
        "order": row,
        "step": {Order.Status.SEALED: 4, Order.Status.LOCKED: 5}.get(row.state, 3),
        "lines": row.lines_seen,
        "cost": sum((line.donor_cost for line in row.lines_seen), 0),
        "mine": mine,
        "may_write": not why_not_write(row, request.member),
        "onward": onward(row, request.member) if mine else None,
        "may_take_back": not why_not_take_back(row, request.member),
        "agreed": sum(line.status == Commitment.Status.AGREED for line in row.lines_seen),
    }


def onward(row: Order, by) -> Onward:
    """What the order's supplier does next."""
    match row.status:
        case Order.Status.DRAFT:
            words = _("Offer the order to the providers. Each of them agrees to its lines, or returns them.")
            offer = reverse("order_offer", args=[row.pk])
            return Onward(words, _("Offer it to the providers"), offer, why_not_offer(row, by), acts=True)
        case Order.Status.OFFERED:
            return Onward(_("The providers are deciding. This page changes by itself when they do."))
        case Order.Status.AGREED:
            words = _("Every line is agreed. Choose a tender and submit the order in it.")
            open_ones = reverse("tenders", query={"status": Tender.Status.OPEN})
            return Onward(words, _("Find an open tender"), open_ones)
        case Order.Status.SEALED:
            return Onward(
                _(
                    "The order is sealed in a bid. It becomes binding if the tender is awarded to you, and void if not."
                )
            )
        case Order.Status.LOCKED:
            return Onward("", _("The order is locked into a contract."), reverse("contracts"))
    return Onward(_("The tender was awarded to another bid, so nobody is bound by this order."))
