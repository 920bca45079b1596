"""Receipts on the customer's story."""

from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.registers import beside

from ..models.receipt import Receipt

beside.chapter(Customer, key="money", label=_("Money"), icon="cash", color="green", model=Receipt, path="customer", at="created_at",
               title=lambda r: f"¥{money_text(r.amount)} · {r.type}", text=lambda r: r.remark, related=("type",))
