"""Paper: what the house prints as PDF, by typst. A room's template says how it looks, the frame around it is the house's (`house.typ`).

    class PriceLists(Register):
        papers = [Paper("list", _("Price list"), "catalog/pricelist", data)]   # src/yiwei/catalog/paper/pricelist.typ

`data(actor, obj)` gives plain values: `title`, further `edition`, `facts` [(label, text)], `stamp`, `wide`, `rows` (how many, for the
list of what was taken out) and what the template takes. The template imports `/kernel/paper/house.typ` and begins `#show: paper`.
Values never become markup: they go in as JSON. Every list prints by itself (`list.typ`).
"""

from .paper import Paper

__all__ = ["Paper"]
