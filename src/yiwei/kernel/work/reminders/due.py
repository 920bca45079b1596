"""Which rows a rule concerns on a day; nothing is told or written here."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from .models import DONE, SUPERIORS, TOLD, Holiday, Reminder, ReminderRule


class Calendar:
    """The dealer's holidays, read once."""

    def __init__(self):
        self.spans = list(Holiday.objects.filter(active=True).values_list("first", "last"))

    def closed(self, day):
        return any(first <= day <= last for first, last in self.spans)

    def back(self, day, number):
        """The day from which `number` open days have gone by until the evening of `day`."""
        while number > 0:
            number -= not self.closed(day)
            day -= timedelta(days=1)
        return day


@dataclass(frozen=True)
class Step:
    """One thing a rule does: after `days`, to whom (`tell`), again after `repeat` days (0: once)."""

    number: int
    days: int
    tell: tuple = ()
    repeat: int = 0


def steps(rule, days=None):
    """What a rule does, with its own days or with others tried out."""
    days = rule.days if days is None else days
    if rule.about.effect:
        warning = [Step(TOLD, max(days - rule.warn_days, 0), tuple(rule.tell))] if rule.warn_days else []
        return [*warning, Step(DONE, days)]
    out = [Step(TOLD, days, tuple(rule.tell), rule.repeat)]
    if rule.escalate_after and rule.escalate_to and not rule.about.ahead:
        out.append(Step(SUPERIORS, days + rule.escalate_after, tuple(rule.escalate_to), rule.repeat))
    return out


class Outlook:
    """One day of the dealer: holidays and rules read once, asked for rows as often as wanted."""

    def __init__(self, day=None):
        self.day, self.calendar = day or timezone.localdate(), Calendar()
        self.rules = [r for r in ReminderRule.objects.filter(active=True).order_by("cause", "id") if r.about]

    def rests(self, rule):
        """Whether the rule waits for the end of the holidays; what counts towards a day does not."""
        return not rule.about.ahead and self.calendar.closed(self.day)

    def due(self, rule, step):
        """The rows on which a step of a rule falls, told or not; what a more particular rule names is left to that one."""
        cause = rule.about
        rows = cause.on(self.day)
        if cause.ahead:
            rows = rows.filter(clock__gte=self.day, clock__lte=self.day + timedelta(days=step.days))
        else:
            rows = rows.filter(clock__lte=self.calendar.back(self.day, step.days))
        rows = rows.filter(**({cause.stage: rule.stage} if rule.stage else cause.general))
        if rule.level:
            rows = rows.filter(**{cause.level: rule.level})
        for other in self.rules:
            if narrower(other, rule):
                rows = rows.exclude(_of(cause, other))
        return rows.select_related(*cause.related).order_by("clock", "pk")

    def pending(self, rule, step):
        """Those of the rows due that are still to be told or carried out."""
        rows, told = self.due(rule, step), Reminder.objects.filter(cause=rule.cause, object_id=OuterRef("pk"))
        if step.number == DONE:
            if not rule.warn_days:
                return rows
            until = self.calendar.back(self.day, rule.warn_days)
            return rows.filter(Exists(told.filter(step=TOLD, day__gt=OuterRef("clock"), day__lte=until)))
        told = told.filter(step=step.number)
        if step.repeat:
            told = told.filter(day__gt=self.day - timedelta(days=step.repeat))
        elif rule.about.ahead:
            told = told.filter(day__gte=self.day - timedelta(days=step.days))
        else:  # what was told on the day itself belongs to the clock before
            told = told.filter(**{"day__gt" if step.days else "day__gte": OuterRef("clock")})
        return rows.filter(~Exists(told))


def narrower(other, rule):
    """Whether `other` goes before `rule`: it names what the rule leaves open; of stage and level, the stage counts more."""
    if other.pk == rule.pk or other.cause != rule.cause:
        return False
    return (bool(other.stage), bool(other.level)) > (bool(rule.stage), bool(rule.level)) and (
        not rule.stage or other.stage == rule.stage) and (not rule.level or not other.level or other.level == rule.level)


def _of(cause, rule):
    return Q(**({cause.stage: rule.stage} if rule.stage else {}), **({cause.level: rule.level} if rule.level else {}))
