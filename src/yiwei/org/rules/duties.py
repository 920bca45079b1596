"""Duties that should not lie in one hand: whoever enters a thing approves it as well (SYS-02)."""

from yiwei.kernel.base import registry


def conflicts(actor):
    """[(model, [entering actions], [approving actions])] that one person may do alone."""
    out = []
    for model in dict.fromkeys(a.model for a in registry.actions.values()):
        mine = [a for a in registry.actions_of(model) if not a.everybody and a.allowed(actor)]
        enter, approve = [a for a in mine if a.enters], [a for a in mine if a.approves]
        if enter and approve:
            out.append((model, enter, approve))
    return out
