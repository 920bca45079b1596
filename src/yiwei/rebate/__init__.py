"""Channel rebates: items, policies, applications, settlement (REB)."""

DEPENDS = ("finance", "orders", "filing", "ledger", "catalog", "org")
