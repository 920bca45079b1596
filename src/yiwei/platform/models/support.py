"""Support that a dealer grants to the operator of the platform, and what was looked at under it."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import FAILED, Flow, State
from yiwei.kernel.models import Record, Ref, TenantModel
from yiwei.kernel.records.scope import PUBLIC

from .functions import FUNCTIONS

LONGEST = timedelta(days=7)


class SupportGrant(Record):
    """Leave to look in, only to read, for some days. Without one in force the database shows an operator nothing."""

    scope = PUBLIC
    database_functions = FUNCTIONS
    flow = Flow(
        states=(State("active", _("Granted"), "green"), State("withdrawn", _("Withdrawn"), "secondary", FAILED)),
        moves={("active", "withdrawn")},
    )

    reason = models.CharField(_("reason"), max_length=200)
    until = models.DateTimeField(_("valid until"))
    state = models.CharField(_("state"), max_length=24, default="active", editable=False)

    class Meta:
        verbose_name = _("support access")
        constraints = [models.CheckConstraint(condition=models.Q(until__lte=models.F("created_at") + LONGEST), name="platform_grant_days")]
        indexes = [models.Index(fields=["tenant", "state", "until"], name="platform_grant_now")]

    def __str__(self):
        return self.reason

    @property
    def in_force(self):
        return self.state == "active" and self.until > timezone.now()

    def get_state_display(self):
        return self.flow.state(self.state).label


class SupportVisit(TenantModel):
    """One page that an operator opened; written by platform_enter() before the page is made."""

    scope = PUBLIC
    audited = False
    append_only = True
    written_by_trigger = True

    grant = Ref(SupportGrant, verbose_name=_("support access"))
    at = models.DateTimeField(_("at"))
    administrator_id = models.BigIntegerField()
    name = models.CharField(_("by"), max_length=60)
    page = models.CharField(_("page"), max_length=300)

    class Meta:
        verbose_name = _("page opened for support")
        indexes = [models.Index(fields=["tenant", "grant", "-id"], name="platform_visit_grant")]
