"""How many categories customers buy, and what goes with what (RPT-08, RPT-16; G10)."""

from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import CATEGORY_MODULES
from yiwei.insight.rules import signed
from yiwei.kernel.base.money import ZERO, percent, round2
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet

READERS = "general_manager region_director store_manager guide finance_manager"
NAMES = dict(CATEGORY_MODULES)
PERIOD = [Filter("date", _("Signed"), "date_range"), Filter("outlet", _("Outlet"), "picker", model=Outlet),
          Filter("owner", _("Salesperson"), "picker", model=Employee)]
BASIS = _("Contracts by the day of signing, cancelled ones not; a customer counts once in a period")
GROUPS = {"outlet": "contract__outlet__name", "owner": "contract__owner__name"}


class AttachmentRate(Report):
    """Of so many customers so many bought in two categories or more, and how much lies outside each one's largest."""

    slug, label, code, position = "attachment-rate", _("Attachment rate"), "RPT-08", 80
    roles, basis = READERS, BASIS
    filters = [Filter("by", _("By"), choices=[("outlet", _("Outlet")), ("owner", _("Salesperson"))], always=True), *PERIOD]
    columns = [Column("key", _("By"), "text"), Column("n", _("Number of customers"), "number", total=True),
               Column("two", _("With two or more categories"), "number", total=True), Column("rate", _("Attachment rate %"), "number"),
               Column("each", _("Categories per customer"), "number"), Column("one", _("One category"), "number", total=True),
               Column("pair", _("Two"), "number", total=True), Column("three", _("Three"), "number", total=True),
               Column("more", _("Four and more"), "number", total=True), Column("amount", _("Amount"), "money", total=True),
               Column("attached", _("Outside the largest category"), "money", total=True), Column("share", _("Share %"), "number")]

    def query(self, actor, params):
        first, last = self.period(params)
        path = GROUPS.get(params.get("by"), GROUPS["outlet"])
        found = signed.by_category(signed.subs(actor, params, first, last), path)
        for key, customers in sorted(found.items(), key=lambda pair: str(pair[0] or "")):
            yield {"key": str(key or "–"), **attachment(customers.values())}

    def chart(self, rows):
        """Rates as a line over the customers."""
        return {"xAxis": {"type": "category", "data": [r["key"] for r in rows]}, "yAxis": [{"type": "value"}, {"type": "value", "max": 100}],
                "series": [{"type": "bar", "name": str(_("Number of customers")), "data": [r["n"] for r in rows]},
                           {"type": "line", "name": str(_("Attachment rate %")), "yAxisIndex": 1, "data": [float(r["rate"] or 0) for r in rows]}]}


def attachment(customers):
    """The figures of C7/RPT-08 for customers, each as {category: net amount}."""
    counts = [len(c) for c in customers]
    n, two = len(counts), sum(c >= 2 for c in counts)
    amount = sum((sum(c.values(), ZERO) for c in customers), ZERO)
    attached = sum((sum(c.values(), ZERO) - max(c.values()) for c in customers), ZERO)
    return {"n": n, "two": two, "rate": percent(two, n), "each": round2(sum(counts) / n) if n else None, "one": counts.count(1),
            "pair": counts.count(2), "three": counts.count(3), "more": sum(c >= 4 for c in counts), "amount": amount, "attached": attached,
            "share": percent(attached, amount)}


class AttachedSales(Report):
    """Of those who bought a main category so many bought another beside it."""

    slug, label, code, position = "attached-sales", _("Attached sales"), "RPT-16", 160
    roles, basis, filters = READERS, BASIS, PERIOD
    columns = [Column("main", _("Main category"), "text"), Column("beside", _("Attached category"), "text"),
               Column("customers", _("Customers of the main category"), "number"), Column("n", _("Of these with the other"), "number"),
               Column("rate", _("Attachment rate %"), "number"), Column("amount", _("Amount of the other"), "money")]

    def query(self, actor, params):
        first, last = self.period(params)
        found = signed.by_category(signed.subs(actor, params, first, last), "tenant_id")
        customers = [c for group in found.values() for c in group.values()]
        for main in NAMES:
            have = [c for c in customers if main in c]
            for beside in NAMES:
                both = [c for c in have if beside in c]
                if beside != main and have:
                    yield {"main": str(NAMES[main]), "beside": str(NAMES[beside]), "customers": len(have), "n": len(both),
                           "rate": percent(len(both), len(have)), "amount": sum((c[beside] for c in both), ZERO)}

    def chart(self, rows):
        """A heat map of the rates."""
        names = [str(v) for v in NAMES.values()]
        cells = [[names.index(r["beside"]), names.index(r["main"]), float(r["rate"])] for r in rows]
        return {"xAxis": {"type": "category", "data": names}, "yAxis": {"type": "category", "data": names},
                "visualMap": {"min": 0, "max": 100, "orient": "horizontal", "left": "center", "bottom": 0},
                "series": [{"type": "heatmap", "data": cells, "label": {"show": True}}]}
