"""Keys for programs, and where events are sent."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.records.document import BaseData
from yiwei.kernel.records.holdings import Ends
from yiwei.kernel.records.scope import PUBLIC
from yiwei.kernel.records.tenancy.models import Ref, TenantModel


class ApiToken(TenantModel):
    """A program's key: acts as an employee, within that employee's rights and scope. Only its hash is kept."""

    scope = PUBLIC
    held = {"member": Ends({"active": [True]}, {"active": False})}

    name = models.CharField(_("name"), max_length=60)
    member = Ref(settings.KERNEL_MEMBER_MODEL, verbose_name=_("acts as"))
    digest = models.CharField(max_length=64, editable=False)
    active = models.BooleanField(_("active"), default=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("API key")
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="kernel_apitoken_digest")]

    def __str__(self):
        return self.name


class Webhook(BaseData):
    """An address that is told of events; each message is signed."""

    name = models.CharField(_("name"), max_length=60)
    url = models.URLField(_("address"))
    events = models.CharField(_("events"), max_length=300, default="*", help_text=_("Patterns, separated by spaces"))
    secret = models.CharField(_("secret"), max_length=80, editable=False, blank=True, default="")

    class Meta:
        verbose_name = _("webhook")

    def __str__(self):
        return self.name
