"""What was owed, accrued and paid, by supplier; when what is owed falls due; what goes to the bank (FIN-13, FIN-15)."""

from datetime import timedelta

from django.db.models import Avg, Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Supplier
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.base.money import ZERO
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.ledger.models.money import MoneyPosting

from ..models.payable import Payable, PaymentLine, PaymentRequest
from ..screens.payables import Payables, PaymentRequests

READERS = "general_manager finance_manager accountant cashier purchaser"
SUPPLIER = Filter("supplier", _("Supplier"), "picker", model=Supplier)


class PayableWriteOffs(Report):
    """closing = opening + accrued − paid − credited, read from the ledger, so that it ties to it on any day."""

    slug, label, code, module, position = "payable-writeoffs", _("Payable write-off statistics"), "FIN-15", "finance", 150
    roles, basis = READERS, _("By booking day, from the money ledger; closing = opening + accrued − paid − credited")
    filters = [Filter("date", _("Day"), "date_range"), SUPPLIER]
    columns = [Column("supplier", _("Supplier"), "text"), Column("opening", _("Opening"), "money", total=True),
               Column("accrued", _("Accrued"), "money", total=True), Column("paid", _("Paid"), "money", total=True),
               Column("credited", _("Credited"), "money", total=True), Column("closing", _("Closing"), "money", total=True),
               Column("days", _("Days from due to paid"), "number")]

    def query(self, actor, params):
        first, last = self.period(params)
        before = Q(**lookups_of_days("entry__at", None, first - timedelta(days=1), stamped=True))
        within = Q(**lookups_of_days("entry__at", first, last, stamped=True))
        paid, credited = Q(entry__kind__startswith="payment"), Q(entry__kind="purchase_credit")
        rows = scope.rows(MoneyPosting, actor).filter(account="payable", party__startswith="catalog.supplier:")
        if id_of(params.get("supplier")):
            rows = rows.filter(party=f"catalog.supplier:{id_of(params['supplier'])}")
        rows = rows.order_by().values("party").annotate(
            before=Sum("amount", filter=before), came=Sum("amount", filter=within & ~paid & ~credited),
            went=Sum("amount", filter=within & paid), back=Sum("amount", filter=within & credited))
        names, late = dict(Supplier.objects.values_list("id", "name")), self._late(actor, first, last)
        for row in sorted(rows, key=lambda r: r["party"]):
            number = int(row["party"].rpartition(":")[2])
            opening, accrued = -(row["before"] or ZERO), -(row["came"] or ZERO)
            paid_, credit = row["went"] or ZERO, row["back"] or ZERO
            yield {"id": number, "supplier": names.get(number, "–"), "opening": opening, "accrued": accrued, "paid": paid_, "credited": credit,
                   "closing": opening + accrued - paid_ - credit, "days": late.get(number)}

    @staticmethod
    def _late(actor, first, last):
        """{supplier id: days from due to paid, on average over the bills paid in the period}."""
        rows = scope.rows(PaymentLine, actor).filter(request__state="paid", amount__gt=0, request__paid_on__range=(first, last))
        rows = rows.order_by().values("request__supplier_id").annotate(days=Avg(F("request__paid_on") - F("payable__due_on")))
        return {r["request__supplier_id"]: round(r["days"].total_seconds() / 86400, 1) for r in rows}

    def drill(self, row):
        return Payables.narrowed(supplier=row["id"])

    def chart(self, rows):
        """What is owed at the end, by supplier."""
        top = sorted(rows, key=lambda r: -r["closing"])[:20]
        return {"xAxis": {"type": "category", "data": [r["supplier"] for r in top]}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "data": [float(r["closing"]) for r in top]}]}


class PaymentCalendar(Report):
    """What falls due, week by week."""

    slug, label, code, module, position = "payment-calendar", _("Payment calendar"), "FIN-13", "finance", 134
    roles, basis = READERS, _("Open payables by the week in which they are due")
    filters = [SUPPLIER]
    columns = [Column("week", _("Week from"), "date"), Column("n", _("Bills"), "number", total=True),
               Column("amount", _("Due"), "money", total=True), Column("asked", _("In requests"), "money", total=True)]

    def query(self, actor, params):
        rows = scope.rows(Payable, actor).filter(state__in=("open", "partly"))
        if id_of(params.get("supplier")):
            rows = rows.filter(supplier_id=id_of(params["supplier"]))
        weeks = {}
        for row in rows.order_by().values("due_on").annotate(n=Count("pk"), amount=Sum(F("amount") - F("paid")), asked=Sum("asked")):
            week = row["due_on"] - timedelta(days=row["due_on"].weekday())
            into = weeks.setdefault(week, {"n": 0, "amount": ZERO, "asked": ZERO})
            for name in into:
                into[name] += row[name]
        for week, row in sorted(weeks.items()):
            yield {"week": week, **row}

    def drill(self, row):
        return Payables.narrowed(due_on=(row["week"], row["week"] + timedelta(days=6)))

    def chart(self, rows):
        """Weeks as columns."""
        return {"xAxis": {"type": "category", "data": [r["week"].isoformat() for r in rows]}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "data": [float(r["amount"]) for r in rows]}]}


class BankFile(Report):
    """Approved payments as the bank takes them: payee, account, amount, purpose."""

    slug, label, code, module, position = "bank-file", _("Payments for the bank"), "FIN-13", "finance", 135
    roles, basis = "finance_manager accountant cashier", _("Approved and not yet paid, by the day they are to be paid on")
    filters = [Filter("until", _("To be paid by"), "date")]
    columns = [Column("payee", _("Payee"), "text"), Column("account", _("Account"), "text", mask="cost"),
               Column("amount", _("Amount"), "money", total=True), Column("pay_on", _("To be paid on"), "date"),
               Column("purpose", _("Purpose"), "text")]

    def query(self, actor, params):
        rows = scope.rows(PaymentRequest, actor).filter(state="approved").select_related("supplier").order_by("pay_on", "id")
        if params.get("until"):
            rows = rows.filter(pay_on__lte=params["until"])
        for row in rows:
            yield {"id": row.pk, "payee": row.supplier.name, "account": row.account, "amount": row.amount, "pay_on": row.pay_on,
                   "purpose": row.number}

    def drill(self, row):
        return PaymentRequests.url("detail", row["id"])
