"""The year's targets: entered or pasted on one sheet, published, revised (BAS-13, BAS-14)."""

from datetime import date

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules import targets
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.money import ZERO
from yiwei.kernel.records import scope
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet

from ..models.target import METRICS, MONTHS, TargetPlan

PLANNERS = "general_manager tenant_admin region_director store_manager"
SELLERS = ("guide", "designer", "channel_rep", "store_manager")


def _next_year():
    today = timezone.localdate()
    return today.year + (today.month == 12)


@action(TargetPlan, _("New year's targets"), verb="create", creates=True, roles=PLANNERS, icon="plus", style="primary",
        done=_("Now enter the figures."), fields=lambda actor, obj=None: {
            "year": forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, initial=_next_year),
            "metric": forms.ChoiceField(label=_("Metric"), choices=METRICS, initial="collected"),
            "outlet": Pick(Outlet, label=_("Outlet"), required=False, help_text=_("Empty: the targets of the outlets themselves"))})
def create(actor, *, year, metric, outlet):
    """A sheet of a year: the salespersons of an outlet, or all outlets."""
    if outlet is None and actor.scope_for(TargetPlan) != "company":
        raise Invalid({"outlet": [__("Choose an outlet.")]})
    if not scope.reaches(TargetPlan, actor, outlet):
        raise Invalid({"outlet": [__("This outlet is not yours.")]})
    if TargetPlan.objects.filter(year=year, metric=metric, outlet=outlet).exists():
        raise Invalid({"year": [__("This year is planned already.")]})
    plan = TargetPlan(year=year, metric=metric, outlet=outlet, created_by_id=actor.id)
    plan.cells = {str(who): [str(v) for v in row] for who, row in _so_far(plan).items()}
    plan.save()
    return plan


def _so_far(plan):
    """Everybody who sells there with what is in force already, else with nothing."""
    known = targets.published(plan)
    people = Employee.objects.filter(Q(outlet_id=plan.outlet_id) | Q(more_outlets__contains=[plan.outlet_id]),
                                     Q(position__base__in=SELLERS) | Q(position__code__in=SELLERS), state="active")
    everybody = people if plan.outlet_id else Outlet.objects.filter(active=True, is_head_office=False)
    return {pk: known.get(pk, [ZERO] * 12) for pk in everybody.order_by("id").values_list("id", flat=True)} | known


def _sheet(actor, plan=None):
    whose = Pick(Employee, label=_("Salesperson")) if plan is None or plan.outlet_id else Pick(Outlet, label=_("Outlet"))
    months = {f"m{n}": forms.DecimalField(label=targets.month_label(n), min_value=0, max_digits=14, decimal_places=2,
                                          required=False) for n in MONTHS}
    sheet = {"lines": Lines({"who": whose, **months}, label=_("Targets"), required=False, maximum=500,
                            help_text=_("Paste the cells of a spreadsheet from any field on."))}
    if plan is not None and plan.state == "published":
        sheet["reason"] = forms.CharField(label=_("Reason"), max_length=200)
    return sheet


def _now(actor, plan):
    model = Employee if plan.outlet_id else Outlet
    rows = targets.amounts(plan)
    people = model.objects.in_bulk(list(rows))
    return {"lines": [{"who": people[who], **{f"m{n}": row[n - 1] or None for n in MONTHS}}
                      for who, row in sorted(rows.items()) if who in people]}


@action(TargetPlan, _("Enter figures"), verb="fill", roles=PLANNERS, icon="table", style="primary", fields=_sheet, initial=_now,
        done=_("Saved."))
def fill(actor, plan, *, lines, reason=""):
    """The figures of the year. A published year is revised with a reason, and keeps what was first published."""
    wanted = {}
    for number, line in enumerate(lines):
        if line["who"].pk in wanted:
            raise Invalid({f"lines.{number}.who": [__("Twice on the sheet.")]})
        if plan.outlet_id and not targets.works_in(line["who"], plan.outlet_id):
            raise Invalid({f"lines.{number}.who": [__("Does not work in this outlet.")]})
        wanted[line["who"].pk] = [line[f"m{n}"] or ZERO for n in MONTHS]
    if plan.state == "draft":
        plan.cells = {str(who): [str(v) for v in row] for who, row in wanted.items()}
        return
    names = {line["who"].pk: str(line["who"]) for line in lines}
    found = targets.changes(plan, wanted)
    _unlocked(actor, plan, found)
    targets.put(actor, plan, found)
    if found:
        log(actor, plan, "comment", text="; ".join(
            f"{names[who]} {plan.year}-{month:02d}: {old:,.2f} → {new:,.2f}" for who, month, old, new in found[:40]))


def _unlocked(actor, plan, found):
    begun = [month for _who, month, _old, _new in found if targets.locked(actor, date(plan.year, month, 1))]
    if begun:
        raise Refused(__("%(month)s has begun; only the general manager changes its targets.") % {
            "month": f"{plan.year}-{min(begun):02d}"})


@action(TargetPlan, _("Publish"), verb="publish", sources=("draft",), target="published", roles=PLANNERS, icon="send", style="success",
        confirm=_("The figures become the targets of the months."), done=_("Published."))
def publish(actor, plan):
    """From now on these are the targets; months that have begun are the general manager's alone."""
    wanted = targets.drafted(plan)
    if not any(any(row) for row in wanted.values()):
        raise Refused(__("There are no figures yet."))
    found = targets.changes(plan, wanted)
    _unlocked(actor, plan, found)
    targets.put(actor, plan, found)
