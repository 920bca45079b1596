"""Batch goods: receipts, transfers, counts (STK-09, STK-14, STK-15, FIN-05, FIN-06)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product, Supplier
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.ledger.actions import goods as ledger
from yiwei.ledger.actions import money
from yiwei.ledger.models.goods import StockBalance
from yiwei.orders.models.contract import SubContract

from ..models.batch import BatchReceipt, BatchReceiptLine, Transfer, TransferLine
from ..models.warehouse import Bin

FINANCE = "accountant finance_manager"
KEEPER = "storekeeper"


def quantity(**more):
    return forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), max_digits=14, decimal_places=3, **more)


@action(BatchReceipt, _("Receive batch goods"), creates=True, roles="storekeeper purchaser", icon="package-import",
        style="primary", quick=True, done=_("Received; finance reviews it."), fields=lambda actor, obj=None: {
            "kind": forms.ChoiceField(label=_("Kind"), choices=BatchReceipt._meta.get_field("kind").choices,
                                      initial="purchase", required=False),
            "supplier": Pick(Supplier, label=_("Supplier"), required=False),
            "remark": forms.CharField(label=_("Remark"), required=False),
            "lines": Lines({"product": Pick(Product, label=_("Product")), "bin": Pick(Bin, label=_("Bin")),
                            "qty": quantity(),
                            "price": forms.DecimalField(label=_("Price"), required=False, min_value=0, max_digits=14,
                                                        decimal_places=2)}, label=_("Goods"), minimum=1)})
def create(actor, *, kind, supplier, remark, lines):
    """Goods bound to no order enter their bins; the moving average follows at once."""
    kind = kind or "purchase"
    if kind == "purchase" and supplier is None:
        raise Invalid({"supplier": [__("This field is required.")]})
    receipt = BatchReceipt.start(actor, kind=kind, supplier=supplier, remark=remark)
    rows = []
    for row in lines:
        price = row["product"].dealer_price if row["price"] is None else row["price"]
        rows.append(BatchReceiptLine(receipt=receipt, product=row["product"], bin=row["bin"], qty=row["qty"], price=price,
                                     value=round2(price * row["qty"]), created_by_id=actor.id))
    BatchReceiptLine.objects.bulk_create(rows)
    source = ledger.virtual("opening" if kind == "opening" else "supplier")
    ledger.move(actor, "batch_receipt", receipt,
                [ledger.Move(r.product, r.qty, source, r.bin.location, 0, r.value) for r in rows])
    receipt.amount = sum((r.value for r in rows), ZERO)
    receipt.save()
    return receipt


@action(BatchReceipt, _("Review"), approves=True, sources=("received", "disputed"), target="reviewed", roles=FINANCE, bulk=True,
        style="success", icon="check", done=_("Reviewed."))
def review(actor, receipt):
    """The value stands in the money ledger: owed to the supplier, or opening stock."""
    other = (money.Leg("payable", -receipt.amount, party=money.party(receipt.supplier)) if receipt.kind == "purchase"
             else money.Leg("opening", -receipt.amount))
    money.post(actor, "batch_receipt", receipt, [money.Leg("inventory", receipt.amount), other])


@action(BatchReceipt, _("Dispute"), sources=("received",), target="disputed", roles=FINANCE, style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("What is wrong"))})
def dispute(actor, receipt, *, reason):
    """Bill and goods do not agree."""


@action(Transfer, _("New transfer"), creates=True, roles="storekeeper purchaser store_manager", icon="arrows-transfer-up",
        style="primary", fields=lambda actor, obj=None: {
            "from_bin": Pick(Bin, label=_("From bin")), "to_bin": Pick(Bin, label=_("To bin")),
            "needed_on": forms.DateField(label=_("Needed by"), required=False),
            "remark": forms.CharField(label=_("Remark"), required=False),
            "lines": Lines({"product": Pick(Product, label=_("Product")),
                            "sub": Pick(SubContract, label=_("Sub-contract"), required=False), "qty": quantity()},
                           label=_("Goods"), minimum=1)}, verb="create")
def request(actor, *, from_bin, to_bin, needed_on, remark, lines):
    """Ask for goods to be moved from one bin to another."""
    if from_bin.pk == to_bin.pk:
        raise Invalid({"to_bin": [__("Choose another bin.")]})
    made = Transfer.start(actor, from_bin=from_bin, to_bin=to_bin, needed_on=needed_on, remark=remark)
    TransferLine.objects.bulk_create([
        TransferLine(transfer=made, product=ln["product"], sub_key=ln["sub"].pk if ln["sub"] else 0, qty=ln["qty"],
                     created_by_id=actor.id) for ln in lines])
    return made


def _move(actor, transfer, kind, source, target):
    ledger.move(actor, kind, transfer, [
        ledger.Move(ln.product, ln.qty, source, target, ln.sub_key) for ln in transfer.lines.select_related("product")])


@action(Transfer, _("Send off"), sources=("requested",), target="transit", roles=KEEPER, icon="truck", style="primary")
def send(actor, transfer):
    """The goods leave the bin and are in transit; cost-neutral."""
    _move(actor, transfer, "transfer_out", transfer.from_bin.location, ledger.location("(transit)", "transit"))


@action(Transfer, _("Put away"), verb="put_away", sources=("transit",), target="in", roles="storekeeper store_manager",
        icon="package", style="success")
def arrive(actor, transfer):
    """The goods lie in the other bin."""
    _move(actor, transfer, "transfer_in", ledger.location("(transit)", "transit"), transfer.to_bin.location)


@action(Transfer, _("Cancel"), sources=("requested",), target="cancelled", roles="storekeeper purchaser", icon="ban",
        style="danger")
def cancel(actor, transfer):
    """The transfer is not needed."""


def on_book(place, product, sub_key=0):
    """What the ledger says lies in a bin."""
    row = StockBalance.objects.filter(location_id=place.location_id, product=product, sub_id=sub_key).first()
    return row.qty if row else Decimal(0)


