"""Rules of reminding, days on which clocks stand still, and what has been reminded."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.records.document import BaseData
from yiwei.kernel.records.scope import ScopeRule
from yiwei.kernel.records.tenancy.models import Ref, TenantModel

CHANNELS = [("bell", _("In the house")), ("sms", _("SMS too")), ("email", _("E-mail too"))]
TOLD, SUPERIORS, DONE = 0, 1, 2


class ReminderRule(BaseData):
    """After how many days who is told of a cause; rules for a stage or a level go before the general one (客户提醒跟踪参数)."""

    cause = models.CharField(_("reminds of"), max_length=40)
    stage = models.CharField(_("stage"), max_length=24, blank=True, default="")
    level = models.CharField(_("level"), max_length=4, blank=True, default="")
    days = models.PositiveIntegerField(_("days"))
    warn_days = models.PositiveIntegerField(_("warned days before"), default=0, help_text=_(
        "Only where something is done at the end of the days, such as going to the public pool."))
    repeat = models.PositiveIntegerField(_("again every … days"), default=1, help_text=_("0: once."))
    tell = models.JSONField(_("who is told"), default=list, blank=True)
    escalate_after = models.PositiveIntegerField(_("further days until the superiors are told"), default=0,
                                                 help_text=_("0: never."))
    escalate_to = models.JSONField(_("superiors who are told"), default=list, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS, default="bell")

    class Meta:
        verbose_name = _("reminder rule")
        constraints = [models.UniqueConstraint(fields=["tenant", "cause", "stage", "level"], name="kernel_reminderrule_once")]

    def __str__(self):
        return " · ".join(str(p) for p in (self.label, self.stage_label, self.level) if p)

    @property
    def about(self):
        """The cause as its room declares it; None where the room does so no more."""
        return registry.causes.get(self.cause)

    @property
    def label(self):
        return self.about.label if self.about else self.cause

    @property
    def stage_label(self):
        return dict(self.about.stages).get(self.stage, "") if self.about else ""

    @property
    def general(self):
        """Whether it is the rule for all that no other rule names."""
        return not self.stage and not self.level


class Holiday(BaseData):
    """Days on which the house is closed: the clocks of reminders stand still."""

    name = models.CharField(_("name"), max_length=40)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("holiday")
        constraints = [models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="kernel_holiday_days")]
        indexes = [models.Index(fields=["tenant", "last"], name="kernel_holiday_last")]

    def __str__(self):
        return self.name


class Reminder(TenantModel):
    """Somebody was reminded of a row; the database allows one for a cause, a row and a day (SYS-04)."""

    audited = False
    append_only = True
    scope = ScopeRule(people=("owner",), outlet="outlet")

    cause = models.CharField(_("reminds of"), max_length=40)
    step = models.PositiveSmallIntegerField(_("step"), default=TOLD, choices=[
        (TOLD, _("Told")), (SUPERIORS, _("Superiors told")), (DONE, _("Carried out"))])
    object_id = models.BigIntegerField()
    text = models.CharField(_("about"), max_length=120, blank=True, default="")
    owner = Ref(settings.KERNEL_MEMBER_MODEL, null=True, verbose_name=_("responsible"))
    outlet = Ref(settings.KERNEL_OUTLET_MODEL, null=True, verbose_name=_("outlet"))
    told = models.JSONField(_("who was told"), default=list)
    day = models.DateField(_("day"), default=timezone.localdate)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        constraints = [models.UniqueConstraint(fields=["tenant", "cause", "object_id", "step", "day"], name="kernel_reminder_day")]
        indexes = [models.Index(fields=["tenant", "-id"], name="kernel_reminder_newest"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="kernel_reminder_outlet"),
                   models.Index(fields=["tenant", "owner", "-id"], name="kernel_reminder_owner")]

    def __str__(self):
        return f"{self.label} · {self.text}"

    @property
    def label(self):
        found = registry.causes.get(self.cause)
        return found.label if found else self.cause
