"""What signers and requesters do with an approval case, and administrators with flows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..action.core import action
from ..action.errors import Refused
from ..action.fields import Pick
from ..approval import engine
from ..approval.models import ApprovalFlow, Case
from ..document import log

COMMENT = {"comment": forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2}))}
REASON = {"reason": forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))}


def _my_turn(actor, case):
    return case.state == "waiting" and case.tasks.filter(step=case.step, assignee_id=actor.id, verdict="").exists()


def _mine(actor, case):
    return case.owner_id == actor.id


@action(Case, _("Approve"), sources=("waiting",), fields=COMMENT, everybody=True, show=_my_turn, bulk=True,
        style="success", icon="check", done=_("Approved."))
def approve(actor, case, *, comment):
    """Sign; with the last signature the action asked for is done."""
    engine.decide(case, actor, "approved", comment)


@action(Case, _("Reject"), sources=("waiting",), fields=REASON, everybody=True, show=_my_turn, style="danger",
        icon="x", done=_("Rejected."))
def reject(actor, case, *, reason):
    """Refuse; nothing is done and the requester is told why."""
    engine.decide(case, actor, "rejected", reason)


@action(Case, _("Send back"), sources=("waiting",), fields=REASON, everybody=True, show=_my_turn,
        icon="arrow-back-up", done=_("Sent back."))
def send_back(actor, case, *, reason):
    """Ask the requester to mend and ask again."""
    engine.decide(case, actor, "returned", reason)


@action(Case, _("Ask one more signer"), sources=("waiting",), everybody=True, show=_my_turn, icon="user-plus",
        fields=lambda actor, obj: {"person": Pick("org.Employee", label=_("Signer")), **COMMENT})
def add_signer(actor, case, *, person, comment):
    """Ask a colleague to sign the present step too."""
    engine.add_signer(case, actor, person, comment)


@action(Case, _("Withdraw"), sources=("waiting", "returned"), everybody=True, show=_mine, icon="trash",
        style="secondary")
def withdraw(actor, case):
    """Take the request back."""
    engine._close(case, "withdrawn")


@action(Case, _("Ask again"), sources=("returned",), fields=COMMENT, everybody=True, show=_mine, icon="send")
def resubmit(actor, case, *, comment):
    """Ask again after mending."""
    engine.resubmit(case, actor)


def _check_design(actor, flow, data):
    steps, conditions = data["steps"], data["conditions"]
    if not isinstance(steps, list) or not steps or not all(isinstance(s, dict) and engine.step_is_sound(s) for s in steps):
        raise Refused(_("A flow needs at least one step, each with who signs it."))
    if not isinstance(conditions, list) or not all(isinstance(c, dict) and engine.condition_is_sound(c) for c in conditions):
        raise Refused(_("A condition needs a fact, an operator and a value."))


FLOW_FIELDS = {
    "name": forms.CharField(label=_("Name"), max_length=80),
    "action": forms.CharField(label=_("Before action"), max_length=80),
    "conditions": forms.JSONField(label=_("Conditions"), required=False, initial=list),
    "steps": forms.JSONField(label=_("Steps")),
    "priority": forms.IntegerField(label=_("Priority"), initial=0, required=False),
}


@action(ApprovalFlow, _("New flow"), creates=True, fields=FLOW_FIELDS,
        check=lambda actor, obj, data: _check_design(actor, obj, {**data, "conditions": data["conditions"] or []}))
def create(actor, *, name, action, conditions, steps, priority):
    """Draft a flow."""
    last = ApprovalFlow.objects.filter(action=action, name=name).order_by("-revision").first()
    return ApprovalFlow.objects.create(
        name=name, action=action, conditions=conditions or [], steps=steps, priority=priority or 0,
        revision=last.revision + 1 if last else 1, created_by_id=actor.id)


@action(ApprovalFlow, _("Publish"), sources=("draft",), target="published", style="success")
def publish(actor, flow):
    """Put the flow in force; an earlier version of the same name stops, its running cases finish."""
    for earlier in ApprovalFlow.objects.filter(action=flow.action, name=flow.name, state="published"):
        earlier.state = "stopped"
        earlier.save()
        log(actor, earlier, "kernel.approvalflow.stop", from_state="published", to_state="stopped")


@action(ApprovalFlow, _("Stop"), sources=("published",), target="stopped", style="danger")
def stop(actor, flow):
    """No new case starts on this flow."""
