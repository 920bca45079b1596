"""Dictionaries: sources, reasons, check items, site items."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Ordered, Ref

from .product import CATEGORY_MODULES


class CustomerSource(Ordered):
    """Where customers come from (客户来源), in two levels: `group` and `name`."""

    name = models.CharField(_("source"), max_length=40)
    group = models.CharField(_("group"), max_length=40, blank=True, default="")
    cost = models.DecimalField(_("cost per customer"), max_digits=10, decimal_places=2, default=0, blank=True)
    needs_filing = models.BooleanField(_("needs filing"), default=False)
    needs_referrer = models.BooleanField(_("needs referrer"), default=False)

    class Meta:
        verbose_name = _("customer source")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="catalog_source_name"),
                       models.CheckConstraint(condition=models.Q(cost__gte=0), name="catalog_source_cost")]

    def __str__(self):
        return self.name


PARTIES = [("designer", _("Designer")), ("drawing_auditor", _("Drawing auditor")), ("guide", _("Guide")), ("purchaser", _("Purchaser")),
           ("factory", _("Factory")), ("carrier", _("Carrier")), ("storekeeper", _("Storekeeper")), ("crew", _("Crew")),
           ("customer", _("Customer")), ("company", _("Company"))]


class LiabilityReason(Ordered):
    """Why something went wrong (责任原因), whose it is by default and in whose statistics it counts; a tree."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("reason"), max_length=80)
    stage = models.CharField(_("stage"), max_length=12, default="design", choices=[
        ("measure", _("Measure")), ("design", _("Design")), ("review", _("Review")), ("ordering", _("Ordering")),
        ("factory", _("Factory")), ("transport", _("Transport")), ("warehouse", _("Warehouse")),
        ("install", _("Installation")), ("customer", _("Customer")), ("site", _("Site"))])
    default_party = models.CharField(_("party by default"), max_length=16, blank=True, default="", choices=PARTIES)
    parent = Ref("self", null=True, blank=True, verbose_name=_("part of"))
    photo_needed = models.BooleanField(_("photo needed"), default=False)
    counts_for = models.CharField(_("counts for"), max_length=16, blank=True, default="", choices=PARTIES,
                                  help_text=_("In whose statistics it counts"))
    other = models.BooleanField(_("stands for all others"), default=False, help_text=_(
        "Where it is given in more than 5 % of the cases, a new reason is asked for."))

    class Meta:
        verbose_name = _("responsibility reason")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="catalog_reason_code"),
                       models.CheckConstraint(condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                                              name="catalog_reason_parent"),
                       models.CheckConstraint(condition=models.Q(default_party__in=["", *dict(PARTIES)]), name="catalog_reason_party")]

    def __str__(self):
        return self.name


class CompletenessItem(Ordered):
    """What an order must have before it is handed in (订单完整性项目检查)."""

    name = models.CharField(_("item"), max_length=80)
    group = models.CharField(_("category group"), max_length=12, blank=True, default="", choices=CATEGORY_MODULES)
    stage = models.CharField(_("stage"), max_length=12, default="hand_in", choices=[
        ("hand_in", _("Hand-in")), ("drawing", _("Drawing review"))])
    must = models.BooleanField(_("must"), default=True)
    proof = models.CharField(_("proof"), max_length=12, default="tick", choices=[
        ("tick", _("Tick")), ("field", _("Written value")), ("file", _("File")), ("photo", _("Photo"))])
    who = models.CharField(_("who sees to it"), max_length=16, blank=True, default="", choices=[
        ("guide", _("Guide")), ("designer", _("Designer")), ("drawing_auditor", _("Drawing auditor"))])

    class Meta:
        verbose_name = _("order completeness item")
        constraints = [models.UniqueConstraint(fields=["tenant", "name", "stage"], name="catalog_completeness_name")]

    def __str__(self):
        return self.name


ICONS = [("puzzle", _("Missing part")), ("bandage", _("Damaged")), ("ruler-off", _("Made wrong")), ("scissors", _("Cut-out")),
         ("droplet", _("Water, gas")), ("plug", _("Electricity")), ("wall", _("Wall")), ("bulb", _("Lighting")), ("brush", _("Cleaning")),
         ("door", _("Door")), ("tool", _("Other work"))]


class UnfinishedItem(Ordered):
    """What may remain unfinished on site (施工现场未完成项目)."""

    name = models.CharField(_("item"), max_length=80)
    icon = models.CharField(_("icon"), max_length=20, choices=ICONS, blank=True, default="", help_text=_("Tapped by the crew on the phone."))
    needs_supplement = models.BooleanField(_("needs supplement"), default=False)
    second_visit = models.BooleanField(_("needs second visit"), default=True)
    default_party = models.CharField(_("party by default"), max_length=16, blank=True, default="", choices=PARTIES)
    default_days = models.PositiveIntegerField(_("days by default"), default=7)

    class Meta:
        verbose_name = _("unfinished item on site")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="catalog_unfinished_name"),
                       models.CheckConstraint(condition=models.Q(default_party__in=["", *dict(PARTIES)]), name="catalog_unfinished_party")]

    def __str__(self):
        return self.name
