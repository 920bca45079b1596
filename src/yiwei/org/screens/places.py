"""Outlets, regions and departments (SYS-03)."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.screens.registers.register import Column, Register, Tab

from ..models.employee import Employee
from ..models.move import OutletMove
from ..models.outlet import Department, Outlet, Region

ALL = " ".join(["general_manager region_director store_manager guide designer channel_rep channel_manager",
                "drawing_auditor price_auditor finance_manager accountant cashier purchaser storekeeper dispatcher",
                "driver installer service_head service_agent tenant_admin"])
HEAD = "general_manager tenant_admin"


class Outlets(Register):
    model = Outlet
    label = _("Outlets")
    code, module, icon, position = "SYS-03", "system", "building-store", 30
    roles, editors = ALL, HEAD
    columns = ["name", "code", "region", "mall", "booth", "area", Column("rent", _("rent per month"), "money", mask="cost"),
               "opened_on", "closed_on", "active"]
    filters = ["region", "active"]
    form = ["code", "name", "region", "is_head_office", "mall", "booth", "area", "rent", "receipt_series", "address", "phone", "opened_on",
            "closed_on"]
    sections = [(_("Details"), ["code", "name", "region", "is_head_office", "receipt_series", "opened_on", "closed_on"]),
                (_("Place"), ["mall", "booth", "area", Column("rent", _("rent per month"), "money", mask="cost"), "address", "phone"])]
    tabs = [Tab("people", _("Employees"), Employee, "outlet", ["name", "number", "position", "state"]),
            Tab("departments", _("Departments"), Department, "outlet", ["name", "active"]),
            Tab("moves", _("Moves"), OutletMove, "outlet", ["from_day", "before", "after", "reason", "done"], order="-from_day")]
    order = "id"
    importable = True

    @classmethod
    def check(cls, actor, obj, data):
        if obj is not None and data["region"] != obj.region:
            raise Invalid({"region": [__("An outlet changes its region by “Move to region”, which has a day.")]})
        if data.get("opened_on") and data.get("closed_on") and data["closed_on"] < data["opened_on"]:
            raise Invalid({"closed_on": [__("This is before the day of opening.")]})
        series = data.get("receipt_series")
        if series and Outlet.objects.filter(receipt_series=series).exclude(pk=obj.pk if obj else None).exists():
            raise Invalid({"receipt_series": [__("Another outlet has this series.")]})

    @classmethod
    def notices(cls, actor, obj):
        beside = Outlet.objects.filter(mall=obj.mall, booth=obj.booth, active=True).exclude(pk=obj.pk) if obj.mall and obj.booth else []
        return [*cls._planned(obj), *({"tone": "info", "url": cls.url("detail", other.pk), "text": __(
            "Shares the booth with %(name)s: area and rent stand at both, enter the part of each.") % {"name": other}} for other in beside)]

    @staticmethod
    def _planned(obj):
        planned = OutletMove.objects.filter(outlet=obj, done=False).select_related("after").order_by("from_day")
        return [{"tone": "info", "text": __("From %(day)s in %(region)s.") % {"day": m.from_day, "region": m.after}} for m in planned]


class Regions(Register):
    model = Region
    label = _("Sales regions")
    code, module, icon, position = "SYS-03", "system", "map", 32
    roles, editors = HEAD, HEAD
    columns = ["name", "code", "active"]
    form = ["code", "name"]
    tabs = [Tab("outlets", _("Outlets"), Outlet, "region", ["name", "code", "active"])]
    order = "id"
    importable = True


class Departments(Register):
    model = Department
    label = _("Departments")
    code, module, icon, position = "SYS-03", "system", "sitemap", 34
    roles, editors = HEAD, HEAD
    columns = ["name", "outlet", "active"]
    form = ["name", "outlet"]
    importable = True
    tabs = [Tab("people", _("Employees"), Employee, "department", ["name", "number", "position", "state"])]
