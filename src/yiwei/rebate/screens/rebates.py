"""Screens of rebates."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.orders.rules import figures

from ..models.application import RebateApplication, RebateLine, RebateSettlement
from ..models.policy import RebateItem, RebateOpening, RebatePolicy

CHANNEL = "channel_rep channel_manager"
HEAD = "general_manager finance_manager accountant"


class RebateItems(Register):
    model, label = RebateItem, _("Rebate items")
    code, module, icon, position = "REB-02", "rebate", "tag", 80
    roles, editors = f"{CHANNEL} {HEAD}", "general_manager finance_manager"
    columns = ["name", "code", "kind", "base", "minimum", "tax_percent", "active"]
    form = ["code", "name", "kind", "base", "with_fees", "minimum", "tax_percent"]


class RebatePolicies(Register):
    model, label = RebatePolicy, _("Rebate policies")
    code, module, icon, position = "REB-03", "rebate", "stairs-up", 70
    roles = f"{CHANNEL} {HEAD}"
    columns = ["name", "item", "partner", "level", "brand", "category", "mode", "valid_from", "valid_until", "active"]
    filters = ["item", "partner", "active"]
    sections = [(_("Policy"), ["item", "partner", "level", "brand", "category", "valid_from", "valid_until", "mode",
                               Column("steps", _("tiers"), "text", value=lambda p: steps(p), mask="rebate"), "cap",
                               "discount_below", "cut_percent"])]


def steps(policy):
    """The tiers in words."""
    return "；".join(f"≤ {float(limit):,.0f}: {rate}%" if limit else f"{__('above')}: {rate}%" for limit, rate in policy.tiers)


class RebateOpenings(Register):
    model, label = RebateOpening, _("Opening rebate figures")
    code, module, icon, position = "REB-03", "rebate", "history", 90
    roles, editors = f"channel_manager {HEAD}", "finance_manager general_manager"
    columns = [Column("partner", _("channel partner"), "link", link=True), "item", "year", "base", "granted"]
    form = ["partner", "item", "year", "base", "granted"]


class RebateApplications(Register):
    model, label = RebateApplication, _("Rebate applications")
    code, module, icon, position = "REB-04", "rebate", "file-percent", 10
    roles, exporters = f"{CHANNEL} {HEAD} region_director", "finance_manager channel_manager"
    columns = ["number", "partner", "contract", Column("customer", _("customer"), "link", value="contract__customer"), "share",
               "proposed", "amount", "state", "settlement", "created_at"]
    filters = ["state", "partner", "outlet", "created_at"]
    sections = [(_("Rebate"), ["partner", "filing", "contract", Column("customer", _("customer"), "link", value="contract__customer"),
                               "share", "proposed", "amount", "lowered", "approved_at", "settlement", "remark"])]
    tabs = [Tab("lines", _("Working"), RebateLine, "application", ["item", "policy", "before", "base", "working", "amount"])]
    search_hint = _("Number, partner, contract or customer")

    @classmethod
    def figures(cls, actor, obj):
        found = figures.of_contract(obj.contract)
        out = [{"label": _("Order net"), "text": money_text(found["contract_net"])},
               {"label": _("Unpaid"), "text": money_text(found["unpaid"]), "tone": "red" if found["unpaid"] else "green"},
               {"label": _("Delivered"), "text": money_text(found["delivered"])}]
        if actor.sees("rebate"):
            out.append({"label": _("Rebate"), "text": money_text(obj.amount), "tone": "blue"})
        return out

    @classmethod
    def notices(cls, actor, obj):
        filing = obj.filing
        text = __("Filing %(number)s of %(partner)s is %(state)s.") % {
            "number": filing.number, "partner": filing.partner, "state": filing.get_state_display()}
        return [{"tone": "info", "text": text}]


class RebateSettlements(Register):
    model, label = RebateSettlement, _("Rebate settlements")
    code, module, icon, position = "REB-06", "rebate", "cash-banknote", 30
    roles, exporters = f"{CHANNEL} {HEAD} cashier", "finance_manager channel_manager"
    columns = ["number", "partner", "month", "gross", "tax", "net", "state", "paid_at"]
    filters = ["state", "partner", "month"]
    sections = [(_("Settlement"), ["partner", "month", "gross", "tax", "net", "method", "voucher", "paid_at", "remark"])]
    tabs = [Tab("applications", _("Applications"), RebateApplication, "settlement", ["number", "contract", "amount", "state"])]


Pending(RebateApplication, ("draft",), "rebate.rebateapplication.submit", _("Rebates to hand in"), order=60)
Pending(RebateSettlement, ("confirmed",), "rebate.rebatesettlement.approve", _("Rebate settlements to approve"), order=60)
Pending(RebateSettlement, ("approved",), "rebate.rebatesettlement.pay", _("Rebates to pay"), tone="orange", order=60)
