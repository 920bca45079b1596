"""Stock: warehouses, purchasing, arrivals, issues, returns, counts, transfers (STK)."""

DEPENDS = ("orders", "ledger", "catalog", "org")
