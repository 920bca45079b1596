"""Dictionaries: sources, reasons, check items, site items, promotions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import BaseData


class CustomerSource(BaseData):
    """Where customers come from (客户来源)."""

    name = models.CharField(_("source"), max_length=40)
    group = models.CharField(_("group"), max_length=40, blank=True, default="")
    needs_filing = models.BooleanField(_("needs filing"), default=False)
    needs_referrer = models.BooleanField(_("needs referrer"), default=False)

    class Meta:
        verbose_name = _("customer source")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="catalog_source_name")]

    def __str__(self):
        return self.name


class LiabilityReason(BaseData):
    """Why something went wrong (责任原因), and whose it is by default."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("reason"), max_length=80)
    stage = models.CharField(_("stage"), max_length=12, default="design", choices=[
        ("measure", _("Measure")), ("design", _("Design")), ("review", _("Review")), ("ordering", _("Ordering")),
        ("factory", _("Factory")), ("transport", _("Transport")), ("warehouse", _("Warehouse")),
        ("install", _("Installation")), ("customer", _("Customer")), ("site", _("Site"))])
    default_party = models.CharField(_("party by default"), max_length=40, blank=True, default="")
    photo_needed = models.BooleanField(_("photo needed"), default=False)

    class Meta:
        verbose_name = _("responsibility reason")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="catalog_reason_code")]

    def __str__(self):
        return self.name


class CompletenessItem(BaseData):
    """What an order must have before it is handed in (订单完整性项目检查)."""

    name = models.CharField(_("item"), max_length=80)
    group = models.CharField(_("category group"), max_length=12, blank=True, default="")
    stage = models.CharField(_("stage"), max_length=12, default="hand_in", choices=[
        ("hand_in", _("Hand-in")), ("drawing", _("Drawing review"))])
    must = models.BooleanField(_("must"), default=True)
    proof = models.CharField(_("proof"), max_length=12, default="tick", choices=[
        ("tick", _("Tick")), ("file", _("File")), ("photo", _("Photo"))])

    class Meta:
        verbose_name = _("order completeness item")
        constraints = [models.UniqueConstraint(fields=["tenant", "name", "stage"], name="catalog_completeness_name")]

    def __str__(self):
        return self.name


class UnfinishedItem(BaseData):
    """What may remain unfinished on site (施工现场未完成项目)."""

    name = models.CharField(_("item"), max_length=80)
    needs_supplement = models.BooleanField(_("needs supplement"), default=False)
    second_visit = models.BooleanField(_("needs second visit"), default=True)
    default_party = models.CharField(_("party by default"), max_length=40, blank=True, default="")
    default_days = models.PositiveIntegerField(_("days by default"), default=7)

    class Meta:
        verbose_name = _("unfinished item on site")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="catalog_unfinished_name")]

    def __str__(self):
        return self.name


class Promotion(BaseData):
    """A promotion (促销活动): what it gives, to which goods, in which days; the earliest deposit date counts."""

    search = {"name": "name"}

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, default="reduction", choices=[
        ("reduction", _("Full reduction")), ("discount", _("Discount")), ("one_price", _("One price")),
        ("gift", _("Gift")), ("package", _("Package deal")), ("linkage", _("Brand linkage"))])
    threshold = models.DecimalField(_("from amount"), max_digits=14, decimal_places=2, default=0)
    amount = models.DecimalField(_("reduction"), max_digits=14, decimal_places=2, default=0)
    rate = models.DecimalField(_("discount"), max_digits=5, decimal_places=4, null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    exclusive = models.BooleanField(_("excludes others"), default=False)
    outlets = models.JSONField(_("only outlets"), default=list, blank=True)

    class Meta:
        verbose_name = _("promotion")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="catalog_promotion_code"),
            models.CheckConstraint(condition=models.Q(valid_to__gte=models.F("valid_from")),
                                   name="catalog_promotion_days"),
        ]

    def __str__(self):
        return self.name
