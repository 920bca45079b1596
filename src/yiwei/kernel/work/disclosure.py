"""What was taken out of the house or shown in full: exports and hidden phones, by whom, when and why (D-05, D-06)."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import ScopeRule
from yiwei.kernel.records.tenancy.models import Ref, TenantModel

from .notify.send import tell
from .options import Option

A_DAY = Option("disclosures_per_day", _("Exports and shown phones a day, of one person, before the directors are told"), 20, low=1)
HEADS = ["general_manager"]


class Disclosure(TenantModel):
    """One export or one phone shown. Its `mark` stands in the workbook, so that a file found elsewhere leads back here."""

    audited = False
    append_only = True
    scope = ScopeRule(people=("member",), outlet="outlet")
    held = {"member": STAYS}

    at = models.DateTimeField(_("at"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=8, choices=[("export", _("Export")), ("reveal", _("Phone shown in full"))])
    member = Ref(settings.KERNEL_MEMBER_MODEL, null=True, verbose_name=_("by"))
    outlet = Ref(settings.KERNEL_OUTLET_MODEL, null=True, verbose_name=_("outlet"))
    source = models.CharField(_("list"), max_length=80)
    object_id = models.BigIntegerField(_("row"), null=True)
    field = models.CharField(max_length=40, blank=True, default="")
    rows = models.PositiveIntegerField(_("rows taken"), default=1)
    why = models.CharField(_("why"), max_length=200, blank=True, default="")
    query = models.CharField(_("filters used"), max_length=500, blank=True, default="")
    mark = models.CharField(_("mark in the workbook"), max_length=12, blank=True, default="")
    turn = models.PositiveIntegerField(_("which of the day"), default=1)
    over = models.BooleanField(_("over the limit"), default=False)

    class Meta:
        verbose_name = _("data taken out")
        indexes = [models.Index(fields=["tenant", "member", "at"], name="kernel_disclosure_member"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="kernel_disclosure_outlet"),
                   models.Index(fields=["tenant", "object_id", "source"], name="kernel_disclosure_row")]

    def __str__(self):
        return f"{self.label} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    @property
    def label(self):
        """The list or report it came from, in the language of who reads."""
        room, _dot, slug = self.source.partition(".")
        found = registry.reports.get(slug) if room == "report" else registry.registers.get((room, slug))
        return str(found.label) if found else self.source

    @property
    def subject(self):
        """The row whose phone was shown."""
        register = registry.registers.get(tuple(self.source.split("."))) if self.kind == "reveal" else None
        return register.model.objects.filter(pk=self.object_id).first() if register else None


def new_mark():
    return secrets.token_hex(4).upper()


def disclose(actor, kind, source, *, rows=1, obj=None, field="", why="", query="", mark=""):
    """Write down what was taken out; beyond the day's limit the directors and the general manager are told."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    turn = Disclosure.objects.filter(member=actor.id, at__gte=start).count() + 1
    limit = A_DAY.value()
    row = Disclosure.objects.create(
        kind=kind, member_id=actor.id, outlet_id=actor.outlet_id, source=source, object_id=getattr(obj, "pk", None), field=field,
        rows=rows, why=why[:200], query=query[:500], mark=mark, turn=turn, over=turn > limit)
    if turn > limit and (turn - 1) % limit == 0:
        heads = {*directory.holders(["region_director"], actor.outlet_id), *directory.holders(HEADS)} - {actor.id}
        tell(heads, Message("%(who)s has taken out data or shown phones %(n)s times today.") % {"who": actor.name, "n": turn}, row)
    return row

