"""Screens of follow-ups and designers' tasks, and what waits on the first page (CRM-06, CRM-07)."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.rules import stage
from yiwei.kernel.records import scope
from yiwei.kernel.screens.home import block
from yiwei.kernel.screens.registers.listing import Filter, columns_for, row_of
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register

from ..models.customer import Customer
from ..models.followup import DesignTask, FollowUp
from .customers import no_calls


def by_day(rows, value):
    """Planned follow-ups by the day promised."""
    today = timezone.localdate()
    rows = rows.filter(state="planned")
    if value == "overdue":
        return rows.filter(due_on__lt=today)
    return rows.filter(due_on=today if value == "today" else today + timedelta(days=1))


class FollowUps(Register):
    model = FollowUp
    label = _("Follow-ups")
    code, module, icon, position = "CRM-06", "customers", "phone-call", 40
    roles, exporters = "general_manager region_director store_manager guide designer", "region_director store_manager"
    columns = [Column("customer", _("customer"), "link", link=True), "due_on", "way", "state", "result", "intention",
               "instruction", "done_at", "owner", "outlet"]
    filters = [Filter("when", _("When"), "select", apply=by_day, choices=[
        ("overdue", _("Overdue")), ("today", _("Today")), ("tomorrow", _("Tomorrow"))]), "state", "owner", "outlet",
        "way", "due_on"]
    sections = [(_("Follow-up"), ["customer", "way", "due_on", "done_at", "result", "intention", "remark", "instruction"])]
    order = "due_on"
    empty_text = _("Log a contact and say when the next one is due.")

    @classmethod
    def title(cls, obj):
        return f"{obj.customer} · {obj.get_way_display()}"

    @classmethod
    def flags(cls, actor, obj):
        return ([{"label": _("Overdue"), "color": "red"}] if obj.overdue() else []) + no_calls(obj.customer)


def by_lateness(rows, value):
    """Open tasks after, or before, their due day."""
    rows = rows.filter(state__in=DesignTask.OPEN)
    today = timezone.localdate()
    return rows.filter(due_on__lt=today) if value == "1" else rows.filter(due_on__gte=today)


class DesignTasks(Register):
    model = DesignTask
    label = _("Designers' tasks")
    code, module, icon, position = "CRM-07", "customers", "ruler-2", 50
    roles, exporters = "general_manager region_director store_manager guide designer", "region_director store_manager"
    board = True
    columns = ["number", "customer", "kind", "state", "owner", "house", "plan_on", "due_on", "done_at",
               Column("days", _("days in stage"), "number", value=lambda t: t.days_in_stage), "guide", "second", "sent_back", "outlet"]
    lanes = {"owner": _("By designer"), "plan_on": _("Calendar")}
    board_columns = ("customer", "state", "due_on", "plan_on", "days")
    filters = ["kind", "state", "owner", "guide", "outlet",
               Filter("late", _("Late"), "select", apply=by_lateness, choices=[("1", _("Yes")), ("0", _("No"))]),
               "due_on", "plan_on"]
    sections = [(_("Task"), ["kind", "customer", "house", "owner", "guide", "second", "rooms", "plan_on", "due_on", "stopped_days", "done_at",
                             "sent_back", "result", "unfinished", "remark"])]
    search_hint = _("Number or customer")

    @classmethod
    def title(cls, obj):
        return f"{obj.get_kind_display()} · {obj.customer}"

    @classmethod
    def flags(cls, actor, obj):
        return [{"label": _("Late"), "color": "red"}] if obj.late() else []


class DueBy(Pending):
    """Waiting work that counts only from its due day on."""

    def __init__(self, *args, due, today=False, query="", **more):
        super().__init__(*args, **more)
        self.due, self.today, self.query = due, today, query

    def where(self, actor):
        return super().where(actor) & Q(**{f"{self.due}__lte" if self.today else f"{self.due}__lt": timezone.localdate()})

    @property
    def url(self):
        return super().url.split("?")[0] + self.query


DueBy(FollowUp, ("planned",), "crm.followup.done", _("Overdue follow-ups"), due="due_on", query="?when=overdue",
      tone="red", order=20)
Pending(DesignTask, ("assigned",), "crm.designtask.accept", _("Tasks to accept"), people="owner", tone="blue", order=21)
Pending(DesignTask, ("accepted", "booked"), "crm.designtask.done", _("My open tasks"), people="owner", order=22)
DueBy(DesignTask, DesignTask.OPEN, "crm.designtask.reassign", _("Late designers' tasks"), due="due_on", query="?late=1",
      tone="red", order=23)
Pending(DesignTask, ("done", "refused"), "crm.designtask.confirm", _("Designers' tasks to check"), order=24)


class WithoutPlan(Pending):
    """Customers with whom no contact is planned."""

    def where(self, actor):
        return super().where(actor) & Q(next_contact=None)

    @property
    def url(self):
        return super().url.split("?")[0] + "?contact=none"


WithoutPlan(Customer, stage.SELLING, "crm.followup.plan", _("Customers without contact plan"), people="owner",
            tone="orange", order=25)


@block(order=30)
def contacts(actor):
    """The guide's contacts: overdue, today, tomorrow."""
    if not actor.can("crm.followup.done") or not FollowUps.allowed(actor):
        return {}
    rows = scope.rows(FollowUp, actor).filter(
        owner_id=actor.id, state="planned", due_on__lte=timezone.localdate() + timedelta(days=1))
    found = list(rows.select_related("customer", "owner", "outlet").order_by("due_on", "id")[:30])
    columns = [c for c in columns_for(FollowUps, actor, {}) if c.name in ("customer", "due_on", "way", "instruction")]
    return {"lists": [{"label": __("Contacts: overdue, today, tomorrow"), "url": FollowUps.url(),
                       "columns": [{"name": c.name, "label": c.label, "align": c.align} for c in columns],
                       "rows": [row_of(FollowUps, actor, r, columns) for r in found],
                       "empty": {"title": __("Nothing here"), "text": __("No contact is due.")}}]}
