"""Screens of visitors at the door (CRM-01)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.register import Register

from ..models.traffic import Visit


class Visits(Register):
    model = Visit
    label = _("Visits")
    code, module, icon, position = "CRM-01", "customers", "door-enter", 10
    roles, exporters = "general_manager region_director store_manager guide", "region_director store_manager"
    columns = ["number", "at", "name", "phone", "state", "people", "minutes", "source", "community", "intention", "kind",
               "first_time", "customer", "owner", "outlet"]
    filters = ["state", "at", "outlet", "owner", "source", "kind", "valid",
               Filter("contact", _("Contact left"), "select", choices=[("1", _("Yes")), ("0", _("No"))],
                      apply=lambda rows, v: rows.exclude(phone="") if v == "1" else rows.filter(phone=""))]
    sections = [(_("Visit"), ["at", "name", "phone", "people", "minutes", "source", "community", "address", "intention",
                              "first_time", "kind", "why_not", "customer", "remark"])]
    search_hint = _("Name, phone or number")
    empty_text = _("Count the first group of the day; a phone number is enough.")

    @classmethod
    def title(cls, obj):
        return obj.name or timezone.localtime(obj.at).strftime("%m-%d %H:%M")

    @classmethod
    def flags(cls, actor, obj):
        out = []
        if obj.phone and obj.customer_id is None:
            out.append({"label": _("Contact left"), "color": "green"})
        if not obj.valid:
            out.append({"label": obj.get_kind_display(), "color": "secondary"})
        return out


