"""Where an order's goods are, and which bins to take them from."""

from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery, Sum

from yiwei.kernel.base import deferred
from yiwei.ledger.models.goods import StockBalance
from yiwei.stock.models.arrival import Kitting
from yiwei.stock.models.conversion import StockConversion
from yiwei.stock.models.issue import OPEN_STATES, IssueLine
from yiwei.stock.models.purchase import PurchaseLine
from yiwei.stock.models.warehouse import Bin

from .packing import held_up

NONE = Decimal(0)


def on_open_issues():
    """What of an order line is on an open issue, for annotating lines."""
    rows = IssueLine.objects.filter(contract_line=OuterRef("pk"), issue__state__in=OPEN_STATES).order_by()
    return Subquery(rows.values("contract_line").annotate(s=Sum("qty")).values("s"))


def unissued(lines):
    """{order line id: what of it is neither issued nor on an open issue} of lines annotated with `kept=on_open_issues()`."""
    return {ln.pk: ln.qty - ln.issued_qty - (ln.kept or NONE) for ln in lines}


def bins_of(wanted):
    """{(product id, order id or 0 for batch): [[bin, free quantity], …]} for such keys, the fullest first."""
    products, orders = {p for p, _o in wanted}, {o for _p, o in wanted}
    rows = StockBalance.objects.filter(product_id__in=products, sub_id__in=orders, virtual=False, qty__gt=0)
    found = {(p, o, place): qty for p, o, place, qty in rows.values_list("product_id", "sub_id", "location_id", "qty")}
    kept = IssueLine.objects.filter(Q(batch=True) | Q(issue__sub_id__in=orders), product_id__in=products,
                                    issue__state__in=("waiting", "picked"))
    kept = kept.values_list("product_id", "batch", "issue__sub_id", "bin__location_id").annotate(s=Sum("qty"))
    for product, batch, order, place, qty in kept.order_by() if found else ():
        key = (product, 0 if batch else order, place)
        if key in found:
            found[key] -= qty
    bins = {b.location_id: b for b in Bin.objects.filter(location_id__in={k[2] for k in found}).exclude(
        warehouse__kind__in=("scrap", "holding")).select_related("warehouse", "location")} if found else {}
    out = {key: [] for key in wanted}
    for (product, order, place), qty in found.items():
        if qty > 0 and place in bins and (product, order) in out:
            out[product, order].append([bins[place], qty])
    return {key: sorted(places, key=lambda p: (-p[1], p[0].pk)) for key, places in out.items()}


def key_of(line):
    """Under which key the goods of an order line lie in stock."""
    return line.product_id, 0 if line.from_stock else line.sub_id


def allocate(wanted):
    """Take quantities of order lines from their bins: [(line, quantity)] gives [(line, bin, quantity)], less where less is there."""
    free, out = bins_of({key_of(line) for line, _qty in wanted}), []
    for line, qty in wanted:
        for place in free[key_of(line)]:
            part = min(place[1], qty)
            if part > 0:
                out.append((line, place[0], part))
                place[1] -= part
                qty -= part
    return out


def converted_to(*states):
    """What of an order line was taken out of batch stock for it (STK-13), for annotating lines."""
    rows = StockConversion.objects.filter(line=OuterRef("pk"), direction="to_order", state__in=states).order_by()
    return Subquery(rows.values("line").annotate(s=Sum("qty")).values("s"))


def converted(line):
    """What of an order line has been asked for out of batch stock or is there already."""
    rows = StockConversion.objects.filter(line=line, direction="to_order", state__in=("requested", "moved"))
    return rows.aggregate(s=Sum("qty"))["s"] or NONE


def waited_for(sub):
    """The lines a complete order must have, each with what has been `received`; packages that do not count are not waited for (BAS-03)."""
    bought = PurchaseLine.objects.filter(contract_line=OuterRef("pk")).exclude(purchase__state="cancelled").order_by()
    bought = bought.values("contract_line").annotate(s=Sum("received_qty")).values("s")
    lines = list(sub.lines.exclude(product__package_name__counts_for_kitting=False).annotate(
        received=Subquery(bought), converted=converted_to("moved")))
    for line in lines:
        line.received = (line.received or NONE) + (line.converted or NONE)
    return lines


def completeness(sub):
    """none, partial or complete: received (and no package of it missing), in batch stock, or issued already."""
    ready, some, lines = True, False, waited_for(sub)
    batch = {key_of(ln) for ln in lines if ln.from_stock}
    free = {key: sum((qty for _bin, qty in places), NONE) for key, places in (bins_of(batch) if batch else {}).items()}
    for line in lines:
        have = line.issued_qty + free[key_of(line)] if line.from_stock else line.received or NONE
        some = some or (not line.from_stock and have > 0)
        ready = ready and have >= line.qty
    if ready and not held_up(sub):
        return "complete"
    return "partial" if ready or some else "none"


def expect(sub):
    """From now on it is watched how complete the order's goods are."""
    deferred.write(deferred.inserts(Kitting, or_nothing=True), Kitting(sub=sub))


def kitting_of(sub):
    return Kitting.objects.get_or_create(sub=sub)[0]
