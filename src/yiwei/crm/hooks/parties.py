"""What people type about a person and a house, brought into one form."""

from django.utils.translation import gettext as _

from yiwei.kernel import text
from yiwei.kernel.base.errors import Invalid


def clean_phone(value, field="phone"):
    """One number in plain digits, or '' for nothing; a message at the field for what cannot be a number."""
    if not str(value or "").strip():
        return ""
    try:
        return str(text.phone(value))
    except text.BadValue as error:
        raise Invalid({field: [_(error.message_id) % error.params]}) from None


def clean_phones(value, field):
    """Several numbers in plain digits, as they are kept: joined by 、."""
    if not str(value or "").strip():
        return ""
    try:
        return "、".join(p.digits for p in text.phones(value))[:120]
    except text.BadValue as error:
        raise Invalid({field: [_(error.message_id) % error.params]}) from None


def read_house(community="", address="", building="", unit="", room=""):
    """The parts of a house as an `Address`, whether typed apart or in one line; None if nothing can be read."""
    parts = "-".join(p for p in (str(building or ""), str(unit or ""), str(room or "")) if p)
    try:
        return text.address(parts or address or "", community or None)
    except text.BadValue:
        return None


def split_house(data):
    """Fill building, unit and room from an address typed in one line, where they were not given apart."""
    if data.get("address") and not any(data.get(n) for n in ("building", "unit", "room")):
        found = read_house(data.get("community"), data["address"])
        if found is not None and found.has_house:
            data.update(building=found.building, unit=found.unit, room=found.room)
            data["community"] = data.get("community") or str(found.community)
    return data
