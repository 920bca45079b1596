"""Deliveries to customers (SVC-04)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import DONE, Flow, State
from yiwei.kernel.models import Document, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import SubContract

from .fleet import Driver, Vehicle

SLOTS = [("morning", _("Morning")), ("afternoon", _("Afternoon")), ("evening", _("Evening"))]


class Delivery(Document):
    """One trip to one customer (送货). The driver sees his own."""

    personal = {"phone": personal.PHONE}
    prefix = "SH"
    scope = ScopeRule(people=("owner", "driver__employee", "sub__owner"), outlet="outlet")
    masked = {"phone": "phone", "address": "address"}
    search = {"number": "code", "sub__contract__customer__name": "name", "phone": "phone", "address": "text"}
    flow = Flow(
        states=(State("planned", _("Planned"), "secondary"), State("loaded", _("Loaded"), "cyan"),
                State("on_way", _("On the way"), "blue"), State("signed", _("Signed for"), "lime"),
                State("partly", _("Partly signed"), "orange"), State("refused", _("Refused"), "red"),
                State("closed", _("Closed"), "green", DONE), State("cancelled", _("Cancelled"), "dark", DONE)),
        moves={("planned", "loaded"), ("loaded", "on_way"), ("on_way", "signed"), ("on_way", "partly"),
               ("on_way", "refused"), ("signed", "closed"), ("partly", "closed"), ("refused", "closed"),
               ("planned", "cancelled")},
        main=("planned", "loaded", "on_way", "signed", "closed"),
    )

    sub = Ref(SubContract, related_name="deliveries", verbose_name=_("sub-contract"))
    driver = Ref(Driver, null=True, blank=True, verbose_name=_("driver"))
    vehicle = Ref(Vehicle, null=True, blank=True, verbose_name=_("vehicle"))
    slot_on = models.DateField(_("delivery day"), default=timezone.localdate)
    slot = models.CharField(_("time of day"), max_length=10, choices=SLOTS, default="morning")
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    contact = models.CharField(_("contact"), max_length=60, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    floor = models.PositiveIntegerField(_("floor"), null=True, blank=True)
    has_lift = models.BooleanField(_("lift"), default=True)
    with_install = models.BooleanField(_("installed at once"), default=False)
    signed_at = models.DateTimeField(_("signed"), null=True, editable=False)
    signed_by = models.CharField(_("signed by"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("delivery")
        indexes = [models.Index(fields=["tenant", "driver", "slot_on"], name="service_delivery_driver"),
                   models.Index(fields=["tenant", "state", "slot_on"], name="service_delivery_state"),
                   models.Index(fields=["tenant", "sub"], name="service_delivery_sub"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="service_delivery_outlet")]

    @property
    def customer(self):
        return self.sub.contract.customer
