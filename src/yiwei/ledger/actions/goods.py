"""Move goods and read what is where."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from yiwei.kernel.base.errors import Refused
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.records.tenancy.context import tenant_id
from yiwei.ledger.models.goods import VIRTUAL, GoodsMove, Location, ProductCost, StockBalance


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


def _held(wanted):
    """{(product, order): [quantity, value]} of the moving average; others wait for these products meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, p) from unnest(%s::int[]) p",
                       [tenant_id() or 0, sorted({product % 2**31 for product, _sub in wanted})])
    rows = ProductCost.objects.filter(product_id__in={p for p, _sub in wanted}, sub_id__in={s for _p, s in wanted})
    return {(r.product_id, r.sub_id): [r.qty, r.value] for r in rows}


def _take(held, product_id, qty, sub_id):
    """Value of a quantity by the moving average; the last piece takes what is left."""
    found = held.get((product_id, sub_id))
    if found is None or found[0] <= 0:
        return ZERO
    value = found[1] if qty >= found[0] else round2(found[1] * qty / found[0])
    found[0], found[1] = found[0] - qty, found[1] - value
    return value


def move_each(actor, kind, source, moves, *, at=None):
    """Write moves in one statement; the database refuses to take what is not there. Returns the value of each."""
    if any(m.qty <= 0 for m in moves):
        raise Refused(_("A quantity must be above zero."))
    crossing = [m.source.virtual != m.target.virtual for m in moves]
    asked = {(m.product.pk, m.sub_id) for m, crosses in zip(moves, crossing, strict=True) if crosses and m.value is None}
    held = _held(asked) if asked else {}
    values = [m.value if m.value is not None else _take(held, m.product.pk, m.qty, m.sub_id) if crosses else ZERO
              for m, crosses in zip(moves, crossing, strict=True)]
    rows = [GoodsMove(
        kind=kind, product=m.product, qty=m.qty, value=value, from_location=m.source, to_location=m.target,
        sub_id=m.sub_id, source_model=source._meta.label_lower, source_id=source.pk,
        source_text=str(source)[:60], actor_id=actor.id, **({"at": at} if at else {}))
        for m, value in zip(moves, values, strict=True)]
    rows.sort(key=lambda r: (r.product_id, r.from_location_id, r.to_location_id))
    GoodsMove.objects.bulk_create(rows)
    return values


def move(actor, kind, source, moves, *, at=None):
    """Write moves in one statement. Returns their total value."""
    return sum(move_each(actor, kind, source, moves, at=at), ZERO)


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
