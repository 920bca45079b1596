"""The telephone numbers of a person, as typed and as kept."""

from django.utils.translation import gettext as _

from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.text import loose_phones

FIELDS = ("phone", "spare_phone", "more_phones")


def typed(data):
    """{field: number} of all numbers in the fields of a form; `Invalid` where one holds none."""
    found = [n for name in FIELDS for n in _read(data.get(name), name)]
    return dict(zip(FIELDS, spread(found), strict=True))


def spread(numbers):
    """All numbers of a person over the three fields."""
    first, second, *more = [*dict.fromkeys(numbers), "", ""]
    return first, second, "、".join(n for n in more if n)[:120]


def _read(value, field):
    if not str(value or "").strip():
        return []
    found = [p.digits for p in loose_phones(value)]
    if not found:
        raise Invalid({field: [_("“%(value)s” is not a telephone number.") % {"value": value}]})
    return found
