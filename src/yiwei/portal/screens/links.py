"""Screen of customers' links."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.screens.registers.register import Column, Register

from ..actions.link import ROLES
from ..models.link import PortalLink


class PortalLinks(Register):
    model, label = PortalLink, _("Customers' page links")
    code, module, icon, position = "PRS-03", "customers", "link", 90
    roles = f"{ROLES} general_manager region_director"
    columns = [Column("customer", _("customer"), "link", link=True), "expires_at", "opened", "opened_at", "revoked_at"]
    sections = [(_("Link"), ["customer", Column("path", _("address"), "text", wide=True), "expires_at", "opened", "opened_at",
                             "revoked_at"])]

    @classmethod
    def notices(cls, actor, obj):
        if obj.valid:
            return [{"tone": "info", "text": __("Send this address to the customer: %(path)s") % {"path": obj.path}, "url": obj.path}]
        return [{"tone": "warning", "text": __("This link no longer opens anything.")}]
