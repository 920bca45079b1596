"""Packages of arrivals by the labels of headquarters: what should come, what they mean, and what is wrong with them (BAS-03, STK-04)."""

from collections import Counter
from math import ceil

from yiwei.catalog.models.package import ProductPart
from yiwei.catalog.rules.packages import key_of, resolve
from yiwei.stock.models.arrival import ArrivalPackage
from yiwei.stock.models.claim import FactoryClaim

WAITING = ("open", "accepted", "refused")   # claims whose packages have not come
COUNTED = ("unit", "set", "cabinet")        # pricing methods whose quantity says how often the packages come; others come once a line


def due(wanted):
    """{package name's id: packages} for [(product, quantity, whether it is the last of its line)], by the packing lists."""
    out, parts = Counter(), {}
    for part in ProductPart.objects.filter(product_id__in={p.pk for p, _qty, _last in wanted}).order_by("package_name__place", "id"):
        parts.setdefault(part.product_id, []).append(part)
    for product, qty, last in wanted:
        times = ceil(qty) if product.method in COUNTED else int(last)
        for part in parts.get(product.pk, ()):
            out[part.package_name_id] += part.count * times
    return out


def expected(order):
    """[{"label", "expected"}] of what is still to come: by the packing lists of the open lines, and what was claimed."""
    lines = [ln for ln in order.lines.select_related("product").order_by("id") if ln.open_qty > 0]
    coming, out = due([(ln.product, ln.open_qty, True) for ln in lines]), Counter()
    names = dict(ProductPart.objects.filter(package_name_id__in=coming).values_list("package_name_id", "package_name__name"))
    for pk, count in coming.items():
        out[names[pk]] += count
    for claim in missing(order):
        out[claim.package_name.name if claim.package_name else claim.label] += claim.packages
    return [{"label": label, "expected": count} for label, count in out.items() if label and count]


def missing(order):
    """Claims of an order whose packages have not come yet, the oldest first."""
    rows = FactoryClaim.objects.filter(arrival__purchase=order, kind__in=("short", "damaged"), state__in=WAITING)
    return list(rows.select_related("package_name").order_by("id"))


def write(actor, arrival, rows):
    """Keep the packages of an arrival. Gives (package, what it was told to be expected, or None) with what the labels mean."""
    meant = resolve({row["label"] for row in rows})
    made = [ArrivalPackage(arrival=arrival, package_name=meant[row["label"]], created_by_id=actor.id,
                           **{n: row[n] or 0 for n in ("expected", "received", "damaged")}, label=row["label"]) for row in rows]
    return list(zip(ArrivalPackage.objects.bulk_create(made), [row["expected"] for row in rows], strict=True))


def exceptions(package, told, by_list, claimed, settled):
    """[(kind, how many)] that are wrong with the packages of a label.

    `told` is what somebody typed as expected; `by_list` what the packing lists say of the goods that came, given where it is to
    count too: then the smaller holds, so that what comes with a later truck is not missed now. `claimed` of it were claimed
    before, `settled` of these now.
    """
    should = [n for n in (told, None if by_list is None else by_list + claimed) if n is not None]
    found = [("damaged", package.damaged)]
    if should:
        found += [("short", min(should) - package.received - (claimed - settled)), ("more", package.received - max(should))]
    return [(kind, n) for kind, n in found if n > 0]


def same(package, claim):
    """Whether a package is one that was claimed."""
    if package.package_name_id or claim.package_name_id:
        return package.package_name_id == claim.package_name_id
    return key_of(package.label) == key_of(claim.label)


def held_up(sub):
    """Whether packages are missing without which the order's goods are not complete."""
    return FactoryClaim.objects.filter(arrival__purchase__sub=sub, holds=True, kind__in=("short", "damaged"), state__in=WAITING).exists()
