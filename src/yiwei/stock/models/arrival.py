"""Arrivals of purchased goods, and how complete an order's goods are (STK-04, FIN-05)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.package import PackageName
from yiwei.catalog.models.product import Product
from yiwei.kernel.base.flow import DONE, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import SubContract

from .purchase import PurchaseLine, PurchaseOrder
from .warehouse import Bin

RECEIPT_FLOW = Flow(
    states=(State("received", _("In stock"), "blue"), State("disputed", _("Disputed"), "red"),
            State("reviewed", _("Reviewed"), "green", DONE)),
    moves={("received", "reviewed"), ("received", "disputed"), ("disputed", "reviewed")},
    main=("received", "reviewed"),
)


class Arrival(Document):
    """One arrival of a purchase order (采购到货): counted, put away, then reviewed by finance."""

    prefix = "DH"
    flow = RECEIPT_FLOW
    scope = ScopeRule(people=("owner", "purchase__sub__owner"), outlet="outlet")
    masked = {"amount": "cost", "adjustment": "cost"}
    search = {"number": "code", "purchase__number": "code", "purchase__factory_number": "code", "purchase__sub__number": "code"}

    purchase = Ref(PurchaseOrder, related_name="arrivals", verbose_name=_("purchase order"))
    arrived_on = models.DateField(_("arrived"), default=timezone.localdate)
    packages_expected = models.PositiveIntegerField(_("packages expected"), default=0)
    packages_received = models.PositiveIntegerField(_("packages received"), default=0)
    damage = models.CharField(_("damage or shortage"), max_length=300, blank=True, default="")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0, editable=False)
    adjustment = models.DecimalField(_("additions and deductions"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("arrival")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="stock_arrival_state")]


class ArrivalLine(Record):
    """What of one purchase line arrived, and where it lies."""

    scope = ScopeRule(via="arrival")
    masked = {"value": "cost"}

    arrival = Ref(Arrival, related_name="lines", verbose_name=_("arrival"))
    purchase_line = Ref(PurchaseLine, verbose_name=_("purchase line"))
    product = Ref(Product, verbose_name=_("product"))
    bin = Ref(Bin, verbose_name=_("bin"))
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    returned_qty = models.DecimalField(_("sent back"), max_digits=14, decimal_places=3, default=0, editable=False)

    class Meta:
        verbose_name = _("arrival line")
        constraints = [models.CheckConstraint(condition=models.Q(returned_qty__gte=0, returned_qty__lte=models.F("qty")),
                                              name="stock_arrivalline_returned")]

    def __str__(self):
        return str(self.product)


class ArrivalPackage(Record):
    """Packages of one label in an arrival: how many should have come, how many did, how many of these are damaged."""

    scope = ScopeRule(via="arrival")

    arrival = Ref(Arrival, related_name="packages", verbose_name=_("arrival"))
    label = models.CharField(_("label"), max_length=80)
    package_name = Ref(PackageName, null=True, blank=True, verbose_name=_("HQ package name"))
    expected = models.PositiveIntegerField(_("expected"), default=0)
    received = models.PositiveIntegerField(_("counted"), default=0)
    damaged = models.PositiveIntegerField(_("damaged"), default=0)

    class Meta:
        verbose_name = _("packages of an arrival")
        constraints = [models.CheckConstraint(condition=models.Q(damaged__lte=models.F("received")), name="stock_arrivalpackage_sane")]

    def __str__(self):
        return f"{self.label} × {self.received}"


class Kitting(Record):
    """How complete the goods of a sub-contract are (齐套); people are told once."""

    scope = ScopeRule(via="sub")
    flow = Flow(
        states=(State("none", _("Nothing arrived"), "secondary"), State("partial", _("Partly arrived"), "orange"),
                State("complete", _("Complete"), "green", DONE)),
        moves={("none", "partial"), ("none", "complete"), ("partial", "complete"), ("complete", "partial"),
               ("partial", "none"), ("complete", "none")},
    )

    sub = Ref(SubContract, related_name="kittings", verbose_name=_("sub-contract"))
    state = models.CharField(_("kitting"), max_length=10, default="none", editable=False)
    told_at = models.DateTimeField(_("told"), null=True, editable=False)

    class Meta:
        verbose_name = _("kitting")
        constraints = [models.UniqueConstraint(fields=["tenant", "sub"], name="stock_kitting_sub")]

    def __str__(self):
        return str(self.sub)

    def get_state_display(self):
        return self.flow.state(self.state).label
