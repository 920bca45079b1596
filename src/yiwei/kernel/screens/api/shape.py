"""How a row looks to a program: plain values, masked as on the screen."""

from datetime import date, datetime
from decimal import Decimal

from django.db import models

from yiwei.kernel.records.personal import redacted
from yiwei.kernel.records.scope import masked_phone
from yiwei.kernel.screens.registers.columns import CODES, FREE


def plain(value):
    """Numbers as strings where they are money, dates in ISO form."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return {"id": value.pk, "text": str(value)}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value if isinstance(value, (int, float, bool, str, dict)) or value is None else str(value)


def bare(value):
    """An input's value as a program would send it: rows as ids, also within lines."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, (list, tuple)):
        return [bare(v) for v in value]
    return {k: bare(v) for k, v in value.items()} if isinstance(value, dict) else plain(value)


def shown(column, row, actor):
    """The plain value of a cell; a phone is masked for who may not see it."""
    value = column.get(row, actor)
    if column.kind == "phone" and not actor.sees(column.mask or "phone"):
        return masked_phone(str(value or ""))
    found = plain(value)
    if column.kind in FREE and column.name not in CODES:
        return discreet(found, actor)
    return found


def discreet(value, actor):
    """Plain values whose texts bear no number for who may not see them."""
    if isinstance(value, str):
        return redacted(value, actor)
    if isinstance(value, list):
        return [discreet(v, actor) for v in value]
    return {k: discreet(v, actor) for k, v in value.items()} if isinstance(value, dict) else value


def record(register, obj, actor, full=False):
    """The columns of a register (and its sections, when asked for) as JSON values."""
    out = {"id": obj.pk, "text": redacted(str(obj), actor)}
    for name in ("number", "state", "version"):
        if hasattr(obj, name):
            value = getattr(obj, name)
            out[name] = obj.flow.seen(value, actor) if name == "state" and getattr(obj, "flow", None) else value
    columns = list(register.visible_columns(actor))
    if full:
        columns += [c for c in register.section_columns() if not c.mask or c.kind == "phone" or actor.sees(c.mask)]
    for column in columns:
        if column.name not in out:
            out[column.name] = shown(column, obj, actor)
    if full:
        out.update(register.api_extra(actor, obj))
    return out


