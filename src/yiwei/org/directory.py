"""Answers the kernel's questions about people."""

import json

from django.db import connection
from django.db.models import Q, Subquery
from django.utils import timezone

from yiwei.kernel.scope import Actor
from yiwei.kernel.tenancy import context

from .models.employee import Delegation, Employee
from .models.outlet import Outlet
from .models.position import Position

ACTOR = """
select e.id, e.tenant_id, e.name, e.outlet_id, e.more_outlets, e.more_regions, o.region_id, o.name, p.code, p.base, p.name,
       p.allow, p.data_scope, p.scopes, p.masks, p.discount_floor, p.special_quota, t.name, t.time_zone, u.id, u.stamp, u.must_change, s.seen_at,
       exists (select from kernel_webhook w where w.tenant_id = e.tenant_id and w.active)
  from org_employee e
  join org_position p on p.tenant_id = e.tenant_id and p.id = e.position_id
  join org_outlet o on o.tenant_id = e.tenant_id and o.id = e.outlet_id
  join kernel_tenant t on t.id = e.tenant_id and t.active
  left join org_user u on u.tenant_id = e.tenant_id and u.member_id = e.id and u.is_active
  left join org_signinsession s on s.tenant_id = e.tenant_id and s.user_id = u.id and s.id = %(session)s and s.ended_at is null
 where e.tenant_id = %(tenant)s and e.state = 'active' and e.id = """


def load(member_id, session=None):
    """The actor of an active employee, or None; `limits["seen"]` says when its session, if still open, was last in use.

    Asked at every request, hence by hand.
    """
    return _load("%(key)s", member_id, session)


def bearer(digest):
    """The actor an API key acts as, by the key's fingerprint, or None."""
    return _load("(select member_id from kernel_apitoken k where k.tenant_id = %(tenant)s and k.digest = %(key)s and k.active"
                 " and (k.expires_at is null or k.expires_at >= clock_timestamp()))", digest)


def _load(which, key, session=None):
    with connection.cursor() as cursor:
        cursor.execute(ACTOR + which, {"tenant": context.tenant_id(), "key": key, "session": session})
        row = cursor.fetchone()
    return actor_of(row) if row else None


def everybody():
    """Every active employee as actor, by name."""
    with connection.cursor() as cursor:
        cursor.execute(ACTOR.removesuffix(" and e.id = ") + " order by e.name, e.id", {"tenant": context.tenant_id(), "session": None})
        return [actor_of(row) for row in cursor.fetchall()]


def actor_of(row):
    """The acting person out of a row of ACTOR."""
    (pk, tenant_id, name, outlet_id, outlets, regions, region_id, outlet, code, base, position, allow, data_scope, scopes, masks,
     floor, quota, tenant, time_zone, user_id, stamp, must_change, seen, hooks) = row
    outlets, regions, allow, scopes, masks = (_json(v) for v in (outlets, regions, allow, scopes, masks))
    limits = {"discount_floor": floor, "special_quota": quota, "hooks": hooks}
    if user_id is not None:
        limits.update(session=stamp, must_change=must_change, seen=seen)
    return Actor(
        id=pk, tenant_id=tenant_id, name=name, position=code, role=base or code, position_name=position, allow=tuple(allow),
        data_scope=data_scope, scopes=scopes, masks=frozenset(masks), outlet_id=outlet_id,
        outlet_ids=tuple({outlet_id, *map(int, outlets)}), limits=limits, outlet_name=outlet, tenant_name=tenant,
        region_ids=tuple({*map(int, regions), *([region_id] if region_id else [])}), user_id=user_id, time_zone=time_zone)


def _json(value):
    return json.loads(value) if isinstance(value, str) else value


def holders(positions, outlet_id=None):
    """Active holders of positions for an outlet: of the outlet itself, else its region, else the company."""
    people = Employee.objects.filter(position__code__in=list(positions), state="active").order_by("id")
    here = Outlet.objects.filter(pk=outlet_id).values("region_id")
    found = list(people.annotate(here=Subquery(here)).values_list(
        "id", "outlet_id", "more_outlets", "position__data_scope", "outlet__region_id", "more_regions", "here"))
    if outlet_id is None or not found:
        return [f[0] for f in found]
    same = [f[0] for f in found if f[1] == outlet_id or outlet_id in f[2]]
    if same:
        return same
    region = found[0][6]
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
