"""What flows into finance by itself."""

from yiwei.kernel.records.document import log
from yiwei.kernel.work.reaction import after
from yiwei.orders.actions import review
from yiwei.orders.hooks.deposits import first_deposit
from yiwei.stock.actions import arrival, batch, purchasereturn

from .actions.payable import owe
from .models.receipt import Receipt, Receivable


@after(review.pass_price)
def receivable_appears(actor, sub, data):
    """Price review passed: the receivable stands, with the sub-contract's net amount."""
    found = Receivable.objects.select_for_update(of=("self",)).filter(sub=sub).first()
    if found is None:
        made = Receivable.start(actor, sub=sub, amount=sub.net_amount, outlet_id=sub.outlet_id, owner_id=sub.owner_id,
                                due_on=sub.contract.deliver_on)
        log(actor, made, "orders.subcontract.pass_price", text=sub.number)
    elif found.amount != sub.net_amount:
        found.amount = sub.net_amount
        found.state = "closed" if not found.balance else "partly" if found.written_off else "open"
        found.save()


@after(arrival.review)
def arrival_is_owed(actor, row, data):
    """Received goods, at the agreed price with additions and deductions, are owed to their supplier."""
    owe(actor, row.purchase.supplier, row, row.amount + row.adjustment)


@after(batch.review)
def batch_receipt_is_owed(actor, receipt, data):
    """Batch goods bought are owed; an opening stock is not."""
    if receipt.kind == "purchase":
        owe(actor, receipt.supplier, receipt, receipt.amount)


@after(purchasereturn.credit)
def credit_lowers_what_is_owed(actor, document, data):
    """What a supplier credits stands against his bills."""
    owe(actor, document.supplier, document, -document.credited)


@first_deposit
def first_money(customer_id):
    """The day of a customer's first effective money; by it promotions count (D-22)."""
    rows = Receipt.objects.filter(customer_id=customer_id, state="finance_approved", amount__gt=0)
    return rows.order_by("received_on").values_list("received_on", flat=True).first()
