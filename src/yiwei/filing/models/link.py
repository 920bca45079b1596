"""The personal link by which a partner's person files customers without signing in."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.holdings import EMPTY
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee

from .partner import ChannelPartner, OutsideDesigner


def nonce():
    return secrets.token_urlsafe(18)


class FilingLink(Record):
    """A signed address for one person of one partner; it ends with its day, when revoked, or when the person leaves the partner."""

    scope = ScopeRule(people=("clerk",), outlet="clerk__outlet")
    held = {"clerk": {"revoked_at": EMPTY}}  # what partners file by it reaches somebody at work

    partner = Ref(ChannelPartner, verbose_name=_("channel partner"))
    person = Ref(OutsideDesigner, null=True, blank=True, verbose_name=_("person"))
    clerk = Ref(Employee, verbose_name=_("channel clerk"))
    nonce = models.CharField(max_length=40, default=nonce, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    opened_at = models.DateTimeField(_("last opened"), null=True, editable=False)

    class Meta:
        verbose_name = _("filing link")
        constraints = [models.UniqueConstraint(fields=["tenant", "nonce"], name="filing_link_nonce")]
        indexes = [models.Index(fields=["tenant", "partner", "-id"], name="filing_link_partner")]

    def __str__(self):
        return f"{self.partner} · {self.person}" if self.person_id else str(self.partner)

    @property
    def valid(self):
        """Still in force: not over, not revoked, the partner works with us and the person with the partner."""
        stays = self.person is None or (self.person.active and self.person.partner_id == self.partner_id)
        return self.revoked_at is None and self.expires_at > timezone.now() and self.partner.active and stays

    @property
    def filed_today(self):
        return self.filings.filter(filed_at__gte=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)).count()
