"""Filings on the customer's story."""

from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.screens.registers import beside

from ..models.filing import Filing

beside.chapter(Customer, key="filings", label=_("Filings"), icon="flag", color="orange", model=Filing, path="customer", at="filed_at",
               title=lambda f: f"{f.number} · {f.partner}", text=lambda f: f.verdict_text, related=("partner",))
