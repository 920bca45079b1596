"""Base data of the trade: products, prices, suppliers, promotions, reasons, dictionaries, targets (BAS)."""

DEPENDS = ("org",)
