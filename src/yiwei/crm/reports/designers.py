"""Designers: load, late tasks by their limits of 3, 9 and 3 days, what passed the first drawing review (CRM-07)."""

from datetime import timedelta

from django.db.models import Avg, Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.money import percent
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report

from ..models.followup import DesignTask

REVIEWS = []
NOTHING = {**dict.fromkeys(("load", "late_measure", "late_design", "late_other", "soon", "checked", "first"), 0), "stopped": None}


def reviews(fn):
    """Let the room of orders tell of first drawing reviews: `fn(actor, first, last)`, two days, gives [{gid, key, handed, passed}] by designer."""
    REVIEWS.append(fn)
    return fn


class DesignersLoad(Report):
    slug, label, code, module, position = "design-load", _("Designers' load"), "CRM-07", "customers", 55
    roles = "general_manager region_director store_manager designer"
    basis = _("Load and late ones as of now; checked tasks by the day done; hand-ins by the day of their first drawing review. First-pass rate ="
              " passed at the first review ÷ hand-ins reviewed")
    filters = [Filter("date", _("Done"), "date_range")]
    columns = [Column("key", _("Designer")), Column("load", _("Open tasks"), "number", total=True),
               Column("late_measure", _("Late measures"), "number", total=True), Column("late_design", _("Late designs"), "number", total=True),
               Column("late_other", _("Other late ones"), "number", total=True), Column("soon", _("Due within 3 days"), "number", total=True),
               Column("checked", _("Checked"), "number", total=True), Column("first", _("Never sent back"), "number", total=True),
               Column("handed", _("Hand-ins"), "number", total=True), Column("passed", _("Passed at first review"), "number", total=True),
               Column("first_rate", _("First-pass rate %"), "number"), Column("stopped", _("Days asked for by customers"), "number")]

    def query(self, actor, params):
        today, (first, last) = timezone.localdate(), self.period(params)
        open_ = Q(state__in=DesignTask.OPEN)
        late, checked = open_ & Q(due_on__lt=today), Q(state="confirmed", **lookups_of_days("done_at", first, last, stamped=True))
        rows = scope.rows(DesignTask, actor).order_by().values(gid=F("owner_id"), key=F("owner__name")).annotate(
            load=Count("pk", filter=open_), late_measure=Count("pk", filter=late & Q(kind__in=("measure", "remeasure"))),
            late_design=Count("pk", filter=late & Q(kind="design")), late_other=Count("pk", filter=late & Q(kind__in=("revise", "hand_in"))),
            soon=Count("pk", filter=open_ & Q(due_on__gte=today, due_on__lte=today + timedelta(days=3))),
            checked=Count("pk", filter=checked), first=Count("pk", filter=checked & Q(sent_back=0)),
            stopped=Avg("stopped_days", filter=Q(stopped_days__gt=0)))
        found = {row["gid"]: {**row, "handed": 0, "passed": 0} for row in rows.order_by("-load", "key")}
        for one in (r for fn in REVIEWS for r in fn(actor, first, last)):
            found.setdefault(one["gid"], {**NOTHING, **one}).update(handed=one["handed"], passed=one["passed"])
        for row in found.values():
            rate = percent(row["passed"], row["handed"], 1)
            yield {**row, "key": row["key"] or "–", "first_rate": "–" if rate is None else rate,
                   "stopped": "–" if row["stopped"] is None else round(row["stopped"], 1)}

    def drill(self, row):
        return registry.register_of(DesignTask).narrowed(state=list(DesignTask.OPEN), owner=row["gid"])

    def chart(self, rows):
        return {"tooltip": {}, "legend": {}, "xAxis": {"type": "category", "data": [r["key"] for r in rows][:30]}, "yAxis": {"type": "value"},
                "series": [{"type": "bar", "name": str(_("Open tasks")), "data": [r["load"] for r in rows][:30]},
                           {"type": "bar", "name": str(_("Late")), "data": [
                               r["late_measure"] + r["late_design"] + r["late_other"] for r in rows][:30]}]}
