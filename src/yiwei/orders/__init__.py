"""Orders: contract modules, contracts, designs, reviews, amendments, verdicts (ORD)."""

DEPENDS = ("filing", "crm", "ledger", "catalog", "org")
