"""Actions: states, moves, roles, and inputs that their function takes; who is reminded of what."""

import inspect

from django.conf import settings
from django.utils.translation import override

from yiwei.kernel.base import directory, registry

from .words import error, unknown


def problems():
    for act in registry.actions.values():
        yield from of(act)
    yield from roles(registry.roles, directory.roles())
    for cause in registry.causes.values():
        strange = unknown((*cause.tell, *cause.escalate), {"owner", "superior", *directory.roles()})
        if strange:
            yield error(9, f"cause {cause.code}", f"tells unknown people {strange}")


def of(act):
    """The problems of one action."""
    if isinstance(act.sources, str):
        yield error(3, act.name, f"`sources` is the text “{act.sources}”", f'Write ("{act.sources}",) with its comma.')
    elif act.model.flow is None and (act.sources or act.target):
        yield error(3, act.name, f"names states, but {act.model.__name__} has no `flow`")
    elif act.model.flow:
        yield from _states(act, act.model.flow)
        yield from _label(act, act.model.flow)
    yield from _inputs(act)


def _states(act, flow):
    known = [s.code for s in flow.states]
    stray = unknown([*act.sources, *([act.target] if act.target else [])], known)
    if stray:
        yield error(3, act.name, f"no such state {stray}", f"{act.model.__name__}.flow knows {known}.")
    elif act.target and not act.creates:
        wrong = [s for s in act.sources if not flow.allows(s, act.target)]
        if wrong:
            yield error(4, act.name, f"no move {wrong} > {act.target}", f"Add it to the moves of {act.model.__name__}.flow.")


def _label(act, flow):
    """A button is a verb: in no language does it read like a state that the row can be in."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            alike = next((s.code for s in flow.states if str(s.label).lower() == str(act.label).lower()), None)
            if alike:
                yield error(19, act.name, f"its label “{act.label}” ({code}) is that of the state “{alike}”",
                            "A button is a verb (“Load”), a state an adjective (“Loaded”).")
                return


def _inputs(act):
    """The function takes every declared input, and nothing that is not declared."""
    taken = list(inspect.signature(act.fn).parameters.values())[1 if act.creates else 2:]
    fields, named_so = act.sample(), list(inspect.signature(act.fn).parameters)[:1 if act.creates else 2]
    taken_twice = [n for n in named_so if n in (fields or ())]
    if taken_twice:
        yield error(14, act.name, f"`{act.fn.__name__}` has the input {taken_twice} among what it always takes", "Give the parameter another name.")
    if fields is None and act.files is None:
        yield error(21, act.name, "has inputs that depend on the row", "Say files=True or files=False: a flow cannot stand before what takes files.")
    if fields is None or any(p.kind is p.VAR_KEYWORD for p in taken):
        return
    named = {p.name for p in taken}
    refused = [n for n in fields if n not in named]
    for_the_house = (act.internal or act.show is not None) and not fields   # called by trusted code with what it knows
    missing = [] if for_the_house else [p.name for p in taken if p.default is p.empty and p.kind is not p.VAR_POSITIONAL and p.name not in fields]
    if refused or missing:
        what = f"does not take {refused}" if refused else f"wants {missing}, which no field gives"
        row = "" if act.creates else ", obj"
        yield error(14, act.name, f"`{act.fn.__name__}` {what}", f"Inputs and parameters bear the same names: def {act.fn.__name__}"
                    f"(actor{row}, {', '.join(['*', *fields]) if fields else '…'}).")


def roles(granted, known):
    """Rights given to roles that there are not."""
    for right, names in granted.items():
        strange = unknown(sorted(names), known)
        if strange:
            yield error(9, right, f"is given to unknown roles {strange}", f"Roles are words in one text; a role is one of {sorted(known)}.")
