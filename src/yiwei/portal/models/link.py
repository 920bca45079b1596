"""Signed links to a customer's own pages (PRS-03, D-41)."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.scope import ScopeRule


def nonce():
    return secrets.token_urlsafe(18)


class PortalLink(Record):
    """A link by which a customer sees the own house without signing in. It expires and can be revoked."""

    scope = ScopeRule(via="customer")

    customer = Ref(Customer, related_name="links", verbose_name=_("customer"))
    nonce = models.CharField(max_length=40, default=nonce, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    opened = models.PositiveIntegerField(_("opened"), default=0, editable=False)
    opened_at = models.DateTimeField(_("last opened"), null=True, editable=False)

    class Meta:
        verbose_name = _("customer's link")
        constraints = [models.UniqueConstraint(fields=["tenant", "nonce"], name="portal_link_nonce")]
        indexes = [models.Index(fields=["tenant", "customer", "-id"], name="portal_link_customer")]

    def __str__(self):
        return str(self.customer)

    @property
    def valid(self):
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def path(self):
        """The address without host."""
        from yiwei.portal.rules.links import path_of
        return path_of(self)
