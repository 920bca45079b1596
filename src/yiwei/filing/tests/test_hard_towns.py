"""Towns of forty kinds of noise, each equally often; the last was never looked at while the matcher was taught."""

import pytest

from yiwei.filing.rules.matching import evaluate

from . import hard_books as towns
from .test_matching_books import measure


def found_in(made):
    return evaluate(made.parties(made.filings, "filing"), made.parties(made.customers, "customer"))


@pytest.mark.parametrize("town, seed", [("river", 1), ("lake", 2), ("coast", 3), ("last", 4), ("last", 5)])
def test_hard_towns(town, seed):
    made = towns.books(town, seed)
    recall, precision, right = measure(found_in(made), {n: row for n, (_kind, row) in made.truth.items()})
    assert recall >= 0.95 and precision >= 0.97 and right >= 0.98, (recall, precision, right)


@pytest.mark.parametrize("town", sorted(towns.TOWNS))
def test_both_sides_write_badly(town):
    made = towns.twice(town, 6)
    found = found_in(made)
    assert sum(f.verdict != "clear" and f.customer_row == made.truth[f.filing_row][1] for f in found) >= 0.97 * len(found)


@pytest.mark.parametrize("kind", sorted(towns.SAME))
def test_one_way_of_writing(kind):
    made = towns.books("lake", 7, each=40, only=kind)
    found = found_in(made)
    assert sum(f.verdict != "clear" and f.customer_row == made.truth[f.filing_row][1] for f in found) >= 0.75 * len(found)


@pytest.mark.parametrize("kind", sorted(towns.UNLIKE))
def test_one_kind_of_look_alike(kind):
    made = towns.books("river", 8, each=40, only=kind)
    found = found_in(made)
    assert sum(f.verdict != "clear" for f in found) <= 0.1 * len(found), [f for f in found if f.verdict != "clear"][:3]
