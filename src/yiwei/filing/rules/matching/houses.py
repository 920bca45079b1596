"""Houses compared: the estate first, then building, unit and room."""

import re

from django.utils.translation import gettext_noop as _
from rapidfuzz.distance import OSA

from yiwei.kernel.text import homophones
from yiwei.kernel.text.regions import city_names, same_county

from .comparison import AGREE, DIFFER, MISSING, NEAR, FieldMatch
from .parties import NOWHERE

SAME_HOUSE, NO_UNIT, SWAPPED, NO_BUILDING, NO_ESTATE, SAME_BUILDING = 6.0, 5.0, 5.0, 3.5, 3.0, 2.5
NEIGHBOUR, OTHER_ESTATE = -1.5, -1.0
UNSURE_ESTATE = 1.0   # from this doubt about the estate on, a house is only part of the same
SAME_LOT, OTHER_DISTRICT = 5.0, 0.7

# Builders whose name people put before an estate's, or leave out.
BUILDERS = ("万科 保利 中海 龙湖 绿城 招商 华润 金地 恒大 碧桂园 融创 世茂 万达 富力 雅居乐 绿地 远洋 "
            "金茂 首开 华发 越秀 旭辉 阳光城 中南 金科 荣盛 建发 中骏 佳兆业 合生 奥园 龙光 美的 金辉 "
            "正荣 祥生 滨江 中梁 华侨城 保利发展 中铁建 中建 中交 电建 鲁能 首创 新希望 大华 仁恒 朗诗 "
            "宝龙").split()
_BUILDER = re.compile(f"^({'|'.join(sorted((*BUILDERS, *city_names()), key=len, reverse=True))})(?=..)")   # or the city

_REASONS = {
    "same": (AGREE, _("Same house.")),
    "alike": (NEAR, _("Same building, unit and room; the estate is written differently.")),
    "villa": (AGREE, _("Same villa.")),
    "part": (NEAR, _("The house agrees as far as it is given.")),
    "swapped": (NEAR, _("Building and unit stand the other way round.")),
    "neighbour": (DIFFER, _("Neighbours: same estate, another flat.")),
    "estate": (NEAR, _("Same estate; the flat is not given.")),
    "city": (DIFFER, _("An estate of this name in another city.")),
    "differ": (DIFFER, _("Different houses.")),
    "missing": (MISSING, _("An address is missing.")),
}


def house_field(a, b, rarity):
    """The best pair of houses of two parties."""
    pairs = [(*_houses(p, q, rarity), p, q) for p in a.houses or (NOWHERE,) for q in b.houses or (NOWHERE,)]
    how, weight, p, q = max(pairs, key=lambda pair: pair[1])
    grade, reason = _REASONS[how]
    return FieldMatch("house", grade, how, round(weight, 3), p.told, q.told, reason)


def _houses(a, b, rarity):
    if not (a.community or a.room) or not (b.community or b.room):
        return "missing", 0.0
    if not a.community or not b.community:
        same = a.room and a.room == b.room and a.building and a.building == b.building and _fits(a.unit, b.unit)
        return ("part", NO_ESTATE) if same else ("missing", 0.0)
    doubt = estate_doubt(a.community, b.community, rarity)
    if doubt is None:
        return "differ", OTHER_ESTATE
    how, weight = _flats(a, b, rarity)
    if weight <= 0:
        return how, weight
    if a.city and b.city and a.city != b.city:
        return "city", OTHER_ESTATE
    if not same_county(a.district, b.district) and a.district and b.district:
        doubt += OTHER_DISTRICT
    if doubt >= UNSURE_ESTATE:
        if how == "estate":
            return how, 0.0   # perhaps the same estate, and no flat: that says nothing
        how = "alike" if how in ("same", "villa") else how
    return how, max(weight - doubt, 0.0)


def core(estate):
    """(builder or '', the rest) of an estate's name."""
    match = _BUILDER.match(estate)
    return (match.group(1), estate[match.end():]) if match else ("", estate)


def estate_doubt(a, b, rarity):
    """How far two names of estates are from being one: 0 the same, None surely two."""
    doubt = 0.0
    if a.phase != b.phase:
        doubt += 0.4 if not (a.phase and b.phase) else 2.2
    if a.suffix != b.suffix:
        doubt += 0.4 if not (a.suffix and b.suffix) or homophones(a.suffix, b.suffix) else 2.2
    if a.base == b.base:
        return doubt
    if re.sub(r"\D", "", a.base) != re.sub(r"\D", "", b.base):
        return None   # 123弄 is no slip of 128弄
    (builder, one), (other, two) = core(a.base), core(b.base)
    alike = homophones(a.base, b.base)
    if alike or homophones(one, two):
        if builder and other and builder != other:
            return None
        return doubt + 0.4 * ((builder != other and not alike) + (one != two))
    if len(a.base) == len(b.base) == 2 and len(a.name) == len(b.name) >= 4 and OSA.distance(a.name, b.name) == 1:
        doubt += 2.0   # one of two characters: a slip only where flat and name say so
    elif max(len(a.base), len(b.base)) >= 3 and (OSA.distance(a.base, b.base) <= 1 or _within(a.base, b.base)):
        doubt += 1.0
    else:
        return None
    return doubt + (1.0 if rarity.is_known(a) and rarity.is_known(b) else 0.0)


def _within(a, b):
    short, long = sorted((a, b), key=len)
    return len(short) >= 2 and (long.startswith(short) or long.endswith(short))


def _flats(a, b, rarity):
    """(how, weight) of building, unit and room within one estate."""
    if not (a.room or b.room) and a.building and a.building == b.building and _fits(a.unit, b.unit) and (
            a.villa or b.villa or a.community.name in rarity.villas):
        return ("villa", SAME_HOUSE) if a.villa == b.villa == "sure" else ("part", SAME_LOT)
    if not (a.room and b.room):
        differs = not _fits(a.building, b.building) or not _fits(a.unit, b.unit)
        weight = min(rarity.community_weight(a.community), rarity.community_weight(b.community))
        if differs:
            return "neighbour", NEIGHBOUR
        return "estate", max(SAME_BUILDING, weight) if a.building and a.building == b.building else weight
    if a.room != b.room:
        return "neighbour", NEIGHBOUR
    if a.building == b.building and a.building:
        if a.unit == b.unit:
            return "same", SAME_HOUSE
        return ("part", NO_UNIT) if _fits(a.unit, b.unit) else ("neighbour", NEIGHBOUR)
    if a.building and a.building == b.unit and a.unit == b.building:
        return "swapped", SWAPPED
    if not (a.building and b.building) and _fits(a.unit, b.unit):
        return "part", NO_BUILDING
    return "neighbour", NEIGHBOUR


def _fits(a, b):
    """Equal, or one of them not given."""
    return not a or not b or a == b
