"""Money and goods: two append-only double-entry ledgers and their balances.

Knows no document, only a reference to one. Every receivable, prepayment, arrear, cost and stock figure of
every room is read from here.
"""

DEPENDS = ("org", "catalog")
