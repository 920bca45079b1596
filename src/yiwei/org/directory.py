"""Answers the kernel's questions about people."""

from django.db.models import Q
from django.utils import timezone

from yiwei.kernel.scope import Actor

from .models.employee import Delegation, Employee
from .models.outlet import Outlet
from .models.position import Position
from .models.user import User


def actor_of(member, user=None):
    """The acting person behind an employee row with position and outlet loaded."""
    position, outlet = member.position, member.outlet
    outlets = tuple({member.outlet_id, *(int(i) for i in member.more_outlets)})
    regions = {int(i) for i in member.more_regions} | ({outlet.region_id} if outlet.region_id else set())
    limits = {"discount_floor": position.discount_floor, "special_quota": position.special_quota}
    if user is not None:
        limits.update(session=user.stamp, must_change=user.must_change)
    return Actor(
        id=member.pk, tenant_id=member.tenant_id, name=member.name, position=position.code, role=position.base or position.code,
        position_name=position.name, allow=tuple(position.allow), data_scope=position.data_scope,
        scopes=position.scopes, masks=frozenset(position.masks), outlet_id=member.outlet_id, outlet_ids=outlets,
        region_ids=tuple(regions), limits=limits, tenant_name=member.tenant.name, outlet_name=outlet.name,
        user_id=user.pk if user is not None else None, time_zone=member.tenant.time_zone,
    )


def load(member_id):
    """The actor of an active employee with a sign-in, or None."""
    user = User.objects.select_related("member__position", "member__outlet", "member__tenant").filter(
        member_id=member_id, is_active=True, member__tenant__active=True).first()
    if user is None:
        member = Employee.objects.select_related("position", "outlet", "tenant").filter(
            pk=member_id, state="active", tenant__active=True).first()
        return actor_of(member) if member else None
    return actor_of(user.member, user) if user.member.state == "active" else None


def holders(positions, outlet_id=None):
    """Active holders of positions for an outlet: of the outlet itself, else its region, else the company."""
    people = Employee.objects.filter(position__code__in=list(positions), state="active").order_by("id")
    found = list(people.values_list("id", "outlet_id", "more_outlets", "position__data_scope", "outlet__region_id",
                                    "more_regions"))
    if outlet_id is None:
        return [f[0] for f in found]
    same = [f[0] for f in found if f[1] == outlet_id or outlet_id in f[2]]
    if same:
        return same
    region = Outlet.objects.filter(pk=outlet_id).values_list("region_id", flat=True).first()
    near = [f[0] for f in found if f[3] == "region" and region and (f[4] == region or region in f[5])]
    if near:
        return near
    return [f[0] for f in found if f[3] == "company"]


def superior(member_id):
    """The next in command: the named superior, else the manager of the outlet, its region, the general manager."""
    member = Employee.objects.select_related("position").filter(pk=member_id).first()
    if member is None:
        return None
    if member.superior_id:
        return member.superior_id
    for code in ("store_manager", "region_director", "general_manager"):
        if member.position.code == code:
            continue
        if code == "store_manager" and member.position.code in ("region_director", "general_manager"):
            continue
        found = [p for p in holders([code], member.outlet_id) if p != member_id]
        if found:
            return found[0]
    return None


def deputy(member_id):
    """Who stands in today, or None."""
    today = timezone.localdate()
    return Delegation.objects.filter(Q(of_id=member_id), from_day__lte=today, to_day__gte=today).values_list(
        "to_id", flat=True).first()


def names(ids):
    return dict(Employee.objects.filter(pk__in=list(ids)).values_list("id", "name"))


def position(code):
    return Position.objects.get(code=code)
