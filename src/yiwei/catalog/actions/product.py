"""Changing products: base data, their price from a day, their packages (BAS-02)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.work.actions.action import MESSAGES, action
from yiwei.kernel.work.actions.fields import Lines, Pick, model_fields

from ..models.package import PackageName, ProductPart
from ..models.price import PriceChange
from ..models.product import Product

KEEPERS = "general_manager tenant_admin price_auditor"
PLAIN = ("code", "factory_code", "name", "brand", "category", "series", "style", "grade", "spec", "material", "color", "unit",
         "method", "least", "width_min", "width_max", "height_min", "height_max", "depth_min", "depth_max")
MORE = ("guide_price", "supplier", "package_name", "custom", "outsourced", "lead_days", "warranty_months")
PRICES = ("list_price", "dealer_price")
MESSAGES["catalog_packagelabel_key"] = _("This label already means another package name.")


def _sane(data, product=None):
    """Refuse limits upside down, and a code in use."""
    wrong = {}
    for side in ("width", "height", "depth"):
        low, high = data.get(f"{side}_min"), data.get(f"{side}_max")
        if low is not None and high is not None and low > high:
            wrong[f"{side}_max"] = [__("Not below %(n)s.") % {"n": low}]
    same = Product.objects.filter(code=data["code"])
    if (same.exclude(pk=product.pk) if product else same).exists():
        wrong["code"] = [__("This %(label)s is already in use.") % {"label": __("product code")}]
    if wrong:
        raise Invalid(wrong)


def _given(data):
    """Nothing typed means the default where the column takes no null."""
    for name, value in data.items():
        field = Product._meta.get_field(name)
        if value is None and not field.null and field.has_default():
            data[name] = field.get_default()
    return data


@action(Product, _("New product"), verb="create", creates=True, roles=KEEPERS, icon="plus", style="primary", done=_("Saved."),
        fields=lambda actor, obj=None: model_fields(Product, [*PLAIN, *PRICES, *MORE]))
def create(actor, **data):
    """Add a product with its first price."""
    _sane(data)
    product = Product(created_by_id=actor.id, **_given(data))
    product.save(force_insert=True)
    return product


def _now(product):
    return {name: getattr(product, name) for name in (*PLAIN, *MORE)}


@action(Product, _("Edit"), verb="edit", roles=KEEPERS, icon="pencil", done=_("Saved."), initial=lambda actor, obj: _now(obj),
        fields=lambda actor, obj=None: model_fields(Product, [*PLAIN, *MORE]))
def edit(actor, product, **data):
    """Change what the product is; its price has an own action, because old documents keep theirs."""
    _sane(data, product)
    for name, value in _given(data).items():
        setattr(product, name, value)


def set_price(product, day, list_price, dealer_price):
    """The product's own prices from a day on; what held before stays readable. The caller saves the product."""
    if not PriceChange.objects.filter(product=product).exists():
        first = min(timezone.localtime(product.created_at).date(), day)
        if first < day:
            PriceChange(product=product, valid_from=first, list_price=product.list_price,
                        dealer_price=product.dealer_price).save()
    PriceChange.objects.update_or_create(product=product, valid_from=day,
                                         defaults={"list_price": list_price, "dealer_price": dealer_price})
    if day <= timezone.localdate():
        product.list_price, product.dealer_price = list_price, dealer_price


@action(Product, _("Change price"), verb="reprice", roles=KEEPERS, icon="currency-yuan", done=_("The price is kept with its day."),
        fields=lambda actor, obj=None: {
            "valid_from": forms.DateField(label=_("Valid from"), initial=timezone.localdate),
            **model_fields(Product, PRICES)},
        initial=lambda actor, p: {"list_price": p.list_price, "dealer_price": p.dealer_price if actor.sees("cost") else None})
def reprice(actor, product, *, valid_from, list_price, dealer_price):
    """The product's own price from a day on, for where no price list names it."""
    set_price(product, valid_from, list_price, product.dealer_price if dealer_price is None else dealer_price)


@action(Product, _("Edit packages"), verb="parts", roles=KEEPERS, icon="packages", done=_("Saved."),
        initial=lambda actor, p: {"parts": [{"package_name": r.package_name, "count": r.count}
                                            for r in p.parts.select_related("package_name").order_by("id")]},
        fields=lambda actor, obj=None: {"parts": Lines({
            "package_name": Pick(PackageName, label=_("HQ package name")),
            "count": forms.IntegerField(label=_("Packages"), min_value=1, max_value=999, initial=1)},
            label=_("In how many packages it comes"), required=False)})
def parts(actor, product, *, parts):
    """The packages in which the product comes, as headquarters names them."""
    if len({p["package_name"].pk for p in parts}) < len(parts):
        raise Invalid({"parts": [__("Each package name once.")]})
    product.parts.all().delete()
    ProductPart.objects.bulk_create([ProductPart(product=product, created_by_id=actor.id, **p) for p in parts])
