"""A dealer's raw books of a hard town, with their truth."""

import random
from dataclasses import dataclass, field, replace

from yiwei.filing.rules.matching import party

from .hard_noise import FIRM, FLATS, PHASES, SAME, SHAPES, UNITS, UNLIKE
from .hard_towns import TOWNS, Town


@dataclass
class Books:
    """Raw rows, for each filing its kind and the customer's row or None, and the other names of estates that the dealer keeps."""

    customers: list = field(default_factory=list)
    filings: list = field(default_factory=list)
    truth: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=dict)

    def parties(self, rows, kind):
        return [party(n, kind, name=r["name"], phones=[r["phone"], r["spare"]], community=r["community"], house=r["address"],
                      remark=r["remark"], aliases=self.aliases) for n, r in rows]


def fitting(t, kind):
    """A household to which a kind of noise can be done."""
    given = {"shape": SHAPES.get(kind) or ("flat" if kind in FLATS else None)}
    if kind in PHASES:
        given |= {"phase": t.rng.choice((1, 2)), "shape": "flat"}
    if kind in ("alias", "sister_estate", "estate_slip", "bare_estate", "county", "renamed_city", "region_first", "two_houses"):
        given["shape"] = "flat"
    h = t.home(**given)
    if kind in UNITS and not h.unit:
        h = replace(h, unit=t.rng.randint(1, 3))
    if kind == "floor_flat":
        h = replace(h, unit=0)
    return h


def books(town, seed, each=12, strangers=400, only=None):
    """`each` filings of every kind among customers of whom many are nobody's rival."""
    t = Town(TOWNS[town], seed)
    t.aliases = other_names(t)
    made = Books(aliases={other: name for name, other in t.aliases.items()})
    kinds = [only] if only else sorted(SAME | UNLIKE)
    for kind in kinds:
        for _ in range(each):
            h = fitting(t, kind)
            number, filing = len(made.customers) + 2, len(made.filings) + 2
            made.customers.append((number, _customer(t, h, kind)))
            made.filings.append((filing, (SAME | UNLIKE)[kind](t, h)))
            made.truth[filing] = (kind, number if kind in SAME else None)
    for _ in range(strangers):
        made.customers.append((len(made.customers) + 2, _customer(t, t.home(), "")))
    return made


HOMES = ("floor_flat", "bare_flat", "backwards", "house_in_remark", "decorated", "street_first", "region_first", "county", "renamed_city", "numerals", "padded",
         "unit_words", "wide_and_old", "name_in_address", "two_houses", "alias")


def twice(town, seed, size=300):
    """Books in which both sides write the home in a noisy way, each in another."""
    t = Town(TOWNS[town], seed)
    t.aliases = other_names(t)
    made = Books(aliases={other: name for name, other in t.aliases.items()})
    while len(made.filings) < size:
        kinds = t.rng.sample(HOMES, 2)
        bare = "floor_flat" in kinds
        if bare and UNITS & set(kinds):
            continue
        h = t.home("flat", phase=0)
        h = replace(h, unit=0 if bare else h.unit or 2)
        number = len(made.filings) + 2
        made.customers.append((number, SAME[kinds[0]](t, h)))
        made.filings.append((number, SAME[kinds[1]](t, h)))
        made.truth[number] = ("|".join(kinds), number)
    return made


def other_names(t):
    """Another name for each estate of a town."""
    return {root + random.Random(root).choice(t.place.ends): f"{t.rng.choice('金银碧翠')}{root[::-1]}{t.rng.choice('台轩阁邸')}" for root in t.place.roots}


def _customer(t, h, kind):
    """The dealer's own row: two numbers, or three in their cells."""
    spare = f"{h.spare}/{h.third}" if kind == "third_number" else h.spare if kind in ("spouses_number",) or t.rng.random() < .3 else ""
    given = {"spare": spare}
    if kind == "firms_number":
        given["phone"] = FIRM
    if kind == "sales_office":
        given["address"] = "售楼处"
    if kind in ("county", "renamed_city"):
        given["community"] = t.pick("", f"{t.place.city}市") + t.where(h)
    if kind == "other_city":
        given |= {"community": "", "address": f"{t.place.city}市{t.where(h)}{t.house(h)}"}
    return t.row(h, **given)
