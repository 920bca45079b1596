"""Screens of outside designers and the changes of their bank accounts (BAS-11)."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.kernel.work.dual_control import warning

from ..models.designermerge import DesignerMerge
from ..models.filing import Filing
from ..models.partner import DesignerAccount, DesignerPeriod, OutsideDesigner
from .filings import CHANNEL, JUDGES

MONEY = "accountant finance_manager"


class OutsideDesigners(Register):
    model, label = OutsideDesigner, _("Outside designers")
    code, module, icon, position = "BAS-11", "base", "pencil-bolt", 110
    roles, exporters = f"{CHANNEL} {JUDGES} {MONEY}", "channel_manager general_manager"
    columns = ["name", "phone", "partner", "level", "brands", "rep", "state", "active"]
    filters = ["state", "partner", "level", "rep", "active"]
    sections = [(_("Designer"), ["name", "phone", "spare_phone", "partner", "level", "brands", "rep"]),
                (_("Agreement and account"), ["agreement", "id_number", "account"])]
    tabs = [Tab("periods", _("Companies"), DesignerPeriod, "designer", ["partner", "first_on", "last_on"], order="-first_on"),
            Tab("filings", _("Filings"), Filing, "outside_designer", ["number", "name", "partner", "filed_at", "state"], order="-id"),
            Tab("banks", _("Bank account"), DesignerAccount, "designer",
                ["created_at", "account", "reason", "created_by", "state", "decided_by", "decided_at", "called"], order="-id", filled=True),
            Tab("merges", _("Merges"), DesignerMerge, "kept", ["gone", "at", Column("rows_moved", _("rows moved"), "number"), "reason", "created_by"],
                order="-id", filled=True)]
    importable = True
    search_hint = _("Name, phone or last four digits")
    help = _("Approve a draft with its signed agreement; then customers can be filed in this name.")

    @classmethod
    def find(cls, rows, text):
        """Merged entries stand on the page of the designer they became part of, not in the list."""
        return super().find(rows.exclude(state="merged"), text)

    @classmethod
    def notices(cls, actor, obj):
        if obj.state == "merged":
            return [{"tone": "warning", "text": __("This entry was merged into %(kept)s.") % {"kept": obj.merged_into},
                     "url": cls.url("detail", obj.merged_into_id)}]
        out = warning(obj, DesignerAccounts.url())
        if obj.state == "draft":
            out.append({"tone": "info", "text": __("A draft: nobody files in this name before the channel manager approves it.")})
        return out


class DesignerAccounts(Register):
    model, label = DesignerAccount, _("Bank changes of outside designers")
    code, module, icon, position = "BAS-11", "base", "building-bank", 111
    roles, exporters = f"{CHANNEL} general_manager {MONEY}", "finance_manager"
    columns = [Column("designer", _("outside designer"), "link", link=True), "account", "reason", "state", "created_by", "created_at",
               "decided_by", "decided_at"]
    filters = ["state", "designer", "created_at"]
    sections = [(_("Change of bank account"), ["designer", "old_account", "account", "reason", "created_by", "created_at", "decided_by",
                                               "decided_at", "called"])]


Pending(DesignerAccount, ("waiting",), "filing.designeraccount.confirm", _("Designers' bank accounts to confirm"), tone="red")
Pending(OutsideDesigner, ("draft",), "filing.outsidedesigner.approve", _("Designers to approve"))
