"""The demonstration dealer: real-looking books and a year of business made through the actions themselves."""

DEPENDS = ("books", "insight", "portal", "platform", "rebate", "finance", "service", "stock", "orders", "filing", "crm", "ledger",
           "catalog", "org")
