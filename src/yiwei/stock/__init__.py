"""Stock: warehouses, purchasing, arrivals, issues, returns, counts, transfers (STK)."""

DEPENDS = ("orders", "ledger", "crm", "catalog", "org")
