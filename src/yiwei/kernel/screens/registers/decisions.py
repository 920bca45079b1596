"""What can be decided of a row without opening it."""

from .pending import Pending

AGAINST = ("reject", "return", "send_back", "refuse")   # how the verbs begin that stand beside a consent


def plain(act):
    """Whether an action is daily work that asks for nothing, so that one click does it."""
    return act.bulk and not callable(act.fields) and not act.fields and not act.confirm and act.style != "danger"


def decided_by(register, actor):
    """[(states, action)]: the actions for which rows of the list wait for the actor, and what may be said against them."""
    acts = {a.name: a for a in register.actions() if not a.creates and not a.internal and a.allowed(actor)}
    waits = [(k.states, acts[k.permission]) for k in Pending.of(register.model, actor) if k.permission in acts]
    waits += [(a.sources, a) for a in acts.values() if a.verb in register.decides]
    states = {s for some, _act in waits for s in some}
    against = [(a.sources, a) for a in acts.values() if a.verb.startswith(AGAINST) and set(a.sources) & states and a not in [w for _s, w in waits]]
    return waits + against


def decisions(register, obj, deciding):
    """Buttons of a row that waits for somebody, of what `decided_by` found."""
    state = getattr(obj, "state", "")
    return [button(register, obj, act) for states, act in deciding if state in states or not states]


def button(register, obj, act):
    return {"label": act.label, "url": register.url("act", obj.pk, verb=act.verb), "style": act.style, "icon": act.icon,
            "now": plain(act), "version": getattr(obj, "version", "")}
