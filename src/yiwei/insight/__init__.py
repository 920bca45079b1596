"""Reports across rooms and the first pages of the roles (RPT)."""

DEPENDS = ("rebate", "finance", "service", "stock", "orders", "filing", "crm", "ledger", "catalog", "org")
