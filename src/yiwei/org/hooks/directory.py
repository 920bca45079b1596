"""Answers the kernel's questions about people."""

import json
from dataclasses import replace
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Subquery
from django.utils import timezone

from yiwei.kernel.records.scope import Actor
from yiwei.kernel.records.tenancy import context
from yiwei.org.models.employee import Delegation, Employee
from yiwei.org.models.outlet import Outlet
from yiwei.org.models.position import MASKS, Position
from yiwei.org.rules.presets import POSITIONS

ACTOR = """
select e.id, e.tenant_id, e.name, e.outlet_id, e.more_outlets, e.more_regions, o.region_id, o.name, p.code, p.base, p.name,
       p.allow, p.data_scope, p.scopes, p.masks, p.discount_floor, p.special_quota, t.name, t.time_zone, u.id, u.stamp, u.must_change, s.seen_at,
       exists (select from kernel_webhook w where w.tenant_id = e.tenant_id and w.active),
       (select array_agg(distinct g.action) from kernel_approvalflow g where g.tenant_id = e.tenant_id and g.state = 'published'),
       (select json_agg(json_build_array(a.code, a.base, a.name, a.allow, a.data_scope, a.scopes, a.masks, a.discount_floor::text,
                                         a.special_quota, ao.id, ao.region_id, coalesce(f.more_outlets, '[]'), coalesce(f.more_regions, '[]'))
                        order by d.id)
          from org_delegation d
          left join org_employee f on f.tenant_id = d.tenant_id and f.id = d.of_id
          join org_position a on a.tenant_id = d.tenant_id and a.id = coalesce(f.position_id, d.position_id)
          join org_outlet ao on ao.tenant_id = d.tenant_id and ao.id = coalesce(f.outlet_id, d.outlet_id)
         where d.tenant_id = e.tenant_id and d.to_id = e.id and d.acting
           and (now() at time zone t.time_zone)::date between d.from_day and d.to_day)
  from org_employee e
  join org_position p on p.tenant_id = e.tenant_id and p.id = e.position_id
  join org_outlet o on o.tenant_id = e.tenant_id and o.id = e.outlet_id
  join kernel_tenant t on t.id = e.tenant_id and t.active
  left join org_user u on u.tenant_id = e.tenant_id and u.member_id = e.id and u.is_active
  left join org_signinsession s on s.tenant_id = e.tenant_id and s.user_id = u.id and s.id = %(session)s and s.ended_at is null
 where e.tenant_id = %(tenant)s and e.state = 'active' and e.id = """


COLUMNS = 26
TELLING = ACTOR.replace("\n  from org_employee e", ",\n       set_config('app.actor', e.id::text, true)\n  from org_employee e", 1)


def load(member_id, session=None):
    """The actor of an active employee, or None; `limits["seen"]` says when its session, if still open, was last in use.

    Asked at every request, hence by hand.
    """
    return _load("%(key)s", member_id, session)


def bearer(digest):
    """The actor an API key acts as, by the key's fingerprint, or None; the database is told with the same statement.

    A position held for a while beside one's own is not in it: whoever makes the key did not have to be asked about that one.
    """
    found = _load("(select member_id from kernel_apitoken k where k.tenant_id = %(tenant)s and k.digest = %(key)s and k.active"
                  " and (k.expires_at is null or k.expires_at >= clock_timestamp()))", digest, actor=TELLING, acting=False)
    if found is not None:
        context.acts(found.id)
    return found


def _load(which, key, session=None, actor=ACTOR, acting=True):
    with connection.cursor() as cursor:
        cursor.execute(actor + which, {"tenant": context.tenant_id(), "key": key, "session": session})
        row = cursor.fetchone()
    return actor_of(row[:COLUMNS] if acting else (*row[:COLUMNS - 1], None)) if row else None


def everybody():
    """Every active employee as actor, by name."""
    with connection.cursor() as cursor:
        cursor.execute(ACTOR.removesuffix(" and e.id = ") + " order by e.name, e.id", {"tenant": context.tenant_id(), "session": None})
        return [actor_of(row) for row in cursor.fetchall()]


def roles():
    """Codes of the positions a dealer starts with; the rights of others derive from one of them."""
    return list(POSITIONS)


def masks():
    """Codes of what a position may be kept from seeing."""
    return [code for code, _label in MASKS]


def actor_of(row):
    """The acting person out of a row of ACTOR."""
    (pk, tenant_id, name, outlet_id, outlets, regions, region_id, outlet, code, base, position, allow, data_scope, scopes, masks,
     floor, quota, tenant, time_zone, user_id, stamp, must_change, seen, hooks, gated, acting) = row
    outlets, regions, allow, scopes, masks = (_json(v) for v in (outlets, regions, allow, scopes, masks))
    limits = {"discount_floor": floor, "special_quota": quota, "hooks": hooks, "gated": gated or ()}
    if user_id is not None:
        limits.update(session=stamp, must_change=must_change, seen=seen)
    actor = Actor(
        id=pk, tenant_id=tenant_id, name=name, position=code, role=base or code, position_name=position, allow=tuple(allow),
        data_scope=data_scope, scopes=scopes, masks=frozenset(masks), outlet_id=outlet_id,
        outlet_ids=tuple({outlet_id, *map(int, outlets)}), limits=limits, outlet_name=outlet, tenant_name=tenant,
        region_ids=tuple({*map(int, regions), *([region_id] if region_id else [])}), user_id=user_id, time_zone=time_zone)
    for held in _json(acting) or ():
        actor = acting_too(actor, held)
    return actor


WIDTH = ("own", "outlet", "region", "company")


def acting_too(actor, held):
    """An actor who for some days holds a second position: what either may do, and what either sees."""
    code, base, name, allow, data_scope, scopes, masks, floor, quota, outlet, region, outlets, regions = held
    wider = max(actor.data_scope, data_scope, key=WIDTH.index)
    both = {label: max(actor.scopes.get(label, actor.data_scope), scopes.get(label, data_scope), key=WIDTH.index)
            for label in {*actor.scopes, *scopes}}
    floors = [Decimal(f) for f in (actor.limits["discount_floor"], floor) if f is not None]
    return replace(
        actor, roles_too=(*actor.roles_too, base or code), position_name=f"{actor.position_name} + {name}",
        allow=_either(actor, allow, base or code), data_scope=wider, scopes=both, masks=actor.masks & frozenset(masks),
        outlet_ids=tuple({*actor.outlet_ids, outlet, *map(int, outlets)}),
        region_ids=tuple({*actor.region_ids, *map(int, regions), *([region] if region else [])}),
        limits={**actor.limits, "discount_floor": min(floors) if floors else None,
                "special_quota": max(actor.limits["special_quota"] or 0, quota or 0)})


def _either(actor, allow, role):
    """The deviations of two positions in one: what is taken away from one stays where the other has it."""
    other = Actor(id=None, tenant_id=actor.tenant_id, name="", role=role, allow=tuple(allow))
    granted = [p for p in (*actor.allow, *allow) if not p.startswith("-")]
    taken = [p for p in (*actor.allow, *allow) if p.startswith("-")]
    kept = [p for p in taken if not (actor if p in allow else other).can(p[1:])]
    return (*granted, *kept)


def _json(value):
    return json.loads(value) if isinstance(value, str) else value


def holders(positions, outlet_id=None):
    """Active holders of positions for an outlet: who acts there today, else those of the outlet, else of its region, else of the company."""
    here = Outlet.objects.filter(pk=outlet_id).values("region_id")
    acting = _acting(positions, outlet_id)
    people = Employee.objects.filter(Q(position__code__in=list(positions)) | Q(pk__in=acting), state="active").order_by("id")
    found = list(people.annotate(here=Subquery(here), acting=Q(pk__in=acting)).values_list(
        "id", "outlet_id", "more_outlets", "position__data_scope", "outlet__region_id", "more_regions", "here", "acting"))
    standing = [f[0] for f in found if f[7]]
    if standing:
        return standing
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


def _acting(positions, outlet_id):
    """Who holds a vacant position of an outlet today; a position whose holder is away is signed for by his deputy."""
    today = timezone.localdate()
    return Delegation.objects.filter(of=None, acting=True, position__code__in=list(positions), outlet_id=outlet_id,
                                     from_day__lte=today, to_day__gte=today).values("to_id") if outlet_id else []


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


def reach(ids):
    """Where employees are reached outside the house."""
    return {pk: {"sms": phone, "email": email}
            for pk, phone, email in Employee.objects.filter(pk__in=list(ids)).values_list("id", "phone", "email")}


def positions():
    """(code, name) of the positions in use, by name."""
    return list(Position.objects.filter(active=True).order_by("name").values_list("code", "name"))


def position(code):
    return Position.objects.get(code=code)
