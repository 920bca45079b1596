"""Duties that should not lie in one hand: whoever enters a thing approves it as well (SYS-02)."""

import re

from yiwei.kernel.base import registry

ENTERS = re.compile(r"^(create|submit|enter|register|apply|hand_in|open|new)(_|$)")
APPROVES = re.compile(r"(^|_)(approve|pass|settle|review)(_|$)")


def conflicts(actor):
    """[(model, [entering actions], [approving actions])] that one person may do alone."""
    out = []
    for model in dict.fromkeys(a.model for a in registry.actions.values()):
        mine = [a for a in registry.actions_of(model) if not a.everybody and a.allowed(actor)]
        enter = [a for a in mine if ENTERS.search(a.verb)]
        approve = [a for a in mine if APPROVES.search(a.verb) and a not in enter]
        if enter and approve:
            out.append((model, enter, approve))
    return out
