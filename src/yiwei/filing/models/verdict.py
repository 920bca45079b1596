"""Every verdict on a filing, with the evidence as it stood at that second."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.scope import ScopeRule

from .filing import Filing

DECISIONS = [("approved", _("Approved")), ("joint", _("Joint verdict")), ("rejected", _("Rejected")), ("held", _("Held")),
             ("appealed", _("Appeal")), ("superseded", _("Superseded"))]


class FilingVerdict(Record):
    """What was decided, by whom and on which evidence and rules (判单); the database lets nobody change it (D-11)."""

    scope = ScopeRule(via="filing")
    append_only = True

    filing = Ref(Filing, related_name="verdicts", verbose_name=_("filing"))
    at = models.DateTimeField(_("decided"), default=timezone.now, editable=False)
    by = models.CharField(_("by"), max_length=60, blank=True, default="")
    decision = models.CharField(_("decision"), max_length=12, choices=DECISIONS)
    reason = models.TextField(_("reason"), blank=True, default="")
    share = models.DecimalField(_("share %"), max_digits=5, decimal_places=2, default=100)
    conflict = models.CharField(_("conflict"), max_length=10, blank=True, default="")
    rules = models.CharField(_("rules"), max_length=20, blank=True, default="")
    evidence = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("verdict")
        indexes = [models.Index(fields=["tenant", "filing", "-id"], name="filing_verdict_filing")]

    def __str__(self):
        return f"{self.filing.number} · {self.get_decision_display()}"
