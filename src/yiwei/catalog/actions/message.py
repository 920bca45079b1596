"""Texts of messages to customers: written, approved, put in use (BAS-10)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.rules.occasions import OCCASIONS, names_in, places
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.work.actions.action import action

from ..models.message import SmsTemplate

KEEPERS = "general_manager tenant_admin service_head"


def _fields(actor, template=None):
    t = template or SmsTemplate()
    occasion = OCCASIONS.get(t.occasion)
    return {
        "occasion": forms.ChoiceField(label=_("Occasion"), choices=[(o.name, o.label) for o in OCCASIONS.values()], initial=t.occasion),
        "name": forms.CharField(label=_("Name"), max_length=60, initial=t.name),
        "text": forms.CharField(label=_("Text"), max_length=500, widget=forms.Textarea, initial=t.text or (str(occasion.text) if occasion else ""),
                                help_text="; ".join(f"{o.label}: {places(o.variables)}" for o in OCCASIONS.values())),
        "signature": forms.CharField(label=_("Signature"), max_length=20, required=False, initial=t.signature,
                                     help_text=_("Stands in front in 【】, as the carrier registered it.")),
        "wechat_id": forms.CharField(label=_("WeChat template"), max_length=80, required=False, initial=t.wechat_id)}


def _check(actor, template, data):
    known = OCCASIONS[data["occasion"]].variables
    wrong = [n for n in names_in(data["text"]) if n not in known]
    if wrong:
        raise Invalid({"text": [__("No such variable here: %(names)s. There are: %(known)s") % {
            "names": ", ".join(wrong), "known": places(known)}]})
    if data["text"].count("{") != data["text"].count("}") or any(c in data.get("signature", "") for c in "【】{}"):
        raise Invalid({"text": [__("A bracket is open.")]})


@action(SmsTemplate, _("New SMS template"), verb="create", creates=True, roles=KEEPERS, icon="plus", style="primary", fields=_fields,
        check=_check, done=_("Saved."))
def create(actor, **data):
    """A text for an occasion; it is used once it is approved and put in use."""
    template = SmsTemplate(created_by_id=actor.id, **data)
    template.save(force_insert=True)
    return template


@action(SmsTemplate, _("Edit"), verb="edit", sources=("draft", "approved", "retired"), roles=KEEPERS, icon="pencil", fields=_fields,
        check=_check, done=_("Saved."))
def edit(actor, template, **data):
    """Another text; it must be approved anew. What is in use stays as it is until another takes its place."""
    for name, value in data.items():
        setattr(template, name, value)
    template.state, template.carrier_id = "draft", ""


@action(SmsTemplate, _("Record carrier's approval"), approves=True, verb="approve", sources=("draft",), target="approved",
        roles=KEEPERS, style="success", icon="check",
        fields={"carrier_id": forms.CharField(label=_("Number at the carrier"), max_length=60, required=False)})
def approve(actor, template, *, carrier_id):
    """The carrier has taken the text, and so has the house."""
    template.carrier_id = carrier_id


@action(SmsTemplate, _("Put in use"), verb="activate", sources=("approved",), target="active", roles=KEEPERS, style="primary", icon="send",
        done=_("In use from the next message on."))
def activate(actor, template):
    """From now on this is the text of its occasion; the one before retires."""
    for before in SmsTemplate.objects.select_for_update(of=("self",)).filter(occasion=template.occasion, state="active"):
        retire(actor, before)


@action(SmsTemplate, _("Retire"), verb="retire", sources=("active",), target="retired", roles=KEEPERS, icon="archive")
def retire(actor, template):
    """No longer used; the occasion goes back to the text of the house."""


@action(SmsTemplate, _("Delete"), verb="delete", sources=("draft", "retired"), removes=True, roles=KEEPERS, style="danger", icon="trash",
        done=_("Deleted."))
def delete(actor, template):
    """A text that is not in use."""
    if template.state == "active":
        raise Refused(__("It is in use."))
