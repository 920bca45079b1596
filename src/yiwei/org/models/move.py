"""Dated moves: an outlet into another region, an employee to another outlet or position."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import PUBLIC

from .employee import Employee
from .outlet import Outlet, Region
from .position import Position


class OutletMove(Record):
    """An outlet comes under another region on a day; until then `done` is false. History stays where it was made."""

    scope = PUBLIC

    outlet = Ref(Outlet, verbose_name=_("outlet"))
    before = Ref(Region, null=True, verbose_name=_("from region"))
    after = Ref(Region, null=True, verbose_name=_("to region"))
    from_day = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    done = models.BooleanField(_("in force"), default=False)

    class Meta:
        verbose_name = _("move of an outlet")
        indexes = [models.Index(fields=["tenant", "outlet", "from_day"], name="org_outletmove_outlet"),
                   models.Index(fields=["tenant", "from_day"], name="org_outletmove_due", condition=models.Q(done=False))]

    def __str__(self):
        return f"{self.outlet}: {self.before or '–'} → {self.after or '–'}"


class EmployeeMove(Record):
    """An employee gets another outlet or position on a day."""

    scope = PUBLIC
    held = {"employee": STAYS}

    employee = Ref(Employee, verbose_name=_("employee"))
    outlet_before = Ref(Outlet, null=True, verbose_name=_("from outlet"))
    outlet_after = Ref(Outlet, verbose_name=_("to outlet"))
    position_before = Ref(Position, null=True, verbose_name=_("from position"))
    position_after = Ref(Position, verbose_name=_("to position"))
    from_day = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    done = models.BooleanField(_("in force"), default=False)

    class Meta:
        verbose_name = _("move of an employee")
        indexes = [models.Index(fields=["tenant", "employee", "from_day"], name="org_employeemove_person"),
                   models.Index(fields=["tenant", "from_day"], name="org_employeemove_due", condition=models.Q(done=False))]

    def __str__(self):
        return f"{self.employee}: {self.outlet_before} {self.position_before} → {self.outlet_after} {self.position_after}"
