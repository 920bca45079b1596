"""Loading a dealer's own workbooks: staff, price list, customers, filings, mall statement, opening stock."""

DEPENDS = ("finance", "stock", "filing", "crm", "ledger", "catalog", "org")
