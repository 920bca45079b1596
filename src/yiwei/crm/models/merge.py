"""Two entries of one household made one, kept so that it can be taken apart again."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import FAILED, Flow, State
from yiwei.kernel.models import Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee

from .customer import Customer

FROZEN = """
create or replace function crm_merge_frozen() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or row(new.kept_id, new.gone_id, new.moved, new.filled, new.gone_state, new.made, new.at, new.reason)
     is distinct from row(old.kept_id, old.gone_id, old.moved, old.filled, old.gone_state, old.made, old.at, old.reason) then
    raise exception 'what a merge moved is kept as it was' using errcode = '23514';
  end if;
  return new;
end $$;
"""


class CustomerMerge(Record):
    """What one merge moved and filled in, row by row; the database lets nobody change it (合并客户)."""

    scope = ScopeRule(via="kept")
    flow = Flow(states=(State("merged", _("Merged"), "green"), State("undone", _("Undone"), "secondary", FAILED)),
                moves={("merged", "undone")})
    database_functions = FROZEN
    triggers = {"crm_merge_frozen": "before update or delete {on} for each row execute function crm_merge_frozen()"}

    kept = Ref(Customer, related_name="merges", verbose_name=_("kept"))
    gone = Ref(Customer, related_name="merged_away", verbose_name=_("merged away"))
    state = models.CharField(_("state"), max_length=24, default="merged", editable=False)
    at = models.DateTimeField(_("merged at"), default=timezone.now, editable=False)
    gone_state = models.CharField(max_length=24, editable=False)
    moved = models.JSONField(default=dict, editable=False)     # {"orders.contract.customer": [ids]}
    filled = models.JSONField(default=dict, editable=False)    # {field of kept: [before, after]}
    made = models.JSONField(default=dict, editable=False)      # {"share": id} of what the merge added
    reason = models.CharField(_("reason"), max_length=200)
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    undone_by = Ref(Employee, null=True, editable=False, verbose_name=_("undone by"))

    class Meta:
        verbose_name = _("merge of customers")
        indexes = [models.Index(fields=["tenant", "kept", "-id"], name="crm_merge_kept"),
                   models.Index(fields=["tenant", "gone", "-id"], name="crm_merge_gone")]
        constraints = [models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="crm_merge_two")]

    def __str__(self):
        return f"{self.gone} → {self.kept}"

    def get_state_display(self):
        return self.flow.state(self.state).label

    @property
    def rows_moved(self):
        """How many rows went along."""
        return sum(len(ids) for ids in self.moved.values())
