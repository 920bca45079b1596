"""One value of a form or of JSON: read as people write it, and refused where it cannot be meant."""

import re
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yiwei.kernel.base.money import MOST_MONEY, MOST_QUANTITY
from yiwei.kernel.text import clean_text

WIDE = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2100  # people write 2099-12-31 for “as long as it is”


def value_of(field, value):
    """What a field makes of a raw value; a ValidationError where it is not readable or not within reason."""
    try:
        cleaned = field.clean(_single(field, value))
    except RecursionError:  # JSON within JSON within JSON …
        raise ValidationError(_("This cannot be read.")) from None
    _within_reason(field, cleaned)
    return cleaned


def _single(field, value):
    """One plain value as JSON may bring it, in a form that Django's fields can read."""
    if isinstance(field, (forms.JSONField, forms.MultipleChoiceField)):
        return value
    if isinstance(value, (dict, list)):
        raise ValidationError(_("Give one plain value."))
    if isinstance(value, (int, float)) and not isinstance(field, forms.BooleanField):
        value = str(value)
    if isinstance(value, str) and isinstance(field, forms.IntegerField):  # decimals too are of its kind
        return _number(value)
    return clean_text(value) if isinstance(value, str) and isinstance(field, forms.CharField) and field.strip else value


def _number(text):
    """1,000.00 and １２．５ as a number is spelt; what Python would read beyond that (1_0, 1e3, Arabic digits) is none."""
    text = text.strip().translate(WIDE)
    if text and not (NUMBER.fullmatch(text) and re.search("[0-9]", text)):
        raise ValidationError(_("Enter a number."))
    return text.replace(",", "")


def _within_reason(field, value):
    if isinstance(value, date):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(_("This day cannot be right."))
    elif isinstance(value, (Decimal, int, float)) and not isinstance(value, bool):
        money = getattr(field, "decimal_places", None) == 2
        if abs(value) > (MOST_MONEY if money else MOST_QUANTITY if isinstance(value, Decimal) else 2**31 - 1):
            raise ValidationError(_("This is too much to be right."))
