"""Telling people what is due: of one thing once a day, and never of a row they do not see."""

import logging

from django.db import connection, transaction
from django.utils.translation import gettext as _

from yiwei.kernel.base import deferred, directory, registry
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.base.message import Message
from yiwei.kernel.records import scope
from yiwei.kernel.records.document import Timeline
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.work.notify.send import post, tell

from .due import Outlook, steps
from .models import DONE, Reminder, ReminderRule

MOST, NAMED = 2000, 3   # rows of a rule a day, the longest waiting first; rows a person is told of one by one

log = logging.getLogger(__name__)


def ensure():
    """A general rule for every cause, as the room that declares it proposes; nothing is written where somebody only reads."""
    if not context.current().operator:
        known = set(ReminderRule.objects.filter(stage="", level="").values_list("cause", flat=True))
        ReminderRule.objects.bulk_create(
            [ReminderRule(cause=c.code, days=c.days, repeat=c.repeat, tell=list(c.tell), warn_days=c.warn_days,
                          escalate_after=c.escalate_after, escalate_to=list(c.escalate))
             for c in registry.causes.values() if c.code not in known], ignore_conflicts=True)


def run(day=None):
    """Remind of everything that is due in the dealer in force; a second run at the same time waits, and finds the rest.

    A rule that fails holds up no other. Returns how many rows people were told of or something was done to.
    """
    return _run(day)


def run_changed(since):
    """Remind of what has become due by something that happened since then: people are told, nothing is carried out."""
    happened = {}
    for model, pk in Timeline.objects.filter(at__gte=since).values_list("model", "object_id").distinct():
        happened.setdefault(model, set()).add(pk)
    return _run(None, happened) if {c.model._meta.label_lower for c in registry.causes.values()} & set(happened) else 0


def _run(day, happened=None):
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('kernel.remind', %s))", [context.tenant_id()])
    ensure()
    outlook, people, number = Outlook(day), People(), 0
    for rule in outlook.rules:
        among = None if happened is None else happened.get(rule.about.model._meta.label_lower, ())
        if outlook.rests(rule) or among == ():
            continue
        try:
            with transaction.atomic(), deferred.together():
                number += fire(rule, outlook, people, among)
        except Exception:
            log.exception("reminder rule %s of dealer %s", rule.pk, context.tenant_id())
    return number


def fire(rule, outlook, people, among=None):
    """One rule on one day; of the rows `among` only people are told."""
    number = 0
    for step in steps(rule):
        rows = outlook.pending(rule, step)
        if among is not None:
            if step.number == DONE:
                continue
            rows = rows.filter(pk__in=among)
        number += _carry_out(rule, rows, outlook) if step.number == DONE else _remind(rule, step, rows, outlook, people)
    return number


def _carry_out(rule, rows, outlook):
    cause, done = rule.about, []
    actor = scope.system(context.tenant_id(), _("System"))
    for row in rows.select_for_update(of=("self",))[:MOST]:
        reminder = _note(rule, DONE, row, [], outlook.day)
        try:
            with transaction.atomic():
                cause.effect(actor, row, rule.days)
        except ActionError as refusal:
            log.warning("%s of %s: %s", cause.code, row.pk, refusal)
            continue
        done.append(reminder)
    Reminder.objects.bulk_create(done)
    return len(done)


def _note(rule, step, row, told, day):
    cause = rule.about
    return Reminder(cause=rule.cause, step=step, object_id=row.pk, text=str(cause.text(row))[:120], told=told, day=day,
                    owner_id=getattr(row, cause.owner), outlet_id=getattr(row, cause.outlet))


def _remind(rule, step, rows, outlook, people):
    found = list(rows[:MOST])
    told = people.told(rule.about, found, step.tell)
    Reminder.objects.bulk_create([_note(rule, step.number, row, members, outlook.day)
                                  for row, members in zip(found, told, strict=True)])
    by_member = {}
    for row, members in zip(found, told, strict=True):
        for member in members:
            by_member.setdefault(member, []).append(row)
    _tell(rule, by_member, outlook.day)
    return len(found)


class People:
    """Who is meant by the words of a rule; asked once for a run."""

    def __init__(self):
        self.known, self.actors = {}, {actor.id: actor for actor in directory.everybody()}

    def told(self, cause, rows, words):
        """For each row the ids of those who are told: who is meant by the words and sees the row."""
        meant = [self.meant(cause, row, words) for row in rows]
        seen = {}
        for member in set().union(*meant) if meant else ():
            ids = [row.pk for row, members in zip(rows, meant, strict=True) if member in members]
            mine = scope.rows(cause.model, self.actors[member]).filter(pk__in=ids)
            seen[member] = set(mine.values_list("pk", flat=True))
        return [sorted(m for m in members if row.pk in seen[m]) for row, members in zip(rows, meant, strict=True)]

    def meant(self, cause, row, words):
        """Ids of the active employees whom the words mean for a row."""
        out, owner, outlet = set(), getattr(row, cause.owner), getattr(row, cause.outlet)
        for word in words:
            if word == "owner":
                out.add(owner)
            elif word == "superior":
                out.add(self._asked(word, owner, lambda: directory.superior(owner) if owner else None))
            else:
                out.update(self._asked(word, outlet, lambda word=word: directory.holders([word], outlet)))
        return out & set(self.actors)

    def _asked(self, word, about, ask):
        if (word, about) not in self.known:
            self.known[word, about] = ask()
        return self.known[word, about]


def _tell(rule, by_member, day):
    """A few rows each by itself, with a link; many in one message."""
    cause, reach = rule.about, directory.reach(by_member) if rule.channel != "bell" else {}
    for member, rows in by_member.items():
        if len(rows) <= NAMED:
            for row in rows:
                tell([member], Message("%(cause)s: %(about)s") % {"cause": cause.label, "about": cause.text(row)}, row)
        else:
            tell([member], Message("%(cause)s: %(names)s and %(n)s more") % {
                "cause": cause.label, "names": [cause.text(r) for r in rows[:NAMED]], "n": len(rows) - NAMED})
        text = _("%(cause)s: %(n)s. Please look into the house.") % {"cause": cause.label, "n": len(rows)}
        post(rule.channel, reach.get(member, {}).get(rule.channel, ""), text, cause=f"remind:{rule.pk}:{day}:{member}")
