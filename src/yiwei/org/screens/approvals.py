"""Approvals and the flows that stand before actions."""

from django.apps import apps
from django.db.models import OuterRef, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.models import ApprovalFlow, Case, Task
from yiwei.kernel.screens.home import brief
from yiwei.kernel.screens.registers.queues import Queue
from yiwei.kernel.screens.registers.register import Column, Register, View
from yiwei.kernel.work.approvals import design, engine, quota

from .places import ALL, HEAD

VERDICTS = {"approved": _("Approved"), "rejected": _("Rejected"), "returned": _("Sent back"), "skipped": _("Not needed"), "copy": _("Copy"),
            "overtaken": _("Asked again later")}
SUBJECT = Column("subject", _("title"), "text", value="subject")


def _progress(case):
    """The steps of a case with what has been signed, for kernel/approval_steps.html."""
    rows = design.drawn(case.design.steps)
    for task in case.tasks.select_related("assignee", "stands_for").order_by("id"):
        if task.step < len(rows):
            rows[task.step].setdefault("signed", []).append({
                "who": str(task.assignee), "for": str(task.stands_for or ""), "verdict": VERDICTS.get(task.verdict, ""), "code": task.verdict,
                "comment": task.comment, "at": task.decided_at})
    for n, row in enumerate(rows):
        row["status"] = "done" if n < case.step or case.state == "approved" else "current" if case.state == "waiting" and n == case.step else "todo"
    return rows


def _asked(actor):
    """The cases whose present step this actor has not signed yet."""
    return Q(state="waiting", pk__in=Task.objects.filter(assignee_id=actor.id, verdict="", step=OuterRef("step")).values("case"))


class Approvals(Register):
    """Requests that wait for a signature, and those signed (REB-01's cases; requests and replies)."""

    model = Case
    label = _("Approvals")
    module, icon, position = "workbench", "checks", 20
    roles = ALL
    columns = ["number", SUBJECT, "state", "owner", "outlet", "created_at", "due_at"]
    filters = ["state", "outlet", "created_at"]
    queues, decides = (Queue("waiting", _("Waiting for me"), _asked, "id"),), ("approve",)
    sections = [(_("Details"), [SUBJECT, "design", "owner", "outlet", "created_at", "due_at"])]

    @classmethod
    def figures(cls, actor, obj):
        act = registry.actions.get(obj.action)
        names = design.figures(act) if act else {}
        return [{"label": names.get(name, name.replace("_", " ")), "text": text}
                for name, text in design.seen_facts(act, obj.facts, actor).items() if not name.endswith("_id") and name != design.OUTLET]

    @classmethod
    def panels(cls, actor, obj):
        return [{"title": __("Way of the request"), "template": "kernel/approval_steps.html", "steps": _progress(obj)}]

    @classmethod
    def notices(cls, actor, obj):
        return [*cls._quota(actor, obj), *cls._concerns(actor, obj)]

    @staticmethod
    def _quota(actor, obj):
        """To who signs: how many special approvals of the month are used."""
        if obj.state != "waiting" or not obj.tasks.filter(assignee=actor.id, verdict="").exists():
            return []
        most = quota.limit(obj, actor.id)
        return [] if most is None else [{"tone": "info", "text": __("Special approvals of this month: %(a)s of %(b)s used.") % {
            "a": quota.used(obj, actor.id), "b": most}}]

    @staticmethod
    def _concerns(actor, obj):
        register = registry.register_of(apps.get_model(obj.model)) if obj.object_id else None
        if register is None or not register.allowed(actor):
            return []
        row = register.rows(actor).filter(pk=obj.object_id).first()
        if row is None:
            return []
        what = f"{register.label} {register.title(row)} · {brief(register, actor, row)}"
        return [{"tone": "info", "text": __("Concerns: %(what)s") % {"what": what}, "url": register.url("detail", row.pk)}]


def _trial(actor, flow, params):
    """What the flow would say of a real document: its figures, which conditions hold, who would be asked (for org/flow_trial.html)."""
    act, number = registry.actions.get(flow.action), (params.get("number") or "").strip()
    register = registry.register_of(act.model) if act else None
    out = {"number": number, "what": register.label if register else ""}
    if not number or register is None:
        return out
    rows = register.rows(actor) if register.allowed(actor) else act.model.objects.none()
    row = register.find(rows, number).first() if act.model.search else None
    if row is None:
        return {**out, "nothing": True}
    asker = directory.load(row.owner_id) if getattr(row, "owner_id", None) else None
    try:
        facts = design.facts_of(act, asker or actor, row, {})
    except ActionError as error:
        return {**out, "row": register.title(row), "refused": error.message}
    names = design.figures(act)
    case = Case(owner_id=(asker or actor).id, outlet_id=getattr(row, "outlet_id", None))
    asked = [engine.signers(case, step) for step in flow.steps] if facts is not None else []
    people = directory.names({p for signers in asked for p in signers})
    return {**out, "row": register.title(row), "row_url": register.url("detail", row.pk), "asker": (asker or actor).name, "free": facts is None,
            "facts": [(names.get(n, n), text) for n, text in design.seen_facts(act, facts or {}, actor).items()],
            "conditions": [(design.condition_text(c, names), design.holds(c, facts or {})) for c in flow.conditions],
            "steps": [(step["name"], "、".join(people.get(p, "?") for p in signers))
                      for step, signers in zip(design.drawn(flow.steps), asked, strict=False)],
            "stands": facts is not None and all(design.holds(c, facts) for c in flow.conditions)}


class ApprovalFlows(Register):
    model = ApprovalFlow
    label = _("Approval flows")
    code, module, icon, position = "REB-01", "system", "git-branch", 60
    roles = HEAD
    columns = ["name", Column("action", _("before action"), "text", value=lambda f: design.action_name(f.action)),
               Column("who", _("Who signs"), "text", value=lambda f: " → ".join(s["name"] for s in f.steps if s.get("name"))),
               "priority", "revision", "state"]
    filters = ["state"]
    sections = [(_("Details"), ["name", columns[1], "priority", "revision"])]
    tabs = [View("trial", _("Try out"), "org/flow_trial.html", _trial, show=lambda actor, flow: bool(flow.steps))]
    empty_text = _("A flow stands before an action: who must sign, from which amount or discount on, within how many hours.")

    @classmethod
    def panels(cls, actor, obj):
        names = design.figures(registry.actions[obj.action]) if obj.action in registry.actions else {}
        return [{"title": __("Way of the request"), "template": "kernel/approval_steps.html", "steps": design.drawn(obj.steps),
                 "conditions": [design.condition_text(c, names) for c in obj.conditions]}]

    @classmethod
    def notices(cls, actor, obj):
        draft = ApprovalFlow.objects.filter(action=obj.action, name=obj.name, state="draft").exclude(pk=obj.pk).first()
        waits = [{"tone": "info", "text": __("Version %(n)s is being drafted.") % {"n": draft.revision},
                  "url": cls.url("detail", draft.pk)}] if draft else []
        if obj.state == "draft" and not obj.steps:
            waits.append({"tone": "info", "text": __("Design its steps, try it out on a document, then publish it.")})
        return waits
