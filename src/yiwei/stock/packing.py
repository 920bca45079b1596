"""Packages of arrivals by the labels of headquarters: what should come, what they mean, and what is wrong with them (BAS-03, STK-04)."""

from collections import Counter
from math import ceil

from yiwei.catalog.models.package import ProductPart
from yiwei.catalog.packages import key_of, resolve

from .models.arrival import ArrivalPackage
from .models.claim import FactoryClaim

WAITING = ("open", "accepted", "refused")   # claims whose packages have not come


def expected(order):
    """[{"label", "expected"}] of what is still to come: the packing lists of the open lines, and what was claimed."""
    out, open_ = Counter(), {ln.product_id: ln.open_qty for ln in order.lines.all() if ln.open_qty > 0}
    parts = ProductPart.objects.filter(product_id__in=open_).select_related("package_name").order_by("package_name__place", "id")
    for part in parts:
        out[part.package_name.name] += ceil(open_[part.product_id]) * part.count
    for claim in missing(order):
        out[claim.package_name.name if claim.package_name else claim.label] += claim.packages
    return [{"label": label, "expected": count} for label, count in out.items() if label]


def missing(order):
    """Claims of an order whose packages have not come yet, the oldest first."""
    rows = FactoryClaim.objects.filter(arrival__purchase=order, kind__in=("short", "damaged"), state__in=WAITING)
    return list(rows.select_related("package_name").order_by("id"))


def write(actor, arrival, rows):
    """Keep the packages of an arrival. Returns them with what their labels mean."""
    meant = resolve({row["label"] for row in rows})
    made = [ArrivalPackage(arrival=arrival, package_name=meant[row["label"]], created_by_id=actor.id,
                           **{n: row[n] or 0 for n in ("expected", "received", "damaged")}, label=row["label"]) for row in rows]
    return ArrivalPackage.objects.bulk_create(made)


def exceptions(package, claimed):
    """[(kind, how many)] that are wrong; what was claimed before (`claimed` packages) is not claimed again."""
    short = package.expected - package.received
    found = [("short", short - claimed), ("damaged", package.damaged), ("more", -short)]
    return [(kind, n) for kind, n in found if n > 0]


def same(package, claim):
    """Whether a package is one that was claimed."""
    if package.package_name_id or claim.package_name_id:
        return package.package_name_id == claim.package_name_id
    return key_of(package.label) == key_of(claim.label)


def held_up(sub):
    """Whether packages are missing without which the order's goods are not complete."""
    return FactoryClaim.objects.filter(arrival__purchase__sub=sub, holds=True, kind__in=("short", "damaged"), state__in=WAITING).exists()
