"""What an action writes beside its rows (timeline, messages, search keys), gathered and written in few statements at its end."""

from contextlib import contextmanager
from contextvars import ContextVar

_found = ContextVar("yiwei_gathered", default=None)


def write(fn, item):
    """Hand `item` to `fn([item, …])` at the end of the outermost action; at once where none is running."""
    found = _found.get()
    if found is None:
        fn([item])
    else:
        found.setdefault(fn, []).append(item)


def flush():
    """Write now what was gathered so far: for who reads it within the same action."""
    found = _found.get() or {}
    while found:
        fn = next(iter(found))
        fn(found.pop(fn))


@contextmanager
def together():
    """The outermost block writes what was gathered in it; what fails writes nothing."""
    if _found.get() is not None:
        yield
        return
    mark = _found.set({})
    try:
        yield
        flush()
    finally:
        _found.reset(mark)
