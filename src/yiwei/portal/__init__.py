"""Pages for customers and partners without sign-in, by signed link."""

DEPENDS = ("finance", "service", "stock", "orders", "filing", "crm", "ledger", "catalog", "org")
