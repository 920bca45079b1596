"""Who and what goes out: drivers, vehicles, crews (SVC-01, SVC-02)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Supplier
from yiwei.kernel.models import BaseData, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.records.holdings import Ends
from yiwei.org.models.employee import Employee


class Driver(BaseData):
    """Who carries goods (司机); with an employee behind it the driver works on the phone."""

    personal = {"phone": personal.PHONE}
    search = {"name": "name", "phone": "phone"}
    masked = {"phone": "phone"}
    held = {"employee": Ends({"active": [True]}, {"active": False})}

    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    employee = Ref(Employee, null=True, blank=True, verbose_name=_("employee"))
    carrier = Ref(Supplier, null=True, blank=True, verbose_name=_("carrier"))
    licence_until = models.DateField(_("licence valid until"), null=True, blank=True)
    trip_rate = models.DecimalField(_("rate per trip"), max_digits=10, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("driver")
        constraints = [models.UniqueConstraint(fields=["tenant", "name", "phone"], name="service_driver_name")]

    def __str__(self):
        return self.name

    @property
    def expired(self):
        return bool(self.licence_until and self.licence_until < timezone.localdate())


class Vehicle(BaseData):
    """A delivery or installation vehicle (安装车辆)."""

    search = {"plate": "code"}

    plate = models.CharField(_("plate"), max_length=20)
    load_kg = models.PositiveIntegerField(_("load kg"), default=0)
    volume = models.DecimalField(_("volume m³"), max_digits=8, decimal_places=2, default=0)
    owned = models.BooleanField(_("own"), default=True)
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    inspected_until = models.DateField(_("inspection valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("vehicle")
        constraints = [models.UniqueConstraint(fields=["tenant", "plate"], name="service_vehicle_plate")]

    def __str__(self):
        return self.plate


class Crew(BaseData):
    """An installation crew (安装班组) with its leader; `members` are ids, names and shares in per cent."""

    search = {"name": "name"}

    name = models.CharField(_("name"), max_length=60)
    leader = Ref(Employee, verbose_name=_("crew leader"))
    members = models.JSONField(_("members"), default=list, blank=True)
    rate_area = models.DecimalField(_("rate per m²"), max_digits=10, decimal_places=2, default=35)
    rate_metre = models.DecimalField(_("rate per metre"), max_digits=10, decimal_places=2, default=80)
    rate_door = models.DecimalField(_("rate per door"), max_digits=10, decimal_places=2, default=120)

    class Meta:
        verbose_name = _("crew")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="service_crew_name")]

    def __str__(self):
        return self.name
