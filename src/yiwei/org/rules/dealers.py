"""Opening a dealer: the tenant, its head office, positions, administrator, and the approval flows it starts with."""

import secrets
from decimal import Decimal

from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.models import ApprovalFlow
from yiwei.kernel.records import search
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.work.approvals.design import OPS
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet
from yiwei.org.models.position import Position
from yiwei.org.models.user import User

from .presets import POSITIONS

STARTERS = []


def starter(fn):
    """Mark a function that fills a new dealer's base data: called once inside the new tenant."""
    STARTERS.append(fn)
    return fn


def open_dealer(code, name, admin_name="", password=None, username=""):
    """Open a dealer in one go. Returns (tenant id, sign-in name, one-time password)."""
    password = password or secrets.token_urlsafe(9)
    tenant_id = context.open_tenant(code, name)
    with context.entered(tenant_id, action="org.dealer.open"):
        for position, preset in POSITIONS.items():
            make_position(position, preset)
        office = Outlet(code="HQ", name="总部", is_head_office=True)
        office.save()
        search.index(office, created=True)
        admin = hire("ADMIN", admin_name or _("Administrator"), "tenant_admin", office)
        user = sign_in(admin, username or f"admin@{code}", password, must_change=True)
        for fn in STARTERS:
            fn()
        return tenant_id, user.username, password


def make_position(code, preset):
    name, scope, scopes, masks, floor, quota, allow = preset
    position = Position(code=code, name=name, data_scope=scope, scopes=scopes, masks=masks, allow=allow,
                        discount_floor=Decimal(floor) if floor is not None else None, special_quota=quota)
    position.save()
    search.index(position, created=True)
    return position


def hire(number, name, position, outlet, **more):
    """An employee, searchable."""
    member = Employee(number=number, name=name, position=Position.objects.get(code=position), outlet=outlet, **more)
    member.save()
    search.index(member, created=True)
    return member


def sign_in(member, username, password, *, must_change=False):
    """Give an employee a sign-in name and password."""
    user = User(username=username, member=member, must_change=must_change)
    user.set_password(password)
    user.save()
    return user


def flow(name, action, steps, conditions=(), priority=0):
    """A published approval flow, for starters."""
    if action not in registry.actions:
        raise ValueError(f"no action {action}")
    if any(c["op"] not in OPS for c in conditions):
        raise ValueError(f"a condition of {name} compares in no known way")
    return ApprovalFlow.objects.create(name=name, action=action, steps=list(steps), conditions=list(conditions),
                                       priority=priority, state="published")
