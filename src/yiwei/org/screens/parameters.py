"""Reminder parameters (SYS-04)."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.screens.registers.register import Column, Register
from yiwei.kernel.work import options


class Parameters(Register):
    """Days, hours and numbers after which the house does something by itself or lets nothing more through."""

    model, label, slug = options.Parameter, _("Reminder parameters"), "parameter"
    code, module, icon, position = "SYS-04", "system", "adjustments", 50
    roles = "tenant_admin general_manager region_director"
    order = "id"
    columns = [Column("label", _("parameter"), "text", value=lambda p: p.label, link=True), "value",
               Column("default", _("as delivered"), "number", value=lambda p: p.default)]
    sections = [(_("Parameter"), columns)]

    @classmethod
    def rows(cls, actor):
        options.ensure()
        return super().rows(actor).filter(name__in=options.OPTIONS)
