"""From fields to a verdict. Every rule stands here; `RULES` names their version in the evidence that is kept."""

from .comparison import CLEAR, CONFLICT, SUSPECT, Comparison
from .fields import name_field, other_phone, phone_field
from .houses import house_field
from .rarity import Rarity

RULES = "2026.4"
PRIOR = -3.5     # odds, in powers of ten, that two parties sharing a key are one household before anything is weighed
NO_COUNTS = Rarity()
ALIKE, UNLIKE = ("same", "sound", "title"), ("differ", "surname", "sexes")


def compare(a, b, rarity=NO_COUNTS):
    """Whether two parties are one household, and why. compare(b, a) is the mirror of compare(a, b)."""
    if b.order < a.order:
        return _compare(b, a, rarity).mirrored()
    return _compare(a, b, rarity)


def rank(filing, candidates, rarity=NO_COUNTS):
    """[(candidate, comparison)], the most telling first."""
    found = [(candidate, compare(filing, candidate, rarity)) for candidate in candidates]
    return sorted(found, key=lambda pair: (*(-r for r in pair[1].rank), str(pair[0].id)))


def _compare(a, b, rarity):
    phone, name, house = phone_field(a, b, rarity), name_field(a, b, rarity), house_field(a, b, rarity)
    if phone.how == "swap" and name.how not in ALIKE:
        phone = other_phone(phone)   # two digits apart is a slip only where the name says so too
    log_odds = PRIOR + phone.weight + name.weight + house.weight
    verdict, cause = _judge(phone.how, name.how, house.how, log_odds)
    odds = 10 ** max(-12, min(12, log_odds))
    return Comparison(round(odds / (1 + odds), 6), verdict, cause, (phone, name, house), RULES)


def _judge(phone, name, house, log_odds):
    """The verdict and its cause. Neighbours and namesakes are clear however alike the rest may look."""
    if phone == "same" or (phone == "office" and (name not in UNLIKE or house in ("same", "villa", "alike", "part", "estate"))):
        return CONFLICT, "same_phone"
    if house in ("same", "villa"):
        return CONFLICT, "same_house"
    if log_odds >= 0:
        cause = _probable(phone, name, house)
        if cause:
            return SUSPECT, cause
    return CLEAR, _clear(phone, name, house)


def _probable(phone, name, house):
    """The cause of a suspicion, or '' where the evidence is of a kind that never suffices."""
    if phone in ("slip", "turned", "tail") and name == "missing" and house not in ("part", "swapped", "alike"):
        return ""
    if phone in ("slip", "turned", "swap", "masked", "tail"):
        return {"slip": "phone_slip", "turned": "phone_swap", "swap": "phone_swap", "masked": "masked_phone", "tail": "phone_tail"}[phone]
    if house in ("part", "swapped", "alike"):
        return "title_name_house" if name in ("title", "same", "sound", "near") else "similar_house"
    if phone == "shared" and name in ("same", "sound", "near", "title"):
        return "shared_phone"
    if house == "estate" and phone in ("missing", "dummy") and name in ("same", "sound"):
        return "name_community"
    return ""


def _clear(phone, name, house):
    if phone in ("shared", "office", "dummy"):
        return "shared_phone"
    if house in ("neighbour", "estate"):
        return "neighbour"
    if name in ("same", "sound"):
        return "namesake"
    return "unlike"
