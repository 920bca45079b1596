"""How people come in who are no employees of a dealer. A room puts a door here; the kernel itself knows only employees.

A name that belongs to no tenant (tenant 0) is signed in through the door. The accounts of both offer the same
(`org.models.credentials.Credentials`).
"""

NOWHERE = 0


class Door:
    """`key` is the entry of the session that shows that somebody came in here."""

    key = ""

    def within(self):
        """A context in which the door's accounts can be read and written."""
        raise NotImplementedError

    def account(self, pk):
        """The account, locked for this transaction, or None."""
        raise NotImplementedError

    def answer(self, request, get_response):
        """The answer to a request of somebody who came in here."""
        raise NotImplementedError

    def shell(self, request):
        """What stands around the content of the pages: the `shell` of the templates."""
        raise NotImplementedError


_doors = []


def add(door):
    _doors.append(door)
    return door


def door():
    """The door of this house, or None."""
    return _doors[0] if _doors else None


def of(request):
    """The door by which the person of this request came in, or None."""
    return next((d for d in _doors if d.key in request.session), None)
