"""Promotions: what they give, to which goods, where, when and beside which others (BAS-09)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import BaseData, Record, Ref
from yiwei.kernel.records.scope import PUBLIC

from .product import Product

KINDS = [("reduction", _("Full reduction")), ("discount", _("Discount")), ("add_on", _("Add-on price")),
         ("one_price", _("One price")), ("gift", _("Gift")), ("package", _("Package deal")), ("linkage", _("Brand linkage"))]


class Promotion(BaseData):
    """A promotion (促销活动): what it gives, to which goods, in which days; the earliest deposit date counts.

    `outlets`, `regions`, `categories`, `products` hold ids and `brands` names; an empty list means all.
    `excludes` holds the promotions that cannot stand beside it, whichever of the two says so.
    """

    search = {"name": "name", "code": "code"}

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, default="reduction", choices=KINDS)
    threshold = models.DecimalField(_("from amount"), max_digits=14, decimal_places=2, default=0)
    amount = models.DecimalField(_("reduction"), max_digits=14, decimal_places=2, default=0)
    repeat = models.BooleanField(_("for every such amount"), default=False)
    rate = models.DecimalField(_("discount"), max_digits=5, decimal_places=4, null=True, blank=True)
    most = models.PositiveIntegerField(_("at most pieces"), null=True, blank=True)
    brands_needed = models.PositiveIntegerField(_("brands needed"), default=2)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    turn = models.PositiveIntegerField(_("order of stacking"), default=100)
    exclusive = models.BooleanField(_("excludes others"), default=False)
    excludes = models.JSONField(_("not beside"), default=list, blank=True)
    outlets = models.JSONField(_("only outlets"), default=list, blank=True)
    regions = models.JSONField(_("only regions"), default=list, blank=True)
    categories = models.JSONField(_("only categories"), default=list, blank=True)
    products = models.JSONField(_("only products"), default=list, blank=True)
    brands = models.JSONField(_("only brands"), default=list, blank=True)

    class Meta:
        verbose_name = _("promotion")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="catalog_promotion_code"),
            models.CheckConstraint(condition=models.Q(valid_to__gte=models.F("valid_from")), name="catalog_promotion_days"),
            models.CheckConstraint(condition=models.Q(threshold__gte=0, amount__gte=0), name="catalog_promotion_amounts"),
            models.CheckConstraint(condition=models.Q(rate__isnull=True) | models.Q(rate__gt=0, rate__lte=1),
                                   name="catalog_promotion_rate"),
        ]

    def __str__(self):
        return self.name


class PromotionItem(Record):
    """Goods of a promotion: the members of a package, the gifts, what is sold at the add-on price."""

    scope = PUBLIC

    promotion = Ref(Promotion, related_name="items", verbose_name=_("promotion"))
    product = Ref(Product, verbose_name=_("product"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, default=1)

    class Meta:
        verbose_name = _("promotion's goods")
        constraints = [models.UniqueConstraint(fields=["tenant", "promotion", "product"], name="catalog_promotionitem_product"),
                       models.CheckConstraint(condition=models.Q(qty__gt=0), name="catalog_promotionitem_qty")]

    def __str__(self):
        return f"{self.product} × {self.qty.normalize():f}"
