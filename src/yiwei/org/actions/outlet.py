"""Outlets: opening one like another, moving it under another region, closing it (SYS-03, D-55)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.records import search
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.org.rules import moves

from ..models.employee import Employee
from ..models.outlet import Department, Outlet, Region
from .staff import HEAD, day, reason, text


def _free(values):
    for name, value in values.items():
        if value and Outlet.objects.filter(**{name: value}).exists():
            label = Outlet._meta.get_field(name).verbose_name
            raise Invalid({name: [__("This %(label)s is already in use.") % {"label": label}]})


@action(Outlet, _("New outlet like another"), creates=True, verb="copy", roles=HEAD, icon="copy", done=_("The outlet is ready for work."),
        fields={"like": Pick(Outlet, label=_("Settings of"), help_text=_("Departments, warehouses and coming targets are made alike.")),
                "code": text(_("Code"), 20, required=True), "name": text(_("Name"), 60, required=True),
                "region": Pick(Region, label=_("Sales region"), required=False, help_text=_("Empty: that of the other outlet.")),
                "mall": text(_("Mall"), 60), "booth": text(_("Booth"), 60),
                "area": forms.DecimalField(label=_("Area m²"), max_digits=10, decimal_places=2, min_value=0, required=False),
                "rent": forms.DecimalField(label=_("Rent per month"), max_digits=14, decimal_places=2, min_value=0, required=False),
                "address": text(_("Address"), 200), "phone": text(_("Phone"), 30), "receipt_series": text(_("Receipt series"), 8),
                "opened_on": day(_("Opened on"), initial=timezone.localdate)})
def copy(actor, *, like, region, **data):
    """A new outlet in one form: what is set for the other one is set for this one too (D-55)."""
    _free({n: data[n] for n in ("code", "name", "receipt_series")})
    outlet = Outlet(created_by_id=actor.id, region=region or like.region, **data)
    outlet.save(force_insert=True)
    for department in Department.objects.filter(outlet=like, active=True).order_by("id"):
        made = Department(outlet=outlet, name=department.name, created_by_id=actor.id)
        made.save(force_insert=True)
        search.index(made, created=True)
    return outlet


@action(Outlet, _("Move to region"), verb="move", roles=HEAD, icon="switch-horizontal", show=lambda actor, outlet: outlet.active,
        fields=lambda actor, obj: {"region": Pick(Region, label=_("Sales region")),
                                   "from_day": day(_("Effective from"), initial=timezone.localdate), "reason": reason()},
        done=_("Noted; it is in force from that day on."))
def move(actor, outlet, *, region, from_day, reason):
    """Under another region from a day on: its director sees the outlet from then, the former one no longer. History stays."""
    moves.plan_outlet(actor, outlet, region, from_day, reason)


@action(Outlet, _("Close outlet"), verb="disable", roles=HEAD, style="danger", icon="circle-off",
        show=lambda actor, outlet: outlet.active and not outlet.is_head_office, permission="org.outlet.edit",
        fields={"closed_on": day(_("Closed on"), initial=timezone.localdate), "reason": reason()},
        done=_("The outlet is closed; its history stays."))
def close(actor, outlet, *, closed_on, reason):
    """No new work in this outlet; everybody has been moved or has handed over. All that was done there stays."""
    people = Employee.objects.filter(outlet=outlet).exclude(state="left").count()
    if people:
        raise Refused(__("%(n)s people still work here. Move them, or let them leave, first.") % {"n": people})
    if outlet.opened_on and closed_on < outlet.opened_on:
        raise Invalid({"closed_on": [__("This is before the day of opening.")]})
    outlet.active, outlet.closed_on = False, closed_on


@action(Outlet, _("Open again"), verb="enable", roles=HEAD, icon="circle-check", permission="org.outlet.edit",
        show=lambda actor, outlet: not outlet.active)
def reopen(actor, outlet):
    """A closed outlet works again."""
    outlet.active, outlet.closed_on = True, None
