"""Service: drivers, vehicles, deliveries, installation, revisits, tickets (SVC)."""

DEPENDS = ("stock", "orders", "ledger", "crm", "catalog", "org")
