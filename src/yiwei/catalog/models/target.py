"""Targets of salespersons and outlets by month, and the year's plan they come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import Flow, State
from yiwei.kernel.models import BaseData, Record, Ref
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet

METRICS = [("collected", _("Collection")), ("signed", _("Signed")), ("new_customers", _("New customers")),
           ("measures", _("Measures"))]
MONTHS = range(1, 13)


class TargetPlan(Record):
    """A year of targets of one metric: of an outlet's salespersons, or (without an outlet) of all outlets.

    A draft keeps its figures to itself; publishing makes them the targets of the months. `cells` is {id: [twelve amounts as text]}.
    """

    scope = ScopeRule(people=(), outlet="outlet")
    flow = Flow(states=(State("draft", _("Draft"), "secondary"), State("published", _("Published"), "green")),
                moves={("draft", "published")})

    year = models.PositiveSmallIntegerField(_("year"))
    metric = models.CharField(_("metric"), max_length=14, choices=METRICS, default="collected")
    outlet = Ref(Outlet, null=True, blank=True, verbose_name=_("outlet"))
    cells = models.JSONField(_("targets by month"), default=dict, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=24, default="draft", editable=False)

    class Meta:
        verbose_name = _("targets of a year")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "year", "metric", "outlet"], nulls_distinct=False, name="catalog_targetplan_year"),
            models.CheckConstraint(condition=models.Q(year__gte=2000, year__lte=2100), name="catalog_targetplan_sane")]

    def __str__(self):
        return f"{self.outlet or _('All outlets')} {self.year} {self.get_metric_display()}"

    def get_state_display(self):
        return self.flow.state(self.state).label


class _Target(BaseData):
    """What must be reached in a month. `original` keeps the figure first published when it is revised."""

    month = models.DateField(_("month"), help_text=_("First day of the month"))
    metric = models.CharField(_("metric"), max_length=14, choices=METRICS, default="collected")
    amount = models.DecimalField(_("target"), max_digits=14, decimal_places=2)
    original = models.DecimalField(_("first target"), max_digits=14, decimal_places=2, null=True, editable=False)

    class Meta:
        abstract = True


class SalesTarget(_Target):
    """A salesperson's target of a month (销售员销售任务)."""

    scope = ScopeRule(people=("employee",), outlet="outlet")
    held = {"employee": STAYS}

    employee = Ref(Employee, verbose_name=_("employee"))
    outlet = Ref(Outlet, blank=True, verbose_name=_("outlet"), help_text=_(
        "Empty: the employee's own. Who works in two outlets has a target in each."))

    class Meta:
        verbose_name = _("salesperson's target")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month", "employee", "outlet", "metric"], name="catalog_salestarget_month"),
            models.CheckConstraint(condition=models.Q(month__day=1, amount__gte=0), name="catalog_salestarget_sane")]

    def __str__(self):
        return f"{self.employee} {self.month:%Y-%m}"


class OutletTarget(_Target):
    """An outlet's target of a month (网点销售任务)."""

    scope = ScopeRule(people=(), outlet="outlet", shared=True)
    outlet = Ref(Outlet, verbose_name=_("outlet"))

    class Meta:
        verbose_name = _("outlet's target")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month", "outlet", "metric"], name="catalog_outlettarget_month"),
            models.CheckConstraint(condition=models.Q(month__day=1, amount__gte=0), name="catalog_outlettarget_sane")]

    def __str__(self):
        return f"{self.outlet} {self.month:%Y-%m}"
