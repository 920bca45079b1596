"""What a flow is made of: the actions it may stand before, the figures its conditions ask for, its steps; and each in words."""

from decimal import Decimal

from django import forms
from django.db.models import DecimalField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.base.money import money_text

OPS = {
    "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b, "eq": lambda a, b: a == b, "ne": lambda a, b: a != b,
    "in": lambda a, b: a in b,
}
OP_WORDS = {"lt": gettext_lazy("is below"), "le": gettext_lazy("is at most"), "gt": gettext_lazy("is above"), "ge": gettext_lazy("is at least"),
            "eq": gettext_lazy("is"), "ne": gettext_lazy("is not"), "in": gettext_lazy("is one of")}
BY = {"position": gettext_lazy("Position"), "superior": gettext_lazy("Line of command"), "person": gettext_lazy("A person")}
MODES = {"any": gettext_lazy("One of them is enough"), "all": gettext_lazy("All of them")}
LATE = {"superior": gettext_lazy("The superior may sign too"), "remind": gettext_lazy("Remind only")}
OUTLET, NAMED = "outlet", ("in", "eq", "ne")   # an outlet is compared by its name, which is neither above nor below


def takes_files(act):
    """Whether an action takes files, which cannot wait with the request; where that cannot be seen it must say that it does not."""
    found = act.sample()
    return act.files is not False if found is None else any(isinstance(f, forms.FileField) for f in found.values())


def gateable(act):
    """Whether a flow may stand before an action: the trade's own, and nothing that waits with files."""
    return act.model._meta.app_label != "kernel" and not act.removes and not act.everybody and not act.in_person and not takes_files(act)


def _amounts(model):
    return [f for f in model._meta.fields if isinstance(f, DecimalField)]


def figures(act):
    """{name: label} of what conditions may ask for: what the action itself names, else the amounts of its row and input."""
    if act.facts:
        return {**act.figures, OUTLET: _("Outlet")}
    typed = {n: f.label for n, f in (act.sample() or {}).items() if isinstance(f, forms.DecimalField)}
    return {**{f.name: f.verbose_name for f in _amounts(act.model)}, **typed, OUTLET: _("Outlet")}


def facts_of(act, actor, obj, data):
    """The figures that an approval names, as text; None where the action says that it needs none."""
    if act.facts:
        facts = act.facts(actor, obj, data)
        if not facts:
            return None
    else:
        row = {f.name: getattr(obj, f.name) for f in _amounts(act.model)} if obj is not None else {}
        facts = row | {n: v for n, v in data.items() if isinstance(v, Decimal)}
    return as_text(facts, data.get(OUTLET) or getattr(obj, OUTLET, None))


def as_text(facts, outlet):
    """Figures as conditions compare them and a request keeps them, with the outlet."""
    return {k: str(v) for k, v in {**facts, OUTLET: outlet}.items() if v is not None}


def comparable(value):
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return value


def holds(condition, facts):
    """Whether one condition of a flow holds for the facts of an action."""
    if condition["fact"] not in facts:
        return False
    fact, value = facts[condition["fact"]], condition["value"]
    if condition["op"] == "in":
        return str(fact) in [str(v) for v in value]
    fact, value = comparable(fact), comparable(value)
    return type(fact) is type(value) and OPS[condition["op"]](fact, value)


def _words(value):
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def step_is_sound(step):
    """Whether a step can be asked: who signs, how many of them, how long, what then, who gets a copy."""
    by, of, hours = step.get("by"), step.get("of"), step.get("hours", 24)
    who = {"position": bool(of) and _words(of), "superior": of is None or isinstance(of, int), "person": id_of(of) is not None}
    return (isinstance(by, str) and who.get(by, False) and step.get("mode", "any") in MODES and step.get("late", "superior") in LATE
            and isinstance(hours, (int, float)) and 0 <= hours <= 10_000 and _words(step.get("copy") or []))


def condition_is_sound(condition):
    """Whether a condition can be compared with a figure."""
    fact, op, value = (condition.get(n) for n in ("fact", "op", "value"))
    if not isinstance(fact, str) or not isinstance(op, str) or op not in OPS:
        return False
    if fact == OUTLET and op not in NAMED:
        return False
    if op == "in":
        return isinstance(value, list)
    number = comparable(value)
    return number.is_finite() if isinstance(number, Decimal) else op in NAMED and isinstance(value, str)


def fact_text(value):
    """A figure as it is read."""
    number = comparable(value)
    money = isinstance(number, Decimal) and number.as_tuple().exponent == -2
    return money_text(number) if money else str(value)


def seen_facts(act, facts, actor):
    """{figure: text} for who reads it; what is masked on the row is masked here."""
    masked = act.model.masked if act else {}
    return {n: fact_text(v) if n not in masked or actor.sees(masked[n]) else "***" for n, v in facts.items() if v is not None}


def request_text(case, actor):
    """Who asks and what about, in one line: “Li · Discount rate 0.86 · Net amount 30,000.00 · SP2-2611-0001”."""
    act = registry.actions.get(case.action)
    names = figures(act) if act else {}
    told = seen_facts(act, case.facts, actor)
    seen = [f"{label} {told[n]}" for n, label in names.items() if n in told and n != OUTLET]
    return " · ".join([str(case.owner), *seen, case.number])


def condition_text(condition, names):
    """“Discount rate is below 0.92”."""
    value = condition["value"]
    return f"{names.get(condition['fact'], condition['fact'])} {OP_WORDS[condition['op']]} {'、'.join(value) if isinstance(value, list) else value}"


def listed(value):
    return [value] if isinstance(value, str) else list(value or [])


def who_text(step, positions, names):
    """Who signs a step, in words."""
    of = step.get("of")
    if step["by"] == "person":
        return names.get(id_of(of), "?")
    if step["by"] == "superior":
        return _("Superior") if int(of or 1) == 1 else _("Superior, %(n)s levels up") % {"n": of}
    return "、".join(positions.get(p, p) for p in listed(of))


def drawn(steps):
    """The steps as a page shows them: [{name, who, mode, hours, late, copy}]."""
    positions = dict(directory.positions())
    names = directory.names([id_of(s["of"]) for s in steps if s["by"] == "person"])
    out = []
    for step in steps:
        who = who_text(step, positions, names)
        out.append({"name": step.get("name") or who, "who": who, "mode": MODES[step.get("mode", "any")], "hours": step.get("hours", 24),
                    "late": LATE[step.get("late", "superior")], "copy": "、".join(positions.get(p, p) for p in listed(step.get("copy")))})
    return out


def action_name(name):
    """The action before which a flow stands, in words: “Goods sub-contract: Hand in”."""
    act = registry.actions.get(name)
    if act is None:
        return name
    register = registry.register_of(act.model)
    return f"{register.label if register else act.model._meta.verbose_name}：{act.label}"
