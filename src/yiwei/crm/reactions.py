"""What follows by itself in customer work."""

from django.utils.translation import gettext as _

from yiwei.kernel.action.errors import Refused
from yiwei.kernel.reaction import after
from yiwei.org.actions.employee import leave

from . import stage
from .models.customer import Customer
from .models.followup import DesignTask, FollowUp


@after(leave)
def nothing_stays_with_who_leaves(actor, member, data):
    """Open customers and tasks must be handed over first; plans cannot outlive their owner."""
    customers = Customer.objects.filter(owner=member, state__in=stage.OPEN).count()
    tasks = DesignTask.objects.filter(owner=member, state__in=DesignTask.OPEN).count()
    plans = FollowUp.objects.filter(owner=member, state="planned").count()
    if customers or tasks or plans:
        raise Refused(_("Hand over first: %(c)s customers, %(t)s designers' tasks, %(p)s planned contacts.") % {
            "c": customers, "t": tasks, "p": plans})


