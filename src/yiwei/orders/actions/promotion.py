"""Changing the promotions of a contract, and quoting a package in one step (BAS-09, D-20)."""


from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.promotion import Promotion, PromotionItem
from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.orders.hooks.promotions import choose
from yiwei.orders.rules import pricing

from ..models.contract import Contract, ContractModule
from ..models.promotion import PromotionUse
from .contract import SELLERS, create, more_goods


def _chosen(actor, contract):
    uses = list(contract.uses.select_related("promotion").order_by("id"))
    first = next((u for u in uses if u.promotion_id == contract.promotion_id), None)
    return {"promotion": contract.promotion, "promotion_amount": first.agreed if first else None,
            "stacked": [u.promotion for u in uses if u is not first]}


@action(Contract, _("Change promotions"), verb="change_promotions", sources=("draft", "signed"), roles=SELLERS, icon="discount",
        initial=_chosen, fields=lambda actor, obj=None: {
            "promotion": Pick(Promotion, label=_("Promotion"), required=False),
            "promotion_amount": forms.DecimalField(label=_("At most"), required=False, min_value=0, decimal_places=2),
            "stacked": Pick(Promotion, label=_("Further promotions"), required=False, many=True)},
        done=_("The contract was priced anew."))
def change_promotions(actor, contract, *, promotion, promotion_amount, stacked):
    """Choose other promotions while nothing of the contract is under review; every line is priced anew."""
    if contract.subs.exclude(state__in=("draft", "rejected", "cancelled")).exists():
        raise Refused(__("Part of the contract is under review or beyond; its promotions stay."))
    PromotionUse.objects.filter(contract=contract).delete()
    contract.promotion, contract.promotion_amount = None, 0
    pricing.renew(contract, choose(contract, promotion, stacked, promotion_amount))


def package_fields(actor=None, obj=None):
    return {"package": Pick(Promotion, label=_("Package deal"), limit={"kind": "package"}),
            "sets": forms.IntegerField(label=_("Sets"), min_value=1, max_value=99, initial=1, required=False)}


@action(Customer, _("Package quote"), verb="package_quote", roles=SELLERS, icon="package", fields=package_fields,
        done=_("The package is quoted in a new contract."))
def package_quote(actor, customer, *, package, sets):
    """Draft a contract with the whole package, a sub-contract per module, priced at the package price."""
    quote_package(actor, customer, package, sets or 1)


@action(Contract, _("Package quote"), verb="package", creates=True, roles=SELLERS, icon="package",
        fields=lambda actor, obj=None: {"customer": Pick(Customer, label=_("Customer")), **package_fields()},
        done=_("Contract drafted."))
def package_contract(actor, *, customer, package, sets):
    """Draft a contract with a whole package for a customer."""
    return quote_package(actor, customer, package, sets or 1)


def quote_package(actor, customer, package, sets):
    """The contract of a package: its goods go to the modules of their categories."""
    items = list(PromotionItem.objects.filter(promotion=package).select_related("product__category", "product__grade").order_by("id"))
    if not items:
        raise Invalid({"package": [__("This package has no goods yet.")]})
    contract = create(
        actor, customer=customer, house=None, filing=None, sale_type="retail", promotion=package, promotion_amount=None,
        stacked=[], deliver_on=None, remark="", module=None, brand="", discount=None, fees=None, lines=[])
    modules = {m.group: m for m in ContractModule.objects.filter(active=True).order_by("revision")}
    groups = {}
    for item in items:
        groups.setdefault(item.product.category.group, []).append(item)
    for group, members in groups.items():
        if group not in modules:
            raise Invalid({"package": [__("There is no contract module for %(name)s.") % {"name": members[0].product.category}]})
        more_goods(actor, contract, module=modules[group], lines=[
            _line(i.product, i.qty * sets) for i in members])
    return contract


def _line(product, qty):
    return {"product": product, "qty": qty, "room": "", "spec": "", "color": "", "width": None, "height": None, "pieces": None,
            "list_price": None, "factor": None, "gift": False, "from_stock": False, "name": ""}
