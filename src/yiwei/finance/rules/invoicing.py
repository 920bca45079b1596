"""What of a customer's money may be invoiced (FIN-09): effective receipts − what is invoiced already, requests included."""

from django.db.models import Sum

from yiwei.kernel.base.money import ZERO
from yiwei.ledger.models.money import MoneyBalance
from yiwei.orders.models.contract import SubContract

from ..models.invoice import Invoice


def received(customer):
    """Effective receipts of all orders of a customer, in yuan."""
    subs = SubContract.objects.filter(contract__customer=customer).values_list("pk", flat=True)
    return -(MoneyBalance.objects.filter(account="received", sub_id__in=list(subs)).aggregate(s=Sum("amount"))["s"] or ZERO)


def invoiced(customer):
    """What invoices and requests for them sum to; red ones count negative."""
    return Invoice.objects.filter(customer=customer).exclude(state="refused").aggregate(s=Sum("amount"))["s"] or ZERO


def invoiceable(customer):
    """What may still be asked for."""
    return received(customer) - invoiced(customer)
