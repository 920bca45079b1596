"""Whether two parties are one household: a filing, a customer, a visit. Pure Python on plain dataclasses.

`party` makes one out of raw fields, `keys` says under which keys to look it up (equality only), `compare` weighs two
of them field by field and gives the reasons, `rank` orders the candidates of a filing, `evaluate` runs whole books.
"""

from .books import evaluate
from .comparison import Comparison, FieldMatch
from .keys import CONTEXT_KINDS, keys
from .parties import Party, party
from .rarity import Rarity
from .verdicts import RULES, compare, rank

__all__ = ["CONTEXT_KINDS", "RULES", "Comparison", "FieldMatch", "Party", "Rarity", "compare", "evaluate", "keys", "party",
           "rank"]
