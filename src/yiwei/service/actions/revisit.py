"""Calling customers afterwards (SVC-06)."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.crm.rules import stage
from yiwei.kernel.base import directory
from yiwei.kernel.base.money import round2
from yiwei.kernel.work.actions.action import action

from ..models.care import Revisit, RevisitTemplate
from ..models.install import InstallOrder
from .ticket import raise_ticket

AGENTS = "service_agent service_head"
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
SCORES = [(str(n), str(n)) for n in (5, 4, 3, 2, 1)]


def plan(actor, order, occasion="install"):
    """The revisit that an event brings, some days later, for the outlet's service desk."""
    template = RevisitTemplate.objects.filter(active=True, occasion=occasion).order_by("-revision", "-id").first()
    if template is None:
        return None
    agents = directory.holders(["service_agent", "service_head"], order.outlet_id)
    made = Revisit.start(actor, customer=order.customer, sub=order.sub, install=order, template=template,
                         outlet_id=order.outlet_id, owner_id=agents[0] if agents else actor.id,
                         due_on=timezone.localdate() + timedelta(days=template.days_after))
    appear(actor, made)
    return made


@action(Revisit, _("Fall due"), internal=True, icon="phone")
def appear(actor, revisit):
    """Written down by itself."""


def _field(question):
    kind = question["kind"]
    if kind == "score":
        return forms.ChoiceField(label=question["text"], choices=[("", "–"), *SCORES], required=False)
    if kind == "yes_no":
        return forms.ChoiceField(label=question["text"], choices=[("", "–"), *YES_NO], required=False)
    return forms.CharField(label=question["text"], required=False)


def _fields(actor, revisit=None):
    questions = revisit.template.questions if revisit is not None else []
    return {**{f"q_{q['code']}": _field(q) for q in questions},
            "note": forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)}


@action(Revisit, _("Record answers"), verb="answer", sources=("due", "no_answer", "unreachable"), target="done", roles=AGENTS, icon="phone",
        style="primary", files=False, fields=_fields, done=_("Noted."))
def answer(actor, revisit, *, note="", **given):
    """Note the answers; questions left out do not count. A red answer opens a ticket at once (D-38)."""
    answers, scores, red = [], [], []
    for q in revisit.template.questions:
        value = given.get(f"q_{q['code']}", "")
        answers.append({"code": q["code"], "text": q["text"], "kind": q["kind"], "answer": value})
        if q["kind"] == "score" and value:
            scores.append(Decimal(value))
        if _is_red(q, value):
            red.append(f"{q['text']}: {in_words(q, value)}")
    revisit.answers, revisit.called_at, revisit.red = answers, timezone.now(), bool(red)
    revisit.score = round2(sum(scores) / len(scores)) if scores else None
    if red:
        raise_ticket(actor, revisit.customer, "；".join(red + ([note] if note else [])), sub=revisit.sub, revisit=revisit,
                     outlet_id=revisit.outlet_id, channel="revisit")
    if revisit.install is not None and revisit.install.state == "completed":
        mark(actor, revisit.install)
    if revisit.customer.state == "installed":
        stage.advance(actor, revisit.customer, "in_service", revisit.number)


def in_words(question, value):
    """An answer as people read it."""
    return str(dict(YES_NO).get(value, value)) if question["kind"] == "yes_no" else value


def _is_red(question, value):
    if question["kind"] == "score":
        return bool(value) and int(value) < int(question.get("red_below", 3))
    return question["kind"] == "yes_no" and bool(value) and value == question.get("red", "")


@action(InstallOrder, _("Mark as revisited"), sources=("completed",), target="revisited", internal=True)
def mark(actor, order):
    """The customer was called."""


@action(Revisit, _("Record no answer"), verb="missed", sources=("due", "no_answer"), roles=AGENTS, icon="phone-off",
        fields={"note": forms.CharField(label=_("Note"), required=False)})
def missed(actor, revisit, *, note):
    """Nobody answered; three calls in vain on different days make the customer unreachable."""
    day = timezone.localdate().isoformat()
    revisit.attempts = [*revisit.attempts, {"day": day, "note": note, "by": actor.name}]
    days = {a["day"] for a in revisit.attempts}
    if revisit.state == "due":
        revisit.state = "no_answer"
    elif len(days) >= 3:
        revisit.state = "unreachable"


@action(Revisit, _("Close"), sources=("done",), target="closed", roles=AGENTS, icon="lock", bulk=True)
def close(actor, revisit):
    """Nothing follows from it."""
