"""What a partner earns on an order (REB-03): the policy that fits, the base, and the tiers."""

from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from yiwei.kernel.base.errors import Refused
from yiwei.kernel.base.money import ZERO, money_text, round2
from yiwei.kernel.base.money import share as split
from yiwei.ledger.actions import money
from yiwei.orders.models.contract import ContractLine
from yiwei.rebate.models.application import RebateLine
from yiwei.rebate.models.policy import RebateItem, RebateOpening, RebatePolicy


def tiers_of(policy):
    """[(upper limit or None, rate)] in order."""
    return [(None if limit in (None, "") else Decimal(str(limit)), Decimal(str(rate))) for limit, rate in policy.tiers]


def incremental(tiers, before, base):
    """Each slice of (before, before + base] at its own rate; returns (amount, working).

    >>> incremental([(Decimal(100000), Decimal(5)), (Decimal(300000), Decimal(7)), (None, Decimal(9))],
    ...             Decimal(260000), Decimal(80000))[0]
    Decimal('6400.00')
    """
    at, end, total, parts = before, before + base, ZERO, []
    for limit, rate in tiers:
        top = end if limit is None else min(end, limit)
        if top > at:
            total += round2((top - at) * rate / 100)
            parts.append(f"{top - at:,.2f} × {rate.normalize():f}%")
            at = top
    return round2(total), " + ".join(parts)


def whole(tiers, before, base, granted):
    """The rate reached on the whole, less what was granted before; never below zero.

    >>> whole([(Decimal(100000), Decimal(5)), (Decimal(300000), Decimal(7)), (None, Decimal(9))],
    ...       Decimal(260000), Decimal(80000), Decimal(18200))[0]
    Decimal('12400.00')
    """
    total = before + base
    rate = next((r for limit, r in tiers if limit is None or total <= limit), tiers[-1][1] if tiers else ZERO)
    text = f"{total:,.2f} × {rate.normalize():f}% − {granted:,.2f}"
    return max(ZERO, round2(total * rate / 100) - granted), text


def policy_for(item, partner, brand, category_id, day):
    """The one policy of an item that fits; refuses when two do."""
    rows = RebatePolicy.objects.filter(item=item, active=True, valid_from__lte=day).filter(
        Q(valid_until=None) | Q(valid_until__gte=day)).filter(
        Q(partner=partner) | Q(partner=None), Q(level="") | Q(level=partner.level),
        Q(brand="") | Q(brand=brand), Q(category=None) | Q(category_id=category_id))
    found = list(rows[:2])
    if len(found) > 1:
        raise Refused(_("Two policies fit “%(item)s”: %(a)s and %(b)s.") % {"item": item, "a": found[0], "b": found[1]})
    return found[0] if found else None


def bases(contract):
    """{(outsourced, brand, category id): (net, list, base)} of a contract's goods, without gifts and cancelled parts.

    The base is the net by the rebate factor of the grade with which each line was quoted (BAS-01).
    """
    out = {}
    lines = ContractLine.objects.filter(sub__contract=contract, gift=False).exclude(sub__state="cancelled")
    for line in lines.select_related("product", "sub", "grade"):
        factor = line.grade.rebate_factor if line.grade_id else 1
        key = (line.product.outsourced, line.product.brand, line.product.category_id)
        net, listed, base = out.get(key, (ZERO, ZERO, ZERO))
        out[key] = (net + line.net, listed + round2(line.list_price * line.qty * line.factor), base + round2(line.net * factor))
    return out


def reached(partner, item, year):
    """(base, granted) of a partner in a year before now, opening figures included."""
    opening = RebateOpening.objects.filter(partner=partner, item=item, year=year).first()
    rows = RebateLine.objects.filter(application__partner=partner, application__year=year, item=item)
    rows = rows.exclude(application__state__in=("withdrawn", "draft")).aggregate(b=Sum("base"), a=Sum("amount"))
    base, granted = rows["b"] or ZERO, rows["a"] or ZERO
    return (base + opening.base, granted + opening.granted) if opening else (base, granted)


def part_of(net, share, earlier=()):
    """The part of `net` for a share in per cent, after the parts that earlier shares took; all parts together are `net`.

    >>> part_of(Decimal("0.05"), Decimal(50)), part_of(Decimal("0.05"), Decimal(50), [Decimal(50)])
    (Decimal('0.03'), Decimal('0.02'))
    """
    rest = 100 - sum(earlier) - share
    return split(net, [*earlier, share, *([rest] if rest > 0 else [])])[len(earlier)]


def lines_for(contract, partner, share, year, earlier=()):
    """Unsaved RebateLines of a contract for a partner's share of it; `earlier` are the shares that others have applied for."""
    day, grouped = contract.signed_on, {}
    items = list(RebateItem.objects.filter(active=True, kind__in=("sales", "outsourced")).order_by("id"))
    for (outsourced, brand, category_id), (net, listed, base) in bases(contract).items():
        for item in items:
            if (item.kind == "outsourced") != outsourced or net < item.minimum:
                continue
            policy = policy_for(item, partner, brand, category_id, day)
            if policy is not None:
                had = grouped.get(policy.pk, (policy, ZERO, ZERO, ZERO))
                grouped[policy.pk] = (policy, had[1] + net, had[2] + listed, had[3] + base)
    return [_line(policy, partner, year, net, listed, part_of(base, share, earlier)) for policy, net, listed, base in grouped.values()]


def _line(policy, partner, year, net, listed, base):
    before, granted = reached(partner, policy.item, year)
    tiers = tiers_of(policy)
    if policy.mode == "whole":
        amount, working = whole(tiers, before, base, granted)
    else:
        amount, working = incremental(tiers, before, base)
    if policy.discount_below and listed and net / listed < policy.discount_below:
        amount = round2(amount * (100 - policy.cut_percent) / 100)
        working += f" × {(100 - policy.cut_percent).normalize():f}%"
    if policy.cap is not None and amount > policy.cap:
        amount, working = policy.cap, f"{working} ≤ {policy.cap:,.2f}"
    return RebateLine(item=policy.item, policy=policy, base=base, before=before, amount=amount, working=working[:300])


def check_finished(contract):
    """A rebate needs every part of the order paid and delivered."""
    subs = list(contract.subs.exclude(state="cancelled"))
    found = money.figures([s.pk for s in subs])
    for sub in subs:
        f = found[sub.pk]
        if f.unpaid or f.delivered < f.contract_net or not f.contract_net:
            raise Refused(_("%(sub)s is not yet paid and delivered (unpaid %(unpaid)s, delivered %(delivered)s).") % {
                "sub": sub.number, "unpaid": money_text(f.unpaid), "delivered": money_text(f.delivered)})
