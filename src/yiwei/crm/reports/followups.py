"""Contacts due by guide or outlet: overdue, today, tomorrow, without plan (CRM-06)."""

from datetime import timedelta

from django.db.models import Count, F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.crm.rules import stage
from yiwei.kernel.base import registry
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Column
from yiwei.kernel.screens.reports.report import Report

from ..models.customer import Customer
from ..models.followup import FollowUp

BY = {"guide": ("owner", "owner__name"), "outlet": ("outlet", "outlet__name")}


class ContactsDue(Report):
    slug, label, code, module, position = "contacts-due", _("Contacts due"), "CRM-06", "customers", 42
    roles = "general_manager region_director store_manager guide"
    basis = _("Planned contacts as of now; open customers without any plan")
    filters = [Filter("by", _("By"), "select", choices=[("guide", _("Guide")), ("outlet", _("Outlet"))], always=True)]
    columns = [Column("key", _("By")), Column("overdue", _("Overdue"), "number", total=True), Column("oldest", _("Oldest"), "date"),
               Column("today", _("Today"), "number", total=True), Column("tomorrow", _("Tomorrow"), "number", total=True),
               Column("without", _("Without plan"), "number", total=True), Column("open", _("Open customers"), "number", total=True)]

    def query(self, actor, params):
        today, (ref, name) = timezone.localdate(), BY.get(params.get("by"), BY["guide"])
        rows = {}
        plans = scope.rows(FollowUp, actor).filter(state="planned").order_by().values(gid=F(f"{ref}_id"), key=F(name))
        for row in plans.annotate(overdue=Count("pk", filter=Q(due_on__lt=today)), today=Count("pk", filter=Q(due_on=today)),
                                  tomorrow=Count("pk", filter=Q(due_on=today + timedelta(days=1))), oldest=_oldest(today)):
            rows[row["gid"]] = {**row, "without": 0, "open": 0}
        open_ = scope.rows(Customer, actor).filter(state__in=stage.SELLING).order_by().values(gid=F(f"{ref}_id"), key=F(name))
        for row in open_.annotate(without=Count("pk", filter=Q(next_contact=None)), open=Count("pk")):
            rows.setdefault(row["gid"], {"overdue": 0, "today": 0, "tomorrow": 0, "oldest": None}).update(row)
        for row in sorted(rows.values(), key=lambda r: (-r["overdue"], str(r["key"]))):
            yield {**row, "key": row["key"] or "–", "by": ref}

    def drill(self, row):
        return registry.register_of(FollowUp).narrowed(when="overdue", **{row["by"]: row["gid"]})


def _oldest(today):
    return Min("due_on", filter=Q(due_on__lt=today))
