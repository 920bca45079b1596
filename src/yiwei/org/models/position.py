"""Positions: what people may do, which rows and which fields they see."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import BaseData
from yiwei.kernel.records import scope

SCOPES = [(scope.OWN, _("own")), (scope.OUTLET, _("outlet")), (scope.REGION, _("region")),
          (scope.COMPANY, _("company"))]

MASKS = [("phone", _("Phones")), ("address", _("Addresses")), ("cost", _("Costs")), ("margin", _("Margins")), ("rebate", _("Rebates"))]


class Position(BaseData):
    """A position (岗位).

    Its rights are those that rooms give to the role `base` (its own code where empty); `allow` deviates by
    patterns of action and screen names ("crm.customer.*"), a leading "-" takes away.
    `scopes` overrides `data_scope` for single models, `masks` names what is hidden (phone, cost, margin, rebate).
    """

    search = {"name": "name", "code": "code"}

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    base = models.CharField(_("based on role"), max_length=40, blank=True, default="")
    allow = models.JSONField(_("deviations"), default=list, blank=True)
    data_scope = models.CharField(_("data scope"), max_length=10, choices=SCOPES, default=scope.OWN)
    scopes = models.JSONField(_("scope by kind"), default=dict, blank=True)
    masks = models.JSONField(_("hidden fields"), default=list, blank=True)
    discount_floor = models.DecimalField(_("discount floor"), max_digits=5, decimal_places=4, null=True, blank=True)
    special_quota = models.PositiveIntegerField(_("special approvals a month"), default=0)

    class Meta:
        verbose_name = _("position")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="org_position_code")]

    def __str__(self):
        return self.name
