"""Merging two entries of one household, and undoing it (CRM-05)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.rules import fields, merging, stage
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.notify.send import tell

from ..models.customer import Customer
from ..models.merge import CustomerMerge
from .customer import CHIEFS


@action(Customer, _("Merge a duplicate"), roles=CHIEFS, icon="arrows-join", sources=stage.OPEN, done=_("The two are one now."),
        fields=lambda actor, obj=None: {
            "other": Pick(Customer, label=_("Duplicate that is merged into this customer"), related=("owner",)),
            "keep_access": forms.BooleanField(label=_("The owner of the duplicate goes on seeing the customer"), required=False, initial=True),
            "reason": fields.reason()})
def merge(actor, customer, *, other, keep_access, reason):
    """Everything of the duplicate becomes this customer's; it can be undone, row by row."""
    if other.pk == customer.pk or other.state == "merged":
        raise Invalid({"other": [__("Choose another customer who is not merged yet.")]})
    other = stage.locked(other)
    if merging.stage_rank(other) > merging.stage_rank(customer):
        raise Invalid({"other": [__("%(other)s is further on (%(stage)s): merge from there.") % {
            "other": other, "stage": other.get_state_display()}]})
    merging.check_shares(customer, other)
    at, before = timezone.now(), other.state
    moved, filled = merging.move(customer, other), merging.fill(customer, other)
    made = merging.keep_access(actor, customer, other) if keep_access else {}
    CustomerMerge.objects.create(kept=customer, gone=other, at=at, gone_state=before, moved=moved, filled=filled, made=made,
                                 reason=reason, created_by_id=actor.id)
    other.state, other.merged_into = "merged", customer
    merging.finish(other, customer)
    log(actor, other, "crm.customer.merge", text=reason, from_state=before, to_state="merged")
    text = Message("%(gone)s and %(kept)s are one customer now.") % {"gone": other.number, "kept": customer}
    tell({other.owner_id, customer.owner_id} - {actor.id, None}, text, customer)


@action(CustomerMerge, _("Undo merge"), verb="undo", roles=CHIEFS, icon="git-branch", style="danger", sources=("merged",), target="undone",
        done=_("They are two customers again."), fields={"reason": fields.reason()})
def undo(actor, row, *, reason):
    """Every row returns to the customer it came from; what was added to it since goes along."""
    kept, gone = merging.take_apart(row)
    merging.finish(kept, gone)
    row.undone_at, row.undone_by_id = timezone.now(), actor.id
    for customer in (kept, gone):
        log(actor, customer, "crm.customermerge.undo", text=reason)
    tell({kept.owner_id, gone.owner_id} - {actor.id, None}, Message("The merge of %(a)s and %(b)s was undone.") % {"a": kept, "b": gone}, gone)
