"""The promotions of a contract: chosen, checked by day, place and each other, and counted from the earliest deposit."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.catalog.rules import promotions
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.money import ZERO, money_text
from yiwei.orders.models.promotion import PromotionUse
from yiwei.org.models.outlet import Outlet

from .deposits import earliest


def choose(contract, promotion, stacked=(), amount=None):
    """The uses of the chosen promotions, not yet saved; refuses at the field what may not be used."""
    if promotion is None:
        if amount:
            raise Invalid({"promotion": [_("A reduction needs the promotion it belongs to.")]})
        if stacked:
            raise Invalid({"promotion": [_("Choose the first promotion here, further ones below.")]})
        return []
    chosen = [promotion, *(p for p in stacked or () if p.pk != promotion.pk)]
    clash = promotions.conflict(chosen)
    if clash:
        raise Invalid({"stacked": [clash]})
    days = {}
    for one in chosen:
        name = "promotion" if one is promotion else "stacked"
        why = _not_here(contract, one)
        if why:
            raise Invalid({name: [why]})
        days[one.pk] = _day(contract, one, timezone.localdate(), lambda text, name=name: Invalid({name: [text]}))
    if amount is not None and promotion.kind == "reduction" and not promotion.repeat and amount > promotion.amount:
        raise Invalid({"promotion_amount": [_("The promotion gives at most %(n)s.") % {"n": money_text(promotion.amount)}]})
    contract.promotion, contract.promotion_amount = promotion, ZERO
    return [PromotionUse(contract=contract, promotion=one, agreed=amount if one is promotion else None,
                         counted_on=days[one.pk]) for one in chosen]


def _not_here(contract, promotion):
    placed = promotion.outlets or promotion.regions
    outlet = Outlet.objects.filter(pk=contract.outlet_id).first() if placed else None
    return promotions.elsewhere(promotion, outlet)


def _day(contract, promotion, today, refusal):
    """The day that counts for a promotion; the deposit is looked up only where today lies outside."""
    if not promotions.late(promotion, today):
        return today
    deposit = earliest(contract.customer_id)
    why = promotions.late(promotion, today, deposit)
    if why:
        raise refusal(why)
    return deposit


def check_days(contract, day):
    """At signature every promotion must still run, or the deposit lie inside its days (D-22)."""
    if contract.promotion_id is None:
        return
    for use in PromotionUse.objects.filter(contract=contract).select_related("promotion"):
        _day(contract, use.promotion, day, Refused)
