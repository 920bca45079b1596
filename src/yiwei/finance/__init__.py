"""Finance: receipts and reviews, mall and decoration collections, receivables, payables, pay (FIN)."""

DEPENDS = ("service", "stock", "orders", "ledger", "crm", "catalog", "org")
