"""The rota, as a list and on the first page (CRM-01)."""

from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.screens.home import block
from yiwei.kernel.screens.registers.listing import columns_for, row_of
from yiwei.kernel.screens.registers.register import Column, Register

from ..models.rota import RotaSeat


class Rota(Register):
    model, label = RotaSeat, _("Rota at the door")
    code, module, icon, position = "CRM-01", "customers", "repeat", 12
    roles = "general_manager region_director store_manager guide"
    columns = [Column("member", _("guide"), "link", link=True), "day", "turn", "received", "away", "outlet"]
    filters = ["day", "outlet", "member"]
    sections = [(_("Rota"), ["member", "day", "turn", "received", "away", "outlet"])]
    empty_text = _("Join the rota to receive visitors in turn.")

    @classmethod
    def flags(cls, actor, obj):
        return [{"label": _("Away"), "color": "secondary"}] if obj.away and obj.day == timezone.localdate() else []


@block(order=5)
def next_in_turn(actor):
    """Who receives the next group, for everybody at the door."""
    if not actor.can("crm.rotaseat.join"):
        return {}
    seats = list(RotaSeat.today(actor.outlet_id).select_related("member", "outlet")[:8])
    if not seats:
        return {}
    columns = [c for c in columns_for(Rota, actor, {}) if c.name in ("member", "received")]
    return {"lists": [{"label": __("Next in turn"), "url": Rota.url() + f"?day={timezone.localdate()}&day_to={timezone.localdate()}",
                       "columns": [{"name": c.name, "label": c.label, "align": c.align} for c in columns],
                       "rows": [row_of(Rota, actor, s, columns) for s in seats], "empty": {"title": "", "text": ""}}]}
