"""Screens of the dictionaries."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules import reasons
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.screens.registers.register import Register, Tab

from ..models.dictionary import (
    CompletenessItem,
    CustomerSource,
    LiabilityReason,
    UnfinishedItem,
)
from .products import HEAD, READERS


class CompletenessItems(Register):
    model = CompletenessItem
    label = _("Order completeness items")
    code, module, icon, position = "BAS-04", "base", "list-check", 20
    roles, editors = READERS, f"{HEAD} drawing_auditor"
    columns = ["name", "group", "stage", "must", "proof", "who", "active"]
    filters = ["stage", "group", "must", "active"]
    form = ["name", "group", "stage", "must", "proof", "who"]
    importable = True


class LiabilityReasons(Register):
    model = LiabilityReason
    label = _("Responsibility reasons")
    code, module, icon, position = "BAS-05", "base", "alert-triangle", 25
    roles, editors = READERS, f"{HEAD} service_head"
    columns = ["name", "code", "parent", "stage", "default_party", "photo_needed", "counts_for", "other", "active"]
    filters = ["stage", "parent", "counts_for", "active"]
    form = ["code", "name", "parent", "stage", "default_party", "photo_needed", "counts_for", "other"]
    tabs = [Tab("parts", _("Reasons below"), LiabilityReason, "parent", ["name", "code", "stage", "default_party", "active"],
                order="place")]
    importable = True

    @classmethod
    def flags(cls, actor, obj):
        often = reasons.too_often(obj)
        return [{"label": __("%(n)s %% of the cases") % {"n": often[2]}, "color": "orange"}] if often else []

    @classmethod
    def notices(cls, actor, obj):
        often = reasons.too_often(obj)
        return [{"tone": "warning", "text": __(
            "Given in %(n)s of %(all)s cases of the last %(days)s days (%(share)s %%): look what they have in common and make a reason of it.")
            % {"n": often[0], "all": often[1], "days": reasons.DAYS, "share": often[2]}}] if often else []

    @classmethod
    def check(cls, actor, obj, data):
        """A reason never lies below itself."""
        above, seen = data.get("parent"), {obj.pk} if obj else set()
        while above is not None:
            if above.pk in seen:
                raise Invalid({"parent": [__("This would lie below itself.")]})
            seen.add(above.pk)
            above = above.parent


class UnfinishedItems(Register):
    model = UnfinishedItem
    label = _("Unfinished items on site")
    code, module, icon, position = "BAS-06", "base", "tool", 30
    roles, editors = f"{READERS} driver installer", f"{HEAD} service_head"
    columns = ["name", "needs_supplement", "second_visit", "default_party", "default_days", "active"]
    filters = ["needs_supplement", "second_visit", "active"]
    form = ["name", "icon", "needs_supplement", "second_visit", "default_party", "default_days"]
    importable = True


class CustomerSources(Register):
    model = CustomerSource
    label = _("Customer sources")
    code, module, icon, position = "BAS-08", "base", "route", 40
    roles, editors = READERS, HEAD
    columns = ["name", "group", "needs_filing", "needs_referrer", "cost", "active"]
    filters = ["needs_filing", "needs_referrer", "active"]
    form = ["name", "group", "needs_filing", "needs_referrer", "cost"]
    importable = True
