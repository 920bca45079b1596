"""What the dealer sees of support."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.document import TOLD
from yiwei.kernel.register.core import Register, Tab

from ..models.support import SupportGrant, SupportVisit

HEAD = "general_manager tenant_admin"
TOLD["platform.reset"] = _("Sign-in reset by the operator of the platform")


class SupportGrants(Register):
    model = SupportGrant
    label = _("Support access")
    module, icon, position = "system", "lock-open", 70
    roles = exporters = HEAD
    columns = ["reason", "until", "created_by", "created_at", "state"]
    filters = ["state", "created_at"]
    sections = [(_("Details"), ["reason", "until", "created_by", "created_at"])]
    tabs = [Tab("visits", _("Pages opened"), SupportVisit, "grant", ["at", "name", "page"], order="-id")]
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
    columns = ["at", "name", "page", "grant"]
    filters = ["at"]
