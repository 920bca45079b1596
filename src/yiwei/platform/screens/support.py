"""What the dealer sees of support."""

import re

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.records.document import TOLD
from yiwei.kernel.screens.registers.register import Column, Register, Tab

from ..models.support import SupportGrant, SupportVisit

HEAD = "general_manager tenant_admin"
TOLD["platform.reset"] = _("Sign-in reset by the operator of the platform")


def page_name(visit):
    """The page that was opened as people call it: the list and the row, the report; otherwise its address."""
    found = re.match(r"/r/([\w-]+)/([\w-]+)/(?:(\d+)/)?|/report/([\w-]+)/", visit.page)
    if found is None:
        return _("First page") if visit.page == "/" else visit.page
    room, slug, pk, report = found.groups()
    shelf = registry.reports.get(report) if report else registry.registers.get((room, slug))
    return " · ".join(str(part) for part in (shelf.label if shelf else "", f"#{pk}" if pk else "") if part)


WHERE = Column("where", _("Page opened"), "text", value=page_name)


class SupportGrants(Register):
    model = SupportGrant
    label = _("Support access")
    module, icon, position = "system", "lock-open", 70
    roles = exporters = HEAD
    columns = ["reason", "until", "created_by", "created_at", "state"]
    filters = ["state", "created_at"]
    sections = [(_("Details"), ["reason", "until", "created_by", "created_at"])]
    tabs = [Tab("visits", _("Pages opened"), SupportVisit, "grant", ["at", "name", WHERE, "page"], order="-id")]
    help = _("Nobody outside your company can read your data unless you grant it here.")
    empty_text = _("You have not granted support access to anybody.")

    @classmethod
    def flags(cls, actor, obj):
        return [] if obj.in_force or obj.state != "active" else [{"label": _("expired"), "color": "secondary"}]


class SupportVisits(Register):
    model = SupportVisit
    label = _("Pages opened for support")
    module, icon, position = "system", "eye", 72
    roles = exporters = HEAD
    columns = ["at", "name", WHERE, "page", "grant"]
    filters = ["at"]
