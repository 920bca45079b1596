"""What happens by itself when another room's action has happened, in the same transaction."""

from yiwei.kernel.base import registry


def after(*actions):
    """Run the function after each of `actions`: f(actor, obj, data). Declared in a room's reactions.py."""

    def register(fn):
        for action in actions:
            if not hasattr(action, "verb"):
                raise TypeError(f"after({action!r}): name the action itself, imported from its room, not a text or another function")
            registry.reactions.setdefault(action.name, []).append(fn)
        return fn

    return register


def fire(action, actor, obj, data):
    """Call everything that waits for `action`."""
    for fn in registry.reactions.get(action.name, ()):
        fn(actor, obj, data)
