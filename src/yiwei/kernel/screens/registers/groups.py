"""A list by groups with sub-totals: one statement for all of them, each opens its rows."""

from django.db.models import BooleanField, Count, Sum
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yiwei.kernel.base.money import money_text
from yiwei.kernel.records.tenancy.models import Ref

from .listing import columns_for, filters_of, summed

MOST = 200   # groups


def groupable(register, actor):
    """{name: label} of what a list may be grouped by: its columns of states, references, choices and yes or no."""
    fields = {f.name: f for f in register.model._meta.local_concrete_fields}
    return {c.name: c.label for c in register.visible_columns(actor) if not c.value and not c.seen and not c.mask
            and (f := fields.get(c.name)) is not None and (c.name == "state" or isinstance(f, (Ref, BooleanField)) or f.choices)}


def grouped(register, actor, params, rows, address):
    """The contract of a table: a row for each group with its number and sums, the largest first; `address(name=…)` narrows the list."""
    name = params["grouped"]
    field = register.model._meta.get_field(name)
    sums = summed(register, columns_for(register, actor, params))
    order = (f"-{sums[0].name}_sum",) if sums else ("-rows",)
    found = list(rows.order_by().values(name).annotate(rows=Count("pk"), **{f"{c.name}_sum": Sum(c.value or c.name) for c in sums})
                 .order_by(*order, name)[:MOST + 1])
    labels = _labels(register, actor, field, [g[name] for g in found])
    narrows = {f.name for f in filters_of(register)}
    columns = [{"name": name, "label": groupable(register, actor)[name], "align": ""}, {"name": "rows", "label": _("Rows"), "align": "end"},
               *({"name": c.name, "label": c.label, "align": "end"} for c in sums)]
    lines = []
    for group in found[:MOST]:
        text, color = labels.get(group[name], ("–", ""))
        url = address(**{name: _sent(group[name]), "grouped": None}) if name in narrows and group[name] is not None else ""
        lines.append({"pk": 0, "url": url, "title": text, "badges": [], "cells": [
            {"kind": "state" if color else "text", "text": text, "color": color, "label": "", "url": url},
            {"kind": "number", "text": f"{group['rows']:,}", "align": "end", "label": _("Rows")},
            *({"kind": "money", "text": money_text(group[f"{c.name}_sum"] or 0), "align": "end", "label": str(c.label)} for c in sums)]})
    return {"columns": columns, "rows": lines, "more": len(found) > MOST}


def _sent(value):
    return {True: "1", False: "0"}.get(value, value) if isinstance(value, bool) else value


def _labels(register, actor, field, values):
    """{value: (text, colour)}."""
    flow = register.model.flow if field.name == "state" else None
    if flow:
        states = {v: flow.state(flow.seen(v, actor)) for v in values}
        return {v: (capfirst(str(s.label)), s.color) for v, s in states.items()}
    if isinstance(field, Ref):
        return {pk: (str(obj), "") for pk, obj in field.related_model.objects.in_bulk([v for v in values if v is not None]).items()}
    if isinstance(field, BooleanField):
        return {True: (_("Yes"), ""), False: (_("No"), "")}
    return {value: (str(label), "") for value, label in field.flatchoices}
