"""Labels of packages as they are typed, scanned or imported, and what they mean (BAS-03)."""

import re
import unicodedata

from yiwei.catalog.models.package import PackageLabel, PackageName

DROPPED = re.compile(r"[\s·_/\\.,，、()\[\]【】#:：*×-]+")                 # as catalog_package_key() drops them in the database
COUNTER = re.compile(r"[\s(（#第-]*\d+\s*(?:[/of共\-]+\s*\d+)?\s*[包件)）]*\s*$")  # “柜身 1/3”, “门板-02”, “五金（第3包）”


def key_of(label):
    """A label as it is compared."""
    return DROPPED.sub("", unicodedata.normalize("NFKC", str(label or "")).lower())


def resolve(labels):
    """{label: package name or None}: by the whole label, else without the number of the package at its end."""
    keys = {label: [k for k in dict.fromkeys((key_of(label), key_of(COUNTER.sub("", str(label))))) if k] for label in labels}
    known = dict(PackageLabel.objects.filter(key__in={k for found in keys.values() for k in found}).values_list("key", "package_id"))
    names = PackageName.objects.in_bulk(set(known.values()))
    return {label: next((names.get(known[k]) for k in found if k in known), None) for label, found in keys.items()}


def taken(labels, but=None):
    """{label: the other package name it means already}."""
    keys = {key_of(label): label for label in labels if key_of(label)}
    rows = PackageLabel.objects.filter(key__in=keys)
    rows = rows.exclude(package_id=but.pk) if but else rows
    found = dict(rows.values_list("key", "package_id"))
    names = PackageName.objects.in_bulk(set(found.values()))
    return {keys[k]: names[pk] for k, pk in found.items()}


def split(aliases):
    """The single aliases of the text in which they are kept."""
    return [a.strip() for a in re.split(r"[,，、;；]+", aliases or "") if a.strip()]
