"""Messages to customers by occasion (BAS-10): the dealer's own text where there is an active template, else the house's.

    TRIP = Occasion("delivery", _("Delivery booked"), _("Your goods come on {day} …"), {"day": (_("day"), "2026-03-01"), …})
    TRIP.send(customer.phone, cause=f"delivery:{pk}", obj=delivery, day=…)

A variable without a value stops the message: it stands among the messages out as failed, with the reason.
"""

import re
from math import ceil

from django.utils.translation import gettext as _

from yiwei.kernel.work.notify.models import Outbox
from yiwei.kernel.work.notify.send import post

OCCASIONS, SAMPLERS = {}, []
PLACE = re.compile(r"\{([^{}]*)\}")
ONE, MANY = 70, 67   # characters of a single Chinese SMS, and of each part of a longer one


class Occasion:
    """Something customers are told of. `variables` is {name: (label, example)}."""

    def __init__(self, name, label, text, variables):
        self.name, self.label, self.text, self.variables = name, label, text, variables
        OCCASIONS[name] = self

    def template(self):
        from yiwei.catalog.models.message import SmsTemplate
        return SmsTemplate.objects.filter(occasion=self.name, state="active").first()

    def send(self, receiver, *, cause, obj=None, channel="sms", **values):
        """Queue the message; what lacks a value is kept back and named."""
        if not receiver:
            return
        template = self.template()
        text = full_text(template) if template else str(self.text)
        missing = [n for n in names_in(text) if values.get(n) in (None, "")]
        if missing:
            self._kept_back(receiver, text, missing, cause, obj, channel)
            return
        post(channel, receiver, fill(text, values), template=self.name, cause=cause, obj=obj)

    def _kept_back(self, receiver, text, missing, cause, obj, channel):
        Outbox.objects.bulk_create([Outbox(
            channel=channel, receiver=receiver, text=text, template=self.name, cause=cause[:120], state="failed",
            error=_("No value for: %(names)s") % {"names": ", ".join(missing)}, model=obj._meta.label_lower if obj is not None else "",
            object_id=getattr(obj, "pk", None))], ignore_conflicts=True)

    def example(self, **known):
        """Values to try a text with."""
        return {n: known.get(n) or str(example) for n, (_label, example) in self.variables.items()}


def sampler(fn):
    """Register a function that gives real values to try texts with: `fn(actor)` -> {variable: value}."""
    SAMPLERS.append(fn)
    return fn


def sample(actor):
    return {name: value for fn in SAMPLERS for name, value in fn(actor).items()}


def full_text(template):
    """The text with its signature in front, as carriers want it: 【易维】…"""
    return f"【{template.signature}】{template.text}" if template.signature else template.text


def names_in(text):
    return PLACE.findall(str(text))


def places(names):
    """Names as they stand in a text."""
    return " ".join(f"{{{n}}}" for n in names)


def fill(text, values):
    return PLACE.sub(lambda m: str(values[m.group(1)]), str(text))


def parts(text):
    """How many SMS a text is."""
    return 1 if len(text) <= ONE else ceil(len(text) / MANY)
