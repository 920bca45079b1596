"""Issuing an order's goods, and finance's approval that makes them delivered (STK-05, FIN-04)."""

from decimal import Decimal

from django import forms
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.base.money import ZERO, money_text, round2
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.ledger.actions import goods as ledger
from yiwei.ledger.actions import money
from yiwei.orders.actions import progress
from yiwei.orders.models.contract import ContractLine, SubContract
from yiwei.stock.rules import goods

from ..models.issue import Issue, IssueLine, IssueReturnLine
from ..models.warehouse import Bin

FINANCE = "accountant finance_manager"
ISSUABLE = ("released", "purchasing", "arrived", "delivering", "installing", "completed")


def _fields(actor, obj=None):
    return {
        "sub": Pick(SubContract, label=_("Sub-contract"), limit={"state__in": ISSUABLE}),
        "lines": Lines({"line": Pick(ContractLine, label=_("Order line"), within={"sub": "sub"}),
                        "qty": forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), decimal_places=3),
                        "bin": Pick(Bin, label=_("Bin"), required=False)},
                       label=_("Goods"), required=False, help_text=_("Empty: everything that is there")),
        "remark": forms.CharField(label=_("Remark"), required=False),
    }


@action(Issue, _("New issue"), creates=True, roles="storekeeper dispatcher", icon="package-export", style="primary",
        fields=_fields, done=_("Ready to be picked."))
def create(actor, *, sub, lines=None, remark="", delivery_id=None):
    """Prepare goods of one order to leave; only that order's goods, or batch stock where the line says so."""
    if sub.state not in ISSUABLE:
        raise Refused(__("The sub-contract is not released."))
    sub = SubContract.objects.select_for_update(of=("self",)).select_related("contract__customer").get(pk=sub.pk)
    wanted = _checked(sub, lines) if lines else _all_of(sub)
    rows = [(line, place, qty) for line, qty, place in wanted if place is not None]
    rows += goods.allocate([(line, qty) for line, qty, place in wanted if place is None])
    _enough(lines, wanted, rows)
    made = [IssueLine(contract_line=line, product_id=line.product_id, bin=place, qty=part, batch=line.from_stock,
                      created_by_id=actor.id) for line, place, part in rows]
    net = _net(made)
    issue = Issue.start(actor, sub=sub, outlet_id=sub.outlet_id, remark=remark, delivery_id=delivery_id, net=net)
    for row in made:
        row.issue = issue
    IssueLine.objects.bulk_create(made)
    return issue


def _all_of(sub):
    lines = list(sub.lines.annotate(kept=goods.on_open_issues()).order_by("id"))
    left = goods.unissued(lines)
    return [(ln, left[ln.pk], None) for ln in lines]


def _enough(lines, wanted, rows):
    """Refuse where lines were named and not all of a line is there, or where nothing is."""
    if not rows:
        raise Refused(__("Nothing of this order is in the warehouse."))
    for line, _qty, _place in wanted if lines else ():
        asked = sum(q for ln, q, _p in wanted if ln.pk == line.pk)
        if sum(part for ln, _p, part in rows if ln.pk == line.pk) < asked:
            raise Refused(__("There is not enough of it in stock: %(p)s") % {"p": line.name})


def _checked(sub, lines):
    out, taken = [], {}
    left = goods.unissued(ContractLine.objects.filter(pk__in={row["line"].pk for row in lines}).annotate(kept=goods.on_open_issues()))
    for row in lines:
        line = row["line"]
        if line.sub_id != sub.pk:
            raise Invalid({"lines": [__("This line belongs to another order: %(p)s") % {"p": line.name}]})
        taken[line.pk] = taken.get(line.pk, Decimal(0)) + row["qty"]
        if taken[line.pk] > left[line.pk]:
            raise Invalid({"lines": [__("More than is still to be issued: %(p)s") % {"p": line.name}]})
        out.append((line, row["qty"], row.get("bin")))
    return out


def _net(rows):
    """Give issue lines their shares of the order lines' net amounts; the last piece takes the remainder. Returns the sum."""
    lines = {row.contract_line_id: row.contract_line for row in rows}
    before = {pk: (qty - back, net) for pk, qty, back, net in IssueLine.objects.filter(
        contract_line__in=list(lines), issue__state="approved").values_list("contract_line_id").annotate(
            Sum("qty"), Sum("returned_qty"), Sum("net"))}
    returned = dict(IssueReturnLine.objects.filter(
        issue_line__contract_line__in=list(lines), document__state="approved").values_list(
            "issue_line__contract_line_id").annotate(Sum("net")))
    for row in rows:
        line = lines[row.contract_line_id]
        done, net = before.get(line.pk, (Decimal(0), ZERO))
        left = line.net - (net - returned.get(line.pk, ZERO))
        row.net = left if done + row.qty >= line.qty else round2(line.net * row.qty / line.qty)
        before[line.pk] = (done + row.qty, net + row.net)
    return sum((row.net for row in rows), ZERO)


@action(Issue, _("Pick"), sources=("waiting",), target="picked", roles="storekeeper", icon="checklist", style="primary",
        fields=lambda actor, issue=None: {"lines": Lines(
            {"line": Pick(IssueLine, label=_("Line"), limit={"issue": issue} if issue else {}), "bin": Pick(Bin, label=_("Bin"))},
            label=_("Other bins"), required=False)})
def pick(actor, issue, *, lines=None):
    """The goods stand ready; another bin may be named where they were found."""
    for row in lines or []:
        if row["line"].issue_id != issue.pk:
            raise Invalid({"lines": [__("This line belongs to another issue.")]})
        row["line"].bin = row["bin"]
        row["line"].save()


def _pending(issue):
    """Net amount of this order's goods that are out but not yet approved."""
    rows = Issue.objects.filter(sub_id=issue.sub_id, state="out").exclude(pk=issue.pk)
    return rows.aggregate(s=Sum("net"))["s"] or ZERO


def arrears_after(issue):
    """What the customer would owe for delivered goods after this issue: (delivered + this) × gate − received."""
    if not hasattr(issue, "owed"):
        issue.owed = _arrears_now(issue)
    return issue.owed


def _arrears_now(issue):
    figure = money.figures([issue.sub_id])[issue.sub_id]
    delivered = figure.delivered + _pending(issue) + issue.net
    needed = round2(delivered * issue.sub.module.delivery_gate / 100)
    return max(ZERO, needed - figure.received)


def _arrears(actor, issue, data):
    """Figures of an arrears approval; nothing where the delivery gate is open."""
    arrears = arrears_after(issue)
    return {"arrears": arrears, "net": issue.net, "promise_on": data.get("promise_on")} if arrears else None


def _gate(actor, issue, data):
    """Two issues of one order cannot both leave on the same money: the second waits here and sees the first."""
    issue.sub = SubContract.objects.select_for_update(of=("self",)).select_related("module", "contract__customer").get(pk=issue.sub_id)
    if issue.sub.state not in ISSUABLE:
        raise Refused(__("The sub-contract is not released."))
    arrears = issue.owed = _arrears_now(issue)
    if arrears and not data.get("promise_on"):
        raise Refused(__("After this issue the customer owes %(a)s. Name the day the customer promised and ask for"
                         " approval.") % {"a": money_text(arrears)})


@action(Issue, _("Hand over"), sources=("picked",), target="out", roles="storekeeper dispatcher", icon="truck-loading",
        style="success", check=_gate, facts=_arrears,
        figures={"arrears": _("Arrears"), "net": _("Net amount"), "promise_on": _("Customer promised to pay on")},
        done=_("Handed over; finance reviews it."),
        fields={"handed_to": forms.CharField(label=_("Handed to"), max_length=60, required=False),
                "promise_on": forms.DateField(label=_("Customer promised to pay on"), required=False)})
def hand_over(actor, issue, *, handed_to="", promise_on=None):
    """The goods leave their bins. In arrears only with an approval that names amount and promised day (D-28)."""
    customer = ledger.virtual("customer")
    issue.arrears, issue.promise_on = issue.owed, promise_on
    rows = list(issue.lines.select_related("product", "bin__location").order_by("product_id", "id"))
    costs = ledger.move_each(actor, "issue", issue, [ledger.Move(
        row.product, row.qty, row.bin.location, customer, 0 if row.batch else issue.sub_id) for row in rows])
    for row, cost in zip(rows, costs, strict=True):
        row.cost = cost
    IssueLine.objects.bulk_update(rows, ["cost"])
    issue.cost = sum(costs, ZERO)
    issue.handed_at, issue.handed_to = timezone.now(), handed_to
    progress.reach(actor, issue.sub, "delivering", sources=("released", "purchasing", "arrived"), locked=True)


@action(Issue, _("Cancel"), sources=("waiting", "picked"), target="cancelled", roles="storekeeper dispatcher",
        style="danger", icon="ban", fields={"reason": forms.CharField(label=_("Reason"))})
def cancel(actor, issue, *, reason):
    """Put the goods back before they have left."""


@action(Issue, _("Approve"), approves=True, sources=("out",), target="approved", roles=FINANCE, style="success", icon="check", bulk=True,
        fields={"note": forms.CharField(label=_("Note"), required=False)}, done=_("Delivered value and cost are booked."))
def approve(actor, issue, *, note=""):
    """The goods count as delivered: revenue at the order's net prices, cost from the goods ledger."""
    SubContract.objects.select_for_update(of=("self",)).get(pk=issue.sub_id)
    rows = list(issue.lines.order_by("id"))
    lines = {ln.pk: ln for ln in ContractLine.objects.select_for_update(of=("self",)).filter(
        pk__in=[row.contract_line_id for row in rows]).order_by("pk")}
    for row in rows:
        row.contract_line = lines[row.contract_line_id]
        row.contract_line.issued_qty += row.qty
    before, (issue.net, legs) = {row.pk: row.net for row in rows}, (_net(rows), [])
    for row in rows:
        bound = 0 if row.batch else issue.sub_id
        legs += [money.Leg("cost", row.cost, issue.sub_id), money.Leg("inventory", -row.cost, bound)]
    IssueLine.objects.bulk_update([row for row in rows if row.net != before[row.pk]], ["net"])
    ContractLine.objects.bulk_update(lines.values(), ["issued_qty"])
    money.post(actor, "delivery", issue, [money.Leg("delivered", issue.net, issue.sub_id),
                                          money.Leg("revenue", -issue.net, issue.sub_id)])
    money.post(actor, "cost", issue, legs)


@action(Issue, _("Reject"), sources=("out",), target="rejected", roles=FINANCE, style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("What is wrong"))})
def reject(actor, issue, *, reason):
    """Finance does not accept the issue: the goods go back into their bins at the same value."""
    customer = ledger.virtual("customer")
    rows = issue.lines.select_related("product", "bin__location").order_by("product_id", "id")
    ledger.move(actor, "issue_back", issue, [ledger.Move(
        row.product, row.qty, customer, row.bin.location, 0 if row.batch else issue.sub_id, row.cost) for row in rows])
    tell({issue.owner_id, issue.sub.owner_id}, Message("Issue rejected by finance: %(n)s") % {"n": issue.number}, issue)
