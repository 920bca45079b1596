"""Moving a sub-contract along while goods are bought, delivered and installed; called by the rooms above."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.action.core import action

from ..models.contract import SubContract


@action(SubContract, _("Progress"), show=lambda actor, sub: False, icon="arrow-right",
        fields={"state": forms.ChoiceField(label=_("state"), choices=SubContract.flow.choices)})
def advance(actor, sub, *, state):
    """Move the sub-contract to the state that goods and crews have reached; never done by hand."""
    sub.state = state
    if state == "completed":
        sub.completed_on = timezone.localdate()


def reach(actor, sub, state, *, sources=(), locked=False):
    """Advance a sub-contract where its flow allows it (and it is in `sources`, if named). True if it moved."""
    row = sub if locked else SubContract.objects.select_for_update(of=("self",)).get(pk=sub.pk)
    if row.state == state or (sources and row.state not in sources) or not row.flow.allows(row.state, state):
        return False
    advance(actor, row, state=state)
    sub.state, sub.version = row.state, row.version
    return True
