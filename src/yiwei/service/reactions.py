"""What flows into service by itself."""

from django.utils.translation import gettext as _

from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.document import log
from yiwei.kernel.work.notify.send import tell
from yiwei.kernel.work.reaction import after
from yiwei.orders.actions.review import release
from yiwei.org.actions.handover import leave

from .actions import install, revisit, site
from .models.delivery import Delivery
from .models.fleet import Driver


@after(release)
def dispatch_entry(actor, sub, data):
    """The released order stands in the dispatcher's list without typing (D-25)."""
    install.appear(actor, sub)


@after(site.complete)
def revisit_due(actor, order, data):
    """An installation that is complete is followed by a call."""
    if order.visit == 1:
        revisit.plan(actor, order)


@after(leave)
def trips_of_a_driver_who_leaves(actor, member, data):
    """Planned trips go to the successor if he drives, else back to the dispatcher; nobody leaves with goods on the vehicle (D-08)."""
    trips = Delivery.objects.select_for_update(of=("self",)).filter(driver__employee=member, state__in=("planned", "loaded", "on_way"))
    trips = list(trips.order_by("id"))
    away = [t.number for t in trips if t.state != "planned"]
    if away:
        raise Refused(_("Goods are on the vehicle: %(trips)s. They must be delivered first.") % {"trips": "、".join(away)})
    heir = Driver.objects.filter(employee=data.get("successor"), active=True).first() if data.get("successor") else None
    for trip in trips:
        trip.driver = heir
        trip.touch()
        trip.save()
        log(actor, trip, "handed", text=f"{member} → {heir or '–'}")
        if heir is None:
            tell(directory.holders(["dispatcher"], trip.outlet_id), Message("%(trip)s has no driver any more.") % {"trip": trip.number}, trip)
