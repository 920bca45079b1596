"""Contracts and designs on the customer's story, and the money in the head of the customer's page."""

from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.filing.rules.evidence import witness
from yiwei.kernel.base.money import money_text
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers import beside
from yiwei.kernel.screens.registers.onward import step
from yiwei.ledger.actions import money
from yiwei.orders.rules import figures

from ..actions.contract import create
from ..models.contract import Contract, SubContract
from ..models.design import DesignVersion

step(Customer, create, "to_check", "to_sign")
beside.chapter(Customer, key="contracts", label=_("Contracts"), icon="signature", color="purple", model=Contract, path="customer",
               at="created_at", title=lambda c: f"{c.number} ¥{money_text(c.net_amount)}", text=lambda c: c.remark)
beside.chapter(Customer, key="designs", label=_("Designs"), icon="pencil", color="indigo", model=DesignVersion, path="house__customer",
               at="created_at", title=str, text=lambda d: d.note or d.file_name, related=("house",))


@beside.figures(Customer)
def customers_money(actor, customer):
    """Contract, received, unpaid and arrears by C0, over the sub-contracts the actor may see."""
    subs = list(scope.rows(SubContract, actor).filter(contract__customer=customer).exclude(contract__state="draft").exclude(state="cancelled"))
    if not subs:
        return []
    sums = money.total(figures.of(subs).values())
    tones = {"unpaid": "orange", "arrears": "red"}
    return [{"label": label, "text": f"¥{money_text(sums[name])}", "tone": tones.get(name, "") if sums[name] else ""}
            for name, label in (("contract_net", _("Contract")), ("received", _("Received")), ("unpaid", _("Unpaid")), ("arrears", _("Arrears")))]


@witness
def contracts_signed(ids):
    """What a filing meets: the customer has signed already (CRM-03)."""
    rows = Contract.objects.filter(customer_id__in=ids, signed_on__isnull=False).exclude(state="cancelled").order_by("signed_on")
    for customer, day, number in rows.values_list("customer_id", "signed_on", "number"):
        yield customer, day, "contract", number
