"""Views of lists that people keep for themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import ScopeRule
from yiwei.kernel.records.tenancy.models import Ref, TenantModel


class SavedView(TenantModel):
    """Filters, sorting and columns of a register under a name."""

    audited = False
    scope = ScopeRule(people=("member",), outlet="")
    held = {"member": STAYS}

    member = Ref(settings.KERNEL_MEMBER_MODEL)
    register = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=40)
    params = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "member", "register", "name"],
                                               name="kernel_savedview_name")]
