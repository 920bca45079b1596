"""Finance: receipts and reviews, mall and decoration collections, receivables, payables, pay (FIN)."""

DEPENDS = ("service", "stock", "orders", "filing", "ledger", "crm", "catalog", "org")
