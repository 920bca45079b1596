"""Prepayments on any day, from the ledger (RPT-02, D-47)."""

from datetime import timedelta

from django.db.models import Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.insight.rules.target import moments
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.base.money import ZERO
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.ledger.actions.money import Figures
from yiwei.ledger.models.money import MoneyPosting
from yiwei.orders.models.contract import SubContract
from yiwei.org.models.outlet import Outlet


class Prepayments(Report):
    slug, label, code, position = "prepayments", _("Prepayments"), "RPT-02", 20
    roles = "general_manager region_director store_manager guide finance_manager accountant"
    basis = _("From the money ledger at the end of the day; each sub-contract by itself, never netted")
    filters = [Filter("day", _("As of"), "date"), Filter("outlet", _("Outlet"), "picker", model=Outlet)]
    columns = [Column("customer", _("Customer"), "text"), Column("sub", _("Sub-contract"), "text"),
               Column("outlet", _("Outlet"), "text"), Column("contract_net", _("Contract net"), "money", total=True),
               Column("received", _("Received"), "money", total=True),
               Column("delivered", _("Delivered"), "money", total=True),
               Column("prepayment", _("Prepayment"), "money", total=True),
               Column("arrears", _("Arrears"), "money", total=True), Column("age", _("Days since first receipt"), "number")]

    def query(self, actor, params):
        day = self.day(params)
        until = moments(day + timedelta(days=1), day + timedelta(days=1))[0]
        subs = scope.rows(SubContract, actor)
        if id_of(params.get("outlet")):
            subs = subs.filter(outlet_id=id_of(params["outlet"]))
        rows = MoneyPosting.objects.filter(sub_id__in=subs.values("pk"), entry__at__lt=until,
                                           account__in=("contract", "received", "delivered"))
        found = rows.order_by().values("sub_id").annotate(
            net=Sum("amount", filter=Q(account="contract")), got=Sum("amount", filter=Q(account="received")),
            gone=Sum("amount", filter=Q(account="delivered")), first=Min("entry__at", filter=Q(account="received")))
        figures = {r["sub_id"]: (Figures(r["net"] or ZERO, -(r["got"] or ZERO), r["gone"] or ZERO), r["first"]) for r in found}
        shown = SubContract.objects.filter(pk__in=list(figures)).select_related("contract__customer", "outlet").order_by("id")
        for sub in shown:
            f, first = figures[sub.pk]
            if not (f.prepayment or f.arrears):
                continue
            yield {"id": sub.pk, "customer": sub.contract.customer.name, "sub": sub.number, "outlet": str(sub.outlet or ""),
                   "contract_net": f.contract_net, "received": f.received, "delivered": f.delivered,
                   "prepayment": f.prepayment, "arrears": f.arrears,
                   "age": (day - timezone.localtime(first).date()).days if first else None}

    def drill(self, row):
        from yiwei.kernel.base import registry
        return registry.register_of(SubContract).url("detail", row["id"])
