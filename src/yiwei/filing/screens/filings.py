"""Screens of channel partners, filings and their review (CRM-02, CRM-03, BAS-11)."""

from datetime import datetime

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.register.core import Register, Tab
from yiwei.kernel.web.home import Pending

from .. import evidence
from ..models.filing import ChannelPartner, Filing, OutsideDesigner

CHANNEL = "channel_rep channel_manager"
JUDGES = "channel_manager region_director general_manager"
SALES = "store_manager guide"
TONES = {"certain": "red", "strong": "orange", "probable": "yellow"}


class Partners(Register):
    model, label = ChannelPartner, _("Channel partners")
    code, module, icon, position = "CRM-02", "customers", "building-community", 80
    roles, editors, exporters = f"{CHANNEL} {JUDGES} {SALES} finance_manager accountant", "channel_manager general_manager", "channel_manager"
    columns = ["name", "code", "kind", "level", "contact", "active"]
    filters = ["kind", "level", "active"]
    form = ["code", "name", "kind", "level", "contact", "phone", "account_name", "account", "agreement"]
    tabs = [Tab("filings", _("Filings"), Filing, "partner", ["number", "name", "filed_at", "state"], order="-id")]
    importable = True


class OutsideDesigners(Register):
    model, label = OutsideDesigner, _("Outside designers")
    code, module, icon, position = "BAS-11", "base", "pencil-bolt", 110
    roles, editors = f"{CHANNEL} {JUDGES}", f"{CHANNEL} general_manager"
    columns = ["name", "phone", "partner", "level", "active"]
    filters = ["partner", "level", "active"]
    form = ["name", "phone", "partner", "level", "account", "agreement"]
    importable = True


class Filings(Register):
    model, label = Filing, _("Channel filings")
    code, module, icon, position = "CRM-02", "customers", "flag", 30
    roles, exporters = f"{CHANNEL} {JUDGES} {SALES}", "channel_manager region_director"
    columns = ["number", "name", "phone", "partner", "community", "filed_at", "protected_until", "customer", "state", "owner"]
    filters = ["state", "partner", "conflict", "filed_at", "owner"]
    sections = [(_("Filing"), ["partner", "outside_designer", "filer_name", "filed_at", "name", "phone", "spare_phone", "community",
                               "address", "categories", "expected_on", "remark"]),
                (_("Verdict"), ["decided_at", "protected_until", "verdict_text", "customer", "visited_at", "signed_on",
                                "signed_amount"])]
    search_hint = _("Name, phone, last four digits, number or community")

    @classmethod
    def flags(cls, actor, obj):
        if obj.conflict and actor.can("filing.filing.approve"):
            return [{"label": obj.get_conflict_display(), "color": TONES[obj.conflict]}]
        return []

    @classmethod
    def panels(cls, actor, obj):
        if not actor.can("filing.filing.approve") or not obj.evidence:
            return []
        return [{"title": __("Evidence"), "template": "filing/evidence.html", "rules": obj.evidence.get("rules", ""),
                 "at": datetime.fromisoformat(obj.evidence["at"]) if obj.evidence.get("at") else None,
                 "candidates": evidence.shown(obj, actor)}]


class FilingReview(Register):
    """Filings that wait for a verdict, those in conflict with their evidence."""

    model, main, slug = Filing, False, "filing-review"
    label = _("Filing review")
    code, module, icon, position = "CRM-03", "customers", "scale", 40
    roles, limit, order = JUDGES, {"state__in": ("submitted", "held")}, "id"
    columns = ["number", "name", "phone", "partner", "community", "filed_at", "conflict", "state", "owner"]
    filters, sections = ["state", "conflict", "partner", "filed_at"], Filings.sections
    flags, panels = Filings.flags, Filings.panels


Pending(Filing, ("submitted", "held"), "filing.filing.approve", _("Filings to review"), tone="orange", order=10)
