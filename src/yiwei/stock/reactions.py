"""What release sets going in stock."""

from yiwei.kernel.reaction import after
from yiwei.orders.actions.review import release

from . import goods
from .actions import arrival, purchase


@after(release)
def purchase_demand(actor, sub, data):
    """The released order appears in purchasing without typing (D-25); what batch stock covers needs no purchase."""
    if purchase.demand(actor, sub) or not all(line.from_stock for line in sub.lines.all()):
        goods.expect(sub)
    else:
        arrival.kit(actor, sub)
