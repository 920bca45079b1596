"""Receipts on the customer's story, and the money in the head of his page that is not yet effective."""

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.money import money_text
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers import beside
from yiwei.kernel.screens.registers.onward import step

from ..actions.receipt import create
from ..models.receipt import Receipt
from .finance import Receipts

step(Customer, create, "to_pay")
beside.chapter(Customer, key="money", label=_("Money"), icon="cash", color="green", model=Receipt, path="customer", at="created_at",
               title=lambda r: f"¥{money_text(r.amount)} · {r.type}", text=lambda r: r.remark, related=("type",))


@beside.figures(Customer)
def waiting_money(actor, customer):
    """Receipts that were handed in and wait for store or finance: they count nowhere yet."""
    waits = scope.rows(Receipt, actor).filter(customer=customer, state__in=("submitted", "store_approved")).aggregate(sum=Sum("amount"))["sum"]
    url = Receipts.narrowed(customer=customer.pk) if Receipts.allowed(actor) else ""
    return [{"label": _("Waits for review"), "text": f"¥{money_text(waits)}", "tone": "orange", "url": url}] if waits else []
