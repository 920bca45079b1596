"""A list opens as work: what waits for the reader, what is his, what is open, what is due today; all at the end."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import OPEN

from .pending import Pending

MOST = 1000   # rows that are counted; beyond, “1,000+” is said
FIRST = ("waiting", "mine", "open")


@dataclass(frozen=True)
class Queue:
    """One tab of a list: `where` is a Q, or gives one for the actor; `order` its order where it is not the register's."""

    key: str
    label: object
    where: object = Q()
    order: str = ""

    def condition(self, actor):
        return self.where(actor) if callable(self.where) else self.where


def queues_of(register, actor):
    """The tabs of a list. Its own stand before the last; the others follow from what waits, owners, open states and the day due."""
    model, out = register.model, []
    if waits := Pending.of(model, actor):
        out.append(Queue("waiting", _("Waiting for me"), reduce(or_, (k.where(actor) for k in waits)), register.due or "id"))
    open_ = Q(state__in=model.flow.of_group(OPEN)) if model.flow else None
    if open_ is not None:
        if mine := _mine(model, actor):
            out.append(Queue("mine", _("Mine"), open_ & mine, register.due))
        out.append(Queue("open", _("Unfinished"), open_))
        if register.due:
            out.append(Queue("today", _("Due today"), open_ & _due(model, register.due), register.due))
    out = [*(q for q in register.queues if q.key == "waiting"), *out, *(q for q in register.queues if q.key != "waiting")]
    return [*out, Queue("all", _("All"))] if out else []


def _mine(model, actor):
    """Rows that the actor holds: those that name him among the people of their scope."""
    names = [n for n in getattr(model.scope, "people", ()) if any(f.name == n for f in model._meta.local_concrete_fields)]
    return reduce(or_, (Q(**{n: actor.id}) for n in names)) if names else None


def _due(model, name):
    today = timezone.localdate()
    stamped = isinstance(model._meta.get_field(name), DateTimeField)
    return Q(**{f"{name}__date__lte" if stamped else f"{name}__lte": today})


def narrowed(register, actor, rows, key):
    """The rows of one tab; of an unknown one, all."""
    one = next((q for q in queues_of(register, actor) if q.key == key), None) if key else None
    return rows.filter(one.condition(actor)) if one else rows


def order_of(register, actor, key):
    one = next((q for q in queues_of(register, actor) if q.key == key), None) if key else None
    return one.order if one else ""


def counts(actor, rows, queues):
    """{key: how many of `rows`, at most one more than MOST} in one statement."""
    parts, values, keys = [], [], []
    for one in queues:
        try:
            sql, params = rows.filter(one.condition(actor)).order_by().values("pk")[:MOST + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"(select count(*) from ({sql}) q)")
        values += params
        keys.append(one.key)
    found = {q.key: 0 for q in queues}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(parts)}", values)
            found.update(zip(keys, cursor.fetchone(), strict=True))
    return found


def opening(register, params, asked, found):
    """The tab that is shown: the one asked for; else, where nothing narrows the list, the first with work in it.

    What is looked for and is not in the tab is shown in all.
    """
    if not found:
        return ""
    narrow = narrows(register, params)
    if asked in found:
        return "all" if narrow and not found[asked] else asked
    if narrow:
        return "all"
    return next((key for key in FIRST if found.get(key)), "open" if "open" in found else "all")


def narrows(register, params):
    from .listing import filters_of
    return bool(params.get("q") or params.get("view")) or any(params.get(f.name) or params.get(f"{f.name}_to") for f in filters_of(register))


def count_text(number):
    return f"{MOST:,}+" if number > MOST else f"{number:,}"
