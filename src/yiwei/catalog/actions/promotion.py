"""Promotions made and changed: scope, days, budget, what they cannot stand beside, and their goods (BAS-09)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules.promotions import WITH_ITEMS
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.records import usage
from yiwei.kernel.work.actions.action import MESSAGES, action
from yiwei.kernel.work.actions.fields import Lines, Pick, model_fields
from yiwei.org.models.outlet import Outlet, Region

from ..models.product import Category, Product
from ..models.promotion import Promotion, PromotionItem
from .product import KEEPERS

PLAIN = ("code", "name", "kind", "threshold", "amount", "repeat", "rate", "most", "brands_needed", "valid_from", "valid_to", "budget",
         "turn", "exclusive")
SCOPES = {"excludes": Promotion, "outlets": Outlet, "regions": Region, "categories": Category, "products": Product}
MESSAGES["orders_promotion_budget"] = _("The budget of the promotion is spent.")


def fields(actor=None, obj=None):
    made = model_fields(Promotion, PLAIN)
    made["amount"].help_text = _("What is taken off; for one price, add-on price and package what they cost.")
    made["rate"].help_text = _("0.88 = 8.8 折")
    made["most"].help_text = _("Packages at most")
    for name, model in SCOPES.items():
        made[name] = Pick(model, many=True, required=False, label=Promotion._meta.get_field(name).verbose_name)
    made["brands"] = forms.CharField(label=_("only brands"), required=False, help_text=_("Several with a comma between them"))
    made["goods"] = Lines({
        "product": Pick(Product, label=_("Product")),
        "qty": forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), max_digits=12, decimal_places=3, initial=1)},
        label=_("Goods of the promotion"), required=False,
        help_text=_("Members of the package, the gifts, or what is sold at the add-on price."))
    return made


def _now(actor, promotion):
    raw = {n: getattr(promotion, n) for n in PLAIN}
    for name, model in SCOPES.items():
        raw[name] = list(model.objects.filter(pk__in=getattr(promotion, name))) if getattr(promotion, name) else []
    return {**raw, "brands": "，".join(promotion.brands), "goods": [
        {"product": i.product, "qty": i.qty} for i in promotion.items.select_related("product").order_by("id")]}


NEEDS = {"reduction": "amount", "discount": "rate", "add_on": "amount", "one_price": "amount", "package": "amount"}


def _sane(data, promotion=None):
    wrong = {}
    if data["valid_to"] < data["valid_from"]:
        wrong["valid_to"] = [__("The last day lies before the first.")]
    needed = NEEDS.get(data["kind"])
    if needed and not data[needed]:
        wrong[needed] = [__("This field is required.")]
    if data["kind"] == "linkage" and not data["amount"] and data["rate"] is None:
        wrong["amount"] = [__("Give a reduction or a discount.")]
    if data["rate"] is not None and not 0 < data["rate"] <= 1:
        wrong["rate"] = [__("Between 0 and 1.")]
    for name in ("threshold", "amount", "budget"):
        if data[name] is not None and data[name] < 0:
            wrong[name] = [__("Not below %(n)s.") % {"n": 0}]
    if data["repeat"] and not data["threshold"]:
        wrong["threshold"] = [__("This field is required.")]
    if data["kind"] in WITH_ITEMS and not data["goods"]:
        wrong["goods"] = [__("Name the goods.")]
    if len({g["product"].pk for g in data["goods"]}) < len(data["goods"]):
        wrong["goods"] = [__("Each product once.")]
    same = Promotion.objects.filter(code=data["code"])
    if (same.exclude(pk=promotion.pk) if promotion else same).exists():
        wrong["code"] = [__("This %(label)s is already in use.") % {"label": __("code")}]
    if wrong:
        raise Invalid(wrong)


def _write(actor, promotion, data):
    for name in PLAIN:
        value, field = data[name], Promotion._meta.get_field(name)
        setattr(promotion, name, field.get_default() if value is None and not field.null else value)
    for name in SCOPES:
        setattr(promotion, name, sorted(row.pk for row in data[name] or () if row.pk != promotion.pk or name != "excludes"))
    promotion.brands = [b.strip() for b in (data["brands"] or "").replace(",", "，").replace("、", "，").split("，") if b.strip()]
    promotion.save()
    promotion.items.all().delete()
    PromotionItem.objects.bulk_create([PromotionItem(promotion=promotion, created_by_id=actor.id, **g) for g in data["goods"]])
    return promotion


@action(Promotion, _("New promotion"), verb="create", creates=True, roles=KEEPERS, icon="plus", style="primary", fields=fields,
        done=_("Saved."))
def create(actor, **data):
    """Add a promotion."""
    _sane(data)
    return _write(actor, Promotion(created_by_id=actor.id), data)


@action(Promotion, _("Edit"), verb="edit", roles=KEEPERS, icon="pencil", fields=fields, initial=_now, done=_("Saved."))
def edit(actor, promotion, **data):
    """Change a promotion; contracts that use it are priced anew only when they are changed themselves."""
    _sane(data, promotion)
    _write(actor, promotion, data)


@action(Promotion, _("Disable"), verb="disable", roles=KEEPERS, icon="circle-off", bulk=True, show=lambda a, o: o.active,
        confirm=usage.before_disabling, permission="catalog.promotion.edit")
def disable(actor, promotion):
    """Nobody can choose it any more."""
    promotion.active = False


@action(Promotion, _("Delete"), verb="delete", roles=KEEPERS, removes=True, style="danger", icon="trash", done=_("Deleted."),
        confirm=_("Only what is used nowhere can be deleted."), permission="catalog.promotion.edit")
def delete(actor, promotion):
    """A promotion that no contract uses."""
    promotion.items.all().delete()
    usage.unused(promotion)


@action(Promotion, _("Enable"), verb="enable", roles=KEEPERS, icon="circle-check", bulk=True, show=lambda a, o: not o.active,
        permission="catalog.promotion.edit")
def enable(actor, promotion):
    """It can be chosen again."""
    promotion.active = True
