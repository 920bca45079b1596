"""What happens to customers when nobody does anything: managers are told, then the pool opens (CRM-06)."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from yiwei.kernel import directory
from yiwei.kernel.notify.send import tell
from yiwei.kernel.options import Option
from yiwei.kernel.scope import system
from yiwei.kernel.tenancy import context

from .actions.customer import release
from .models.customer import Customer
from .models.followup import DesignTask


def silent(days):
    """Leads in selling stages whom nobody contacted for so many days."""
    since = timezone.now() - timedelta(days=days)
    never = Q(last_contact=None, created_at__lt=since)
    return Customer.objects.filter(state__in=("lead", "to_measure"), owner__isnull=False).filter(
        never | Q(last_contact__lt=since))


POOL_AFTER = Option("pool_after_days", gettext_lazy("Days without contact until a customer goes to the public pool"), 30, low=1,
                    today=lambda days: silent(days).count())
WARN_AFTER = Option("warn_after_days", gettext_lazy("Days without contact until the store manager is told"), 7, low=1,
                    today=lambda days: silent(days).count())


def let_go():
    """Silent customers go to the public pool after the dealer's limit. Returns how many."""
    days, number = POOL_AFTER.value(), 0
    actor = system(context.tenant_id(), _("System"))
    for customer in silent(days).select_for_update(of=("self",)).order_by("id")[:500]:
        release(actor, customer, reason=_("No contact for %(n)s days") % {"n": days})
        number += 1
    return number


def warn():
    """Tell managers about silent customers, and designers about tasks that become late today."""
    days, by_outlet = WARN_AFTER.value(), {}
    for outlet in silent(days).values_list("outlet_id", flat=True):
        by_outlet[outlet] = by_outlet.get(outlet, 0) + 1
    for outlet, n in by_outlet.items():
        tell(directory.holders(["store_manager"], outlet),
             _("%(n)s customers have not been contacted for %(days)s days.") % {"n": n, "days": days})
    for task in DesignTask.objects.filter(state__in=DesignTask.OPEN, due_on=timezone.localdate()).select_related("customer"):
        tell([task.owner_id], _("Due today: %(kind)s of %(customer)s.") % {
            "kind": task.get_kind_display(), "customer": task.customer.name}, task)


@app.periodic(cron="30 0 * * *")  # 08:30 in China
@app.task(name="crm.daily", queueing_lock="crm.daily")
def daily(timestamp):
    """Visit every dealer."""
    context.in_every_tenant("crm.daily", let_go, warn)
