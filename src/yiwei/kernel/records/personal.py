"""Personal data: each model declares its own (`personal`), and it is masked for who may not see it, in free text as well.

`personal = {"phone": PHONE, "wechat": CONTACT, "birthday": OPEN}`: telephone numbers show their ends and can be revealed for a reason;
other ways to reach somebody are hidden whole; what is open is personal, but seen by everybody who sees the row.
"""

import re

from yiwei.kernel.text import without_digits

PHONE, CONTACT, OPEN = "phone", "contact", "open"
KINDS = (PHONE, CONTACT, OPEN)
MASK = "phone"   # what a position may be kept from seeing
LIKELY = re.compile(r"(^|_)phones?$|^wechat$|^birthday$|^email$|^id_number$")  # fields of such names must be declared
_DIGITS = re.compile(r"\d[\d \-*●•xX]{6}")


def mask_of(model, name):
    """Which mask hides a field; '' where none does."""
    return model.masked.get(name) or (MASK if model.personal.get(name) in (PHONE, CONTACT) else "")


def is_phone(model, name):
    return model.personal.get(name) == PHONE


def redacted(text, actor):
    """A text in which telephone numbers are masked for who may not see them."""
    if actor.sees(MASK) or not _DIGITS.search(text):
        return text
    return without_digits(text)
