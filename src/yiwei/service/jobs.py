"""Complaints nobody answers go up by the clock (SVC-07, D-37)."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from yiwei.kernel.base import directory
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.work.notify.send import tell

from .models.care import Ticket

STEPS = (4, 24, 72)


def escalate(now=None):
    """Tell the next superior of every ticket unanswered for 4, 24 and 72 hours. Returns how many went up."""
    now, moved = now or timezone.now(), 0
    late = Ticket.objects.select_for_update(of=("self",)).filter(
        state__in=Ticket.WAITING, created_at__lt=now - timedelta(hours=STEPS[0]), escalation__lt=len(STEPS))
    for ticket in late.order_by("id")[:500]:
        level = sum(ticket.created_at < now - timedelta(hours=h) for h in STEPS)
        if level <= ticket.escalation:
            continue
        ticket.escalation = level
        ticket.save()
        tell({_above(ticket.responsible_id or ticket.owner_id, level)},
             Message("Unanswered for %(h)s hours: %(n)s") % {"h": STEPS[level - 1], "n": ticket.number}, ticket)
        moved += 1
    return moved


def _above(member, level):
    for _step in range(level):
        member = directory.superior(member) or member
    return member


@app.periodic(cron="*/10 * * * *")
@app.task(name="service.escalate", queueing_lock="service.escalate")
def escalate_all(timestamp):
    """Visit every dealer."""
    context.in_every_tenant("service.escalate", escalate)
