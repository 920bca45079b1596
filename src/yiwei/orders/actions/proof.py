"""Files that prove single items of an order's checklist (BAS-04)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CompletenessItem
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.orders.rules import completeness

from ..models.contract import SubContract


def _provable(sub):
    return [i for stage in completeness.STAGES.get(sub.state, ()) for i in completeness.items_of(sub, stage)
            if i.proof in completeness.FILES]


@action(SubContract, _("Attach proof"), sources=tuple(completeness.STAGES), icon="paperclip",
        roles="designer guide store_manager drawing_auditor", show=lambda actor, sub: bool(_provable(sub)),
        files=True, fields=lambda actor, obj=None: {
            "item": Pick(CompletenessItem, label=_("Item"), limit={"proof__in": completeness.FILES} | (
                {"group__in": ["", obj.module.group]} if obj is not None else {})),
            "file": forms.FileField(label=_("File or photo"))}, done=_("Attached."))
def prove(actor, sub, *, item, file):
    """Attach the file that proves one item of the checklist; a later one replaces it, the earlier stays readable."""
    if item not in _provable(sub):
        raise Invalid({"item": [__("This item is not asked for here.")]})
    made = attach(actor, sub, file, slot=completeness.slot(item))
    if item.proof == "photo" and not made.is_image:
        raise Invalid({"file": [__("A photo is needed.")]})
