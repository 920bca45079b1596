"""What partners earn: rebate items, policies with tiers, and the figures they start with (REB-02, REB-03)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Category
from yiwei.filing.models.partner import ChannelPartner
from yiwei.kernel.models import BaseData, Ref


class RebateItem(BaseData):
    """A kind of rebate (返利项目) and what it is computed on."""

    search = {"code": "code", "name": "name"}

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, default="sales", choices=[
        ("sales", _("Sales rebate")), ("filing", _("Filing bonus")), ("sample", _("Sample subsidy")),
        ("outsourced", _("Outsourced goods")), ("year_end", _("Year-end rebate"))])
    base = models.CharField(_("base"), max_length=10, default="net", choices=[
        ("net", _("Net amount")), ("received", _("Received")), ("delivered", _("Delivered"))])
    with_fees = models.BooleanField(_("includes service fees"), default=False)
    minimum = models.DecimalField(_("minimum order"), max_digits=14, decimal_places=2, default=0)
    tax_percent = models.DecimalField(_("tax %"), max_digits=5, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("rebate item")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="rebate_item_code")]

    def __str__(self):
        return self.name


class RebatePolicy(BaseData):
    """Who earns what, when (返利政策). One order matches exactly one policy per item.

    `tiers` is [[upper limit or null, rate in per cent], …] by the partner's cumulated base of the year.
    Incremental: each slice at its rate. Whole: the highest rate reached on everything, less what was granted before.
    """

    search = {"name": "name"}
    masked = {"tiers": "rebate"}

    name = models.CharField(_("name"), max_length=80)
    item = Ref(RebateItem, related_name="policies", verbose_name=_("rebate item"))
    partner = Ref(ChannelPartner, null=True, blank=True, verbose_name=_("channel partner"))
    level = models.CharField(_("level"), max_length=1, blank=True, default="", choices=[(c, c) for c in "ABC"])
    brand = models.CharField(_("brand"), max_length=40, blank=True, default="")
    category = Ref(Category, null=True, blank=True, verbose_name=_("category"))
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=12, default="incremental", choices=[
        ("incremental", _("Incremental tiers")), ("whole", _("Whole amount"))])
    tiers = models.JSONField(_("tiers"), default=list)
    cap = models.DecimalField(_("most per order"), max_digits=14, decimal_places=2, null=True, blank=True)
    discount_below = models.DecimalField(_("reduced below discount"), max_digits=5, decimal_places=4, null=True, blank=True)
    cut_percent = models.DecimalField(_("reduced by %"), max_digits=5, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("rebate policy")
        constraints = [models.CheckConstraint(
            condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
            name="rebate_policy_period")]

    def __str__(self):
        return self.name


class RebateOpening(BaseData):
    """What a partner had reached in a year before the dealer began to work here."""

    masked = {"base": "rebate", "granted": "rebate"}

    partner = Ref(ChannelPartner, verbose_name=_("channel partner"))
    item = Ref(RebateItem, verbose_name=_("rebate item"))
    year = models.PositiveIntegerField(_("year"))
    base = models.DecimalField(_("base reached"), max_digits=14, decimal_places=2, default=0)
    granted = models.DecimalField(_("granted"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("opening rebate figure")
        constraints = [models.UniqueConstraint(fields=["tenant", "partner", "item", "year"], name="rebate_opening_key")]

    def __str__(self):
        return f"{self.partner} {self.year}"
