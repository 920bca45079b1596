"""Imports of workbooks: what was loaded, what was refused and why."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import PUBLIC, ScopeRule
from yiwei.kernel.records.tenancy.models import Ref, TenantModel


class ImportHeading(TenantModel):
    """What a heading of this dealer's workbooks means; key '' leaves the column alone."""

    audited = False
    scope = PUBLIC

    book = models.CharField(max_length=80)
    heading = models.CharField(max_length=80)
    key = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "book", "heading"], name="kernel_importheading_once")]


class MendedRow(TenantModel):
    """A row that was refused and then loaded from the file in which it came back; its first form is not refused again."""

    audited = False
    scope = PUBLIC

    book = models.CharField(max_length=80)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "book", "key"], name="kernel_mendedrow_once")]


class ImportRun(TenantModel):
    """One import. Runs as a job; can be watched and cancelled; refused rows come back as a workbook."""

    audited = False
    scope = ScopeRule(people=("member",), outlet="")
    held = {"member": STAYS}

    member = Ref(settings.KERNEL_MEMBER_MODEL, null=True)
    book = models.CharField(_("book"), max_length=80)
    name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=300, blank=True, default="")
    refused_path = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(_("state"), max_length=12, default="waiting", choices=[
        ("waiting", _("Waiting")), ("running", _("Running")), ("previewed", _("To confirm")), ("done", _("Done")), ("failed", _("Failed")),
        ("cancelled", _("Cancelled"))])
    cancel = models.BooleanField(default=False)
    preview = models.BooleanField(default=False)
    update = models.BooleanField(_("update changed rows"), default=False)
    hidden = models.BooleanField(_("read hidden sheets"), default=False)
    chosen = models.JSONField(default=dict)    # {heading: key} by hand
    report = models.JSONField(default=dict)    # what the preview or the load found, for the page
    total = models.IntegerField(_("rows"), default=0)
    seen = models.IntegerField(_("read"), default=0)
    added = models.IntegerField(_("added"), default=0)
    known = models.IntegerField(_("already there"), default=0)
    updated = models.IntegerField(_("updated"), default=0)
    changed = models.IntegerField(_("changed"), default=0)
    refused = models.IntegerField(_("refused"), default=0)
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("import")

    @property
    def percent(self):
        return int(self.seen * 100 / self.total) if self.total else 0
