"""What crews did on site, and what customers said of it (RPT-19; G8)."""

from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import ZERO, percent, round2
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter, lookups_of_days
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report
from yiwei.service.models.care import Revisit
from yiwei.service.models.install import InstallOrder, Leftover
from yiwei.service.screens.service import Installs

READERS = "general_manager region_director dispatcher service_head finance_manager"
SATISFIED = 4   # of five, and better


class FieldWork(Report):
    """Crew by crew: jobs, one-visit completion, second visits, leftovers open, satisfaction, piece pay."""

    slug, label, code, position = "field-work", _("Delivery, install, revisit"), "RPT-19", 190
    roles, basis = READERS, _("Jobs by the day of the visit; done at once = first visits without a second ÷ first visits; satisfied = 4 or 5 of 5")
    filters = [Filter("date", _("Day"), "date_range")]
    columns = [Column("crew", _("Crew"), "text"), Column("jobs", _("Jobs"), "number", total=True),
               Column("visits", _("Visits"), "number", total=True),
               Column("again", _("Second visits"), "number", total=True), Column("once", _("Done at once %"), "number"),
               Column("punctual", _("On the planned day %"), "number"), Column("leftovers", _("Leftovers open"), "number", total=True),
               Column("revisited", _("Revisited"), "number", total=True), Column("mean", _("Mean score"), "number"),
               Column("satisfied", _("Satisfied %"), "number"), Column("pay", _("Piece pay"), "money", total=True)]

    def query(self, actor, params):
        first, last = self.period(params)
        done = scope.rows(InstallOrder, actor).filter(state__in=("completed", "revisited", "settled"), crew__isnull=False,
                                                      **lookups_of_days("completed_at", first, last, stamped=True))
        rows = {r["crew_id"]: r for r in done.order_by().values("crew_id", "crew__name").annotate(
            visits=Count("pk"), jobs=Count("sub", distinct=True), again=Count("pk", filter=Q(visit__gt=1)), firsts=Count("pk", filter=Q(visit=1)),
            unfinished=Count("pk", filter=Q(visit=1, leftovers__isnull=False), distinct=True), pay=Sum("piece_pay"))}
        punctual = self._punctual(done)
        left = self._of_crew(scope.rows(Leftover, actor).filter(state="open"), "install__crew_id", Count("pk"))
        scores = self._scores(actor, first, last)
        for key, r in sorted(rows.items(), key=lambda pair: pair[1]["crew__name"]):
            heard = scores.get(key, [])
            yield {"id": key, "crew": r["crew__name"], "jobs": r["jobs"], "visits": r["visits"], "again": r["again"],
                   "once": percent(r["firsts"] - r["unfinished"], r["firsts"]) if r["firsts"] else None,
                   "punctual": percent(punctual.get(key, 0), r["visits"]), "leftovers": left.get(key, 0), "revisited": len(heard),
                   "mean": round2(sum(heard, ZERO) / len(heard)) if heard else None,
                   "satisfied": percent(sum(s >= SATISFIED for s in heard), len(heard)) if heard else None, "pay": r["pay"] or ZERO}

    @staticmethod
    def _of_crew(rows, path, figure):
        return {r[path]: r["x"] for r in rows.order_by().values(path).annotate(x=figure)}

    @staticmethod
    def _punctual(done):
        """{crew: visits that were over on the day they were planned for}."""
        out = {}
        for crew, planned, at in done.values_list("crew_id", "planned_on", "completed_at"):
            if planned is not None and at.date() <= planned + timedelta(days=0 if at.hour < 16 else 1):
                out[crew] = out.get(crew, 0) + 1
        return out

    @staticmethod
    def _scores(actor, first, last):
        """{crew: [score]} of the revisits of jobs, answered in the period."""
        out = {}
        rows = scope.rows(Revisit, actor).filter(state__in=("done", "closed"), install__crew__isnull=False, score__isnull=False,
                                                 **lookups_of_days("called_at", first, last, stamped=True))
        for crew, score in rows.values_list("install__crew_id", "score"):
            out.setdefault(crew, []).append(score)
        return out

    def drill(self, row):
        return Installs.narrowed(crew=row["id"])

    def chart(self, rows):
        """Visits as columns, satisfaction as a line."""
        return {"xAxis": {"type": "category", "data": [r["crew"] for r in rows]}, "yAxis": [{"type": "value"}, {"type": "value", "max": 100}],
                "series": [{"type": "bar", "name": str(_("Visits")), "data": [r["visits"] for r in rows]},
                           {"type": "line", "name": str(_("Satisfied %")), "yAxisIndex": 1, "data": [float(r["satisfied"] or 0) for r in rows]}]}
