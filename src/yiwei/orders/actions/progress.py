"""Moving a sub-contract along while goods are bought, delivered and installed; called by the rooms above."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.work.actions.action import action

from ..models.contract import Contract, SubContract
from . import stage

DONE_WITH = {"completed", "closed"}


@action(SubContract, _("Set progress"), internal=True, icon="arrow-right",
        fields={"state": forms.ChoiceField(label=_("state"), choices=SubContract.flow.choices)})
def advance(actor, sub, *, state):
    """Move the sub-contract to the state that goods and crews have reached; never done by hand."""
    sub.state = state
    if state == "completed":
        sub.completed_on = timezone.localdate()


def reach(actor, sub, state, *, sources=(), locked=False):
    """Advance a sub-contract where its flow allows it (and it is in `sources`, if named). True if it moved."""
    row = sub if locked else SubContract.objects.select_for_update(of=("self",)).get(pk=sub.pk)
    before = row.state
    if before == state or (sources and before not in sources) or not row.flow.allows(before, state):
        return False
    advance(actor, row, state=state)
    sub.state, sub.version = row.state, row.version
    if "completed" in (before, state):
        follow(actor, row.contract_id)
    if state in stage.HERE | stage.DONE:
        stage.follow(actor, row.contract.customer_id, row.number)
    return True


def follow(actor, contract_id):
    """The contract is complete once all its sub-contracts are, and open again with one of them."""
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    states = set(contract.subs.exclude(state="cancelled").values_list("state", flat=True))
    done = bool(states) and states <= DONE_WITH
    if done and contract.state == "signed":
        complete(actor, contract)
    elif not done and contract.state == "completed":
        reopen(actor, contract)


@action(Contract, _("Complete"), sources=("signed",), target="completed", internal=True, icon="circle-check")
def complete(actor, contract):
    """All that was ordered has been delivered and installed."""


@action(Contract, _("Take up again"), sources=("completed",), target="signed", internal=True, icon="refresh")
def reopen(actor, contract):
    """Something of it goes on."""
