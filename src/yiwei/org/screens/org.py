"""Screens of the organisation (SYS-01 to SYS-03) and of approvals (REB-01)."""

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.action.errors import Invalid, Refused
from yiwei.kernel.models import ApiToken, ApprovalFlow, Case, Change, Task
from yiwei.kernel.register.columns import money_text
from yiwei.kernel.register.core import Column, Register, Tab
from yiwei.kernel.web.home import brief

from ..models.employee import Delegation, Employee
from ..models.outlet import Department, Outlet, Region
from ..models.position import SCOPES, Position

ALL = " ".join(["general_manager region_director store_manager guide designer channel_rep channel_manager",
                "drawing_auditor price_auditor finance_manager accountant cashier purchaser storekeeper dispatcher",
                "driver installer service_head service_agent tenant_admin"])
HEAD = "general_manager tenant_admin"


class Employees(Register):
    model = Employee
    label = _("Employees")
    code, module, icon, position = "SYS-01", "system", "users", 10
    roles, editors, exporters = "region_director store_manager finance_manager", HEAD, HEAD
    columns = ["name", "number", "position", "outlet", "phone", "superior", "entered_on", "state"]
    filters = ["position", "outlet", "state"]
    form = ["number", "name", "phone", "email", "position", "outlet", "department", "superior", "entered_on"]
    search_hint = _("Name, number or phone")
    importable = True

    @classmethod
    def check(cls, actor, obj, data):
        if obj is not None and obj.pk == actor.id and any(data[n] != getattr(obj, n) for n in ("position", "outlet", "superior")):
            raise Refused(_("Nobody can do this to himself."))


class Positions(Register):
    model = Position
    label = _("Positions")
    code, module, icon, position = "SYS-02", "system", "id-badge", 20
    roles, editors = HEAD, HEAD
    columns = ["name", "code", "data_scope", "discount_floor", "special_quota", "active"]
    form = ["code", "name", "base", "data_scope", "allow", "scopes", "masks", "discount_floor", "special_quota"]
    tabs = [Tab("people", _("Employees"), Employee, "position", ["name", "number", "outlet", "state"])]
    order = "id"

    @classmethod
    def check(cls, actor, obj, data):
        if obj is not None and obj.code == actor.position:
            raise Refused(_("Nobody can do this to himself."))
        for name in ("allow", "masks"):
            if not isinstance(data[name] or [], list) or not all(isinstance(v, str) for v in data[name] or []):
                raise Invalid({name: [_("Give a list of names.")]})
        scopes = data["scopes"] or {}
        if not isinstance(scopes, dict) or not set(map(str, scopes.values())) <= {code for code, _label in SCOPES}:
            raise Invalid({"scopes": [_("Give a scope for each kind.")]})


class Outlets(Register):
    model = Outlet
    label = _("Outlets")
    code, module, icon, position = "SYS-03", "system", "building-store", 30
    roles, editors = ALL, HEAD
    columns = ["name", "code", "region", "mall", "booth", "area", Column("rent", _("rent per month"), "money", mask="cost"),
               "active"]
    filters = ["region", "active"]
    form = ["code", "name", "region", "is_head_office", "mall", "booth", "area", "rent", "address", "phone", "opened_on",
            "closed_on"]
    tabs = [Tab("people", _("Employees"), Employee, "outlet", ["name", "number", "position", "state"]),
            Tab("departments", _("Departments"), Department, "outlet", ["name", "active"])]
    order = "id"
    importable = True


class Regions(Register):
    model = Region
    label = _("Sales regions")
    code, module, icon, position = "SYS-03", "system", "map", 32
    roles, editors = HEAD, HEAD
    columns = ["name", "code", "active"]
    form = ["code", "name"]
    tabs = [Tab("outlets", _("Outlets"), Outlet, "region", ["name", "code", "active"])]
    order = "id"


class Departments(Register):
    model = Department
    label = _("Departments")
    code, module, icon, position = "SYS-03", "system", "sitemap", 34
    roles, editors = HEAD, HEAD
    columns = ["name", "outlet", "active"]
    form = ["name", "outlet"]


class Delegations(Register):
    model = Delegation
    label = _("Stand-ins")
    module, icon, position = "system", "user-share", 40
    roles, editors = HEAD, HEAD
    columns = [Column("of", _("employee"), "link", link=True), "to", "from_day", "to_day"]
    form = ["of", "to", "from_day", "to_day"]

    @classmethod
    def check(cls, actor, obj, data):
        if data["to"].pk == actor.id and data["of"].pk != actor.id:
            raise Refused(_("Nobody can do this to himself."))


SUBJECT = Column("title", _("title"), "text", value="subject")
VERDICTS = {"approved": _("Approved"), "rejected": _("Rejected"), "returned": _("Sent back"), "skipped": _("Not needed"), "copy": _("Copy")}
FACTS = {"discount": _("Discount rate"), "net": _("Net amount"), "list": _("List amount"), "received": _("Received"),
         "short": _("Short of the gate"), "arrears": _("Arrears"), "promise_on": _("Customer promised to pay on"),
         "visit": _("Visit no."), "amount": _("Amount"), "proposed": _("Computed by the house")}
MONEY = re.compile(r"-?\d+\.\d\d")


def fact_text(value):
    """A figure of an approval as it is read."""
    return money_text(Decimal(value)) if MONEY.fullmatch(str(value)) else str(value)


class Approvals(Register):
    """Requests that wait for a signature, and those signed (REB-01's cases; requests and replies)."""

    model = Case
    label = _("Approvals")
    module, icon, position = "workbench", "checks", 20
    roles = ALL
    columns = ["number", SUBJECT, "state", "owner", "outlet", "created_at", "due_at"]
    filters = ["state", "outlet", "created_at"]
    sections = [(_("Details"), [SUBJECT, "design", "owner", "outlet", "created_at", "due_at"])]
    tabs = [Tab("signers", _("Signers"), Task, "case", [
        Column("step", _("step"), "number", value=lambda t: t.step + 1), "assignee", "stands_for",
        Column("verdict", _("verdict"), "text", value=lambda t: VERDICTS.get(t.verdict, t.verdict)), "comment",
        Column("asked_at", _("asked"), "datetime"), "decided_at"])]

    @classmethod
    def figures(cls, actor, obj):
        return [{"label": FACTS.get(name, name.replace("_", " ")), "text": fact_text(value)} for name, value in obj.facts.items()
                if not name.endswith("_id") and value is not None]

    @classmethod
    def notices(cls, actor, obj):
        from django.apps import apps

        from yiwei.kernel import registry
        register = registry.register_of(apps.get_model(obj.model)) if obj.object_id else None
        if register is None or not register.allowed(actor):
            return []
        row = register.rows(actor).filter(pk=obj.object_id).first()
        if row is None:
            return []
        what = f"{register.label} {register.title(row)} · {brief(register, actor, row)}"
        return [{"tone": "info", "text": _("Concerns: %(what)s") % {"what": what}, "url": register.url("detail", row.pk)}]


class ApprovalFlows(Register):
    model = ApprovalFlow
    label = _("Approval flows")
    code, module, icon, position = "REB-01", "rebate", "git-branch", 10
    roles = HEAD
    columns = ["name", "action", "priority", "revision", "state"]
    filters = ["state"]
    sections = [(_("Details"), ["name", "action", "priority", "conditions", "steps"])]


class ApiTokens(Register):
    model = ApiToken
    label = _("API keys")
    module, icon, position = "system", "key", 80
    roles = HEAD
    columns = ["name", "member", "active", "expires_at", "created_at"]


class Changes(Register):
    """Every change of a business row, as the database kept it."""

    model = Change
    label = _("Change log")
    module, icon, position = "system", "history", 90
    roles = "general_manager tenant_admin"
    columns = ["at", "table_name", "object_id", "op", "action",
               Column("old", _("before"), "text", seen=lambda c, actor: c.shown(c.old, actor)),
               Column("new", _("after"), "text", seen=lambda c, actor: c.shown(c.new, actor))]
    filters = ["table_name", "at"]
