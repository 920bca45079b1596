"""Columns and cells: one value, how it is shown, exported and masked."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.money import money_text
from yiwei.kernel.records.personal import is_phone, mask_of, redacted
from yiwei.kernel.records.scope import masked_phone
from yiwei.kernel.records.tenancy.models import Ref

RIGHT = {"number", "money", "progress"}


@dataclass
class Column:
    """One column: `value` is a path on the row or a function of it; `mask` hides it from some positions.

    `seen(row, actor)` instead of `value` where what is shown depends on who looks.
    """

    name: str
    label: object = ""
    kind: str = ""
    value: object = None
    mask: str = ""
    link: bool = False
    sort: str = ""
    total: bool = False
    hidden: bool = False
    wide: bool = False
    seen: object = None

    @property
    def align(self):
        return "end" if self.kind in RIGHT else ""

    def get(self, row, actor=None):
        """The plain value of a row for this column."""
        if self.seen:
            return self.seen(row, actor)
        if callable(self.value):
            return self.value(row)
        path = self.value or self.name
        if isinstance(row, dict):
            return row.get(path)
        value = row
        for part in path.split("__"):
            if value is None:
                return None
            value = getattr(value, part, None)
        return value() if callable(value) and not isinstance(value, models.Model) else value


KINDS = (
    (models.BooleanField, "bool"), (models.DateTimeField, "datetime"), (models.DateField, "date"),
    (models.IntegerField, "number"), (models.JSONField, "text"),
)


FREE, CODES = ("text", "note", "link"), ("number", "code")  # what may hold a telephone number that somebody wrote there


def column_for(model, name):
    """A column from a field of the model: label, kind and mask are inferred."""
    if isinstance(name, Column):
        column = name
        if not column.kind:
            column.kind = "text"
        column.mask = column.mask or model.masked.get(column.name, "")
        return column
    target, field = model, None
    for part in name.split("__"):
        try:
            field = target._meta.get_field(part)
        except Exception:
            member = getattr(target, part, None)
            label = getattr(member, "short_description", None) or part.replace("_", " ")
            kind = getattr(member, "kind", "text")
            return Column(name, label, kind, mask=model.masked.get(name, ""))
        target = field.related_model or target
    kind = "text"
    if name == "state" or (name.endswith("__state") and target.flow):
        kind = "state"
    elif isinstance(field, models.DecimalField):
        kind = "money" if field.decimal_places == 2 else "number"
    elif isinstance(field, Ref):
        kind = "link"
    else:
        kind = next((k for cls, k in KINDS if isinstance(field, cls)), "text")
    if is_phone(target, field.name):
        kind = "phone"
    sort = name if kind in ("date", "datetime", "money", "number") or name in ("number", "code", "id") else ""
    return Column(name, field.verbose_name, kind, mask=mask_of(target, field.name) or model.masked.get(name, ""),
                  sort=sort, total=kind == "money")


def number_text(value):
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:,.3f}".rstrip("0").rstrip(".")
        return text or "0"
    return f"{value:,}" if isinstance(value, int) else str(value)


def text_of(column, value, row=None):
    """What people read."""
    if value is None or value == "":
        return ""
    kind = column.kind
    if kind == "money":
        return money_text(value)
    if kind in ("number", "progress"):
        return number_text(value) + ("%" if kind == "progress" else "")
    if kind == "datetime":
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if hasattr(value, "hour") else str(value)
    if kind == "date":
        return value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else date_format(value)
    if kind == "bool":
        return _("Yes") if value else _("No")
    if isinstance(value, (list, tuple)):
        return "、".join(str(v) for v in value)
    return str(value)


def cell(column, row, actor):
    """The cell contract of the templates; masked values never leave here."""
    value = column.get(row, actor)
    out = {"kind": column.kind, "align": column.align, "label": str(column.label), "color": "", "url": ""}
    if column.kind == "phone":
        shown = actor.sees(column.mask or "phone")
        out["text"] = str(value or "") if shown else masked_phone(str(value or ""))
        out["masked"] = bool(value) and not shown
        if out["masked"] and hasattr(row, "pk") and actor.can("kernel.phone.reveal"):
            out["reveal_url"] = reveal_url(row, column.name)
        return out
    if column.mask and not actor.sees(column.mask):
        out.update(kind="text", text="***" if value not in (None, "") else "")
        return out
    if column.kind == "state":
        flow = _flow_of(column, row)
        state = flow.state(flow.seen(value, actor)) if flow and value else None
        out.update(text=str(state.label) if state else str(value or ""), color=state.color if state else "secondary")
        return out
    field_choices = _choices(column, row)
    if field_choices and value in field_choices:
        out["text"] = str(field_choices[value])
        return out
    if column.kind == "tags":
        out["tags"] = [redacted(str(v), actor) for v in value or []]
    out["text"] = text_of(column, value, row)
    if column.kind in FREE and column.name not in CODES:
        out["text"] = redacted(out["text"], actor)
    if column.kind == "link" and isinstance(value, models.Model):
        register = registry.register_of(type(value))
        if register and register.allowed(actor):
            out["url"] = register.url("detail", value.pk)
    if column.kind == "progress":
        out["pct"] = float(value or 0)
    return out


def _flow_of(column, row):
    if isinstance(row, dict):
        return None
    path = (column.value if isinstance(column.value, str) else None) or column.name
    for part in path.split("__")[:-1]:
        row = getattr(row, part, None)
    return getattr(row, "flow", None)


def _choices(column, row):
    if isinstance(row, dict) or "__" in column.name or column.value:
        return None
    try:
        choices = row._meta.get_field(column.name).choices
    except Exception:
        return None
    return dict(choices) if choices else None


def reveal_url(row, name):
    register = registry.register_of(type(row))
    return f"{register.url('detail', row.pk)}reveal/{name}/" if register else ""
