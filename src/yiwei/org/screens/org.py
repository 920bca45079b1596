"""Screens of approvals (REB-01), keys and the change log."""

import re
from decimal import Decimal

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from yiwei.kernel import registry
from yiwei.kernel.approval import quota
from yiwei.kernel.models import ApiToken, ApprovalFlow, Case, Change, Task
from yiwei.kernel.money import money_text
from yiwei.kernel.register.core import Column, Register, Tab
from yiwei.kernel.web.home import brief

from .places import ALL, HEAD

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
        return [*cls._quota(actor, obj), *cls._concerns(actor, obj)]

    @staticmethod
    def _quota(actor, obj):
        """To who signs: how many special approvals of the month are used."""
        if obj.state != "waiting" or not obj.tasks.filter(assignee=actor.id, verdict="").exists():
            return []
        most = quota.limit(obj, actor.id)
        return [] if most is None else [{"tone": "info", "text": _("Special approvals of this month: %(a)s of %(b)s used.") % {
            "a": quota.used(obj, actor.id), "b": most}}]

    @staticmethod
    def _concerns(actor, obj):
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
