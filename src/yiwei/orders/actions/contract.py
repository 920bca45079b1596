"""Making and changing contracts and their goods, until they are handed in (ORD-02)."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.promotion import Promotion
from yiwei.catalog.rules.prices import prices
from yiwei.crm.models.customer import Customer, House
from yiwei.filing.actions import course
from yiwei.filing.models.filing import Filing
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.money import ZERO
from yiwei.kernel.records.document import number_all
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.orders.hooks.promotions import check_days, choose
from yiwei.orders.rules import pricing
from yiwei.orders.rules.goods import goods_fields, line_of, typed

from ..models.contract import SALE_TYPES, Contract, ContractLine, SubContract
from ..models.promotion import PromotionUse
from . import progress, stage

SELLERS = "guide store_manager region_director designer"


def head_fields(actor=None, obj=None):
    return {
        "customer": Pick(Customer, label=_("Customer")),
        "house": Pick(House, label=_("House"), required=False, within={"customer": "customer"}),
        "filing": Pick(Filing, label=_("Filing"), required=False, limit={"state__in": ["approved", "visited"]}),
        "sale_type": forms.ChoiceField(label=_("Sale type"), choices=SALE_TYPES, initial="retail", required=False),
        "promotion": Pick(Promotion, label=_("Promotion"), required=False),
        "promotion_amount": forms.DecimalField(label=_("Promotion reduction"), required=False, min_value=0,
                                               decimal_places=2),
        "stacked": Pick(Promotion, label=_("Further promotions"), required=False, many=True),
        "deliver_on": forms.DateField(label=_("Delivery wanted"), required=False),
        "remark": forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2})),
    }


@action(Contract, _("New contract"), creates=True, roles=SELLERS, icon="file-plus", style="primary", quick=True,
        fields=lambda actor, obj=None: {**head_fields(), **goods_fields(required=False)}, done=_("Contract drafted."))
def create(actor, *, customer, house, filing, sale_type, promotion, promotion_amount, stacked, deliver_on, remark, module,
           brand, discount, fees, lines):
    """Draft a contract for a customer's house; with a module and lines the first sub-contract comes with it."""
    house = house or customer.houses.order_by("id").first()
    if house is not None and house.customer_id != customer.pk:
        raise Invalid({"house": [__("This house belongs to another customer.")]})
    filing = filing or Filing.objects.filter(customer=customer, state__in=("approved", "visited")).first()
    contract = Contract.drafted(
        actor, customer=customer, house=house, filing=filing, designer_id=customer.designer_id,
        sale_type=sale_type or "retail", promotion=promotion, deliver_on=deliver_on, remark=remark,
        outlet_id=customer.outlet_id, owner_id=customer.owner_id or actor.id)
    uses = choose(contract, promotion, stacked, promotion_amount)
    if module is not None:
        if not lines:
            raise Invalid({"lines": [__("At least %(n)s line is needed.") % {"n": 1}]})
        return _with_goods(actor, contract, _sub_of(actor, contract, module, brand, discount, fees), lines, uses)
    if lines:
        raise Invalid({"module": [__("This field is required.")]})
    contract.begin()
    if uses:
        pricing.renew(contract, uses)
    return contract


def _sub_of(actor, contract, module, brand, discount, fees):
    """A drafted sub-contract of a contract."""
    return SubContract.drafted(actor, contract=contract, module=module, brand=brand, discount=discount or Decimal(1), fees=fees or ZERO,
                               outlet_id=contract.outlet_id, owner_id=contract.owner_id)


def _with_goods(actor, contract, sub, lines, uses):
    """Save a drafted contract with its first goods, priced before anything is written."""
    rows = _lines_of(actor, contract, sub, lines)
    _subs, _lines, made = pricing.price(contract, [sub], uses=uses, lines={pricing.key_of(sub): rows})
    pricing.bear(contract, [sub], made, uses)
    number_all(contract, sub)
    sub.contract = contract.begin()
    sub.begin()
    for row in rows:
        row.sub = sub
    ContractLine.objects.bulk_create(rows)
    for use in uses:
        use.contract = contract
    PromotionUse.objects.bulk_create(uses)
    return contract


def _lines_of(actor, contract, sub, lines):
    """The lines typed, with the prices of the contract's day and place; not saved."""
    known = prices([ln["product"] for ln in lines], contract.price_date, contract.outlet_id)
    return [line_of(actor, sub, index, ln, known[ln["product"].pk]) for index, ln in enumerate(lines)]


def _write_lines(actor, contract, sub, lines):
    ContractLine.objects.bulk_create(_lines_of(actor, contract, sub, lines))
    for fresh in pricing.renew(contract):
        if fresh.pk == sub.pk:
            for name in ("list_amount", "discounted", "promotion_amount", "net_amount"):
                setattr(sub, name, getattr(fresh, name))


@action(Contract, _("Add goods"), sources=("draft", "signed"), roles=SELLERS, icon="plus", style="primary",
        fields=lambda actor, obj=None: goods_fields(), done=_("Sub-contract added."))
def add_goods(actor, contract, *, module, brand, discount, fees, lines):
    """Add a sub-contract: one module's goods with their own discount."""
    more_goods(actor, contract, module=module, brand=brand, discount=discount, fees=fees, lines=lines)


def more_goods(actor, contract, *, module, brand="", discount=None, fees=None, lines):
    """A further sub-contract of a contract that is there; the promotions are shared anew."""
    _write_lines(actor, contract, _sub_of(actor, contract, module, brand, discount, fees).begin(), lines)


def _goods_now(actor, sub):
    rows = sub.lines.select_related("product").order_by("id")
    return {"discount": sub.discount, "fees": sub.fees, "lines": [typed(ln) for ln in rows]}


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
    check_days(contract, signed_on or timezone.localdate())
    contract.signed_on = signed_on or timezone.localdate()
    if contract.customer.reach("to_pay"):
        contract.customer.save()
    if contract.filing is not None and contract.filing.state in ("approved", "visited"):
        course.sign(actor, contract.filing, amount=contract.net_amount)


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
    pricing.renew(sub.contract)
    progress.follow(actor, sub.contract_id)
    stage.follow(actor, sub.contract.customer_id, sub.number)
