"""What leads on from a row: documents to make that refer to it, and the step that comes next."""

from django.utils.http import urlencode

from yiwei.kernel.base import registry
from yiwei.kernel.work.actions.fields import Pick

STEPS = {}     # (model, state) -> action
_picking = {}  # (action, masks of the actor) -> {model: field}


def step(model, act, *states):
    """Say which action is the next step of a row of `model` in these states; a room above may say it of a row below."""
    STEPS.update({(model, state): act for state in states})


def next_step(actor, obj):
    """(label, address) of what comes next for a row, with the row filled in; None where nothing is said or allowed."""
    act = STEPS.get((type(obj), getattr(obj, "state", "")))
    if act is None or not act.allowed(actor):
        return None
    url = _address(actor, act, obj)
    return (act.label, url) if url else None


def onward(actor, obj):
    """Documents that can be made out of a row: every creating action that asks for one of its kind, once a register shows them."""
    found = []
    for act in registry.actions.values():
        if act.creates and not act.internal and act.model is not type(obj) and act.allowed(actor) and (url := _address(actor, act, obj)):
            found.append({"label": act.label, "url": url, "icon": act.icon})
    return found


def _address(actor, act, obj):
    register = registry.register_of(act.model)
    if register is None or not register.allowed(actor):
        return ""
    if not act.creates:
        return register.url("act", obj.pk, verb=act.verb) if act.model is type(obj) and act.shown(actor, obj) and not act.blocked(actor, obj) else ""
    field = _fields_of(act, actor).get(type(obj))
    return f"{register.url('new', verb=act.verb)}?{urlencode({field: obj.pk})}" if field else ""


def _fields_of(act, actor):
    """{model: name of the first field that takes one row of it}; the shape of a form depends on what is masked at most, so it is asked once."""
    if (act, actor.masks) not in _picking:
        found = {}
        for name, field in act.inputs(actor).items():
            if isinstance(field, Pick) and not field.many and field.required:
                found.setdefault(field.model, name)
        _picking[act, actor.masks] = found
    return _picking[act, actor.masks]


