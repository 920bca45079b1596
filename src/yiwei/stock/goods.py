"""Where an order's goods are, and which bins to take them from."""

from decimal import Decimal

from django.db.models import Sum

from yiwei.ledger.models.goods import StockBalance

from .models.arrival import Kitting
from .models.issue import OPEN_STATES, IssueLine
from .models.purchase import PurchaseLine
from .models.warehouse import Bin

NONE = Decimal(0)


def unissued(line):
    """What of an order line is neither issued nor on an open issue."""
    pending = IssueLine.objects.filter(contract_line=line, issue__state__in=OPEN_STATES).aggregate(s=Sum("qty"))["s"]
    return line.qty - line.issued_qty - (pending or NONE)


def bins_of(product_id, sub_key):
    """[(bin, free quantity)] of a product bound to an order (0: batch), the fullest first."""
    rows = StockBalance.objects.filter(product_id=product_id, sub_id=sub_key, virtual=False, qty__gt=0)
    found = dict(rows.values_list("location_id", "qty"))
    kept = IssueLine.objects.filter(product_id=product_id, issue__state__in=("waiting", "picked"),
                                    bin__location_id__in=list(found), batch=sub_key == 0)
    kept = kept.filter(issue__sub_id=sub_key) if sub_key else kept
    for location, qty in kept.values_list("bin__location_id").annotate(s=Sum("qty")):
        found[location] -= qty
    bins = Bin.objects.filter(location_id__in=list(found)).exclude(
        warehouse__kind__in=("scrap", "holding")).select_related("warehouse", "location").order_by("id")
    return sorted(((b, found[b.location_id]) for b in bins if found[b.location_id] > 0), key=lambda p: -p[1])


def allocate(line, qty):
    """Take `qty` of an order line from its bins: [(bin, quantity)]; less if there is not enough."""
    out, left = [], qty
    for place, free in bins_of(line.product_id, 0 if line.from_stock else line.sub_id):
        if left <= 0:
            break
        out.append((place, min(free, left)))
        left -= out[-1][1]
    return out


def received(sub):
    """{order line id: quantity received for it}."""
    rows = PurchaseLine.objects.filter(contract_line__sub=sub).exclude(purchase__state="cancelled")
    return dict(rows.values_list("contract_line_id").annotate(s=Sum("received_qty")))


def completeness(sub):
    """none, partial or complete: received, in batch stock, or issued already."""
    arrived, ready, some = received(sub), True, False
    for line in sub.lines.all():
        have = line.issued_qty if line.from_stock else arrived.get(line.pk) or NONE
        if line.from_stock:
            have += sum((free for _bin, free in bins_of(line.product_id, 0)), NONE)
        elif have > 0:
            some = True
        ready = ready and have >= line.qty
    return "complete" if ready else "partial" if some else "none"


def kitting_of(sub):
    return Kitting.objects.get_or_create(sub=sub)[0]
