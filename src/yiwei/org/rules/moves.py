"""Moves in force: from their day on, all at once; who sees what follows in the same second (D-04)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.records.document import log
from yiwei.org.models.employee import Employee
from yiwei.org.models.move import EmployeeMove, OutletMove
from yiwei.org.models.outlet import Outlet


def plan_outlet(actor, outlet, region, day, reason):
    """Plan a move; one whose day has come is in force at once and written on `outlet`, which the caller saves."""
    if region == outlet.region:
        raise Invalid({"region": [_("The outlet belongs to this region already.")]})
    move = OutletMove.objects.create(outlet=outlet, before=outlet.region, after=region, from_day=day, reason=reason,
                                     created_by_id=actor.id, done=day <= timezone.localdate())
    if move.done:
        outlet.region = region
    return move


def plan_employee(actor, member, outlet, position, day, reason):
    """The same for an employee."""
    if (outlet, position) == (member.outlet, member.position):
        raise Invalid({"outlet": [_("Nothing changes.")]})
    move = EmployeeMove.objects.create(
        employee=member, outlet_before=member.outlet, outlet_after=outlet, position_before=member.position, position_after=position,
        from_day=day, reason=reason, created_by_id=actor.id, done=day <= timezone.localdate())
    if move.done:
        put(member, outlet, position)
    return move


def put(member, outlet, position):
    """At another place: a department of the old one no longer fits."""
    if member.outlet != outlet:
        member.department = None
    member.outlet, member.position = outlet, position


def apply_due(actor):
    """Bring into force what was planned for today or before, the oldest first."""
    today = timezone.localdate()
    for move in OutletMove.objects.filter(done=False, from_day__lte=today).order_by("from_day", "id"):
        outlet = Outlet.objects.select_for_update(of=("self",)).get(pk=move.outlet_id)
        move.before, outlet.region = outlet.region, move.after
        _settle(actor, move, outlet)
    for move in EmployeeMove.objects.filter(done=False, from_day__lte=today).order_by("from_day", "id"):
        member = Employee.objects.select_for_update(of=("self",)).get(pk=move.employee_id)
        move.outlet_before, move.position_before = member.outlet, member.position
        put(member, move.outlet_after, move.position_after)
        _settle(actor, move, member)


def _settle(actor, move, row):
    for changed in (row, move):
        changed.touch()
    row.save()
    move.done = True
    move.save()
    log(actor, row, f"{row._meta.label_lower}.move", text=f"{move} {move.reason}".strip())
