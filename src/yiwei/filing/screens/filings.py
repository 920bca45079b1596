"""Screens of channel partners, filings and their review (CRM-02, CRM-03)."""

from datetime import datetime, timedelta

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.filing.rules import precision
from yiwei.filing.rules import sheet as sheets
from yiwei.filing.rules.counting import COUNTED
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab

from ..actions.filing import SLA
from ..models.filing import Filing
from ..models.partner import ChannelPartner
from ..models.verdict import FilingVerdict

CHANNEL = "channel_rep channel_manager"
JUDGES = "channel_manager region_director general_manager"
SALES = "store_manager guide"
TONES = {"certain": "red", "strong": "orange", "probable": "yellow"}


FILED = Column("filed_at", _("filed at"), "text", sort="filed_at",
               value=lambda f: precision.stamp(f.filed_at, f.filed_known) if f.filed_at else "")


class Partners(Register):
    model, label = ChannelPartner, _("Channel partners")
    code, module, icon, position = "CRM-02", "customers", "building-community", 80
    roles, editors, exporters = f"{CHANNEL} {JUDGES} {SALES} finance_manager accountant", "channel_manager general_manager", "channel_manager"
    columns = ["name", "code", "kind", "level", "contact", "active"]
    filters = ["kind", "level", "active"]
    form = ["code", "name", "kind", "level", "contact", "phone", "account_name", "account", "agreement"]
    tabs = [Tab("filings", _("Filings"), Filing, "partner", ["number", "name", "filed_at", "state"], order="-id")]
    importable = True


class Filings(Register):
    model, label = Filing, _("Channel filings")
    code, module, icon, position = "CRM-02", "customers", "flag", 30
    roles, exporters = f"{CHANNEL} {JUDGES} {SALES}", "channel_manager region_director"
    columns = ["number", "name", "phone", "partner", "community", FILED, "protected_until", "customer", "state", "owner"]
    filters = ["state", "partner", "outside_designer", "outlet", "filed_at", "decided_at", "owner",
               Filter("counted", _("Counted as"), "select", choices=[(c, label) for c, label, _q in COUNTED],
                      reserved={"conflicts": "filing.filing.approve"},
                      apply=lambda rows, value: next((rows.filter(q) for c, _l, q in COUNTED if c == value), rows.none()))]
    tabs = [Tab("verdicts", _("Verdicts"), FilingVerdict, "filing", ["decision", "at", "by", "share", "conflict", "rules", "reason"],
                order="-id", show=lambda actor, filing: actor.can("filing.filing.approve"))]
    sections = [(_("Filing"), ["partner", "outside_designer", "filer_name", FILED, "name", "phone", "spare_phone",
                               "more_phones", "community", "address", "categories", "expected_on", "remark"]),
                (_("Verdict"), ["decided_at", "protected_until", "verdict_text", "share", "joint", "customer", "visited_at", "signed_on",
                                "signed_amount", "no_rebate"])]
    search_hint = _("Name, phone, last four digits, number or community")

    @classmethod
    def flags(cls, actor, obj):
        out = []
        if obj.conflict and actor.can("filing.filing.approve"):
            out.append({"label": obj.get_conflict_display(), "color": TONES[obj.conflict]})
        if obj.share < 100:
            out.append({"label": f"{obj.share.normalize():f}%", "color": "indigo"})
        if obj.no_rebate:
            out.append({"label": _("no rebate"), "color": "dark"})
        return out

    @classmethod
    def notices(cls, actor, obj):
        return [{"tone": "warning", "text": __("No rebate: %(why)s") % {"why": obj.no_rebate}}] if obj.no_rebate else []

    @classmethod
    def panels(cls, actor, obj):
        if not actor.can("filing.filing.approve") or not obj.evidence:
            return []
        return [sheet(__("Evidence"), obj.evidence, actor)]


def sheet(title, frozen, actor):
    """The panel of frozen evidence."""
    return {"title": title, "template": "filing/evidence.html", "rules": frozen.get("rules", ""),
            "at": datetime.fromisoformat(frozen["at"]) if frozen.get("at") else None, "candidates": sheets.shown(frozen, actor),
            "unread": sheets.unread(frozen, actor)}


def waiting(filing):
    """Hours since it was filed, for who must judge within the limit."""
    return int((timezone.now() - (filing.filed_at or filing.created_at)).total_seconds() // 3600)


def by_clock(rows, value):
    """Filings beyond, or within, the hours in which they must be judged."""
    limit = timezone.now() - timedelta(hours=SLA.value())
    return rows.filter(filed_at__lt=limit) if value == "over" else rows.filter(filed_at__gte=limit)


class FilingReview(Register):
    """Filings that wait for a verdict, those in conflict with their evidence."""

    model, main, slug = Filing, False, "filing-review"
    label = _("Filing review")
    code, module, icon, position = "CRM-03", "customers", "scale", 40
    roles, limit, order = JUDGES, {"state__in": ("submitted", "held")}, "id"
    columns = ["number", "name", "phone", "partner", "community", FILED, Column("waiting", _("waiting h"), "number", value=waiting),
               "conflict", "state", "owner"]
    filters = ["state", Filter("conflicts", _("Conflict"), "select", choices=[("none", _("Clean")), ("some", _("In conflict"))],
                               apply=lambda rows, v: rows.filter(conflict="") if v == "none" else rows.exclude(conflict="")),
               Filter("clock", _("Clock"), "select", choices=[("over", _("Beyond the limit")), ("within", _("Within"))], apply=by_clock),
               "conflict", "partner", "filed_at"]
    sections, tabs = Filings.sections, Filings.tabs
    panels, notices = Filings.panels, Filings.notices

    @classmethod
    def flags(cls, actor, obj):
        late = [{"label": _("Beyond the limit"), "color": "red"}] if obj.late else []
        return [*Filings.flags(actor, obj), *late]

    @classmethod
    def rows(cls, actor):
        """With each row: whether it waits longer than it may."""
        limit = timezone.now() - timedelta(hours=SLA.value())
        return super().rows(actor).annotate(late=ExpressionWrapper(Q(filed_at__lt=limit), output_field=BooleanField()))


class FilingVerdicts(Register):
    """Every verdict with its evidence as it stood."""

    model, label, menu = FilingVerdict, _("Verdicts"), False
    code, module, icon, position = "CRM-03", "customers", "scale", 41
    roles = JUDGES
    columns = ["filing", "decision", "at", "by", "share", "conflict", "rules", "reason"]
    filters = ["decision", "at"]
    sections = [(_("Verdict"), ["filing", "decision", "at", "by", "share", "conflict", "rules", "reason"])]

    @classmethod
    def panels(cls, actor, obj):
        return [sheet(__("Evidence as it stood"), obj.evidence, actor)] if obj.evidence else []


Pending(Filing, ("submitted", "held"), "filing.filing.approve", _("Filings to review"), tone="orange", order=10)
Pending(Filing, ("draft",), "filing.filing.submit", _("Filings still to send"), people="owner", order=11)
