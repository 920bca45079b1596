"""Move goods and read what is where."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from yiwei.kernel.action.errors import Refused
from yiwei.kernel.money import ZERO, round2
from yiwei.kernel.tenancy.context import tenant_id

from .models.goods import VIRTUAL, GoodsMove, Location, ProductCost, StockBalance


@dataclass(frozen=True)
class Move:
    """A quantity of a product from one location to another. `value` in yuan; None takes the moving average."""

    product: object
    qty: Decimal
    source: object
    target: object
    sub_id: int = 0
    value: Decimal | None = None


def virtual(kind):
    """The one virtual location of a kind: supplier, customer, variance, scrap, opening, consumed."""
    found = Location.objects.filter(kind=kind, virtual=True).first()
    return found or Location.objects.create(kind=kind, name=f"({kind})", virtual=True)


def location(name, kind="bin"):
    """The location of a name, made when missing."""
    return Location.objects.get_or_create(name=name, defaults={"kind": kind, "virtual": kind in VIRTUAL})[0]


def cost_of(product_id, qty, sub_id=0):
    """Value of a quantity by the moving average; the last piece takes what is left. Others wait for this product."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [tenant_id() or 0, product_id % 2**31])
    row = ProductCost.objects.filter(product_id=product_id, sub_id=sub_id).first()
    if row is None or row.qty <= 0:
        return ZERO
    return row.value if qty >= row.qty else round2(row.value * qty / row.qty)


def move(actor, kind, source, moves, *, at=None):
    """Write moves in one statement; the database refuses to take what is not there. Returns their total value."""
    rows = []
    for m in moves:
        if m.qty <= 0:
            raise Refused(_("A quantity must be above zero."))
        crossing = m.source.virtual != m.target.virtual
        value = m.value if m.value is not None else cost_of(m.product.pk, m.qty, m.sub_id) if crossing else ZERO
        rows.append(GoodsMove(
            kind=kind, product=m.product, qty=m.qty, value=value, from_location=m.source, to_location=m.target,
            sub_id=m.sub_id, source_model=source._meta.label_lower, source_id=source.pk,
            source_text=str(source)[:60], actor_id=actor.id, **({"at": at} if at else {})))
    rows.sort(key=lambda r: (r.product_id, r.from_location_id, r.to_location_id))
    GoodsMove.objects.bulk_create(rows)
    return sum((r.value for r in rows), ZERO)


def moves_of(source):
    return GoodsMove.objects.filter(source_model=source._meta.label_lower, source_id=source.pk).order_by("id")


def on_hand(product_id, *, sub_id=0, location_id=None):
    """Quantity in own locations."""
    rows = StockBalance.objects.filter(product_id=product_id, sub_id=sub_id, virtual=False)
    if location_id:
        rows = rows.filter(location_id=location_id)
    return rows.aggregate(s=Sum("qty"))["s"] or ZERO


def average(product_id):
    """Moving average of batch goods, to four places; None where there are none."""
    row = ProductCost.objects.filter(product_id=product_id, sub_id=0).first()
    return (row.value / row.qty).quantize(Decimal("0.0001")) if row and row.qty else None
