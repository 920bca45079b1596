"""Screens of purchasing and arrivals (STK-02 to STK-04, STK-08, STK-09, FIN-05)."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab

from ..models.arrival import Arrival, ArrivalLine, ArrivalPackage, Kitting
from ..models.batch import BatchReceipt, BatchReceiptLine
from ..models.claim import FactoryClaim
from ..models.purchase import WAITED_FOR, PurchaseLine, PurchaseOrder

STOCK = "storekeeper purchaser general_manager"
FINANCE = "accountant finance_manager"
SALES = "region_director store_manager guide designer dispatcher"
LINES = ["product", "contract_line", "qty", "received_qty", "price"]
CLAIMED = ["number", "kind", "label", "packages", "claimed", "accepted", "state"]
CUSTOMER = Column("customer", _("customer"), "link", value="sub__contract__customer")
GOODS = Column("module", _("contract module"), "text", value="sub__module")


def lateness(order):
    return [{"label": __("%(n)s days late") % {"n": order.days_late}, "color": "red"}] if order.days_late else []


class Purchases(Register):
    """Purchase orders of released sub-contracts, one per factory."""

    model, label, due = PurchaseOrder, _("Purchase orders"), "promised_on"
    code, module, icon, position = "STK-02", "stock", "shopping-cart", 20
    roles, exporters = f"{STOCK} {FINANCE} {SALES}", "purchaser finance_manager"
    columns = ["number", "supplier", "sub", CUSTOMER, "factory_number", "amount", "placed_on", "promised_on", "state"]
    filters = ["state", "supplier", "kind", "promised_on"]
    sections = [(_("Purchase"), ["supplier", "kind", "sub", CUSTOMER, "factory_number", "placed_on", "promised_on", "arrived_on",
                                 "chased", "next_chase", "amount", "remark"])]
    tabs = [Tab("lines", _("Goods"), PurchaseLine, "purchase", LINES),
            Tab("arrivals", _("Arrivals"), Arrival, "purchase", ["number", "arrived_on", "amount", "damage", "state"]),
            Tab("claims", _("Claims"), FactoryClaim, "arrival__purchase", CLAIMED, filled=True)]
    search_hint = _("Number, factory number, order or supplier")
    board = True

    @classmethod
    def flags(cls, actor, obj):
        return lateness(obj)


class PurchaseTracking(Register):
    """What is still on its way, the latest first."""

    model, main, slug = PurchaseOrder, False, "purchase-tracking"
    label = _("Purchase tracking")
    code, module, icon, position = "STK-03", "stock", "truck-loading", 30
    roles, limit, order = f"{STOCK} {SALES}", {"state__in": WAITED_FOR}, "promised_on"
    columns = ["number", "supplier", "sub", CUSTOMER, "promised_on", Column("late", _("days late"), "number", value="days_late"),
               "chased", "next_chase", "state"]
    filters = ["supplier", "promised_on", "next_chase"]
    sections, tabs = Purchases.sections, Purchases.tabs
    flags = Purchases.flags


class BatchPurchases(Register):
    """Purchases for batch stock."""

    model, main, slug = PurchaseOrder, False, "batch-purchase"
    label = _("Batch purchases")
    code, module, icon, position = "STK-08", "stock", "shopping-cart-plus", 80
    roles, limit = f"{STOCK} {FINANCE}", {"kind": "batch"}
    columns = ["number", "supplier", "amount", "placed_on", "promised_on", "state"]
    filters, sections, tabs = ["state", "supplier"], Purchases.sections, Purchases.tabs


class Arrivals(Register):
    model, label = Arrival, _("Arrivals")
    code, module, icon, position = "STK-04", "stock", "package-import", 40
    roles, exporters = f"{STOCK} {FINANCE} dispatcher", "purchaser finance_manager"
    columns = ["number", "purchase", Column("supplier", _("supplier"), "link", value="purchase__supplier"),
               Column("sub", _("sub-contract"), "link", value="purchase__sub"), "arrived_on", "packages_received", "damage",
               "amount", "state"]
    filters = ["state", "arrived_on"]
    sections = [(_("Arrival"), ["purchase", "arrived_on", "packages_expected", "packages_received", "damage", "amount",
                                "adjustment", "remark"])]
    tabs = [Tab("lines", _("Goods"), ArrivalLine, "arrival", ["product", "bin", "qty", "value"]),
            Tab("packages", _("Packages"), ArrivalPackage, "arrival", ["label", "package_name", "expected", "received", "damaged",
                Column("counts", _("counts for kitting"), "bool", value="package_name__counts_for_kitting"),
                Column("critical", _("installation cannot do without"), "bool", value="package_name__install_critical")], filled=True),
            Tab("claims", _("Claims"), FactoryClaim, "arrival", CLAIMED, filled=True)]

    @classmethod
    def notices(cls, actor, obj):
        unknown = list(dict.fromkeys(obj.packages.filter(package_name=None).order_by("id").values_list("label", flat=True)))
        if not unknown:
            return []
        text = __("Labels that the house does not know: %(labels)s. Until somebody names them, the order waits for them.") % {
            "labels": "、".join(unknown[:12])}
        may = actor.can("catalog.packagename.edit")
        return [{"tone": "warning", "text": text, "url": cls.url("act", obj.pk, verb="name_label") if may else ""}]


class ReceiptReview(Register):
    """Purchase receipts finance has to review."""

    model, main, slug = Arrival, False, "arrival-finance"
    label = _("Purchase receipt review")
    code, module, icon, position = "FIN-05", "finance", "clipboard-check", 50
    roles, limit = FINANCE, {"state__in": ("received", "disputed")}
    columns, sections, tabs, filters = Arrivals.columns, Arrivals.sections, Arrivals.tabs, ["arrived_on"]
    notices = Arrivals.notices

    @classmethod
    def figures(cls, actor, obj):
        return [{"label": _("Goods at agreed prices"), "text": money_text(obj.amount)}] if actor.sees("cost") else []


class FactoryClaims(Register):
    """What came short, damaged or too much, and what the factory bears of it."""

    model, label = FactoryClaim, _("Factory claims")
    code, module, icon, position = "STK-04", "stock", "receipt-refund", 42
    roles, exporters = f"{STOCK} {FINANCE}", "purchaser finance_manager"
    columns = ["number", "supplier", "kind", "label", "packages", "state", "package_name", "claimed", "accepted", "remedy",
               Column("purchase", _("purchase order"), "link", value="arrival__purchase"), "created_at"]
    filters = ["state", "supplier", "kind", "critical", "created_at"]
    sections = [(_("Exception"), ["supplier", "arrival", Column("sub", _("sub-contract"), "link", value="arrival__purchase__sub"), "kind", "label",
                                  "package_name", "packages", "holds", "critical"]),
                (_("Claim on the factory"), ["claimed", "accepted", "remedy", "answered_on", "settled_on", "owner", "remark"])]
    search_hint = _("Number, arrival, supplier or label")


class BatchReceipts(Register):
    model, label = BatchReceipt, _("Batch receipts")
    code, module, icon, position = "STK-09", "stock", "package", 90
    roles = f"{STOCK} {FINANCE}"
    columns = ["number", "kind", "supplier", "amount", "state", "created_at"]
    filters = ["state", "kind", "supplier"]
    sections = [(_("Receipt"), ["kind", "supplier", "amount", "remark"])]
    tabs = [Tab("lines", _("Goods"), BatchReceiptLine, "receipt", ["product", "bin", "qty", "price", "value"])]


class Kittings(Register):
    """How complete the goods of every order are."""

    model, label = Kitting, _("Goods of orders")
    code, module, icon, position = "STK-12", "stock", "packages", 120
    roles = f"{STOCK} {SALES} service_head"
    columns = [Column("sub", _("sub-contract"), "link", link=True), CUSTOMER, GOODS, "state", "told_at",
               Column("progress", _("sub-contract state"), "text", value=lambda k: k.sub.get_state_display())]
    filters = ["state"]
    with_related = ("sub__contract__customer",)


Pending(PurchaseOrder, ("draft", "reviewed"), "stock.purchaseorder.place", _("Purchases to place"), tone="orange", order=30)
Pending(PurchaseOrder, WAITED_FOR, "stock.purchaseorder.receive", _("Goods on their way"), order=40)
Pending(Arrival, ("received", "disputed"), "stock.arrival.review", _("Purchase receipts to review"), tone="orange", order=30)
Pending(FactoryClaim, ("open",), "stock.factoryclaim.accept", _("Claims without an answer"), tone="orange", order=45)
Pending(BatchReceipt, ("received",), "stock.batchreceipt.review", _("Batch receipts to review"), order=50)
