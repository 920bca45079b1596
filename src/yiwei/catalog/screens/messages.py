"""Texts of messages to customers, with what they will look like and cost."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules.occasions import OCCASIONS, fill, full_text, names_in, parts, sample
from yiwei.kernel.screens.registers.register import Column, Register
from yiwei.kernel.work.options import Option

from ..models.message import SmsTemplate

FEE = Option("sms_fee", _("Price of one SMS in thousandths of a yuan"), 45, low=0, high=10_000)


def _occasion(template):
    found = OCCASIONS.get(template.occasion)
    return str(found.label) if found else template.occasion


class SmsTemplates(Register):
    """What customers are told, by occasion."""

    model, label = SmsTemplate, _("SMS templates")
    code, module, icon, position = "BAS-10", "base", "message", 50
    roles = "general_manager tenant_admin service_head service_agent"
    columns = [Column("name", _("name"), "text", link=True), Column("occasion", _("occasion"), "text", value=_occasion),
               "text", "signature", "state"]
    filters = ["state"]
    sections = [(_("SMS template"), [Column("occasion", _("occasion"), "text", value=_occasion), "name", "text", "signature", "wechat_id",
                                     "carrier_id"])]

    @classmethod
    def panels(cls, actor, obj):
        occasion = OCCASIONS.get(obj.occasion)
        if occasion is None or set(names_in(obj.text)) - set(occasion.variables):
            return []
        text = fill(full_text(obj), occasion.example(**sample(actor)))
        count = parts(text)
        return [{"title": __("As the customer reads it"), "template": "catalog/sms_preview.html", "text": text, "length": len(text),
                 "parts": count, "fee": f"{count * FEE.value() / 1000:.3f}", "quiet": (21, 8),
                 "variables": [{"name": n, "label": label, "used": n in names_in(obj.text)} for n, (label, _e) in occasion.variables.items()]}]
