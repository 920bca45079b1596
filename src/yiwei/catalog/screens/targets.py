"""Targets by month, and the sheet of a year."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules import targets
from yiwei.kernel.base.money import ZERO, money_text
from yiwei.kernel.screens.registers.register import Column, Register
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet

from ..models.target import MONTHS, OutletTarget, SalesTarget, TargetPlan

HEAD = "general_manager tenant_admin"
YEAR = Column("year", _("year"), "text")


class TargetPlans(Register):
    """A year of targets on one sheet."""

    model, label = TargetPlan, _("Targets of a year")
    code, module, icon, position = "BAS-13", "base", "calendar", 68
    roles = f"{HEAD} region_director store_manager finance_manager"
    columns = [Column("title", _("targets"), "text", value=str, link=True), YEAR, "metric", "outlet", "state"]
    filters = ["year", "metric", "outlet", "state"]
    order = "-id"
    sections = [(_("Targets"), [YEAR, "metric", "outlet"])]

    @classmethod
    def figures(cls, actor, obj):
        total = sum((sum(row) for row in targets.amounts(obj).values()), ZERO)
        out = [{"label": __("Sum of the year"), "text": money_text(total)}]
        if obj.outlet_id:
            rows = OutletTarget.objects.filter(outlet_id=obj.outlet_id, month__year=obj.year, metric=obj.metric, active=True)
            of_outlet = sum((r.amount for r in rows), ZERO)
            gap = total - of_outlet
            out += [{"label": __("Target of the outlet"), "text": money_text(of_outlet)},
                    {"label": __("Salespersons against outlet"), "text": f"{gap:+,.2f}", "tone": "green" if gap >= 0 else "orange"}]
        return out

    @classmethod
    def panels(cls, actor, obj):
        rows = targets.amounts(obj)
        model = Employee if obj.outlet_id else Outlet
        people = model.objects.in_bulk(list(rows))
        first = {(who, n): r.original for (who, n), r in targets.in_force(obj).items()} if obj.state == "published" else {}
        lines = [{"name": str(people[who]), "total": money_text(sum(row)), "cells": [
            {"month": targets.month_label(n), "text": money_text(row[n - 1]) if row[n - 1] else "",
             "first": money_text(first[who, n]) if first.get((who, n)) is not None else ""} for n in MONTHS]}
            for who, row in sorted(rows.items(), key=lambda pair: str(people.get(pair[0]))) if who in people]
        sums = [sum((row[n - 1] for row in rows.values()), ZERO) for n in MONTHS]
        return [{"title": _("By month"), "template": "catalog/target_sheet.html", "lines": lines,
                 "months": [targets.month_label(n) for n in MONTHS],
                 "sums": [money_text(s) if s else "" for s in sums], "total": money_text(sum(sums))}]


class SalesTargets(Register):
    """The targets of persons by month, one by one."""

    model, label = SalesTarget, _("Salespersons' targets")
    code, module, icon, position = "BAS-13", "base", "target", 70
    roles, editors = "finance_manager", f"{HEAD} region_director store_manager"
    columns = ["employee", "outlet", "month", "metric", "amount", "original"]
    filters = ["employee", "outlet", "month", "metric"]
    form = ["month", "employee", "outlet", "metric", "amount"]
    importable = True
    check = staticmethod(targets.check_person)
    keep = staticmethod(targets.keep)


class OutletTargets(Register):
    """The targets of outlets by month, one by one."""

    model, label = OutletTarget, _("Outlets' targets")
    code, module, icon, position = "BAS-14", "base", "target-arrow", 75
    roles, editors = "finance_manager store_manager", f"{HEAD} region_director"
    columns = ["outlet", "month", "metric", "amount", "original"]
    filters = ["outlet", "month", "metric"]
    form = ["month", "outlet", "metric", "amount"]
    importable = True
    check = staticmethod(targets.check)
    keep = staticmethod(targets.keep)
