"""Approval flows that the tenant designs, and the cases that run on them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.document import Document, Record
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import PUBLIC, ScopeRule
from yiwei.kernel.records.tenancy.models import Ref, TenantModel


class ApprovalFlow(Record):
    """Steps set in front of an action, chosen by conditions on its facts.

    `conditions`: [{"fact": "discount", "op": "lt", "value": "0.88"}], all must hold.
    `steps`: [{"name": …, "by": "position|superior|person", "of": …, "mode": "any|all", "hours": 24, "copy": […]}].
    A published version never changes; running cases finish on theirs.
    """

    scope = PUBLIC
    flow = Flow(
        states=(State("draft", _("Draft")), State("published", _("Published"), "green", DONE),
                State("stopped", _("Stopped"), "secondary", FAILED)),
        moves={("draft", "published"), ("published", "stopped")},
    )

    name = models.CharField(_("name"), max_length=80)
    action = models.CharField(_("before action"), max_length=80)
    priority = models.IntegerField(_("priority"), default=0)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    steps = models.JSONField(_("steps"), default=list)
    revision = models.PositiveIntegerField(_("version"), default=1, editable=False)
    state = models.CharField(_("state"), max_length=24, default="draft", editable=False)

    class Meta:
        verbose_name = _("approval flow")
        indexes = [models.Index(fields=["tenant", "action", "state"], name="kernel_approvalflow_action")]

    def __str__(self):
        return f"{self.name} v{self.revision}"


class Case(Document):
    """One request: the action asked for, its input and the figures it names."""

    prefix = "SP"
    scope = ScopeRule(people=("owner",), outlet="outlet")
    search = {"number": "code", "title": "text"}
    flow = Flow(
        states=(State("waiting", _("Waiting"), "yellow"), State("returned", _("Sent back"), "orange"),
                State("approved", _("Approved"), "green", DONE), State("rejected", _("Rejected"), "red", FAILED),
                State("withdrawn", _("Withdrawn"), "secondary", FAILED)),
        moves={("waiting", "approved"), ("waiting", "rejected"), ("waiting", "withdrawn"), ("waiting", "returned"),
               ("returned", "waiting"), ("returned", "withdrawn")},
        main=("waiting", "approved"),
    )

    title = models.CharField(_("title"), max_length=200)
    action = models.CharField(_("action"), max_length=80)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    facts = models.JSONField(_("figures"), default=dict)
    design = Ref(ApprovalFlow, verbose_name=_("approval flow"))
    step = models.PositiveIntegerField(_("step"), default=0)
    used = models.BooleanField(_("used"), default=False)
    result_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)

    class Meta:
        verbose_name = _("approval")
        indexes = [models.Index(fields=["tenant", "model", "object_id"], name="kernel_case_row"),
                   models.Index(fields=["tenant", "state", "due_at"], name="kernel_case_due")]

    @property
    def subject(self):
        """What is asked for, in the language of who reads it."""
        act, what = registry.actions.get(self.action), self.title.partition("：")[2]
        return Message("%(what)s: %(row)s") % {"what": act.label, "row": what} if act and what else self.title

    @classmethod
    def extra_scope(cls, actor, prefix=""):
        mine = Task.objects.filter(assignee_id=actor.id).values("case_id")
        return models.Q(**{f"{prefix}pk__any": mine})


class Task(TenantModel):
    """One signer's part in a case."""

    scope = PUBLIC
    held = {"assignee": {"verdict": [""]}, "stands_for": STAYS}

    case = Ref(Case, related_name="tasks")
    step = models.PositiveIntegerField()
    assignee = Ref(settings.KERNEL_MEMBER_MODEL, verbose_name=_("signer"))
    stands_for = Ref(settings.KERNEL_MEMBER_MODEL, null=True, verbose_name=_("stands in for"))
    added = models.BooleanField(_("asked by a signer"), default=False)
    copy_only = models.BooleanField(_("copy"), default=False)
    verdict = models.CharField(_("verdict"), max_length=12, blank=True, default="")
    comment = models.TextField(_("comment"), blank=True, default="")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("signer's task")
        indexes = [models.Index(fields=["tenant", "assignee", "verdict", "case"], name="kernel_task_mine"),
                   models.Index(fields=["tenant", "case", "step"], name="kernel_task_case")]
