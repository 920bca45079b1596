"""Customers: traffic, customers, houses, follow-ups, designers' tasks (CRM-01, CRM-05 to -07)."""

DEPENDS = ("org", "catalog")
