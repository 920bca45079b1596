"""Protection ends by itself (D-12)."""

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yiwei.kernel.base.message import Message
from yiwei.kernel.records.scope import system
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.work.notify.send import tell

from .actions.course import expire
from .models.filing import Filing


def let_expire(now=None):
    """Expire filings whose protection is over. Returns how many."""
    actor, number = system(context.tenant_id(), _("System")), 0
    rows = Filing.objects.select_for_update(of=("self",)).filter(
        state__in=("approved", "visited"), protected_until__lte=now or timezone.now())
    for filing in rows.order_by("protected_until")[:1000]:
        expire(actor, filing)
        tell({filing.owner_id}, Message("The protection of %(n)s is over.") % {"n": filing.number}, filing)
        number += 1
    return number


@app.periodic(cron="*/5 * * * *")
@app.task(name="filing.expire", queueing_lock="filing.expire")
def expire_all(timestamp):
    """Visit every dealer."""
    context.in_every_tenant("filing.expire", let_expire)
