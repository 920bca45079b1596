"""Screen of the links by which partners file."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.filing.models.filing import Filing
from yiwei.filing.models.link import FilingLink
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.portal.rules.links import filing_path

from ..actions.filing import ROLES


class FilingLinks(Register):
    model, label = FilingLink, _("Filing links of partners")
    code, module, icon, position = "CRM-02", "customers", "link", 85
    roles = f"{ROLES} general_manager"
    columns = [Column("partner", _("channel partner"), "link", link=True), "person", "clerk", "expires_at", "opened_at", "revoked_at"]
    filters = ["partner", "clerk"]
    sections = [(_("Link"), ["partner", "person", "clerk", Column("path", _("address"), "text", value=filing_path, wide=True), "expires_at",
                             "opened_at", "revoked_at"])]
    tabs = [Tab("filings", _("Filings"), Filing, "link", ["number", "name", "filed_at", "state"], order="-id")]

    @classmethod
    def notices(cls, actor, obj):
        if obj.valid:
            path = filing_path(obj)
            return [{"tone": "info", "text": __("Send this address to the partner: %(path)s") % {"path": path}, "url": path}]
        return [{"tone": "warning", "text": __("This link no longer opens anything.")}]
