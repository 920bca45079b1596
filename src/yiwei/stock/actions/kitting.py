"""How complete the goods of an order are, whenever something of them comes or goes (D-26)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import directory
from yiwei.kernel.base.message import Message
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.notify.send import tell
from yiwei.orders.actions import progress
from yiwei.stock.rules import goods

from ..models.arrival import Kitting


def kit(actor, sub):
    """Recompute how complete an order's goods are; at complete, move it on and tell people once (D-26)."""
    row = Kitting.objects.select_for_update(of=("self", "sub")).select_related("sub").filter(sub=sub).first() or goods.kitting_of(sub)
    sub.state, sub.version, row.sub = row.sub.state, row.sub.version, sub
    found = goods.completeness(sub)
    if found == row.state:
        return row
    if found == "complete":
        complete(actor, row)
    else:
        row.state = found
        row.save()
    return row


@action(Kitting, _("Complete the set"), internal=True, icon="packages")
def complete(actor, row):
    """All goods of the order are there: dispatcher, guide and designer are told, once."""
    row.state = "complete"
    sub = row.sub
    progress.reach(actor, sub, "arrived", sources=("released", "purchasing"), locked=True)
    if row.told_at is None:
        row.told_at = timezone.now()
        tell({sub.owner_id, sub.contract.designer_id, *directory.holders(["dispatcher"], sub.outlet_id)},
             Message("All goods of %(n)s (%(c)s) are in the warehouse.") % {"n": sub.number, "c": sub.contract.customer}, sub)
