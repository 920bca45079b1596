"""One page of a register: filters, search, sorting, and paging by key."""

import base64
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.records.tenancy.models import Ref

from .columns import Column, cell, column_for, money_text
from .queues import narrowed, order_of

PAGE = 50
RESERVED = {"q", "queue", "grouped", "sort", "after", "before", "view", "cols", "page", "format", "limit"}


def filters_of(register):
    """The register's filters; of plain names label and kind are inferred from the model's fields."""
    out = []
    for name in register.filters:
        if isinstance(name, Filter):
            out.append(name)
            continue
        field = register.model
        label = name
        for part in name.split("__"):
            f = field._meta.get_field(part)
            field, label = (f.related_model or field), f.verbose_name
        if name == "state":
            kind = "select"
        elif isinstance(f, Ref):
            kind = "picker"
        elif isinstance(f, (models.DateField, models.DateTimeField)):
            kind = "date_range"
        elif isinstance(f, models.BooleanField):
            kind = "bool"
        elif f.choices:
            kind = "select"
        else:
            kind = "text"
        out.append(Filter(name, label, kind, field=f))
    return out


def filtered_by(model, actor):
    """Whether a list or report that is open to `actor` is filtered by rows of `model`."""
    lists = (filters_of(r) for r in registry.registers.values() if r.allowed(actor))
    reports = (r.filters for r in registry.reports.values() if r.allowed(actor))
    return any(f.kind == "picker" and f.model is model for filters in (*lists, *reports) for f in filters)


class Filter:
    """One entry of the filter bar. `apply(rows, value)` may replace the plain comparison.

    `always`: one of the choices holds at any time, at first the first; there is no "all". `reserved`: {choice: right} of
    those that only holders of a right are offered; who lacks it finds nothing by them.
    """

    def __init__(self, name, label, kind="select", *, field=None, choices=None, apply=None, model=None, always=False, reserved=None):
        self.name, self.label, self.kind, self.field, self.always = name, label, kind, field, always
        self.reserved = reserved or {}
        self._choices, self._apply, self.model = choices, apply, model or getattr(field, "related_model", None)

    def kept_from(self, actor):
        """The choices that are not for `actor`."""
        return {choice for choice, right in self.reserved.items() if not actor.can(right)}

    def choices(self, register):
        if self._choices is not None:
            return list(self._choices() if callable(self._choices) else self._choices)
        if self.name == "state" and register.model.flow:
            return list(register.model.flow.choices)
        if self.kind == "bool":
            return [("1", _("Yes")), ("0", _("No"))]
        return list(self.field.choices or []) if self.field is not None else []

    def fits(self, register, value):
        """Whether a value is one that there is: a choice, a row's number, a day."""
        if self.kind in ("select", "bool"):
            known = {str(v) for v, _text in self.choices(register)}
            return all(v in known for v in value.split(","))
        return bool(id_of(value)) if self.kind == "picker" else bool(day_of(value)) if self.kind.startswith("date") else True

    def apply(self, rows, params):
        value = params.get(self.name, "")
        if self.kind == "date_range":
            return self._range(rows, value, params.get(f"{self.name}_to", ""))
        if value in ("", None):
            return rows
        if self._apply:
            return self._apply(rows, value)
        if self.kind == "bool":
            return rows.filter(**{self.name: value == "1"})
        if self.kind == "picker":
            path = f"{self.name}_id" if "__" not in self.name else self.name
            return rows.filter(**{path: id_of(value)}) if id_of(value) else rows.none()
        values = value.split(",") if self.kind == "select" else [value]
        return rows.filter(**{f"{self.name}__in": values})

    def _range(self, rows, start, end):
        return rows.filter(**lookups_of_days(self.name, day_of(start), day_of(end), stamped=isinstance(self.field, models.DateTimeField)))

    def shown(self, register, params, actor):
        """The contract of the filter bar."""
        value = params.get(self.name, "")
        out = {"name": self.name, "label": str(self.label), "kind": self.kind, "value": value,
               "value_to": params.get(f"{self.name}_to", ""), "choices": [], "picker_url": "", "value_label": "", "always": self.always}
        if self.kind in ("select", "bool"):
            hidden = register.model.flow.hidden(actor) if self.name == "state" and getattr(register, "model", None) and register.model.flow else {}
            kept = {*hidden, *self.kept_from(actor)}
            out["choices"] = [(str(v), str(text)) for v, text in self.choices(register) if v not in kept]
            names = dict(out["choices"])
            if self.always and value not in names:
                value = out["value"] = next(iter(names), "")
            out["value_label"] = "、".join(names.get(v, v) for v in value.split(",")) if value else ""
            if value and value not in names:
                out["choices"].append((value, out["value_label"]))
        elif self.kind == "picker" and self.model is not None:
            target = registry.register_of(self.model)
            out["picker_url"] = target.url("pick") if target else ""
            if id_of(value):
                found = scope.rows(self.model, actor).filter(pk=id_of(value)).first()
                out["value_label"] = str(found) if found else ""
        else:
            out["value_label"] = value
        if self.kind == "date_range":
            out["value_label"] = f"{value} – {out['value_to']}" if value or out["value_to"] else ""
        return out


def day_of(text):
    """The day a text in an address names, or None."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and 1900 <= day.year < 3000 else None


def lookups_of_days(name, first, last, *, stamped=False):
    """Lookups for a date, or where `stamped` a moment, from the first day to the last; either may be None."""
    def moment(day):
        return timezone.make_aware(datetime.combine(day, time.min))
    after = {f"{name}__gte": moment(first) if stamped else first} if first else {}
    before = ({f"{name}__lt": moment(last + timedelta(days=1))} if stamped else {f"{name}__lte": last}) if last else {}
    return after | before


def _veiled(register, actor, params):
    """Who is not shown a state cannot ask for it either: it is among those that stand in its place."""
    hidden = register.model.flow.hidden(actor) if register.model.flow else {}
    asked = (params.get("state") or "").split(",")
    if not hidden or asked == [""]:
        return params
    known = [code for code in asked if code not in hidden]
    return {**params, "state": ",".join([*known, *(code for code, other in hidden.items() if other in known)]) or "-"}


def filtered(register, actor, params):
    """Rows within scope, filtered and searched by the query string."""
    rows, params = register.rows(actor), _veiled(register, actor, params)
    for f in filters_of(register):
        rows = rows.none() if params.get(f.name) in f.kept_from(actor) else f.apply(rows, params)
    rows = register.find(rows, (params.get("q") or "").strip())
    return narrowed(register, actor, rows, params.get("queue"))


def _encode(values):
    def plain(v):
        if isinstance(v, (datetime, date)):
            return v.isoformat()
        return str(v) if isinstance(v, Decimal) else v
    return base64.urlsafe_b64encode(json.dumps([plain(v) for v in values]).encode()).decode().rstrip("=")


def _decode(text, model, path):
    """(value, id) of a cursor that fits the column it pages by; None of anything else."""
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if id_of(pk) is None or isinstance(value, (list, dict)):
            return None
        for part in path.split("__"):
            field = model._meta.get_field(part)
            model = field.related_model
        if isinstance(field, models.DateTimeField) and value is not None:
            value = datetime.fromisoformat(value)
            return (value if value.tzinfo else timezone.make_aware(value)), pk
        return field.to_python(value), pk
    except (ValueError, TypeError, ArithmeticError, RecursionError, ValidationError, FieldDoesNotExist):
        return None


def sort_of(register, actor, params):
    """By which column the rows stand: as asked where one may sort by it, else in the register's own order."""
    wanted = params.get("sort") or order_of(register, actor, params.get("queue")) or register.order
    known = {c.sort for c in register.visible_columns(actor) if c.sort} | {register.order.lstrip("-"), register.due, "id"}
    return wanted if wanted.lstrip("-") in known else register.order


class Page:
    """Rows of one page with the cursors before and after it."""

    def __init__(self, register, actor, params, size=None, rows=None):
        self.register, self.actor, self.params, self.size = register, actor, params, size or PAGE
        self.sort = sort_of(register, actor, params)
        rows = filtered(register, actor, params) if rows is None else rows
        self.rows, self.next, self.previous = self._slice(rows)

    def _slice(self, rows):
        name, down = self.sort.lstrip("-"), self.sort.startswith("-")
        after, before = (_decode(self.params.get(n) or "", self.register.model, name) for n in ("after", "before"))
        backwards = before is not None
        cursor = before or after
        down_now = down != backwards
        if name in ("id", "pk"):
            order = ["-id" if down_now else "id"]
            if cursor:
                rows = rows.filter(**{"id__lt" if down_now else "id__gt": cursor[1]})
        else:
            order = [f"-{name}" if down_now else name, "-id" if down_now else "id"]
            if cursor:
                rows = rows.filter(_behind(name, cursor, down_now))
        found = list(rows.order_by(*order)[: self.size + 1])
        more = len(found) > self.size
        found = found[: self.size]
        if backwards:
            found.reverse()
        forth = self._cursor(found[-1], name) if found and (more or backwards) else None
        back = self._cursor(found[0], name) if found and (more if backwards else bool(cursor)) else None
        return found, forth, back

    @staticmethod
    def _cursor(row, name):
        value = row.pk if name in ("id", "pk") else Column(name).get(row)
        return _encode([value, row.pk])


def _behind(name, cursor, down):
    """The rows behind a cursor; those without a value stand last, and first where it goes down."""
    value, pk = cursor
    op, empty = "lt" if down else "gt", Q(**{f"{name}__isnull": True})
    if value is None:
        same = empty & Q(**{f"id__{op}": pk})
        return same | ~empty if down else same
    found = Q(**{f"{name}__{op}": value}) | Q(**{name: value, f"id__{op}": pk})
    return found if down else found | empty


def columns_for(register, actor, params):
    """Columns this actor chose, in order, without those its position may not see."""
    columns = register.visible_columns(actor)
    chosen = [c for c in (params.get("cols") or "").split(",") if c]
    if chosen:
        by_name = {c.name: c for c in columns}
        return [by_name[c] for c in chosen if c in by_name] or columns
    return [c for c in columns if not c.hidden]


def summed(register, columns):
    """The columns whose sums the database can tell."""
    return [c for c in columns if c.total and not callable(c.value) and _is_column(register.model, c.value or c.name)]


def totals(register, actor, params):
    """The number of rows and the sums of the money columns over the whole result."""
    names = summed(register, columns_for(register, actor, params))
    ids = filtered(register, actor, params).order_by().values("pk")
    sums = register.model.objects.filter(pk__in=ids).aggregate(
        rows_=models.Count("pk"), **{c.name: Sum(c.value or c.name) for c in names})
    return {"rows": sums["rows_"], "sums": {c.name: money_text(sums[c.name]) for c in names}}


def _is_column(model, path):
    try:
        column = column_for(model, path)
    except Exception:
        return False
    return column.kind == "money" and "__" not in path and any(f.name == path for f in model._meta.fields)


def row_of(register, actor, obj, columns):
    """The contract of one row."""
    url = register.url("detail", obj.pk)
    cells = [cell(c, obj, actor) for c in columns]
    for c, out in zip(columns, cells, strict=True):
        if c.link:
            out["url"] = url
        out["name"] = c.name
    return {"pk": obj.pk, "url": url, "title": register.title(obj), "cells": cells,
            "badges": register.flags(actor, obj)}
