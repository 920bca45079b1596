"""Who took which data out of the house (D-05, D-06)."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.models import Disclosure
from yiwei.kernel.screens.registers.register import Column, Register
from yiwei.kernel.work.disclosure import A_DAY

READERS = "general_manager region_director tenant_admin"


class Disclosures(Register):
    """Every export and every phone shown in full: who, when, why, how much; what goes beyond the day's limit is marked."""

    model = Disclosure
    label = _("Data taken out")
    module, icon, position = "system", "file-export", 88
    roles = READERS
    exporters = "general_manager"
    columns = [Column("at", _("at"), "datetime", link=True), "member", "outlet", "kind", Column("source", _("list"), "text", value=lambda d: d.label),
               "rows", "why", "turn", "over"]
    filters = ["kind", "member", "outlet", "over", "at", "mark"]
    sections = [(_("Data taken out"), ["at", "member", "outlet", "kind", Column("source", _("list"), "text", value=lambda d: d.label),
                                       "rows", "why", "query", "mark", "turn", "over"])]
    help = _("Who has gone beyond the number of the day is marked, and the directors were told. The mark stands in head and foot of the workbook.")

    @classmethod
    def flags(cls, actor, obj):
        return [{"label": __("over the limit"), "color": "red"}] if obj.over else []

    @classmethod
    def notices(cls, actor, obj):
        lines, row = [], obj.subject
        if obj.over:
            text = __("No. %(n)s of this day; the limit is %(limit)s.") % {"n": obj.turn, "limit": A_DAY.value()}
            lines.append({"tone": "danger", "text": text})
        register = registry.register_of(type(row)) if row is not None else None
        if register and register.allowed(actor) and register.rows(actor).filter(pk=row.pk).exists():
            what = f"{register.label} {register.title(row)}"
            lines.append({"tone": "info", "text": __("Concerns: %(what)s") % {"what": what}, "url": register.url("detail", row.pk)})
        return lines
