"""What signers and requesters do with an approval case."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.approvals import design, engine
from yiwei.kernel.work.approvals.models import Case

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


def _back(actor, case):
    """To whom a case may be sent back: the requester, or an earlier step."""
    steps = case.design.steps[:case.step] if case is not None else []
    earlier = [(str(n), __("Step %(n)s: %(name)s") % {"n": n + 1, "name": row["name"]}) for n, row in enumerate(design.drawn(steps))]
    return {"to": forms.ChoiceField(label=_("Back to"), choices=[("", __("Who asked")), *earlier], required=False), **REASON}


@action(Case, _("Send back"), sources=("waiting",), files=False, fields=_back, everybody=True, show=_my_turn,
        icon="arrow-back-up", done=_("Sent back."))
def send_back(actor, case, *, to, reason):
    """Ask the requester to mend and ask again, or an earlier step to look once more."""
    if to:
        engine.back_to(case, actor, int(to), reason)
    else:
        engine.decide(case, actor, "returned", reason)


@action(Case, _("Ask one more signer"), sources=("waiting",), everybody=True, show=_my_turn, icon="user-plus",
        fields=lambda actor, obj: {"person": Pick(settings.KERNEL_MEMBER_MODEL, label=_("Signer")), **COMMENT})
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
