"""One designer entered twice made one, with what went along."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.scope import PUBLIC

from .partner import OutsideDesigner


class DesignerMerge(Record):
    """What a merge moved and filled in, row by row; the database lets nobody change it."""

    scope = PUBLIC
    append_only = True

    kept = Ref(OutsideDesigner, related_name="merges", verbose_name=_("kept"))
    gone = Ref(OutsideDesigner, related_name="merged_away", verbose_name=_("merged away"))
    at = models.DateTimeField(_("merged at"), default=timezone.now, editable=False)
    moved = models.JSONField(default=dict, editable=False)    # {"filing.filing": [ids]}
    filled = models.JSONField(default=dict, editable=False)   # {field of kept: value}
    gone_state = models.CharField(max_length=12, editable=False)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("merge of designers")
        indexes = [models.Index(fields=["tenant", "kept", "-id"], name="filing_designermerge_kept")]
        constraints = [models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="filing_designermerge_two"),
                       models.UniqueConstraint(fields=["tenant", "gone"], name="filing_designermerge_once")]

    def __str__(self):
        return f"{self.gone} → {self.kept}"

    @property
    def rows_moved(self):
        """How many rows went along."""
        return sum(len(ids) for ids in self.moved.values())
