"""Screens of batch issues, purchase returns and conversions (STK-06, STK-10, STK-13)."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.screens.home import Pending
from yiwei.kernel.screens.registers.register import Register, Tab

from ..models.conversion import StockConversion
from ..models.giveout import BatchIssue, BatchIssueLine
from ..models.purchasereturn import PurchaseReturn, PurchaseReturnLine
from .stock import FINANCE, STOCK


class BatchIssues(Register):
    """Batch goods given out without an order."""

    model, label = BatchIssue, _("Batch issues")
    code, module, icon, position = "STK-06", "stock", "package-export", 60
    roles, exporters = f"{STOCK} {FINANCE} region_director store_manager", "finance_manager storekeeper"
    columns = ["number", "purpose", "given_to", "net", "cost", "return_by", "created_at", "state"]
    filters = ["state", "purpose", "outlet", "created_at"]
    sections = [(_("Batch issue"), ["purpose", "given_to", "buyer", "return_by", "net", "cost", "remark"])]
    tabs = [Tab("lines", _("Goods"), BatchIssueLine, "issue", ["product", "bin", "qty", "price", "cost"])]


class BatchIssueReview(Register):
    """Batch issues finance has to book."""

    model, main, slug = BatchIssue, False, "batch-issue-finance"
    label = _("Batch issue review")
    code, module, icon, position = "FIN-04", "finance", "clipboard-check", 45
    roles, limit = FINANCE, {"state": "out"}
    columns, sections, tabs, filters = BatchIssues.columns, BatchIssues.sections, BatchIssues.tabs, ["purpose", "outlet"]


class PurchaseReturns(Register):
    """Goods on their way back to suppliers."""

    model, label = PurchaseReturn, _("Purchase returns")
    code, module, icon, position = "STK-10", "stock", "truck-return", 100
    roles, exporters = f"{STOCK} {FINANCE}", "finance_manager purchaser"
    columns = ["number", "supplier", "reason", "amount", "credited", "created_at", "state"]
    filters = ["state", "supplier", "created_at"]
    sections = [(_("Purchase return"), ["supplier", "reason", "freight_payer", "amount", "credited", "remark"])]
    tabs = [Tab("lines", _("Goods"), PurchaseReturnLine, "document", ["product", "bin", "qty", "price", "value"])]


class PurchaseReturnReview(Register):
    """Purchase returns the supplier has to credit."""

    model, main, slug = PurchaseReturn, False, "purchase-return-finance"
    label = _("Purchase return review")
    code, module, icon, position = "FIN-05", "finance", "clipboard-check", 55
    roles, limit = FINANCE, {"state": "shipped"}
    columns, sections, tabs = PurchaseReturns.columns, PurchaseReturns.sections, PurchaseReturns.tabs
    filters = ["supplier"]


class StockConversions(Register):
    """Goods that change whom they are kept for."""

    model, label = StockConversion, _("Stock conversions")
    code, module, icon, position = "STK-13", "stock", "transform", 130
    roles, exporters = f"{STOCK} {FINANCE}", "finance_manager purchaser"
    columns = ["number", "direction", "sub", "product", "bin", "qty", "value", "write_down", "state"]
    filters = ["state", "direction", "created_at"]
    sections = [(_("Stock conversion"), ["direction", "sub", "product", "bin", "qty", "reason", "write_down", "value", "remark"])]


Pending(BatchIssue, ("draft",), "stock.batchissue.approve", _("Batch issues to approve"), order=40)
Pending(BatchIssue, ("approved",), "stock.batchissue.hand_out", _("Batch issues to hand out"), order=40)
Pending(BatchIssue, ("out",), "stock.batchissue.book", _("Batch issues to book"), order=45)
Pending(PurchaseReturn, ("draft",), "stock.purchasereturn.approve", _("Purchase returns to approve"), order=45)
Pending(PurchaseReturn, ("approved",), "stock.purchasereturn.ship", _("Purchase returns to ship"), order=45)
Pending(PurchaseReturn, ("shipped",), "stock.purchasereturn.credit", _("Purchase returns to credit"), order=50)
Pending(StockConversion, ("requested",), "stock.stockconversion.approve", _("Stock conversions to decide on"), order=50)
