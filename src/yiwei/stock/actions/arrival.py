"""Receiving purchased goods, kitting, and finance's review (STK-04, FIN-05)."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.base.money import ZERO, money_text, round2
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.ledger.actions import goods as ledger
from yiwei.ledger.actions import money
from yiwei.stock.rules import packing

from ..models.arrival import Arrival, ArrivalLine
from ..models.purchase import WAITED_FOR, PurchaseLine, PurchaseOrder
from ..models.warehouse import Bin
from .claim import raise_claims, raise_unlabelled
from .kitting import kit

FINANCE = "accountant finance_manager"
SMALL = Decimal(50)


def _receive_fields(actor, order=None):
    return {
        "lines": Lines({"line": Pick(PurchaseLine, label=_("Purchase line"), limit={"purchase": order} if order else {}),
                        "qty": forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), max_digits=14,
                                                  decimal_places=3),
                        "bin": Pick(Bin, label=_("Bin"), related=("location",))}, label=_("Goods"), minimum=1),
        "packages": Lines({"label": forms.CharField(label=_("Label"), max_length=80),
                           **{name: forms.IntegerField(label=label, min_value=0, max_value=9999, required=False) for name, label in (
                               ("expected", _("Expected")), ("received", _("Counted")), ("damaged", _("Of these damaged")))}},
                          label=_("Packages"), required=False, help_text=_("Type or scan the labels, or paste the factory's packing list.")),
        "packages_expected": forms.IntegerField(label=_("Packages expected"), min_value=0, required=False),
        "packages_received": forms.IntegerField(label=_("Packages received"), min_value=0, required=False),
        "damage": forms.CharField(label=_("Damage or shortage"), max_length=300, required=False),
        "photo": forms.FileField(label=_("Photo"), required=False),
    }


def _receive_now(actor, order):
    bins = Bin.objects.filter(active=True).order_by("id")
    place = bins.filter(warehouse__is_default=True, warehouse__outlet=order.outlet_id).first() or bins.filter(warehouse__kind="main").first()
    rows = order.lines.select_related("product").order_by("id")
    return {"lines": [{"line": ln, "qty": ln.open_qty, "bin": place} for ln in rows if ln.open_qty > 0], "packages": packing.expected(order)}


@action(PurchaseOrder, _("Receive"), sources=WAITED_FOR, roles="storekeeper", icon="package-import", style="success",
        fields=_receive_fields, initial=_receive_now, done=_("Received and put away."))
def receive(actor, order, *, lines, packages=(), packages_expected=0, packages_received=0, damage="", photo=None):
    """Count goods and packages. The goods are bound to the order they were bought for, exceptions become claims, kitting follows at once."""
    counted, open_ = _counted(order, lines)
    if packages:
        _sane(packages)
        packages_expected, packages_received = (sum(p[n] or 0 for p in packages) for n in ("expected", "received"))
    arrival = Arrival.start(
        actor, purchase=order, outlet_id=order.outlet_id, packages_expected=packages_expected or 0,
        packages_received=packages_received or 0, damage=damage, amount=sum((value for _r, value in counted), ZERO))
    ArrivalLine.objects.bulk_create([
        ArrivalLine(arrival=arrival, purchase_line=row["line"], product=row["line"].product, bin=row["bin"],
                    qty=row["qty"], value=value, created_by_id=actor.id) for row, value in counted])
    supplier = ledger.virtual("supplier")
    ledger.move(actor, "arrival", arrival, [
        ledger.Move(row["line"].product, row["qty"], supplier, row["bin"].location, order.sub_key, value)
        for row, value in counted])
    if photo:
        attach(actor, arrival, photo, slot="photo")
    log(actor, arrival, "drafted", text=order.number, to_state=arrival.state)
    order.state = "partly" if open_ else "arrived"
    order.arrived_on = timezone.localdate() if order.state == "arrived" else None
    if packages:
        raise_claims(actor, arrival, packages, [(row["line"], row["qty"]) for row, _value in counted], last=not open_)
    else:
        raise_unlabelled(actor, arrival)
    if damage or (not packages and (packages_expected or 0) > (packages_received or 0)):
        tell({order.owner_id}, Message("Exception at arrival of %(n)s: %(d)s") % {
            "n": order.number, "d": damage or Message("packages missing")}, arrival)
    if order.sub is not None:
        kit(actor, order.sub)


def _sane(packages):
    wrong = {f"packages.{n}.damaged": [__("More damaged than received.")] for n, p in enumerate(packages)
             if (p["damaged"] or 0) > (p["received"] or 0)}
    if wrong:
        raise Invalid({"packages": [__("Some lines need correction.")], **wrong})


def _counted(order, rows):
    """([(row, value)], whether anything stays open): the purchase lines take up what has come, never more than ordered."""
    lines = {ln.pk: ln for ln in order.lines.select_for_update(of=("self",)).select_related("product").order_by("pk")}
    out = []
    for row in rows:
        line = row["line"] = lines[row["line"].pk]
        if row["qty"] > line.open_qty:
            raise Invalid({"lines": [__("More than ordered: %(p)s, %(n)s open.") % {
                "p": line.product, "n": f"{line.open_qty.normalize():f}"}]})
        line.received_qty += row["qty"]
        before = round2(line.price * (line.received_qty - row["qty"]))
        out.append((row, round2(line.price * line.received_qty) - before))
    PurchaseLine.objects.bulk_update({row["line"] for row, _value in out}, ["received_qty"])
    return out, any(ln.open_qty > 0 for ln in lines.values())


def _within_tolerance(actor, arrival, data):
    limit = max(SMALL, round2(arrival.amount * Decimal("0.005")))
    extra = data.get("adjustment") or ZERO
    if abs(extra) > limit:
        raise Refused(__("The factory's bill differs by %(a)s, at most %(b)s is possible. Dispute it.") % {
            "a": money_text(extra), "b": money_text(limit)})


@action(Arrival, _("Review"), approves=True, sources=("received", "disputed"), target="reviewed", roles=FINANCE, bulk=True,
        style="success", icon="check", check=_within_tolerance, done=_("Reviewed; the payable stands."),
        fields={"adjustment": forms.DecimalField(label=_("Additions and deductions"), required=False, decimal_places=2,
                                                 max_digits=14),
                "note": forms.CharField(label=_("Note"), required=False)})
def review(actor, arrival, *, adjustment, note):
    """Received × agreed price ± additions and deductions becomes the supplier's payable."""
    arrival.adjustment = adjustment or ZERO
    order = arrival.purchase
    owed = arrival.amount + arrival.adjustment
    money.post(actor, "purchase", arrival, [
        money.Leg("inventory", arrival.amount, order.sub_key), money.Leg("variance", arrival.adjustment, order.sub_key),
        money.Leg("payable", -owed, party=money.party(order.supplier))])


@action(Arrival, _("Dispute"), sources=("received",), target="disputed", roles=FINANCE, style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("What is wrong"))})
def dispute(actor, arrival, *, reason):
    """Bill and goods do not agree; the purchaser clears it with the factory."""
    tell({arrival.purchase.owner_id}, Message("Arrival disputed: %(n)s") % {"n": arrival.number}, arrival)
