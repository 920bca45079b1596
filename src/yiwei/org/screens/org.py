"""Screens of API keys and the change log."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import ApiToken, Change
from yiwei.kernel.screens.registers.register import Column, Register

from .places import HEAD


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
