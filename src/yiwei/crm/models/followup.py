"""Follow-ups and designers' tasks."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee

from .customer import Customer, House


class FollowUp(Document):
    """A contact with a customer, planned or done (客户跟踪)."""

    prefix = "GZ"
    scope = ScopeRule(people=("owner", "customer__owner"), outlet="outlet")
    flow = Flow(
        states=(State("planned", _("Planned"), "blue"), State("done", _("Done"), "green", DONE),
                State("cancelled", _("Cancelled"), "secondary", FAILED)),
        moves={("planned", "done"), ("planned", "cancelled")},
    )

    customer = Ref(Customer, related_name="follow_ups", verbose_name=_("customer"))
    way = models.CharField(_("way"), max_length=10, default="call", choices=[
        ("call", _("Call")), ("visit", _("Visit")), ("wechat", _("WeChat")), ("site", _("On site"))])
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    result = models.TextField(_("result"), blank=True, default="")
    intention = models.CharField(_("intention"), max_length=1, blank=True, default="", choices=[(c, c) for c in "ABCD"])
    instruction = models.TextField(_("manager's comment"), blank=True, default="")

    def overdue(self, today=None):
        """Whether the contact was promised for a day that is over."""
        return self.state == "planned" and self.due_on is not None and self.due_on < (today or timezone.localdate())

    class Meta:
        verbose_name = _("follow-up")
        indexes = [models.Index(fields=["tenant", "owner", "state", "due_on"], name="crm_followup_due"),
                   models.Index(fields=["tenant", "customer", "-id"], name="crm_followup_customer")]


class DesignTask(Document):
    """A designer's task: measure, design, remeasure, revise, hand in (设计师任务). The owner is the designer."""

    prefix = "RW"
    scope = ScopeRule(people=("owner", "second", "customer__owner"), outlet="outlet")
    search = {"number": "code", "customer__name": "name"}
    flow = Flow(
        states=(State("assigned", _("Assigned"), "blue"), State("accepted", _("Accepted"), "cyan"),
                State("refused", _("Refused"), "red", FAILED), State("booked", _("Booked"), "indigo"),
                State("done", _("Done"), "lime"), State("confirmed", _("Confirmed"), "green", DONE),
                State("cancelled", _("Cancelled"), "secondary", FAILED)),
        moves={("assigned", "accepted"), ("assigned", "refused"), ("refused", "assigned"), ("accepted", "booked"),
               ("accepted", "done"), ("booked", "done"), ("done", "confirmed"), ("done", "accepted"),
               *((s, "cancelled") for s in ("assigned", "accepted", "booked", "refused"))},
        main=("assigned", "accepted", "booked", "done", "confirmed"),
    )

    OPEN = ("assigned", "accepted", "booked")

    kind = models.CharField(_("kind"), max_length=10, default="measure", choices=[
        ("measure", _("Measure")), ("design", _("Design")), ("remeasure", _("Remeasure")), ("revise", _("Revise")),
        ("hand_in", _("Hand-in"))])
    customer = Ref(Customer, related_name="design_tasks", verbose_name=_("customer"))
    house = Ref(House, null=True, blank=True, verbose_name=_("house"))
    guide = Ref(Employee, null=True, blank=True, verbose_name=_("guide"))
    second = Ref(Employee, null=True, blank=True, editable=False, verbose_name=_("second designer"))
    stage_since = models.DateTimeField(_("in this stage since"), default=timezone.now, editable=False)
    sent_back = models.PositiveIntegerField(_("sent back"), default=0, editable=False)
    stopped_days = models.PositiveIntegerField(_("days the customer asked for"), default=0, editable=False)
    plan_on = models.DateField(_("planned"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    rooms = models.CharField(_("rooms"), max_length=200, blank=True, default="")
    result = models.TextField(_("result"), blank=True, default="")
    unfinished = models.CharField(_("why unfinished"), max_length=200, blank=True, default="", editable=False)

    @classmethod
    def from_db(cls, db, names, values):
        row = super().from_db(db, names, values)
        row.state_read = row.__dict__.get("state")
        return row

    def touch(self):
        """A change of state starts the clock of the stage anew."""
        if self.state != getattr(self, "state_read", self.state):
            self.stage_since = timezone.now()
        super().touch()

    @property
    def days_in_stage(self):
        """Whole days since the last change of state."""
        return (timezone.now() - self.stage_since).days

    def late(self, today=None):
        """Whether the task is, or was done, after its due day."""
        if self.due_on is None or self.state in ("cancelled", "refused"):
            return False
        done = timezone.localtime(self.done_at).date() if self.done_at else None
        return (done or today or timezone.localdate()) > self.due_on

    class Meta:
        verbose_name = _("designer's task")
        indexes = [models.Index(fields=["tenant", "owner", "state"], name="crm_designtask_owner"),
                   models.Index(fields=["tenant", "customer", "-id"], name="crm_designtask_customer")]
