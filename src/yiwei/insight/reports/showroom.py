"""The customers in the showrooms now, and what outlets and salespeople did with theirs (RPT-06, RPT-07)."""

from django.db.models import Avg, Case, Count, F, Max, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.followup import DesignTask, FollowUp
from yiwei.crm.screens.customers import Customers
from yiwei.finance.models.receipt import Receipt
from yiwei.insight.rules import signed
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.base.money import ZERO, percent
from yiwei.kernel.records import scope
from yiwei.kernel.records.document import Timeline
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.org.models.outlet import Outlet

READERS = "general_manager region_director store_manager guide"
STAGES = ("lead", "to_measure", "to_design", "to_check", "to_sign", "to_pay", "ordered", "to_install", "installed")


class CurrentCustomers(Report):
    """Outlet × stage of everybody who is neither done nor lost: how many, their budgets, how long they stand there."""

    slug, label, code, position = "current-customers", _("Current customers in showrooms"), "RPT-06", 60
    roles, basis = READERS, _("Everybody under way now; age counts from the last change of stage")
    filters = [Filter("outlet", _("Outlet"), "picker", model=Outlet)]
    columns = [Column("outlet", _("Outlet"), "text"), Column("stage", _("Stage"), "text"),
               Column("n", _("Number of customers"), "number", total=True),
               Column("best", _("Of these level A"), "number", total=True), Column("budget", _("Budgets up to"), "money", total=True),
               Column("overdue", _("Contact overdue"), "number", total=True), Column("age", _("Days in this stage"), "number")]

    def query(self, actor, params):
        rows = scope.rows(Customer, actor).filter(state__in=STAGES)
        if id_of(params.get("outlet")):
            rows = rows.filter(outlet_id=id_of(params["outlet"]))
        since = Timeline.objects.filter(model="crm.customer", object_id=OuterRef("pk"), to_state=OuterRef("state")).order_by().values(
            "object_id").annotate(m=Max("at")).values("m")
        order = Case(*(When(state=s, then=Value(n)) for n, s in enumerate(STAGES)))
        rows = rows.annotate(age=timezone.now() - Coalesce(Subquery(since), F("created_at")))
        rows = rows.order_by().values("outlet_id", "outlet__name", "state", place=order).annotate(
            n=Count("pk"), best=Count("pk", filter=Q(level="A")), budget=Sum("budget_high"), age=Avg("age"),
            overdue=Count("pk", filter=Q(next_contact__lt=timezone.localdate())))
        for r in rows.order_by("outlet__name", "place"):
            yield {"outlet_id": r["outlet_id"], "state": r["state"], "outlet": r["outlet__name"] or "–",
                   "stage": str(Customer.flow.state(r["state"]).label), "n": r["n"], "best": r["best"], "budget": r["budget"] or ZERO,
                   "overdue": r["overdue"], "age": round(r["age"].total_seconds() / 86400, 1) if r["age"] is not None else None}

    def drill(self, row):
        return Customers.narrowed(outlet=row["outlet_id"], state=row["state"])

    def chart(self, rows):
        """A funnel of all stages."""
        sums = {}
        for row in rows:
            sums[row["stage"]] = sums.get(row["stage"], 0) + row["n"]
        return {"series": [{"type": "funnel", "sort": "none", "data": [{"name": k, "value": v} for k, v in sums.items()]}]}


class ShowroomStatus(Report):
    """What each outlet or salesperson did in the period."""

    slug, label, code, position = "showroom-status", _("Showroom and salesperson status"), "RPT-07", 70
    roles, basis = READERS, _("Each figure by its own day; collected by the day finance approved it; overdue and in the pool now")
    filters = [Filter("by", _("By"), choices=[("owner", _("Salesperson")), ("outlet", _("Outlet"))], always=True),
               Filter("date", _("Day"), "date_range"), Filter("outlet", _("Outlet"), "picker", model=Outlet)]
    columns = [Column("key", _("By"), "text"), Column("new", _("New customers"), "number", total=True),
               Column("contacts", _("Contacts made"), "number", total=True),
               Column("overdue", _("Contact overdue"), "number", total=True), Column("measured", _("Measured"), "number", total=True),
               Column("signed", _("Signed"), "number", total=True), Column("amount", _("Amount signed"), "money", total=True),
               Column("collected", _("Collected"), "money", total=True), Column("lost", _("Lost"), "number", total=True),
               Column("pool", _("In the pool"), "number", total=True), Column("rate", _("Signed of measured %"), "number")]

    def query(self, actor, params):
        field = "outlet" if params.get("by") == "outlet" else "owner"
        found, names = {}, {}
        for name, rows, figure in self._parts(actor, params):
            path = "guide" if name == "measured" and field == "owner" else field
            for r in rows.order_by().values(who=F(f"{path}_id"), called=F(f"{path}__name")).annotate(x=figure):
                names[r["who"]] = r["called"]
                found.setdefault(r["who"], {})[name] = r["x"] or 0
        for who in sorted(found, key=lambda w: (-(found[w].get("amount") or 0), str(names[w] or ""))):
            row = {c.name: found[who].get(c.name, ZERO if c.kind == "money" else 0) for c in self.columns[1:-1]}
            yield {"key": str(names[who] or "–"), **row, "rate": percent(row["signed"], row["measured"]) if row["measured"] else None}

    def _parts(self, actor, params):
        """(column, rows, figure) of everything that is counted."""
        first, last = self.period(params)
        outlet = {"outlet_id": id_of(params["outlet"])} if id_of(params.get("outlet")) else {}

        def own(model, **more):
            return scope.rows(model, actor).filter(**outlet, **more)

        days = {"first": first, "last": last}
        open_ = own(Customer, state__in=STAGES)
        yield "new", own(Customer, **lookups_of_days("visited_on", **days)), Count("pk")
        yield "contacts", own(FollowUp, state="done", **lookups_of_days("done_at", **days, stamped=True)), Count("pk")
        yield "overdue", open_.filter(next_contact__lt=timezone.localdate()), Count("pk")
        measured = own(DesignTask, kind="measure", state__in=("done", "confirmed"))
        yield "measured", measured.filter(**lookups_of_days("done_at", **days, stamped=True)), Count("pk")
        contracts = signed.contracts(actor, params, first, last)
        yield "signed", contracts, Count("customer", distinct=True)
        yield "amount", contracts, Sum("net_amount")
        yield "collected", own(Receipt, **lookups_of_days("effective_at", **days, stamped=True)), Sum("amount")
        gone = Timeline.objects.filter(model="crm.customer", to_state="lost", **lookups_of_days("at", **days, stamped=True))
        yield "lost", own(Customer, state="lost", pk__any=gone.values("object_id")), Count("pk")
        yield "pool", own(Customer, state="public_pool"), Count("pk")

    def chart(self, rows):
        """Who signed how much."""
        top = rows[:20]
        return {"xAxis": {"type": "category", "data": [r["key"] for r in top]}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "data": [float(r["amount"]) for r in top]}]}
