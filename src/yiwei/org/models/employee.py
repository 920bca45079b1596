"""Employees and who stands in for whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import FAILED, Flow, State
from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import PUBLIC

from .outlet import Department, Outlet
from .position import Position


class Employee(Record):
    """A person who works for the dealer; acts in the system within its position."""

    personal = {"phone": personal.PHONE, "email": personal.OPEN}
    scope = PUBLIC
    search = {"name": "name", "number": "code", "phone": "phone"}
    flow = Flow(
        states=(State("active", _("Active"), "green"), State("suspended", _("Suspended from work"), "yellow"),
                State("left", _("Left"), "secondary", FAILED)),
        moves={("active", "suspended"), ("suspended", "active"), ("active", "left"), ("suspended", "left"),
               ("left", "active")},
    )

    number = models.CharField(_("employee number"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    position = Ref(Position, verbose_name=_("position"))
    outlet = Ref(Outlet, verbose_name=_("outlet"))
    department = Ref(Department, null=True, blank=True, verbose_name=_("department"))
    more_outlets = models.JSONField(_("further outlets"), default=list, blank=True)
    more_regions = models.JSONField(_("further regions"), default=list, blank=True)
    superior = Ref("self", null=True, blank=True, verbose_name=_("superior"))
    pay_scheme = models.CharField(_("pay scheme"), max_length=60, blank=True, default="")
    skills = models.CharField(_("skills"), max_length=200, blank=True, default="")
    entered_on = models.DateField(_("entered"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=24, default="active", editable=False)

    class Meta:
        verbose_name = _("employee")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="org_employee_number"),
            models.UniqueConstraint(fields=["tenant", "phone"], name="org_employee_phone",
                                    condition=~models.Q(phone="") & ~models.Q(state="left")),
        ]
        indexes = [models.Index(fields=["tenant", "position", "outlet"], name="org_employee_position")]

    def __str__(self):
        return self.name

    def get_state_display(self):
        return self.flow.state(self.state).label


class Delegation(Record):
    """Between two days one employee signs in another's place; with `acting` he also holds the position, as acting manager.

    A vacant position is held without `of`: then `position` and `outlet` say which.
    """

    scope = PUBLIC
    flow = None
    held = {"of": STAYS, "to": STAYS}  # cut short by leaving, org/actions/handover.py

    of = Ref(Employee, null=True, blank=True, verbose_name=_("employee"))
    to = Ref(Employee, verbose_name=_("stand-in"))
    acting = models.BooleanField(_("with the rights of the position"), default=False)
    position = Ref(Position, null=True, blank=True, verbose_name=_("vacant position"))
    outlet = Ref(Outlet, null=True, blank=True, verbose_name=_("of the outlet"))
    from_day = models.DateField(_("from"))
    to_day = models.DateField(_("to"))

    class Meta:
        verbose_name = _("delegation")
        constraints = [
            models.CheckConstraint(condition=models.Q(to_day__gte=models.F("from_day")), name="org_delegation_days"),
            models.CheckConstraint(condition=models.Q(of__isnull=False) | models.Q(position__isnull=False, outlet__isnull=False, acting=True),
                                   name="org_delegation_whose"),
        ]
        indexes = [models.Index(fields=["tenant", "to", "to_day"], name="org_delegation_to")]

    def __str__(self):
        return f"{self.of or self.position} → {self.to}"
