"""The operator's side: dealers opened and suspended, support by the dealer's grant, the first steps of a new dealer (SYS)."""

DEPENDS = ("finance", "stock", "catalog", "org")
