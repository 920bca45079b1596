"""Why a line costs what it costs: the steps of `quote`, in words, with the figures that add up to the result."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from yiwei.kernel.base.money import money_text, round2
from yiwei.org.models.position import Position


@dataclass(frozen=True)
class Step:
    """One step: what it is, how it is reckoned, by how much it changes the price."""

    label: str
    how: str
    amount: Decimal
    tone: str = ""

    def plain(self):
        return {"label": self.label, "how": self.how, "amount": str(self.amount)}


def trim(value):
    """A number without the zeros at its end."""
    return f"{Decimal(value).normalize():f}"


def fold(rate):
    """A discount as people say it: 0.88 is 8.8折."""
    return f"{trim(Decimal(rate) * 10)}折"


def size_text(product, width, height, pieces, qty):
    """How the quantity follows from the size."""
    size = " × ".join(f"{n:,} mm" for n in (width, height) if n)
    text = f"{size} × {trim(pieces or 1)} = {trim(qty)} {product.unit}"
    if product.least:
        text += " " + _("(at least %(n)s a piece)") % {"n": trim(product.least)}
    return f"{product.get_method_display()}: {text}"


def steps(good, quoted, price, *, product, size=""):
    """The steps of one line; their amounts sum to its net. `price` is what the price system says, `size` how the quantity came."""
    typed = price is not None and good.list_price != price.list_price
    why = price.why if price else ""
    if typed:
        why = _("typed by hand; the price system says %(p)s (%(why)s)") % {"p": money_text(price.list_price), "why": price.why}
    out = [Step(_("List price"), " · ".join(filter(None, (f"{good.list_price:,.2f} × {trim(good.qty)} {product.unit}", why, size))),
                good.goods, "orange" if typed else "")]
    if good.factor != 1:
        out.append(Step(_("Non-standard factor"), f"× {trim(good.factor)}", good.listed - good.goods))
    if good.gift:
        return [*out, Step(_("Gift"), _("Free of charge; its value needs approval unless a promotion gives it"), -good.listed)]
    if good.discount != 1:
        out.append(Step(_("Discount"), f"× {trim(good.discount)} ({fold(good.discount)})", good.discounted - good.listed))
    for given in quoted.given:
        part = given.parts.get(good.key)
        if part:
            how = _("gives %(all)s on goods of %(base)s; this line bears its part") % {
                "all": money_text(given.total), "base": money_text(given.base)}
            out.append(Step(_("Promotion “%(name)s”") % {"name": given.offer.name}, how, -part))
        elif given.offer.takes(good) and given.missing:
            out.append(Step(_("Promotion “%(name)s”") % {"name": given.offer.name},
                            _("not reached: %(n)s more is needed") % {"n": money_text(given.missing)}, Decimal("0.00")))
    return out


def reckoned(good, price, shift=Decimal(0)):
    """The discount by which authority is judged: against the price system's list price, less the grade's floor shift."""
    rate = good.discount
    if price is not None and price.list_price > 0 and good.list_price != price.list_price:
        rate = (rate * good.list_price / price.list_price).quantize(Decimal("0.0001"))
    return rate - shift


def authority(rate):
    """Names of the positions that may give this discount by themselves, the least mighty first."""
    rows = Position.objects.filter(active=True, discount_floor__isnull=False, discount_floor__lte=rate).order_by("-discount_floor", "id")
    return [p.name for p in rows]


def floor_text(good, price, floor, grade, shift):
    """What the floor is for this line, who may give the discount: in words, with the lowest price of the asking position."""
    rate, listed = reckoned(good, price, shift), (price.list_price if price and price.list_price > 0 else good.list_price)
    out = []
    if floor is not None:
        lowest = min(Decimal(1), floor + shift)
        out.append(_("Your position may go to %(rate)s (%(fold)s), that is %(amount)s for this line.") % {
            "rate": trim(lowest), "fold": fold(lowest), "amount": f"{round2(listed * good.qty * good.factor * lowest):,.2f}"})
    if shift:
        out.append(_("Grade %(grade)s shifts the floor by %(n)s.") % {"grade": grade, "n": f"{shift:+.2f}"})
    names = authority(rate)
    if rate < 1:
        out.append(_("This discount may be given by: %(names)s.") % {"names": "、".join(names) or "–"})
    return " ".join(out)
