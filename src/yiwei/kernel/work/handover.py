"""Passing on what an employee holds, everything in one go; the rows' past stays with who made it."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base.message import Message
from yiwei.kernel.records.document import Record, log
from yiwei.kernel.records.holdings import counts

from .notify.send import tell

PASSERS = {}


@dataclass(frozen=True)
class Passing:
    """One hand-over: who does it, from whom to whom, from which day on and why."""

    actor: object
    member: object
    successor: object
    day: date
    reason: str

    @property
    def text(self):
        return f"{self.member} → {self.successor}" + (f"：{self.reason}" if self.reason else "")


def passing(model, field):
    """Let a room pass on a kind of rows in its own way: `@passing(Customer, "owner") def …(change, rows)`.

    The function changes the rows of the list; it gives back those that `move` still has to write.
    """
    def declare(fn):
        PASSERS[model, field] = fn
        return fn
    return declare


def pass_on(actor, member, successors, *, day=None, reason="", ending=False):
    """Give what `member` holds to `successors` ({name of the holding: employee}). `ending`: what belongs to the person ends.

    Gives [(holding, how many)].
    """
    done, came = [], {}
    for holding, _n in counts(member.pk):
        rows = list(holding.rows(member.pk).select_for_update(of=("self",)).order_by("pk"))
        if holding.ends:
            if ending:
                _write(actor, rows, holding.to, _("Ended: %(who)s leaves.") % {"who": member})
            continue
        successor = successors.get(holding.name)
        if successor is None or not rows:
            continue
        change = Passing(actor, member, successor, day or timezone.localdate(), reason)
        fn = PASSERS.get((holding.model, holding.field))
        left = fn(change, rows) if fn else rows
        _write(actor, left, {holding.field: successor}, change.text)
        done.append((holding, len(rows)))
        came[successor.pk] = came.get(successor.pk, 0) + len(rows)
    for successor, number in came.items():
        tell({successor} - {actor.id}, Message("%(n)s entries of %(who)s are now yours.") % {"n": number, "who": member})
    return done


def _write(actor, rows, values, text):
    """Set `values` on all rows in one statement, with a line on the timeline of each."""
    if not rows:
        return
    model, names = type(rows[0]), set(values)
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
        if isinstance(row, Record):
            row.touch()
            names |= {"version", "updated_at"}
            log(actor, row, "handed", text=text[:500])
    model.objects.bulk_update(rows, sorted(names), batch_size=1000)
