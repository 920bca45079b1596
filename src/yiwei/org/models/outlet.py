"""Company, regions, outlets and departments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import BaseData, Ref
from yiwei.kernel.records import personal


class Region(BaseData):
    """A sales region (大区) under one director."""

    search = {"name": "name"}

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("sales region")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="org_region_code")]

    def __str__(self):
        return self.name


class Outlet(BaseData):
    """An outlet (网点): a showroom, or head office, in a region."""

    personal = {"phone": personal.PHONE}
    search = {"name": "name", "code": "code"}

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    region = Ref(Region, null=True, blank=True, verbose_name=_("sales region"))
    is_head_office = models.BooleanField(_("head office"), default=False)
    mall = models.CharField(_("mall"), max_length=60, blank=True, default="")
    booth = models.CharField(_("booth"), max_length=60, blank=True, default="")
    area = models.DecimalField(_("area m²"), max_digits=10, decimal_places=2, null=True, blank=True)
    rent = models.DecimalField(_("rent per month"), max_digits=14, decimal_places=2, null=True, blank=True)
    receipt_series = models.CharField(_("receipt series"), max_length=8, blank=True, default="",
                                      help_text=_("Stands in the numbers of this outlet's receipts; empty: its own number."))
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    opened_on = models.DateField(_("opened"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("outlet")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="org_outlet_code"),
                       models.UniqueConstraint(fields=["tenant", "name"], name="org_outlet_name"),
                       models.UniqueConstraint(fields=["tenant", "receipt_series"], name="org_outlet_series",
                                               condition=~models.Q(receipt_series=""))]

    def __str__(self):
        return self.name


class Department(BaseData):
    """A department of an outlet."""

    search = {"name": "name"}

    name = models.CharField(_("name"), max_length=60)
    outlet = Ref(Outlet, verbose_name=_("outlet"))

    class Meta:
        verbose_name = _("department")
        constraints = [models.UniqueConstraint(fields=["tenant", "outlet", "name"], name="org_department_name")]

    def __str__(self):
        return self.name
