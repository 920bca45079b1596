"""Keeping policies: tiers that ascend, and never two for the same order (REB-03)."""

from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, model_fields

from ..models.policy import RebatePolicy

NAMES = ["name", "item", "partner", "level", "brand", "category", "valid_from", "valid_until", "mode", "cap",
         "discount_below", "cut_percent"]
ROLES = "general_manager channel_manager"


def _fields(actor, policy=None):
    made = model_fields(RebatePolicy, NAMES)
    tiers = Lines({"limit": forms.DecimalField(label=_("Up to"), required=False, min_value=0, max_digits=14, decimal_places=2),
                   "rate": forms.DecimalField(label=_("Rate %"), min_value=0, max_value=100, max_digits=6, decimal_places=3)},
                  minimum=1, label=_("tiers"), help_text=_("Leave the last limit empty: everything above."))
    if policy is not None:
        for name, field in made.items():
            field.initial = getattr(policy, name)
        tiers.initial = [{"limit": limit, "rate": rate} for limit, rate in policy.tiers]
    return {**made, "tiers": tiers}


def _checked(data, policy=None):
    rows, last = [], Decimal(0)
    for index, row in enumerate(data["tiers"]):
        end = index == len(data["tiers"]) - 1
        if row["limit"] is None and not end:
            raise Invalid({f"tiers.{index}.limit": [__("Only the last tier may be open.")]})
        if row["limit"] is not None and row["limit"] <= last:
            raise Invalid({f"tiers.{index}.limit": [__("Limits must ascend.")]})
        last = row["limit"] if row["limit"] is not None else last
        rows.append([str(row["limit"]) if row["limit"] is not None else None, str(row["rate"])])
    data["tiers"] = rows
    _no_overlap(data, policy)
    return data


def _no_overlap(data, policy):
    """Overlap: same item, and every condition that both set agrees, in a common period."""
    rows = RebatePolicy.objects.filter(item=data["item"], active=True)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=data["valid_from"]))
    if data["valid_until"]:
        rows = rows.filter(valid_from__lte=data["valid_until"])
    for name, empty in (("partner", None), ("level", ""), ("brand", ""), ("category", None)):
        if data[name]:
            rows = rows.filter(Q(**{name: data[name]}) | Q(**{name: empty}))
    if data["partner"] and not data["level"]:
        rows = rows.filter(Q(level="") | Q(level=data["partner"].level))
    other = rows.exclude(pk=policy.pk if policy else None).first()
    if other:
        raise Invalid({"item": [__("Overlaps with the policy “%(name)s”: an order must match exactly one.") % {
            "name": other.name}]})


@action(RebatePolicy, _("New"), creates=True, fields=_fields, roles=ROLES, icon="plus", style="primary", done=_("Saved."))
def create(actor, **data):
    """A policy with its tiers."""
    policy = RebatePolicy(created_by_id=actor.id, **_checked(data))
    policy.save(force_insert=True)
    return policy


@action(RebatePolicy, _("Edit"), files=False, fields=_fields, roles=ROLES, icon="pencil", done=_("Saved."))
def edit(actor, policy, **data):
    """Change a policy; applications keep the figures of their day."""
    for name, value in _checked(data, policy).items():
        setattr(policy, name, value)


@action(RebatePolicy, _("Disable"), roles=ROLES, icon="circle-off", bulk=True, show=lambda actor, p: p.active)
def disable(actor, policy):
    """The policy ends; open applications finish."""
    policy.active = False
