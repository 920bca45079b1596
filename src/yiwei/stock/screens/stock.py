"""Screens of warehouses, stock, issues, returns, counts and transfers (STK, FIN-04, FIN-06)."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.ledger.models.goods import StockBalance
from yiwei.orders.rules import figures

from ..models.batch import Count, CountLine, Transfer, TransferLine
from ..models.issue import Issue, IssueLine, IssueReturn, IssueReturnLine
from ..models.warehouse import Bin, Warehouse

STOCK = "storekeeper purchaser general_manager"
FINANCE = "accountant finance_manager"
READERS = f"{STOCK} {FINANCE} dispatcher region_director store_manager guide"
CUSTOMER = Column("customer", _("customer"), "link", value="sub__contract__customer")
GOODS = Column("module", _("contract module"), "text", value="sub__module")
HANDED = Column("handed_at", _("handed out"), "datetime", sort="handed_at")


class Warehouses(Register):
    model, label = Warehouse, _("Warehouses")
    code, module, icon, position = "STK-01", "stock", "building-warehouse", 200
    roles, editors = READERS, STOCK
    columns = ["name", "code", "kind", "outlet", "is_default", "keeper", "active"]
    filters = ["outlet", "kind", "active"]
    form = ["code", "name", "kind", "outlet", "is_default", "keeper", "address"]
    tabs = [Tab("bins", _("Bins"), Bin, "warehouse", ["code", "zone", "active"], order="code")]

    @classmethod
    def check(cls, actor, obj, data):
        if not data["is_default"]:
            return
        if data["outlet"] is None:
            raise Invalid({"outlet": [__("Which outlet is it the default of?")]})
        other = Warehouse.objects.filter(outlet=data["outlet"], is_default=True).exclude(pk=obj.pk if obj else None).first()
        if other is not None:
            raise Invalid({"is_default": [__("%(name)s is the default of this outlet.") % {"name": other.name}]})


class Bins(Register):
    model, label = Bin, _("Bins")
    code, module, icon, position = "STK-01", "stock", "grid-dots", 210
    roles = READERS
    columns = ["code", "warehouse", "zone", "active"]
    filters = ["warehouse", "active"]
    tabs = [Tab("goods", _("Goods"), StockBalance, "location", ["product", "sub_id", "qty"],
                query=lambda rows, place: rows.filter(location_id=place.location_id, qty__gt=0).order_by("product_id"))]


class Issues(Register):
    """Goods of orders leaving the warehouse."""

    model, label = Issue, _("Order issues")
    code, module, icon, position = "STK-05", "stock", "package-export", 50
    roles, exporters = f"{STOCK} {FINANCE} dispatcher region_director store_manager guide", "finance_manager storekeeper"
    columns = ["number", "sub", CUSTOMER, GOODS, "net", "cost", HANDED, "handed_to", "state"]
    filters = ["state", "outlet", "handed_at"]
    sections = [(_("Issue"), ["sub", CUSTOMER, GOODS, "net", "cost", "arrears", "promise_on", HANDED, "handed_to", "remark"])]
    tabs = [Tab("lines", _("Goods"), IssueLine, "issue", ["product", "bin", "qty", "batch", "net", "cost", "returned_qty"]),
            Tab("returns", _("Returns"), IssueReturn, "issue", ["number", "reason", "condition", "net", "state"])]

    @classmethod
    def figures(cls, actor, obj):
        f = figures.of([obj.sub])[obj.sub_id]
        return [{"label": _("Received"), "text": money_text(f.received)}, {"label": _("Unpaid"), "text": money_text(f.unpaid),
                 "tone": "red" if f.unpaid else "green"},
                {"label": _("Arrears after issue"), "text": money_text(obj.arrears), "tone": "red" if obj.arrears else ""}]


class IssueReview(Register):
    """Issues finance has to approve: delivered value and cost are booked then."""

    model, main, slug = Issue, False, "issue-finance"
    label = _("Order issue review")
    code, module, icon, position = "FIN-04", "finance", "clipboard-check", 40
    roles, limit = FINANCE, {"state": "out"}
    columns, sections, tabs, filters = Issues.columns, Issues.sections, Issues.tabs, ["outlet", "handed_at"]
    figures = Issues.figures


class IssueReturns(Register):
    model, label = IssueReturn, _("Issue returns")
    code, module, icon, position = "STK-07", "stock", "arrow-back-up", 70
    roles = f"{STOCK} {FINANCE}"
    columns = ["number", "issue", "reason", "condition", "net", "cost", "state"]
    filters = ["state"]
    sections = [(_("Return"), ["issue", "reason", "condition", "net", "cost", "remark"])]
    tabs = [Tab("lines", _("Goods"), IssueReturnLine, "document", ["issue_line", "bin", "qty", "net", "cost"])]


class Stock(Register):
    """What lies where: batch goods and goods bound to orders."""

    model, label = StockBalance, _("Stock")
    code, module, icon, position = "STK-11", "stock", "stack-2", 10
    roles, exporters = READERS, "storekeeper purchaser finance_manager"
    columns = [Column("product", _("product"), "link", link=True), Column("code", _("code"), "text", value="product__code"),
               "location", "qty", Column("bound", _("for an order"), "bool", value=lambda b: bool(b.sub_id))]
    filters = ["product", "location"]
    limit = {"virtual": False, "qty__gt": 0}


class Counts(Register):
    model, label = Count, _("Stock counts")
    code, module, icon, position = "STK-14", "stock", "clipboard-list", 140
    roles = f"{STOCK} {FINANCE}"
    columns = ["number", "warehouse", "counted_on", "difference_value", "state"]
    filters = ["state", "warehouse", "counted_on"]
    sections = [(_("Count"), ["warehouse", "counted_on", "difference_value", "remark"])]
    tabs = [Tab("lines", _("Counted"), CountLine, "count",
                ["bin", "product", "book", "counted", Column("difference", _("difference"), "number"), "value", "reason"])]


class CountReview(Register):
    """Differences finance has to decide on."""

    model, main, slug = Count, False, "count-finance"
    label = _("Stock count review")
    code, module, icon, position = "FIN-06", "finance", "clipboard-check", 60
    roles, limit = FINANCE, {"state": "submitted"}
    columns, sections, tabs, filters = Counts.columns, Counts.sections, Counts.tabs, ["warehouse"]


class Transfers(Register):
    model, label = Transfer, _("Transfers")
    code, module, icon, position = "STK-15", "stock", "arrows-transfer-up", 150
    roles = f"{STOCK} store_manager dispatcher"
    columns = ["number", "from_bin", "to_bin", "needed_on", "state", "created_at"]
    filters = ["state"]
    sections = [(_("Transfer"), ["from_bin", "to_bin", "needed_on", "remark"])]
    tabs = [Tab("lines", _("Goods"), TransferLine, "transfer", ["product", "qty"])]


Pending(Issue, ("waiting",), "stock.issue.pick", _("Issues to pick"), tone="orange", order=25)
Pending(Issue, ("picked",), "stock.issue.hand_over", _("Issues to hand over"), order=26)
Pending(Issue, ("out",), "stock.issue.approve", _("Issues to approve"), tone="orange", order=25)
Pending(IssueReturn, ("received",), "stock.issuereturn.approve", _("Returns to approve"), order=50)
Pending(Count, ("submitted",), "stock.count.approve", _("Counts to decide on"), order=50)
Pending(Transfer, ("requested",), "stock.transfer.send", _("Transfers to send"), order=60)
Pending(Transfer, ("transit",), "stock.transfer.put_away", _("Transfers to put away"), order=60)
