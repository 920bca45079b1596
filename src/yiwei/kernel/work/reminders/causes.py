"""What may be forgotten, as rooms declare it in their `reminders.py`, and expressions for the day on which a clock begins."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import DateField, F, Func, IntegerField, Value

from yiwei.kernel.base import registry


@dataclass(frozen=True)
class Cause:
    """One thing of which people are reminded.

    `rows()` gives the rows whose clock runs, `clock` the day from which it counts, as an expression or a function of the day
    of asking; where `ahead` is set, the day towards which it counts. Days, people and repetition are what a dealer starts with.
    Other days may be set for single `stages` (values of the field `stage`) and `levels` (of the field `level`); a rule for no
    stage in particular concerns only what `general` names. `effect(actor, row, days)` is done to the row at the end of its
    days; people are told `warn_days` before, and without such a warning nothing is done.
    """

    code: str
    label: object
    model: type
    rows: Callable
    clock: object
    days: int
    ahead: bool = False
    owner: str = "owner_id"
    outlet: str = "outlet_id"
    text: Callable = str
    related: tuple = ()
    stage: str = "state"
    stages: tuple = ()
    level: str = "level"
    levels: tuple = ()
    general: dict = field(default_factory=dict)
    tell: tuple = ("owner",)
    escalate_after: int = 0
    escalate: tuple = ()
    repeat: int = 1
    effect: Callable | None = None
    warn_days: int = 0

    def on(self, day):
        """The rows with their `clock`, asked on `day`."""
        return self.rows().annotate(clock=self.clock(day) if callable(self.clock) else self.clock)


def cause(code, label, model, **more):
    """Declare a cause; the dealer's rules appear by themselves."""
    return registry.add(registry.causes, code, Cause(code, label, model, **more))


def months_later(day, months):
    """The day so many months after another; both are expressions."""
    return Func(day, months, template="(%(expressions)s))::date", arg_joiner=" + make_interval(months => ",
                output_field=DateField())


def anniversary(name):
    """A clock: the next day on which the date in a field comes round; who was born on 29 February has it on the 28th."""
    def next_one(day):
        lived = Func(Value(day - timedelta(days=1), DateField()), F(name), output_field=IntegerField(),
                     template="extract(year from age(%(expressions)s))::int + 1")
        return Func(F(name), lived, template="(%(expressions)s))::date", arg_joiner=" + make_interval(years => ",
                    output_field=DateField())
    return next_one
