"""Design versions and review rounds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import LiabilityReason
from yiwei.crm.models.customer import House
from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee

from .contract import SubContract


class DesignVersion(Record):
    """One uploaded design of a house (设计方案). The database allows exactly one current version a house."""

    scope = ScopeRule(via="house")
    held = {"designer": STAYS}

    house = Ref(House, related_name="designs", verbose_name=_("house"))
    revision = models.PositiveIntegerField(_("version"))
    current = models.BooleanField(_("current"), default=True)
    designer = Ref(Employee, null=True, verbose_name=_("designer"))
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("fingerprint"), max_length=64)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    frozen = models.BooleanField(_("frozen by review"), default=False)

    class Meta:
        verbose_name = _("design version")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "house", "revision"], name="orders_design_revision"),
            models.UniqueConstraint(fields=["tenant", "house"], condition=models.Q(current=True),
                                    name="orders_design_current"),
        ]

    def __str__(self):
        return f"{self.house} v{self.revision}"


class ReviewRound(Record):
    """One round of drawing or price review: who, how long, what was found. Every round is kept."""

    scope = ScopeRule(via="sub")
    held = {"reviewer": STAYS}

    sub = Ref(SubContract, related_name="rounds", verbose_name=_("sub-contract"))
    kind = models.CharField(_("kind"), max_length=8, choices=[("hand_in", _("Hand-in")), ("drawing", _("Drawing review")),
                                                              ("price", _("Price review")),
                                                              ("finance", _("Finance review"))])
    turn = models.PositiveIntegerField(_("round"), default=1)
    reviewer = Ref(Employee, verbose_name=_("reviewer"))
    verdict = models.CharField(_("verdict"), max_length=8, choices=[("passed", _("Passed")),
                                                                    ("rejected", _("Rejected"))])
    reason = Ref(LiabilityReason, null=True, verbose_name=_("reason"))
    comment = models.TextField(_("comment"), blank=True, default="")
    items = models.JSONField(_("items"), default=list, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    design = Ref(DesignVersion, null=True, verbose_name=_("design version"))
    system_net = models.DecimalField(_("net by price system"), max_digits=14, decimal_places=2, null=True)
    entered_net = models.DecimalField(_("net entered"), max_digits=14, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("review round")
        indexes = [models.Index(fields=["tenant", "sub", "id"], name="orders_round_sub"),
                   models.Index(fields=["tenant", "reviewer", "created_at"], name="orders_round_reviewer")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.turn}"
