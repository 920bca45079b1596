"""Issued goods that come back (STK-07), reviewed by finance (FIN-04)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.ledger.actions import goods as ledger
from yiwei.ledger.actions import money
from yiwei.orders.models.contract import ContractLine

from ..models.issue import Issue, IssueLine, IssueReturn, IssueReturnLine
from ..models.warehouse import Bin

FINANCE = "accountant finance_manager"


@action(IssueReturn, _("New return"), creates=True, roles="storekeeper", icon="arrow-back-up", style="primary",
        done=_("Received back; finance reviews it."), fields=lambda actor, obj=None: {
            "issue": Pick(Issue, label=_("Issue"), limit={"state": "approved"}),
            "reason": forms.CharField(label=_("Reason"), max_length=200),
            "condition": forms.ChoiceField(label=_("Condition"), initial="good", required=False,
                                           choices=IssueReturn._meta.get_field("condition").choices),
            "lines": Lines({"line": Pick(IssueLine, label=_("Issue line"), within={"issue": "issue"}),
                            "qty": forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), decimal_places=3),
                            "bin": Pick(Bin, label=_("Bin"))}, label=_("Goods"), minimum=1)})
def create(actor, *, issue, reason, condition, lines):
    """Take goods back into a bin at their original cost; never more than were issued."""
    made = IssueReturn.start(actor, issue=issue, reason=reason, condition=condition or "good", outlet_id=issue.outlet_id)
    customer = ledger.virtual("customer")
    locked = {ln.pk: ln for ln in IssueLine.objects.select_for_update(of=("self",)).select_related("product").filter(
        pk__in=[row["line"].pk for row in lines]).order_by("pk")}
    for row in lines:
        line = locked[row["line"].pk]
        if line.issue_id != issue.pk or row["qty"] > line.qty - line.returned_qty:
            raise Invalid({"lines": [__("More than was issued: %(p)s") % {"p": line}]})
        cost, net = _part(line, row["qty"], "cost"), _part(line, row["qty"], "net")
        line.returned_qty += row["qty"]
        line.save()
        IssueReturnLine.objects.create(document=made, issue_line=line, bin=row["bin"], qty=row["qty"], net=net,
                                       cost=cost, created_by_id=actor.id)
        ledger.move(actor, "issue_return", made, [ledger.Move(
            line.product, row["qty"], customer, row["bin"].location, 0 if line.batch else issue.sub_id, cost)])
        made.net, made.cost = made.net + net, made.cost + cost
    made.save()
    return made


def _part(line, qty, name):
    """The share of a line's amount that `qty` carries; the last piece carries the remainder."""
    whole, gone = getattr(line, name), round2(getattr(line, name) * line.returned_qty / line.qty)
    return whole - gone if qty >= line.qty - line.returned_qty else round2(whole * (line.returned_qty + qty) / line.qty) - gone


@action(IssueReturn, _("Approve"), approves=True, sources=("received",), target="approved", roles=FINANCE, style="success", icon="check",
        bulk=True, done=_("The return is booked."))
def approve(actor, document):
    """Delivered value and cost go down by what came back, at the original figures."""
    issue, legs = document.issue, []
    rows = list(document.lines.select_related("issue_line").order_by("pk"))
    lines = {ln.pk: ln for ln in ContractLine.objects.select_for_update(of=("self",)).filter(
        pk__in=[row.issue_line.contract_line_id for row in rows]).order_by("pk")}
    for row in rows:
        line = lines[row.issue_line.contract_line_id]
        line.issued_qty -= row.qty
        line.save()
        bound = 0 if row.issue_line.batch else issue.sub_id
        legs += [money.Leg("inventory", row.cost, bound), money.Leg("cost", -row.cost, issue.sub_id)]
    money.post(actor, "delivery_return", document, [money.Leg("delivered", -document.net, issue.sub_id),
                                                    money.Leg("revenue", document.net, issue.sub_id)])
    money.post(actor, "cost_return", document, legs)


@action(IssueReturn, _("Reject"), sources=("received",), target="rejected", roles=FINANCE, style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("What is wrong"))})
def reject(actor, document, *, reason):
    """The goods go back to the customer; nothing is booked."""
    customer = ledger.virtual("customer")
    rows = list(document.lines.select_related("bin__location").order_by("pk"))
    lines = {ln.pk: ln for ln in IssueLine.objects.select_for_update(of=("self",)).select_related("product").filter(
        pk__in=[row.issue_line_id for row in rows]).order_by("pk")}
    for row in rows:
        line = lines[row.issue_line_id]
        ledger.move(actor, "issue_return_back", document, [ledger.Move(
            line.product, row.qty, row.bin.location, customer, 0 if line.batch else document.issue.sub_id, row.cost)])
        line.returned_qty -= row.qty
        line.save()
    document.net = document.cost = ZERO
