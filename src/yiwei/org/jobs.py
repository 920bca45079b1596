"""Planned moves of outlets and employees come into force on their day."""

from procrastinate.contrib.django import app

from yiwei.kernel.records.scope import system
from yiwei.kernel.records.tenancy import context

from .rules.moves import apply_due


def moves_of_the_day():
    apply_due(system(context.tenant_id()))


@app.periodic(cron="1 * * * *")
@app.task(name="org.moves", queueing_lock="org.moves")
def moves(timestamp):
    """Every hour, since dealers keep different clocks."""
    context.in_every_tenant("org.moves", moves_of_the_day)
