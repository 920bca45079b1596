"""Runs approval cases: finds the flow, asks the signers, and does the action when all have agreed."""

import logging
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.records import scope
from yiwei.kernel.records.document import log
from yiwei.kernel.work.notify.send import tell

from . import quota
from .design import facts_of, holds, listed
from .models import ApprovalFlow, Case, Task

logger = logging.getLogger("yiwei.jobs")


def flow_for(action_name, facts):
    """The published flow that stands before an action with these facts, or None."""
    flows = ApprovalFlow.objects.filter(action=action_name, state="published").order_by("-priority", "-revision", "-id")
    return next((f for f in flows if all(holds(c, facts) for c in f.conditions)), None)


def plain(value):
    """Input as JSON, so that it can be cleaned again when the case is approved."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (Decimal, date)):
        return str(value) if isinstance(value, Decimal) else value.isoformat()
    return value.pk if hasattr(value, "pk") else value


def _gated(act, actor):
    """Whether any flow stands before the action; known with the actor, asked of the database for who is not an employee."""
    return "gated" not in actor.limits or act.name in actor.limits["gated"]


def gate(act, actor, obj, data):
    """None if the action may go on; else the case that now waits for its signers."""
    if not _gated(act, actor):
        if act.facts:
            act.facts(actor, obj, data)  # may refuse what needs an approval that no flow gives
        return None
    facts = facts_of(act, actor, obj, data)
    design = flow_for(act.name, facts) if facts is not None else None
    if design is None:
        return None
    if any(isinstance(f, UploadedFile) for value in data.values() for f in (value if isinstance(value, list) else [value])):
        raise Refused(_("Files cannot wait for an approval. Do it without them and attach them afterwards."))
    label = act.model._meta.label_lower
    mine = Case.objects.filter(model=label, object_id=obj.pk if obj else None, action=act.name, owner_id=actor.id)
    for case in mine.filter(state__in=("waiting", "approved"), used=False) if obj else ():
        if case.facts == facts:
            if case.state == "approved":
                case.used = True
                case.save(update_fields=["used"])
                return None
            raise Refused(_("This is already waiting for approval (%(number)s).") % {"number": case.number})
        if case.state == "waiting":
            _close(case, "withdrawn")
    return _open(act, actor, obj, data, facts, design)


def _open(act, actor, obj, data, facts, design):
    title = f"{act.label}：{obj}" if obj is not None else str(act.label)
    case = Case.start(
        actor, title=title[:200], action=act.name, model=act.model._meta.label_lower,
        object_id=obj.pk if obj is not None else None, payload=plain(data), facts=facts, design=design,
        outlet_id=getattr(obj, "outlet_id", None) or actor.outlet_id,
    )
    log(actor, case, "kernel.case.open", data=facts)
    if obj is not None:
        log(actor, obj, "kernel.case.open", text=case.number, data=facts)
    _ask(case, actor)
    return case


def signers(case, step):
    """Employees who must sign a step. Nobody approves his own; a vacancy, or a quota used up, goes to the next superior."""
    kind, of = step.get("by", "position"), step.get("of")
    if kind == "person":
        found = [int(of)] if directory.load(int(of)) else [directory.superior(int(of))]
    elif kind == "superior":
        person = case.owner_id
        for _n in range(int(of or 1)):
            person = directory.superior(person) or person
        found = [person]
    else:
        found = directory.holders(listed(of), case.outlet_id)
    found = quota.able(case, [f for f in found if f and f != case.owner_id])
    person, asked = case.owner_id, set()
    while not found:
        person = directory.superior(person)
        if person is None or person in asked:
            return [f for f in directory.holders(["general_manager"], None) if f != case.owner_id][:1]
        asked.add(person)
        found = quota.able(case, [person]) if person != case.owner_id else []
    return found


def _ask(case, actor):
    """Open the tasks of the present step; skip steps already signed by the same people."""
    steps = case.design.steps
    while case.step < len(steps):
        step = steps[case.step]
        people = signers(case, step)
        done = case.tasks.filter(verdict="approved").values_list("assignee_id", "stands_for_id")
        signed = {person for pair in done for person in pair}
        enough = set(people) <= signed if step.get("mode") == "all" else bool(set(people) & signed)
        if people and not enough:
            break
        if not people:
            raise Refused(_("Nobody can sign step “%(step)s”. Ask the administrator.") % {"step": step.get("name", "")})
        case.step += 1
    else:
        return _finish(case, actor)
    tasks = []
    for person in (p for p in people if p not in signed):
        deputy = directory.deputy(person)
        deputy = deputy if deputy != case.owner_id else None
        tasks.append(Task(case=case, step=case.step, assignee_id=deputy or person,
                          stands_for_id=person if deputy else None))
    copies = directory.holders(listed(step["copy"]), case.outlet_id) if step.get("copy") else []
    tasks += [Task(case=case, step=case.step, assignee_id=p, copy_only=True, verdict="copy") for p in copies]
    Task.objects.bulk_create(tasks)
    case.due_at = timezone.now() + timedelta(hours=float(step.get("hours", 24)))
    case.save()
    tell({t.assignee_id for t in tasks}, Message("Approval asked: %(title)s") % {"title": case.subject}, case)
    return None


def _task(case, actor):
    task = case.tasks.filter(step=case.step, assignee_id=actor.id, verdict="").first()
    if task is None:
        raise Refused(_("It is not your turn to sign this."))
    return task


def decide(case, actor, verdict, comment=""):
    """One signer's verdict: approved, rejected or returned to the requester."""
    task = _sign(case, actor, verdict, comment)
    if verdict != "approved":
        return _close(case, verdict)
    step = case.design.steps[case.step]
    waiting = case.tasks.filter(step=case.step, verdict="")
    if task.stands_for_id:
        waiting.filter(assignee_id=task.stands_for_id).update(verdict="skipped", decided_at=timezone.now())
    awaited = waiting if step.get("mode", "any") == "all" else waiting.filter(added=True)
    if awaited.exists() or _only_added(case, waiting):
        return None
    waiting.update(verdict="skipped", decided_at=timezone.now())
    case.step += 1
    return _ask(case, actor)


def _only_added(case, waiting):
    """Whether nobody whom the flow itself names has signed the step yet, although one of them could."""
    if case.tasks.filter(step=case.step, verdict="approved", added=False).exists():
        return False
    return bool(quota.able(case, [t.stands_for_id or t.assignee_id for t in waiting]))


def _sign(case, actor, verdict, comment):
    task = _task(case, actor)
    if verdict == "approved" and quota.spent(case, task.stands_for_id or task.assignee_id):
        raise Refused(_("The special approvals of this month are used up. Ask one more signer, or reject it."))
    task.verdict, task.comment, task.decided_at = verdict, comment, timezone.now()
    task.save()
    return task


def back_to(case, actor, step, comment):
    """Send a case back to an earlier step: what was signed since then is asked again."""
    if not 0 <= step < case.step:
        raise Refused(_("Only an earlier step can be asked again."))
    _sign(case, actor, "returned", comment)
    case.tasks.filter(step=case.step, verdict="").update(verdict="skipped", decided_at=timezone.now())
    case.tasks.filter(step__gte=step, verdict="approved").update(verdict="overtaken")
    case.step = step
    _ask(case, actor)


def chase():
    """What waits beyond its time: signers are reminded, and where the step says so their superiors may sign too; one request holds up no other."""
    late = Case.objects.select_related("design").select_for_update(of=("self",)).filter(state="waiting", due_at__lt=timezone.now())
    for case in late:
        try:
            with transaction.atomic():
                _chase(case)
        except Exception:
            logger.exception("request %s could not be chased", case.number)


def _chase(case):
    step = case.design.steps[case.step]
    asked = {t.assignee_id: t for t in case.tasks.filter(step=case.step, copy_only=False)}
    waiting = [t for t in asked.values() if not t.verdict]
    more = _superiors(case, waiting, asked) if step.get("late", "superior") == "superior" else []
    Task.objects.bulk_create(more)
    case.due_at = timezone.now() + timedelta(hours=max(float(step.get("hours", 24)), 1))
    case.save(update_fields=["due_at"])
    tell({t.assignee_id for t in waiting}, Message("Still waiting for your signature: %(title)s") % {"title": case.subject}, case)
    tell({t.assignee_id for t in more}, Message("Nobody has signed in time, you may: %(title)s") % {"title": case.subject}, case)


def _superiors(case, waiting, asked):
    """The next in command of those who are late, each once, for whom they then stand."""
    more = {}
    for task in waiting:
        person = directory.superior(task.assignee_id)
        if person and person != case.owner_id and person not in asked and person not in more:
            more[person] = Task(case=case, step=case.step, assignee_id=person, stands_for_id=task.stands_for_id or task.assignee_id)
    return list(more.values())


def _close(case, state):
    case.tasks.filter(verdict="").update(verdict="skipped", decided_at=timezone.now())
    case.state = state
    case.save()
    tell({case.owner_id}, Message("%(state)s: %(title)s") % {
        "state": case.get_state_display(), "title": case.subject}, case)


def _finish(case, actor):
    """Everybody agreed: do the action for who asked, with the input that was approved."""
    from yiwei.kernel.work.actions import fields as inputs
    act = registry.actions[case.action]
    requester, obj = directory.load(case.owner_id), None
    if requester is not None and case.object_id:
        obj = scope.rows(act.model, requester).select_for_update(of=("self",)).filter(pk=case.object_id).first()
    if requester is None or not act.allowed(requester) or (case.object_id and obj is None):
        raise Refused(_("Whoever asked for this may no longer do it. Reject it or ask the administrator."))
    reason = act.blocked(requester, obj) if obj is not None else ""
    if reason:
        raise Refused(reason)
    data, errors = inputs.clean(act.inputs(requester, obj), case.payload, None, requester)
    if errors:
        raise Refused("；".join(f"{k}: {'，'.join(map(str, v))}" for k, v in errors.items()))
    if (facts_of(act, requester, obj, data) or {}) != case.facts:
        raise Refused(_("The figures have changed since approval was asked for; it must be asked for again."))
    result = act._effect(requester, obj, data)
    case.used, case.result_id = True, getattr(result, "pk", None)
    _close(case, "approved")


def resubmit(case, actor):
    """Start again at the step that sent the case back."""
    case.state = "waiting"
    case.save()
    _ask(case, actor)


def add_signer(case, actor, person, comment=""):
    """Ask one more person at the present step, which then waits for this person beside those whom the flow names."""
    _task(case, actor)
    if person.pk == case.owner_id or case.tasks.filter(step=case.step, assignee=person, verdict="").exists():
        raise Refused(_("This person cannot be asked to sign here."))
    Task.objects.create(case=case, step=case.step, assignee=person, comment=comment, added=True)
    tell({person.pk}, Message("Approval asked: %(title)s") % {"title": case.subject}, case)
