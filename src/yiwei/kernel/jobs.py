"""Jobs of the kernel: imports, messages on their way out, reminders."""

from datetime import UTC, datetime, timedelta

from procrastinate.contrib.django import app

from .records.tenancy import context
from .screens.exchange import run as imports
from .signin import throttle
from .work.approvals.engine import chase
from .work.notify import outgoing
from .work.reminders import engine


@app.task(name="kernel.load_workbook")
def load_workbook(tenant, run):
    """Load an uploaded workbook."""
    imports.work(tenant, run)


@app.periodic(cron="* * * * *")
@app.task(name="kernel.send_messages", queueing_lock="kernel.send_messages")
def send_messages(timestamp):
    """Send what waits in every dealer's outbox."""
    context.in_every_tenant("kernel.send", outgoing.send_messages)


@app.periodic(cron="* * * * *")
@app.task(name="kernel.send_events", queueing_lock="kernel.send_events")
def send_events(timestamp):
    """Tell programs outside what was done, for every dealer."""
    context.in_every_tenant("kernel.send", outgoing.send_events)


@app.periodic(cron="*/5 * * * *")
@app.task(name="kernel.chase_signers", queueing_lock="kernel.chase_signers")
def chase_signers(timestamp):
    """Ask again, in every dealer, for signatures that are overdue."""
    context.in_every_tenant("kernel.chase", chase)


@app.periodic(cron="30 0 * * *")  # 08:30 in China
@app.task(name="kernel.remind", queueing_lock="kernel.remind")
def remind(timestamp):
    """Remind in every dealer of what must not be forgotten."""
    context.in_every_tenant("kernel.remind", engine.run)


@app.periodic(cron="20 * * * *")
@app.task(name="kernel.sweep_tries", queueing_lock="kernel.sweep_tries")
def sweep_tries(timestamp):
    """Forget failed sign-ins of hours ago."""
    throttle.sweep()


@app.periodic(cron="*/10 0-13 * * *")  # from 8 to 22 in China
@app.task(name="kernel.remind_changed", queueing_lock="kernel.remind_changed")
def remind_changed(timestamp):
    """Remind in every dealer of what has become due since the last time."""
    since = datetime.fromtimestamp(timestamp, UTC) - timedelta(minutes=12)
    context.in_every_tenant("kernel.remind", lambda: engine.run_changed(since))
