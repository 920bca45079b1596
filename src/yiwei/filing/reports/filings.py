"""Filings by partner, clerk or outlet (CRM-04)."""

from datetime import datetime, time, timedelta

from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel import scope
from yiwei.kernel.money import ZERO, percent
from yiwei.kernel.register.core import Column
from yiwei.kernel.register.listing import Filter
from yiwei.kernel.report.core import Report

from ..models.filing import Filing

GROUPS = {"partner": "partner__name", "owner": "owner__name", "outlet": "outlet__name", "state": "state"}
WON = Q(state__in=("approved", "visited", "signed", "settled"))
FIGURES = {
    "filings": Count("pk"), "approved": Count("pk", filter=WON | Q(state="expired")), "conflicts": Count("pk", filter=~Q(conflict="")),
    "visited": Count("pk", filter=Q(visited_at__isnull=False)), "signed": Count("pk", filter=Q(signed_on__isnull=False)),
    "amount": Sum("signed_amount"), "rebate": Sum("rebate_amount")}


class FilingStatistics(Report):
    slug, label, code, module, position = "filings", _("Filing statistics"), "CRM-04", "customers", 45
    roles = "channel_rep channel_manager region_director general_manager store_manager"
    basis = _("By the day filed; superseded filings count for the winner only")
    filters = [Filter("date", _("Filed"), "date_range"),
               Filter("by", _("By"), choices=[("partner", _("Partner")), ("owner", _("Clerk")), ("outlet", _("Outlet")), ("state", _("State"))])]
    columns = [Column("key", _("By"), "text"), *(Column(n, label, "number", total=True) for n, label in (
        ("filings", _("Filings")), ("approved", _("Approved")), ("conflicts", _("Conflicts")), ("visited", _("Visited")),
        ("signed", _("Signed")))), Column("amount", _("Amount signed"), "money", total=True),
        Column("rebate", _("Rebate"), "money", mask="rebate", total=True), Column("visit_rate", _("Visit rate %"), "number"),
        Column("signing_rate", _("Signing rate %"), "number"), Column("conflict_rate", _("Conflict rate %"), "number")]

    def query(self, actor, params):
        first, last = self.period(params)
        start, end = (timezone.make_aware(datetime.combine(d, time.min)) for d in (first, last + timedelta(days=1)))
        rows = scope.rows(Filing, actor).filter(filed_at__gte=start, filed_at__lt=end).exclude(state="superseded")
        path = GROUPS.get(params.get("by"), GROUPS["partner"])
        for row in rows.order_by().values(key=F(path)).annotate(**FIGURES).order_by("-filings"):
            yield {**row, "key": str(row["key"] or "–"), "amount": row["amount"] or ZERO, "rebate": row["rebate"] or ZERO,
                   "visit_rate": percent(row["visited"], row["approved"], 1), "signing_rate": percent(row["signed"], row["visited"], 1),
                   "conflict_rate": percent(row["conflicts"], row["filings"], 1)}
