"""Visitors counted at the door (客流)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Ref
from yiwei.kernel.records import personal

from .customer import Customer

KINDS = [("guests", _("Guests")), ("again", _("The same family again today")), ("colleagues", _("Colleagues")), ("suppliers", _("Suppliers")),
         ("children", _("Children alone")), ("other", _("Others, no customers"))]


class Visit(Document):
    """One visitor group (波数): who received it, how long it stayed, whether it left a contact."""

    personal = {"phone": personal.PHONE}
    prefix = "KL"
    masked = {"phone": "phone", "address": "address"}
    search = {"name": "name", "phone": "phone", "number": "code"}
    flow = Flow(
        states=(State("open", _("Open"), "blue"), State("approved", _("Approved"), "green", DONE),
                State("returned", _("Returned"), "orange", FAILED)),
        moves={("open", "approved"), ("open", "returned"), ("returned", "open")},
    )

    at = models.DateTimeField(_("visit at"), default=timezone.now)
    people = models.PositiveIntegerField(_("people"), default=1)
    minutes = models.PositiveIntegerField(_("minutes stayed"), default=0)
    source = Ref(CustomerSource, null=True, blank=True, verbose_name=_("source"))
    first_time = models.BooleanField(_("first visit"), default=True)
    kind = models.CharField(_("who came"), max_length=10, choices=KINDS, default="guests")
    valid = models.BooleanField(_("valid group"), default=True, editable=False)
    intention = models.CharField(_("wanted categories"), max_length=120, blank=True, default="")
    name = models.CharField(_("name"), max_length=60, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    community = models.CharField(_("community"), max_length=60, blank=True, default="")
    address = models.CharField(_("building, unit, room"), max_length=120, blank=True, default="")
    why_not = models.CharField(_("why no contact"), max_length=120, blank=True, default="")
    customer = Ref(Customer, null=True, blank=True, verbose_name=_("customer"), related_name="visits")

    class Meta:
        verbose_name = _("visit")
        indexes = [models.Index(fields=["tenant", "outlet", "at"], name="crm_visit_day"),
                   models.Index(fields=["tenant", "owner", "-id"], name="crm_visit_owner"),
                   models.Index(fields=["tenant", "phone"], name="crm_visit_phone"),
                   models.Index(fields=["tenant", "customer", "-id"], name="crm_visit_customer", condition=models.Q(customer__isnull=False))]
        constraints = [models.CheckConstraint(name="crm_visit_valid", condition=models.Q(valid=True, kind="guests")
                                              | (models.Q(valid=False) & ~models.Q(kind="guests")))]

    @property
    def day(self):
        """The day of the visit where the house stands."""
        return timezone.localtime(self.at).date()

    def count_as(self, kind):
        """Guests are a group; the same family again, colleagues and suppliers are none."""
        self.kind, self.valid = kind, kind == "guests"
