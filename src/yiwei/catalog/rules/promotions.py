"""Which promotions may be used, where and when, and beside which others; and what they are as figures (BAS-09)."""

from collections import defaultdict

from django.utils.translation import gettext as _

from yiwei.catalog.models.promotion import PromotionItem

from .quote import Offer

WITH_ITEMS = ("add_on", "gift", "package")


def offers(promotions, agreed=None):
    """The promotions as plain figures; `agreed` {promotion id: most it may give}. At most one statement."""
    agreed, items = agreed or {}, defaultdict(dict)
    named = [p.pk for p in promotions if p.kind in WITH_ITEMS]
    if named:
        for promotion, product, qty in PromotionItem.objects.filter(promotion_id__in=named).order_by("id").values_list(
                "promotion_id", "product_id", "qty"):
            items[promotion][product] = qty
    return [Offer(key=p.pk, kind=p.kind, name=p.name, threshold=p.threshold, amount=p.amount, repeat=p.repeat, rate=p.rate,
                  most=p.most, brands_needed=p.brands_needed, turn=p.turn, agreed=agreed.get(p.pk),
                  categories=frozenset(p.categories), products=frozenset(p.products), brands=frozenset(p.brands),
                  items=items[p.pk]) for p in promotions]


def late(promotion, today, deposit=None):
    """Why the days do not fit, or ''. An expired promotion still holds for whose deposit lies inside (D-22)."""
    if any(day and promotion.valid_from <= day <= promotion.valid_to for day in (today, deposit)):
        return ""
    text = _("The promotion runs from %(a)s to %(b)s.") % {"a": promotion.valid_from, "b": promotion.valid_to}
    return text + (" " + _("The first deposit was paid on %(day)s.") % {"day": deposit} if deposit else "")


def elsewhere(promotion, outlet):
    """Why the promotion does not hold in an outlet, or ''."""
    if not promotion.outlets and not promotion.regions:
        return ""
    if outlet is not None and (outlet.pk in promotion.outlets or outlet.region_id in promotion.regions):
        return ""
    return _("“%(name)s” does not hold in this outlet.") % {"name": promotion.name}


def conflict(promotions):
    """Why these promotions cannot stand together, or ''."""
    for first in promotions:
        for other in promotions:
            if first.pk == other.pk:
                continue
            if first.exclusive:
                return _("“%(a)s” excludes all other promotions.") % {"a": first.name}
            if other.pk in first.excludes:
                return _("“%(a)s” cannot stand beside “%(b)s”.") % {"a": first.name, "b": other.name}
    return ""
