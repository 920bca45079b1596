"""Whole books: every filing against every customer, through the keys."""

from collections import defaultdict
from dataclasses import dataclass

from .comparison import CLEAR
from .keys import keys
from .rarity import Rarity
from .verdicts import rank


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one filing; `customer_row` is None where nothing speaks against it."""

    filing_row: object
    verdict: str = CLEAR
    customer_row: object = None
    score: float = 0.0
    cause: str = "unlike"
    fields: tuple = ()

    @property
    def reasons(self):
        """In English."""
        return tuple(f.text for f in self.fields)


def evaluate(filings, customers, rarity=None, among=False):
    """One `Finding` per filing, in order. `among` the filings themselves: each against those before it."""
    filings, customers = list(filings), list(customers)
    rarity = rarity or Rarity.of(filings if among else [*filings, *customers])
    index, out = defaultdict(list), []
    for customer in () if among else customers:
        for key in keys(customer, context=False):
            index[key].append(customer)
    for filing in filings:
        mine = keys(filing, context=False)
        out.append(_finding(filing, mine, index, rarity))
        for key in mine if among else ():
            index[key].append(filing)
    return out


def _finding(filing, mine, index, rarity):
    candidates = {}
    for key in mine:
        candidates |= {id(c): c for c in index.get(key, ())}
    ranked = rank(filing, candidates.values(), rarity)
    if not ranked:
        return Finding(filing.id)
    customer, best = ranked[0]
    row = None if best.verdict == CLEAR else customer.id
    return Finding(filing.id, best.verdict, row, best.score, best.cause, tuple(f for f in best.fields if f.reason))
