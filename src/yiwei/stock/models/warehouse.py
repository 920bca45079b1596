"""Warehouses and their bins (STK-01)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import BaseData, Ref
from yiwei.ledger.models.goods import Location
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet

WAREHOUSES = [("main", _("Main warehouse")), ("sample", _("Samples")), ("returned", _("Returned goods")),
              ("scrap", _("Scrap")), ("outlet", _("Outlet")), ("transit", _("In transit")), ("holding", _("On hold"))]


class Warehouse(BaseData):
    """A warehouse (库房)."""

    search = {"code": "code", "name": "name"}

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=WAREHOUSES, default="main")
    outlet = Ref(Outlet, null=True, blank=True, verbose_name=_("outlet"))
    keeper = Ref(Employee, null=True, blank=True, verbose_name=_("storekeeper"))
    is_default = models.BooleanField(_("default warehouse of the outlet"), default=False)
    address = models.CharField(_("address"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("warehouse")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="stock_warehouse_code"),
                       models.UniqueConstraint(fields=["tenant", "name"], name="stock_warehouse_name"),
                       models.UniqueConstraint(fields=["tenant", "outlet"], name="stock_warehouse_default",
                                               condition=models.Q(is_default=True))]

    def __str__(self):
        return self.name


class Bin(BaseData):
    """A place in a warehouse (货位); its location stands in the goods ledger."""

    search = {"code": "code"}

    warehouse = Ref(Warehouse, related_name="bins", verbose_name=_("warehouse"))
    code = models.CharField(_("bin code"), max_length=20)
    zone = models.CharField(_("zone"), max_length=20, blank=True, default="")
    location = Ref(Location, editable=False, verbose_name=_("location"))

    class Meta:
        verbose_name = _("bin")
        constraints = [models.UniqueConstraint(fields=["tenant", "warehouse", "code"], name="stock_bin_code"),
                       models.UniqueConstraint(fields=["tenant", "location"], name="stock_bin_location")]

    def __str__(self):
        return f"{self.warehouse.name} {self.code}"
