"""What administrators do with approval flows: draft, design, publish, revise, stop."""

import re

from django import forms
from django.conf import settings
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.approvals import design
from yiwei.kernel.work.approvals.models import ApprovalFlow

NAME = {"name": forms.CharField(label=_("Name"), max_length=80)}


def _before(actor, flow=None):
    """Every action a flow may stand before, by the document it belongs to."""
    groups = {}
    for act in registry.actions.values():
        register = registry.register_of(act.model) if design.gateable(act) else None
        if register is not None:
            groups.setdefault(str(register.label), []).append((act.name, act.label))
    return {**NAME, "action": forms.ChoiceField(label=_("Before action"), choices=sorted(groups.items()))}


@action(ApprovalFlow, _("New flow"), creates=True, fields=_before, style="primary", icon="plus")
def create(actor, *, name, action):
    """Draft a flow before an action; its steps are designed on its page."""
    return _draft(actor, name, action)


def _draft(actor, name, action, **more):
    last = ApprovalFlow.objects.filter(action=action, name=name).order_by("-revision").first()
    return ApprovalFlow.objects.create(name=name, action=action, revision=last.revision + 1 if last else 1, created_by_id=actor.id, **more)


def _only(kind, widget):
    """A cell that is there only for steps signed in this way."""
    return widget(attrs={"data-when": f"by={kind}"})


def _design(actor, flow=None):
    names = design.figures(registry.actions[flow.action]) if flow is not None and flow.action in registry.actions else {}
    positions = directory.positions()
    return {
        "priority": forms.IntegerField(label=_("Priority"), required=False, min_value=0, max_value=10_000,
                                       help_text=_("Of several flows whose conditions hold, the highest stands.")),
        "conditions": Lines({
            "fact": forms.ChoiceField(label=_("Figure"), choices=list(names.items())),
            "op": forms.ChoiceField(label=_("Comparison"), choices=list(design.OP_WORDS.items())),
            "value": forms.CharField(label=_("Value"), max_length=200),
        }, label=_("Only if all of this holds"), required=False, maximum=20,
            help_text=_("Without a condition the flow always stands. A discount of 8.8 is written 0.88; several outlets by commas.")),
        "steps": Lines({
            "name": forms.CharField(label=_("Step"), max_length=40, required=False),
            "by": forms.ChoiceField(label=_("Who signs"), choices=list(design.BY.items()), initial="position"),
            "position": forms.ChoiceField(label=_("Position"), choices=[("", ""), *positions], required=False,
                                          widget=_only("position", forms.Select)),
            "levels": forms.IntegerField(label=_("Levels up"), min_value=1, max_value=9, required=False,
                                         widget=_only("superior", forms.NumberInput)),
            "person": Pick(settings.KERNEL_MEMBER_MODEL, label=_("Employee"), required=False, widget=_only("person", forms.TextInput)),
            "mode": forms.ChoiceField(label=_("How many"), choices=list(design.MODES.items()), initial="any"),
            "hours": forms.DecimalField(label=_("Hours to sign"), min_value=0, max_value=10_000, initial=24),
            "late": forms.ChoiceField(label=_("When late"), choices=list(design.LATE.items()), initial="superior"),
            "copy": forms.ChoiceField(label=_("Copy to"), choices=[("", ""), *positions], required=False),
        }, label=_("Steps"), minimum=1, maximum=20),
    }


def _lines(actor, flow):
    """A design as its form shows it."""
    conditions = [{**c, "value": "，".join(c["value"]) if isinstance(c["value"], list) else c["value"]} for c in flow.conditions]
    steps = [{"name": s.get("name", ""), "by": s["by"], "position": design.listed(s.get("of"))[0] if s["by"] == "position" else "",
              "levels": s.get("of") or 1 if s["by"] == "superior" else "", "person": s.get("of") if s["by"] == "person" else "",
              "mode": s.get("mode", "any"), "hours": s.get("hours", 24), "late": s.get("late", "superior"),
              "copy": next(iter(design.listed(s.get("copy"))), "")} for s in flow.steps]
    return {"priority": flow.priority, "conditions": conditions, "steps": steps}


def _step(row):
    """A line of the form as a step of the design; names the cell that lacks what its kind needs."""
    of = {"position": row["position"], "superior": row["levels"] or 1, "person": row["person"].pk if row["person"] else None}[row["by"]]
    return {"name": row["name"], "by": row["by"], "of": of, "mode": row["mode"], "hours": float(row["hours"]), "late": row["late"],
            "copy": [row["copy"]] if row["copy"] else []}


def _condition(row):
    value = [v for v in re.split(r"[,，、;；]", row["value"]) if v.strip()] if row["op"] == "in" else row["value"].strip()
    return {"fact": row["fact"], "op": row["op"], "value": [v.strip() for v in value] if isinstance(value, list) else value}


@action(ApprovalFlow, _("Design the flow"), sources=("draft",), files=False, fields=_design, initial=_lines,
        style="primary", icon="pencil", done=_("Saved."))
def plan(actor, flow, *, priority, conditions, steps):
    """Set conditions and steps of a draft."""
    made, errors = [_step(row) for row in steps], {}
    errors |= {f"steps.{n}.{row['by']}": [__("This field is required.")]
               for n, (row, step) in enumerate(zip(steps, made, strict=True)) if not step["of"]}
    asked = [_condition(row) for row in conditions]
    errors |= {f"conditions.{n}.value": [__("Outlets can only be equal, not equal, or among several.") if c["fact"] == design.OUTLET
                                         else __("This figure can only be compared with a number.")]
               for n, c in enumerate(asked) if not design.condition_is_sound(c)}
    if errors:
        raise Invalid({"steps": [__("Some lines need correction.")], **errors})
    flow.priority, flow.conditions, flow.steps = priority or 0, asked, made


def _publishable(actor, flow, data):
    if not flow.steps or not all(isinstance(s, dict) and design.step_is_sound(s) for s in flow.steps):
        raise Refused(__("A flow needs at least one step, each with who signs it."))


@action(ApprovalFlow, _("Publish"), sources=("draft",), target="published", style="success", icon="check", check=_publishable)
def publish(actor, flow):
    """Put the flow in force; an earlier version of the same name stops, its running cases finish."""
    for earlier in ApprovalFlow.objects.filter(action=flow.action, name=flow.name, state="published"):
        earlier.state = "stopped"
        earlier.save()
        log(actor, earlier, "kernel.approvalflow.stop", from_state="published", to_state="stopped")


@action(ApprovalFlow, _("New version"), sources=("published", "stopped"), icon="copy", done=_("A draft of the next version has been made."))
def revise(actor, flow):
    """Draft the next version; this one stays as it is until the next is published."""
    if ApprovalFlow.objects.filter(action=flow.action, name=flow.name, state="draft").exists():
        raise Refused(__("There is already a draft of the next version."))
    _draft(actor, flow.name, flow.action, priority=flow.priority, conditions=flow.conditions, steps=flow.steps)


@action(ApprovalFlow, _("Stop"), sources=("published",), target="stopped", style="danger", icon="ban")
def stop(actor, flow):
    """No new case starts on this flow."""
