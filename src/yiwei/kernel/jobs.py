"""Jobs of the kernel: imports, messages on their way out, late approvals."""

from procrastinate.contrib.django import app

from .exchange import run as imports
from .notify.outgoing import send_waiting
from .tenancy import context


@app.task(name="kernel.load_workbook")
def load_workbook(tenant, run):
    """Load an uploaded workbook."""
    imports.work(tenant, run)


@app.periodic(cron="* * * * *")
@app.task(name="kernel.send_messages", queueing_lock="kernel.send_messages")
def send_messages(timestamp):
    """Send what waits in every dealer's outbox."""
    context.in_every_tenant("kernel.send", send_waiting)
