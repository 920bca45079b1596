"""Making and changing contracts and their goods, until they are handed in (ORD-02)."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import Promotion
from yiwei.catalog.models.product import Product
from yiwei.crm.models.customer import Customer, House
from yiwei.filing.actions import filing as filings
from yiwei.filing.models.filing import Filing
from yiwei.kernel.action.core import action
from yiwei.kernel.action.errors import Invalid, Refused
from yiwei.kernel.action.fields import Lines, Pick
from yiwei.kernel.money import ZERO

from .. import pricing
from ..models.contract import SALE_TYPES, Contract, ContractLine, ContractModule, SubContract

SELLERS = "guide store_manager region_director designer"


def line_fields():
    """Columns of the goods table."""
    return {
        "product": Pick(Product, label=_("Product")),
        "room": forms.CharField(label=_("Room"), required=False, max_length=40),
        "spec": forms.CharField(label=_("Specification"), required=False, max_length=80),
        "color": forms.CharField(label=_("Colour"), required=False, max_length=40),
        "qty": forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), max_digits=12, decimal_places=3),
        "list_price": forms.DecimalField(label=_("List price"), required=False, min_value=0, max_digits=14,
                                         decimal_places=2),
        "factor": forms.DecimalField(label=_("Non-standard factor"), required=False, min_value=Decimal("0.1"),
                                     max_value=Decimal("9.9999"), decimal_places=4, initial=Decimal(1)),
        "gift": forms.BooleanField(label=_("Gift"), required=False),
        "from_stock": forms.BooleanField(label=_("From stock"), required=False),
    }


def goods_fields(required=True):
    return {
        "module": Pick(ContractModule, label=_("Contract module"), required=required),
        "brand": forms.CharField(label=_("Brand"), required=False, max_length=40),
        "discount": forms.DecimalField(label=_("Discount rate"), required=False, min_value=Decimal("0.1"), max_value=1,
                                       decimal_places=4, initial=Decimal(1), help_text=_("0.88 = 8.8 折")),
        "fees": forms.DecimalField(label=_("Service fees"), required=False, min_value=0, decimal_places=2),
        "lines": Lines(line_fields(), label=_("Goods"), required=False, minimum=1 if required else 0),
    }


def head_fields(actor=None, obj=None):
    return {
        "customer": Pick(Customer, label=_("Customer")),
        "house": Pick(House, label=_("House"), required=False, within={"customer": "customer"}),
        "filing": Pick(Filing, label=_("Filing"), required=False, limit={"state__in": ["approved", "visited"]}),
        "sale_type": forms.ChoiceField(label=_("Sale type"), choices=SALE_TYPES, initial="retail", required=False),
        "promotion": Pick(Promotion, label=_("Promotion"), required=False),
        "promotion_amount": forms.DecimalField(label=_("Promotion reduction"), required=False, min_value=0,
                                               decimal_places=2),
        "deliver_on": forms.DateField(label=_("Delivery wanted"), required=False),
        "remark": forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2})),
    }


@action(Contract, _("New contract"), creates=True, roles=SELLERS, icon="file-plus", style="primary", quick=True,
        fields=lambda actor, obj=None: {**head_fields(), **goods_fields(required=False)}, done=_("Contract drafted."))
def create(actor, *, customer, house, filing, sale_type, promotion, promotion_amount, deliver_on, remark, module, brand,
           discount, fees, lines):
    """Draft a contract for a customer's house; with a module and lines the first sub-contract comes with it."""
    house = house or customer.houses.order_by("id").first()
    if house is not None and house.customer_id != customer.pk:
        raise Invalid({"house": [__("This house belongs to another customer.")]})
    filing = filing or Filing.objects.filter(customer=customer, state__in=("approved", "visited")).first()
    contract = Contract.start(
        actor, customer=customer, house=house, filing=filing, designer_id=customer.designer_id,
        sale_type=sale_type or "retail", promotion=promotion, deliver_on=deliver_on, remark=remark,
        promotion_amount=_reduction(promotion, promotion_amount), outlet_id=customer.outlet_id,
        owner_id=customer.owner_id or actor.id)
    if module is not None:
        if not lines:
            raise Invalid({"lines": [__("At least %(n)s line is needed.") % {"n": 1}]})
        _goods(actor, contract, module=module, brand=brand, discount=discount, fees=fees, lines=lines)
    elif lines:
        raise Invalid({"module": [__("This field is required.")]})
    return contract


def _reduction(promotion, amount):
    if promotion is None:
        if amount:
            raise Invalid({"promotion": [__("A reduction needs the promotion it belongs to.")]})
        return ZERO
    today = timezone.localdate()
    if not promotion.valid_from <= today <= promotion.valid_to:
        raise Invalid({"promotion": [__("The promotion runs from %(a)s to %(b)s.") % {
            "a": promotion.valid_from, "b": promotion.valid_to}]})
    if amount is not None and amount > promotion.amount:
        raise Invalid({"promotion_amount": [__("The promotion gives at most %(n)s.") % {"n": promotion.amount}]})
    return promotion.amount if amount is None else amount


def _goods(actor, contract, *, module, brand, discount, fees, lines):
    sub = SubContract.start(
        actor, contract=contract, module=module, brand=brand, discount=discount or Decimal(1), fees=fees or ZERO,
        outlet_id=contract.outlet_id, owner_id=contract.owner_id)
    _write_lines(actor, contract, sub, lines)
    return sub


def _write_lines(actor, contract, sub, lines):
    prices = pricing.list_prices([ln["product"] for ln in lines], contract.price_date)
    ContractLine.objects.bulk_create([
        ContractLine(
            sub=sub, product=ln["product"], name=ln["product"].name, room=ln["room"], gift=ln["gift"],
            spec=ln["spec"] or ln["product"].spec, color=ln["color"] or ln["product"].color, qty=ln["qty"],
            list_price=ln["list_price"] if ln["list_price"] is not None else prices[ln["product"].pk][0],
            factor=ln["factor"] or Decimal(1), cost_price=prices[ln["product"].pk][1], from_stock=ln["from_stock"],
            created_by_id=actor.id)
        for ln in lines])
    subs, all_lines = pricing.price(contract)
    pricing.save(contract, subs, all_lines)
    for fresh in subs:
        if fresh.pk == sub.pk:
            for name in ("list_amount", "discounted", "promotion_amount", "net_amount"):
                setattr(sub, name, getattr(fresh, name))


@action(Contract, _("Add goods"), sources=("draft", "signed"), roles=SELLERS, icon="plus", style="primary",
        fields=lambda actor, obj=None: goods_fields(), done=_("Sub-contract added."))
def add_goods(actor, contract, *, module, brand, discount, fees, lines):
    """Add a sub-contract: one module's goods with their own discount."""
    _goods(actor, contract, module=module, brand=brand, discount=discount, fees=fees, lines=lines)


def _goods_now(actor, sub):
    rows = sub.lines.select_related("product").order_by("id")
    return {"discount": sub.discount, "fees": sub.fees, "lines": [
        {"product": ln.product, "room": ln.room, "spec": ln.spec, "color": ln.color, "qty": ln.qty,
         "list_price": ln.list_price, "factor": ln.factor, "gift": ln.gift, "from_stock": ln.from_stock} for ln in rows]}


@action(SubContract, _("Change goods"), sources=("draft", "rejected"), roles=SELLERS, icon="table", initial=_goods_now,
        fields=lambda actor, obj=None: {k: v for k, v in goods_fields().items() if k not in ("module", "brand")})
def change_goods(actor, sub, *, discount, fees, lines):
    """Replace lines, discount and fees before hand-in; afterwards only an amendment can."""
    sub.discount, sub.fees = discount or Decimal(1), fees or ZERO
    sub.save()
    sub.lines.all().delete()
    _write_lines(actor, sub.contract, sub, lines)


@action(Contract, _("Sign"), sources=("draft",), target="signed", roles=SELLERS, style="success", icon="signature",
        fields={"signed_on": forms.DateField(label=_("Signed on"), required=False, initial=timezone.localdate)},
        done=_("Signed."))
def sign(actor, contract, *, signed_on):
    """The customer has signed; the customer's stage and the filing follow."""
    if not contract.subs.exclude(state="cancelled").exists():
        raise Refused(__("Add goods before signing."))
    contract.signed_on = signed_on or timezone.localdate()
    if contract.customer.reach("to_pay"):
        contract.customer.save()
    if contract.filing is not None and contract.filing.state in ("approved", "visited"):
        filings.sign(actor, contract.filing, amount=contract.net_amount)


@action(Contract, _("Cancel"), sources=("draft", "signed"), target="cancelled", roles="store_manager region_director",
        style="danger", icon="ban", fields={"reason": forms.CharField(label=_("Reason"))})
def cancel(actor, contract, *, reason):
    """Cancel before anything was released; later only through an amendment."""
    subs = list(contract.subs.exclude(state="cancelled"))
    late = [s for s in subs if s.state not in ("draft", "rejected", "drawing_review", "price_review")]
    if late:
        raise Refused(__("Sub-contract %(n)s has passed price review; it needs an amendment.") % {"n": late[0].number})
    for sub in subs:
        drop(actor, sub, reason=reason)


@action(SubContract, _("Drop"), verb="drop", sources=("draft", "rejected", "drawing_review", "price_review"),
        target="cancelled", roles="store_manager region_director", style="danger", icon="ban",
        fields={"reason": forms.CharField(label=_("Reason"))})
def drop(actor, sub, *, reason):
    """Take a sub-contract out before price review; the promotion is shared anew over the rest."""
    sub.state = "cancelled"
    sub.save()
    subs, lines = pricing.price(sub.contract)
    pricing.save(sub.contract, subs, lines)
