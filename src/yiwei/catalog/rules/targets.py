"""What a target may become, by whom and until when (BAS-13, BAS-14)."""

import calendar
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.catalog.models.target import MONTHS, OutletTarget, SalesTarget
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.records import scope
from yiwei.org.models.move import OutletMove
from yiwei.org.models.outlet import Outlet

UNLOCK = "catalog.target.unlock"
registry.grant(UNLOCK, "general_manager", gettext_lazy("Change targets of months that have begun"))


def month_label(number):
    return format_lazy(gettext_lazy("Month {n}"), n=number)


def locked(actor, month):
    """A month that has begun is changed only by who may unlock it."""
    return month <= timezone.localdate() and not actor.can(UNLOCK)


def check(actor, obj, data):
    """For the plain create and edit of one target."""
    month = data["month"]
    if month.day != 1:
        raise Invalid({"month": [_("Give the first day of the month.")]})
    if locked(actor, month) or (obj is not None and locked(actor, obj.month)):
        raise Invalid({"month": [_("This month has begun; only the general manager changes its targets.")]})
    if data["amount"] < 0:
        raise Invalid({"amount": [_("A target cannot be negative.")]})


def check_person(actor, obj, data):
    """The same for a person, in an outlet where he works; the own one where none is named."""
    check(actor, obj, data)
    person, outlet = data["employee"], data.get("outlet") or data["employee"].outlet
    if not works_in(person, outlet.pk):
        raise Invalid({"outlet": [_("Does not work in this outlet.")]})
    if not scope.reaches(SalesTarget, actor, outlet):
        raise Invalid({"outlet": [_("This outlet is not yours.")]})
    data["outlet"] = outlet


def works_in(person, outlet_id):
    return outlet_id == person.outlet_id or outlet_id in map(int, person.more_outlets)


def keep(actor, obj, verb=""):
    """A target of a month that has begun is not taken away either."""
    if locked(actor, obj.month):
        raise Refused(_("This month has begun; only the general manager changes its targets."))


def kind_of(plan):
    """(model of the months, name of the field that says whose)."""
    return (SalesTarget, "employee_id") if plan.outlet_id else (OutletTarget, "outlet_id")


def in_force(plan):
    """{(id, month number): target row} of the plan's year."""
    model, whose = kind_of(plan)
    rows = model.objects.filter(month__year=plan.year, metric=plan.metric)
    if plan.outlet_id:
        rows = rows.filter(outlet_id=plan.outlet_id)
    return {(getattr(r, whose), r.month.month): r for r in rows}


def amounts(plan):
    """{id: [twelve amounts]}: of the draft, or of the months in force."""
    return published(plan) if plan.state == "published" else drafted(plan)


def drafted(plan):
    return {int(who): [Decimal(v) for v in row] for who, row in plan.cells.items()}


def published(plan):
    out = {}
    for (who, number), row in in_force(plan).items():
        out.setdefault(who, [ZERO] * 12)[number - 1] = row.amount
    return out


def changes(plan, wanted):
    """[(id, month number, old, new)] where `wanted` differs from what is in force."""
    known = in_force(plan)
    out = []
    for who, row in wanted.items():
        for number in MONTHS:
            had = known.get((who, number))
            old, new = had.amount if had else ZERO, row[number - 1]
            if old != new:
                out.append((who, number, old, new))
    return out


def put(actor, plan, found):
    """Bring the months in force to what the changes say; the figure first published is kept beside."""
    model, whose = kind_of(plan)
    known, fresh, old, place = in_force(plan), [], [], {"outlet_id": plan.outlet_id} if plan.outlet_id else {}
    for who, number, _was, new in found:
        row = known.get((who, number))
        if row is None:
            fresh.append(model(month=date(plan.year, number, 1), metric=plan.metric, amount=new, created_by_id=actor.id, **place, **{whose: who}))
        else:
            row.original = row.amount if row.original is None else row.original
            row.amount, row.active = new, True
            row.touch()
            old.append(row)
    model.objects.bulk_create(fresh)
    model.objects.bulk_update(old, ["amount", "original", "active", "version", "updated_at"])


def prorated(amount, month, entered_on, left_on):
    """A month's target of somebody who came or left within it: by days of employment (BAS-13)."""
    days = calendar.monthrange(month.year, month.month)[1]
    first = max(1, entered_on.day if entered_on and (entered_on.year, entered_on.month) == (month.year, month.month) else 1)
    last = left_on.day if left_on and (left_on.year, left_on.month) == (month.year, month.month) else days
    if entered_on and entered_on > month.replace(day=days) or left_on and left_on < month:
        return ZERO
    return round2(amount * (last - first + 1) / days)


class Regions:
    """To which region each outlet belonged on a day; one that was moved later belongs to where it was (SYS-03)."""

    def __init__(self):
        self.now = dict(Outlet.objects.values_list("id", "region_id"))
        self.moves = list(OutletMove.objects.filter(done=True).order_by("-from_day", "-id").values_list("outlet_id", "before_id", "from_day"))

    def at(self, day):
        """{outlet id: region id}."""
        return self.now | {outlet: before for outlet, before, from_day in self.moves if from_day > day}
