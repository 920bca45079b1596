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
    reasons: tuple[str, ...] = ()


def evaluate(filings, customers, rarity=None):
    """One `Finding` per filing, in order."""
    filings, customers = list(filings), list(customers)
    rarity = rarity or Rarity.of([*filings, *customers])
    index = defaultdict(list)
    for customer in customers:
        for key in keys(customer, context=False):
            index[key].append(customer)
    return [_finding(filing, index, rarity) for filing in filings]


def _finding(filing, index, rarity):
    candidates = {}
    for key in keys(filing, context=False):
        candidates |= {id(c): c for c in index.get(key, ())}
    ranked = rank(filing, candidates.values(), rarity)
    if not ranked:
        return Finding(filing.id)
    customer, best = ranked[0]
    row = None if best.verdict == CLEAR else customer.id
    return Finding(filing.id, best.verdict, row, best.score, best.cause, tuple(f.text for f in best.fields if f.reason))
