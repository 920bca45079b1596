"""How far each order has come: money, goods and days (RPT-10, RPT-15)."""

from django.db.models import Max, Min, OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.insight.rules import signed
from yiwei.kernel.base.money import ZERO, percent
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.ledger.actions.money import figures
from yiwei.orders.models.contract import ContractLine, SubContract
from yiwei.orders.screens.orders import Contracts, Subs
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet
from yiwei.service.models.care import Revisit
from yiwei.service.models.delivery import Delivery
from yiwei.service.models.install import InstallOrder
from yiwei.stock.models.purchase import PurchaseLine, PurchaseOrder

READERS = "general_manager region_director store_manager guide finance_manager accountant purchaser dispatcher"
FILTERS = [Filter("date", _("Signed"), "date_range"), Filter("outlet", _("Outlet"), "picker", model=Outlet),
           Filter("owner", _("Salesperson"), "picker", model=Employee)]
MANY = 500   # orders whose money is asked for in one statement


def one(rows, of, figure):
    """A figure of the rows that hang on the outer row by `of`."""
    return Subquery(rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(x=figure).values("x"))


class GoodsExecution(Report):
    """Sub-contract by sub-contract: what of it is paid, bought, arrived, delivered, installed, and how late it is."""

    slug, label, code, position = "goods-execution", _("Goods-contract execution"), "RPT-10", 100
    roles, basis = READERS, _("Contracts by the day of signing; quantities of goods in percent of the order, money from the ledger")
    filters = [*FILTERS, Filter("late", _("Late ones only"), "bool")]
    columns = [Column("number", _("Sub-contract"), "text"), Column("customer", _("Customer"), "text"), Column("outlet", _("Outlet"), "text"),
               Column("net", _("Net"), "money", total=True), Column("received", _("Received"), "money", total=True),
               Column("paid", _("Received %"), "number"),
               Column("purchased", _("Purchased %"), "number"), Column("arrived", _("Arrived %"), "number"),
               Column("issued", _("Delivered %"), "number"),
               Column("installed", _("Installed"), "date"), Column("promised", _("Delivery wanted"), "date"),
               Column("late", _("Days late"), "number"),
               Column("state", _("State"), "text")]

    def query(self, actor, params):
        first, last = self.period(params)
        lines, bought = ContractLine.objects.all(), PurchaseLine.objects.exclude(purchase__state="cancelled")
        rows = signed.subs(actor, params, first, last).annotate(
            qty=one(lines, "sub", Sum("qty")), stocked=one(lines.filter(from_stock=True), "sub", Sum("qty")),
            bought=one(lines, "sub", Sum("purchased_qty")), gone=one(lines, "sub", Sum("issued_qty")),
            came=one(bought, "contract_line__sub", Sum("received_qty")),
            done=one(InstallOrder.objects.exclude(completed_at=None), "sub", Max("completed_at")))
        rows = rows.select_related("contract__customer", "outlet").order_by("contract__signed_on", "id")
        block = []
        for sub in rows.iterator(chunk_size=MANY):
            block.append(sub)
            if len(block) == MANY:
                yield from self._rows(block, params)
                block = []
        yield from self._rows(block, params)

    def _rows(self, subs, params):
        money, today = figures([s.pk for s in subs]), timezone.localdate()
        for sub in subs:
            wanted = sub.contract.deliver_on
            end = timezone.localtime(sub.done).date() if sub.done else today
            late = max(0, (end - wanted).days) if wanted else 0
            if params.get("late") == "1" and not late:
                continue
            to_buy = (sub.qty or ZERO) - (sub.stocked or ZERO)
            got = money[sub.pk].received
            yield {"id": sub.pk, "number": sub.number, "customer": sub.contract.customer.name, "outlet": str(sub.outlet or ""),
                   "net": sub.net_amount, "received": got, "paid": percent(got, sub.net_amount, 1), "purchased": percent(sub.bought or 0, to_buy, 1),
                   "arrived": percent(sub.came or 0, to_buy, 1), "issued": percent(sub.gone or 0, sub.qty or 0, 1),
                   "installed": timezone.localtime(sub.done).date() if sub.done else None, "promised": wanted, "late": late,
                   "state": sub.get_state_display()}

    def drill(self, row):
        return Subs.url("detail", row["id"])


class CustomerProgress(Report):
    """One line a contract: the day of every milestone, and where it stands still for too long."""

    slug, label, code, position = "customer-progress", _("Customer progress overview"), "RPT-15", 150
    roles, basis = READERS, _("Contracts by the day of signing; each milestone by its own day, the last of several")
    filters = FILTERS
    columns = [Column("customer", _("Customer"), "text"), Column("house", _("House"), "text"), Column("owner", _("Salesperson"), "text"),
               Column("visited", _("First visit"), "date"), Column("signed", _("Signed"), "date"), Column("reviewed", _("Price-reviewed"), "date"),
               Column("released", _("Released"), "date"), Column("ordered", _("Ordered"), "date"), Column("arrived", _("Arrived"), "date"),
               Column("delivered", _("Delivered"), "date"), Column("installed", _("Installed"), "date"), Column("revisited", _("Revisited"), "date"),
               Column("days", _("Days since the last"), "number")]

    def query(self, actor, params):
        first, last = self.period(params)
        buys = PurchaseOrder.objects.exclude(state="cancelled")
        rows = signed.contracts(actor, params, first, last).annotate(
            reviewed=one(SubContract.objects.all(), "contract", Max("price_reviewed_on")),
            released=one(SubContract.objects.all(), "contract", Max("released_on")),
            ordered=one(buys, "sub__contract", Max("placed_on")), arrived=one(buys, "sub__contract", Max("arrived_on")),
            delivered=one(Delivery.objects.exclude(signed_at=None), "sub__contract", Max("signed_at")),
            installed=one(InstallOrder.objects.exclude(completed_at=None), "sub__contract", Max("completed_at")),
            revisited=one(Revisit.objects.filter(state__in=("done", "closed")), "sub__contract", Min("due_on")))
        today = timezone.localdate()
        for c in rows.select_related("customer", "house", "owner").order_by("signed_on", "id").iterator(chunk_size=1000):
            days = {"visited": c.customer.visited_on, "signed": c.signed_on, "reviewed": c.reviewed, "released": c.released, "ordered": c.ordered,
                    "arrived": c.arrived, "delivered": _day(c.delivered), "installed": _day(c.installed), "revisited": c.revisited}
            known = [d for d in days.values() if d]
            yield {"id": c.pk, "customer": c.customer.name, "house": str(c.house or ""), "owner": str(c.owner or ""), **days,
                   "days": (today - max(known)).days if c.state != "completed" and known else None}

    def drill(self, row):
        return Contracts.url("detail", row["id"])


def _day(moment):
    return timezone.localtime(moment).date() if moment else None
