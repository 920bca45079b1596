"""Screens of API keys and the change log."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import ApiToken, Change
from yiwei.kernel.records.document import told_as
from yiwei.kernel.screens.registers.register import Column, Register

from .places import HEAD


class ApiTokens(Register):
    model = ApiToken
    label = _("API keys")
    module, icon, position = "system", "key", 80
    roles = HEAD
    columns = ["name", "member", "active", "expires_at", "created_at"]


OPERATIONS = {"I": _("Added"), "U": _("Changed"), "D": _("Removed")}


class Changes(Register):
    """Every change of a business row, as the database kept it."""

    model = Change
    label = _("Change log")
    module, icon, position = "system", "history", 90
    roles = "general_manager tenant_admin"
    columns = ["at", Column("what", _("Kind of row")), "object_id", Column("op", _("operation"), value=lambda c: OPERATIONS.get(c.op, "")),
               Column("action", _("action"), value=lambda c: told_as(c.action) if c.action else ""),
               Column("old", _("before"), "text", seen=lambda c, actor: c.shown(c.old, actor)),
               Column("new", _("after"), "text", seen=lambda c, actor: c.shown(c.new, actor))]
    filters = ["table_name", "at"]
