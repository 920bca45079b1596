"""What flows into finance by itself."""

from yiwei.kernel.document import log
from yiwei.kernel.reaction import after
from yiwei.orders.actions import review

from .models.receipt import Receivable


@after(review.pass_price)
def receivable_appears(actor, sub, data):
    """Price review passed: the receivable stands, with the sub-contract's net amount."""
    found = Receivable.objects.filter(sub=sub).first()
    if found is None:
        made = Receivable.start(actor, sub=sub, amount=sub.net_amount, outlet_id=sub.outlet_id, owner_id=sub.owner_id,
                                due_on=sub.contract.deliver_on)
        log(actor, made, "orders.subcontract.pass_price", text=sub.number)
    elif found.amount != sub.net_amount:
        found.amount = sub.net_amount
        found.save()
