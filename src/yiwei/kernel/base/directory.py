"""The kernel's questions about people, answered by the room that keeps them (`settings.KERNEL_DIRECTORY`).

load(member_id, session) -> Actor rights and scope of an employee; limits["seen"]: when the session, if open, was last in use;
                                  limits["gated"]: the actions before which an approval flow stands
bearer(digest) -> Actor           the same for the holder of an API key
holders(positions, outlet_id)     ids of employees who hold one of the positions for that outlet
superior(member_id)               id of the next in command, or None
deputy(member_id)                 id of who stands in today, or None
names(ids) -> {id: name}
positions() -> [(code, name)]     in use, by name
reach(ids) -> {id: {"sms": phone, "email": address}}
everybody() -> [Actor]            all active employees, in one query
roles() -> [code]                 what `roles` may name
masks() -> [code]                 what `masked` may name
"""

from functools import lru_cache
from importlib import import_module

from django.conf import settings


@lru_cache(maxsize=1)
def _room():
    return import_module(settings.KERNEL_DIRECTORY)


def load(member_id, session=None):
    return _room().load(member_id, session)


def bearer(digest):
    return _room().bearer(digest)


def holders(positions, outlet_id=None):
    return _room().holders(positions, outlet_id)


def superior(member_id):
    return _room().superior(member_id)


def deputy(member_id):
    return _room().deputy(member_id)


def names(ids):
    return _room().names(ids)


def positions():
    return _room().positions()


def reach(ids):
    return _room().reach(ids)


def everybody():
    return _room().everybody()


def roles():
    return _room().roles()


def masks():
    return _room().masks()
