"""What release sets going in stock."""

from django.db.models import Avg, Count, F, Q
from django.utils.translation import gettext as _

from yiwei.catalog.performance import tells
from yiwei.kernel.money import percent
from yiwei.kernel.reaction import after
from yiwei.orders.actions.review import release

from . import goods
from .actions import arrival, purchase
from .models.purchase import PurchaseOrder


@after(release)
def purchase_demand(actor, sub, data):
    """The released order appears in purchasing without typing (D-25); what batch stock covers needs no purchase."""
    if purchase.demand(actor, sub) or not all(line.from_stock for line in sub.lines.all()):
        goods.expect(sub)
    else:
        arrival.kit(actor, sub)


@tells
def on_time(actor, supplier):
    """How many of a supplier's deliveries arrived by the promised day, and how long they took."""
    found = PurchaseOrder.objects.filter(supplier=supplier, arrived_on__isnull=False, promised_on__isnull=False).aggregate(
        all=Count("pk"), good=Count("pk", filter=Q(arrived_on__lte=F("promised_on"))), took=Avg(F("arrived_on") - F("placed_on")))
    if not found["all"]:
        return []
    rate = percent(found["good"], found["all"], 1)
    cards = [{"label": _("On time"), "text": f"{rate} %", "tone": "green" if rate >= 90 else "orange",
              "sub": _("%(a)s of %(b)s deliveries") % {"a": found["good"], "b": found["all"]}}]
    if found["took"] is not None:
        cards.append({"label": _("Days from order to arrival"), "text": f"{found['took'].days}"})
    return cards
