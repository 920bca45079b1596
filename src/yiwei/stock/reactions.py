"""What release sets going in stock."""

from django.db.models import Avg, Count, F, Q, Sum
from django.utils.translation import gettext as _

from yiwei.catalog.hooks.performance import tells
from yiwei.kernel.base.money import money_text, percent
from yiwei.kernel.work.reaction import after
from yiwei.ledger.actions import goods as places
from yiwei.orders.actions import progress
from yiwei.orders.actions.review import release
from yiwei.orders.actions.standing import resume
from yiwei.org.actions.outlet import copy

from .actions import conversion, kitting, purchase
from .models.arrival import Kitting
from .models.claim import FactoryClaim
from .models.purchase import PurchaseOrder
from .models.warehouse import Bin, Warehouse
from .rules import goods


@after(release)
def purchase_demand(actor, sub, data):
    """The released order appears in purchasing without typing (D-25); what batch stock covers needs no purchase."""
    if purchase.demand(actor, sub) or not all(line.from_stock for line in sub.lines.all()):
        goods.expect(sub)
    else:
        kitting.kit(actor, sub)


@after(resume)
def goods_came_meanwhile(actor, sub, data):
    """What arrived while the order was suspended counts from now on."""
    if Kitting.objects.filter(sub=sub, state="complete").exists():
        progress.reach(actor, sub, "arrived", sources=("released", "purchasing"), locked=True)


@after(conversion.approve)
def more_complete(actor, document, data):
    """An order under way to which batch goods were given is more complete than before."""
    if document.direction == "to_order" and document.sub.state in ("released", "purchasing"):
        kitting.kit(actor, document.sub)


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


@tells
def claims(actor, supplier):
    """What of the claims on a supplier was accepted, by number and by amount (BAS-12)."""
    found = FactoryClaim.objects.filter(supplier=supplier, answered_on__isnull=False).aggregate(
        all=Count("pk"), good=Count("pk", filter=Q(state__in=("accepted", "settled"))), asked=Sum("claimed"), got=Sum("accepted"))
    waiting = FactoryClaim.objects.filter(supplier=supplier, state="open").exclude(kind="more").count()
    if not found["all"]:
        return [{"label": _("Claims open"), "text": str(waiting), "tone": "orange"}] if waiting else []
    rate = percent(found["good"], found["all"], 1)
    card = {"label": _("Claims accepted"), "text": f"{rate} %", "tone": "green" if rate >= 80 else "orange",
            "sub": _("%(a)s of %(b)s, %(n)s open") % {"a": found["good"], "b": found["all"], "n": waiting}}
    if not actor.sees("cost") or not found["asked"]:
        return [card]
    return [card, {"label": _("Of the amount claimed"), "text": f"{percent(found['got'] or 0, found['asked'], 1)} %",
                   "sub": _("%(a)s of %(b)s") % {"a": money_text(found["got"] or 0), "b": money_text(found["asked"])}}]


@after(copy)
def warehouses_alike(actor, outlet, data):
    """A new outlet gets warehouses like those of the other, empty and with one bin each (D-55)."""
    for number, like in enumerate(Warehouse.objects.filter(outlet=data["like"], active=True).order_by("id"), 1):
        code = f"{outlet.code[:16]}-{number}"
        house = Warehouse.objects.create(code=code, name=f"{outlet.name} {like.get_kind_display()} {number}"[:60], kind=like.kind, outlet=outlet,
                                         is_default=like.is_default, created_by_id=actor.id)
        kind = {"transit": "transit", "outlet": "outlet"}.get(house.kind, "bin")
        Bin.objects.create(warehouse=house, code="A-01", location=places.location(f"{code}/A-01", kind), created_by_id=actor.id)
