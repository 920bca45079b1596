"""The fields compared: numbers, names, houses. Weights are powers of ten of the odds that two parties are one."""

from django.utils.translation import gettext_noop as _
from rapidfuzz.distance import OSA

from yiwei.kernel.text import homophones

from .comparison import AGREE, DIFFER, MISSING, NEAR, FieldMatch

SAME_PHONE, OFFICE_PHONE, MASKED_PHONE, SLIP_PHONE, SWAP_PHONE, TAIL_PHONE, OTHER_PHONE = 8.0, 3.8, 5.0, 3.7, 3.2, 3.7, -0.5
OTHER_NAME, OTHER_GIVEN = -1.0, -0.3
FEMALE = frozenset(("女士", "小姐", "太太", "太", "夫人", "阿姨", "大姐", "姐", "嫂", "姨", "婶", "老板娘"))
MALE = frozenset(("先生", "叔叔", "伯伯", "大爷", "大哥", "哥", "叔", "伯"))

_PHONE_REASONS = {
    "same": (AGREE, _("Same telephone number.")),
    "shared": (NEAR, _("Same number, but it is shared (%(count)s households known): it proves little.")),
    "office": (NEAR, _("Same number of a fixed line, which colleagues may share.")),
    "dummy": (MISSING, _("A number that people type who have none.")),
    "masked": (NEAR, _("The visible digits of the masked number agree.")),
    "slip": (NEAR, _("The numbers differ by one slip of a digit.")),
    "turned": (NEAR, _("Two digits beside each other changed places.")),
    "swap": (NEAR, _("The numbers differ by two digits that changed places.")),
    "tail": (NEAR, _("The last four digits agree; more is not given.")),
    "differ": (DIFFER, _("Different telephone numbers.")),
    "missing": (MISSING, _("A telephone number is missing.")),
}
_NAME_REASONS = {
    "same": (AGREE, _("Same name.")),
    "sound": (NEAR, _("The names sound alike.")),
    "title": (NEAR, _("Same surname; one side gives no first name.")),
    "near": (NEAR, _("The names differ by one character.")),
    "surname": (DIFFER, _("Same surname, different first names.")),
    "sexes": (DIFFER, _("Same surname, but a man and a woman.")),
    "differ": (DIFFER, _("Different names.")),
    "missing": (MISSING, _("A name is missing.")),
}


def phone_field(a, b, rarity):
    """The best pair of numbers."""
    pairs = [(*_phones(p, q, rarity), p, q) for p in a.phones for q in b.phones if not (p.dummy or q.dummy)]
    if not pairs:
        how = "dummy" if any(p.dummy for p in set(a.phones) & set(b.phones)) else "missing"
        return _field("phone", _PHONE_REASONS, how, 0.0, _listed(a.phones), _listed(b.phones))
    weight, how, p, q = max(pairs, key=lambda pair: (pair[1] == "same", pair[1] == "office", pair[0]))
    if how == "differ":
        return _field("phone", _PHONE_REASONS, how, weight, _listed(a.phones), _listed(b.phones))
    params = (("count", rarity.holders[p.digits]),) if how == "shared" else ()
    return _field("phone", _PHONE_REASONS, how, weight, str(p), str(q), params)


def other_phone(field):
    """The same two numbers taken as those of two households."""
    return _field("phone", _PHONE_REASONS, "differ", OTHER_PHONE, field.a_value, field.b_value)


def _phones(p, q, rarity):
    """(weight, how) of two numbers."""
    shared = next((n for n in (p, q) if rarity.is_shared(n.digits)), None)
    if p.digits == q.digits and (p.full or q.full):
        if shared:
            return rarity.phone_weight(p.digits), "shared"
        return (OFFICE_PHONE, "office") if p.kind == "landline" else (SAME_PHONE, "same")
    if "short" in (p.kind, q.kind):
        how, weight = ("tail", TAIL_PHONE) if p.last4 and p.last4 == q.last4 else ("differ", OTHER_PHONE)
    elif "masked" in (p.kind, q.kind):
        how, weight = ("masked", MASKED_PHONE) if _masks_agree(p, q) else ("differ", OTHER_PHONE)
    elif {p.kind, q.kind} <= {"mobile", "odd"} and OSA.distance(p.digits, q.digits, score_cutoff=1) <= 1:
        how, weight = ("turned" if len(p.digits) == len(q.digits) and _changed_places(p.digits, q.digits) else "slip"), SLIP_PHONE
    elif p.kind == q.kind == "mobile" and _changed_places(p.digits, q.digits):
        how, weight = "swap", SWAP_PHONE
    else:
        how, weight = "differ", OTHER_PHONE
    return (OTHER_PHONE, "differ") if shared and how != "differ" else (weight, how)


def _changed_places(a, b):
    """Two digits stand in each other's place."""
    apart = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(apart) == 2 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]


def _masks_agree(p, q):
    """The visible ends agree: at least three digits in front and four behind."""
    head = min(len(p.prefix), len(q.prefix))
    return head >= 3 and bool(p.last4) and p.last4 == q.last4 and p.prefix[:head] == q.prefix[:head]


def name_field(a, b, rarity):
    """The best pair of names."""
    pairs = [(*_names(m, n, rarity), m, n) for m in a.names for n in b.names]
    if not pairs:
        return _field("name", _NAME_REASONS, "missing", 0.0, _listed(a.names), _listed(b.names))
    weight, how, m, n = max(pairs, key=lambda pair: pair[0])
    return _field("name", _NAME_REASONS, how, weight, str(m), str(n))


def _names(m, n, rarity):
    """(weight, how) of two names."""
    if not (m.given and n.given) and (m.surname or n.surname):
        if m.surname != n.surname and not (m.surname and homophones(m.surname, n.surname)):
            return OTHER_NAME, "differ"
        weight = min(rarity.surname_weight(m.surname), rarity.surname_weight(n.surname))
        opposite = {_sex(m.title), _sex(n.title)} == {"f", "m"}
        return (OTHER_GIVEN, "sexes") if opposite else (weight, "title")
    if m.full == n.full:
        return rarity.name_weight(m.full), "same"
    weight = min(rarity.name_weight(m.full), rarity.name_weight(n.full))
    if homophones(m.full, n.full):
        return weight - 0.7, "sound"
    if _near(m, n):
        return weight - 1.7, "near"
    return (OTHER_GIVEN, "surname") if m.surname == n.surname else (OTHER_NAME, "differ")


def _near(m, n):
    """One character wrong, missing or extra in a name of three, or two characters in the wrong order."""
    if max(len(m.full), len(n.full)) < 3 or not m.surname or not n.surname:
        return sorted(m.full) == sorted(n.full)
    if m.surname != n.surname and m.given != n.given:
        return False
    return OSA.distance(m.full, n.full) <= 1


def _sex(title):
    return "f" if title in FEMALE else "m" if title in MALE else ""


def _listed(values):
    return ", ".join(str(v) for v in values)


def _field(field, reasons, how, weight, a_value, b_value, params=()):
    grade, reason = reasons[how]
    return FieldMatch(field, grade, how, weight, a_value, b_value, reason, params)
