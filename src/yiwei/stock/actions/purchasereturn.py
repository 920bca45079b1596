"""Sending goods back to the supplier: asked, approved, shipped, credited (STK-10, FIN-05)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Supplier
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.money import ZERO, money_text, round2
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.dual_control import by_another
from yiwei.ledger.actions import goods as ledger
from yiwei.ledger.actions import money

from ..models.arrival import ArrivalLine
from ..models.batch import BatchReceiptLine
from ..models.purchasereturn import PurchaseReturn, PurchaseReturnLine
from ..models.warehouse import Bin
from .batch import FINANCE, KEEPER, quantity


@action(PurchaseReturn, _("New purchase return"), creates=True, roles="purchaser", icon="truck-return", style="primary",
        done=_("Written down; it waits for approval."), fields=lambda actor, obj=None: {
            "supplier": Pick(Supplier, label=_("Supplier")),
            "reason": forms.CharField(label=_("Reason"), max_length=200),
            "freight_payer": forms.ChoiceField(label=_("Freight paid by"), required=False, initial="supplier",
                                               choices=PurchaseReturn._meta.get_field("freight_payer").choices),
            "remark": forms.CharField(label=_("Remark"), required=False),
            "lines": Lines({"batch_line": Pick(BatchReceiptLine, label=_("Batch receipt line"), required=False,
                                               within={"receipt__supplier": "supplier"}),
                            "arrival_line": Pick(ArrivalLine, label=_("Arrival line"), required=False,
                                                 within={"arrival__purchase__supplier": "supplier"}),
                            "bin": Pick(Bin, label=_("From bin")), "qty": quantity()}, label=_("Goods"), minimum=1)})
def create(actor, *, supplier, reason, freight_payer, remark, lines):
    """Ask to send back what a supplier delivered, at the price he billed; never more than came and was not sent back."""
    made = PurchaseReturn.start(actor, supplier=supplier, reason=reason, freight_payer=freight_payer or "supplier", remark=remark)
    rows = []
    for index, wanted in enumerate(lines):
        row = _line(index, wanted, supplier)
        row.document, row.created_by_id = made, actor.id
        rows.append(row)
    PurchaseReturnLine.objects.bulk_create(rows)
    made.amount = sum((r.value for r in rows), ZERO)
    made.save()
    return made


def _line(index, wanted, supplier):
    """A line of the return with product, price and value of the line that came in; that one is locked and counts up."""
    if (wanted["batch_line"] is None) == (wanted["arrival_line"] is None):
        raise Invalid({f"lines.{index}.batch_line": [__("Name the line of a batch receipt or of an arrival.")]})
    batch = wanted["batch_line"] is not None
    model, origin = (BatchReceiptLine, wanted["batch_line"]) if batch else (ArrivalLine, wanted["arrival_line"])
    came = model.objects.select_for_update(of=("self",)).select_related(
        "product", "receipt" if batch else "arrival__purchase").get(pk=origin.pk)
    who = came.receipt.supplier_id if batch else came.arrival.purchase.supplier_id
    if who != supplier.pk:
        raise Invalid({f"lines.{index}.{'batch_line' if batch else 'arrival_line'}": [__("This came from another supplier.")]})
    left = came.qty - came.returned_qty
    if wanted["qty"] > left:
        raise Invalid({f"lines.{index}.qty": [__("More than came: %(n)s can go back.") % {"n": f"{left.normalize():f}"}]})
    value = _value(came, wanted["qty"])
    came.returned_qty += wanted["qty"]
    came.save()
    return PurchaseReturnLine(
        batch_line=came if batch else None, arrival_line=None if batch else came, product=came.product, bin=wanted["bin"],
        sub_key=0 if batch else came.arrival.purchase.sub_key, qty=wanted["qty"], price=round2(came.value / came.qty), value=value)


def _value(came, qty):
    """The part of what was billed that goes back; the last piece takes the remainder."""
    gone = round2(came.value * came.returned_qty / came.qty)
    return round2(came.value * (came.returned_qty + qty) / came.qty) - gone


@action(PurchaseReturn, _("Approve"), sources=("draft",), target="approved", roles="general_manager finance_manager", bulk=True,
        style="success", icon="check", done=_("Approved."))
def approve(actor, document):
    """The goods may go back."""
    by_another(actor, document, __("Nobody approves what he asked for himself."))


@action(PurchaseReturn, _("Ship back"), sources=("approved",), target="shipped", roles=KEEPER, style="primary", icon="truck",
        done=_("On the way back."))
def ship(actor, document):
    """The goods leave at the price they were billed at; until the supplier credits them they are a claim on him."""
    supplier = ledger.virtual("supplier")
    lines = list(document.lines.select_related("product", "bin__location").order_by("product_id", "id"))
    ledger.move(actor, "purchase_return", document, [
        ledger.Move(ln.product, ln.qty, ln.bin.location, supplier, ln.sub_key, ln.value) for ln in lines])
    money.post(actor, "purchase_return", document, [
        *(money.Leg("inventory", -ln.value, ln.sub_key) for ln in lines),
        money.Leg("claims", document.amount, party=money.party(document.supplier))])


@action(PurchaseReturn, _("Credit"), sources=("shipped",), target="credited", roles=FINANCE, style="success", icon="receipt-refund",
        initial=lambda actor, document: {"credited": document.amount} if actor.sees("cost") else {}, done=_("The payable is lower now."),
        facts=lambda actor, document, data: _loss(document, data["credited"]), figures={"loss": _("Loss")}, fields={
            "credited": forms.DecimalField(label=_("Credited by the supplier"), min_value=0, max_digits=14, decimal_places=2),
            "note": forms.CharField(label=_("Credit note or reason"), max_length=200)})
def credit(actor, document, *, credited, note):
    """What the supplier credits lowers what we owe him; what he keeps back is our loss."""
    if credited > document.amount:
        raise Invalid({"credited": [__("At most %(a)s was sent back.") % {"a": money_text(document.amount)}]})
    document.credited = credited
    who = money.party(document.supplier)
    money.post(actor, "purchase_credit", document, [
        money.Leg("payable", credited, party=who), money.Leg("claims", -document.amount, party=who),
        money.Leg("variance", document.amount - credited)])


def _loss(document, credited):
    """The loss that an approval flow looks at; none where everything is credited."""
    loss = document.amount - (credited or ZERO)
    return {"loss": loss} if loss > 0 else None


@action(PurchaseReturn, _("Cancel"), sources=("draft", "approved"), target="cancelled", roles="purchaser", style="danger", icon="ban")
def cancel(actor, document):
    """The goods stay; the lines they came with may be sent back again."""
    for line in document.lines.select_related("batch_line", "arrival_line"):
        came = line.batch_line or line.arrival_line
        came = type(came).objects.select_for_update(of=("self",)).get(pk=came.pk)
        came.returned_qty = max(Decimal(0), came.returned_qty - line.qty)
        came.save()
