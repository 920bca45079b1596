"""What was changed on a row of base data, field by field: the database's own record beside the lines of the timeline."""

from datetime import timedelta

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yiwei.kernel.records.document import Document
from yiwei.kernel.records.history import Change
from yiwei.kernel.records.tenancy.models import Ref

from .columns import column_for, text_of

TOGETHER = timedelta(seconds=30)   # a transaction's changes bear its beginning, its timeline lines their own moment
MOST, LONG = 60, 120


def changes_of(obj, actor, lines):
    """{timeline line's id: ["field: before → after", …]} for rows that are no documents; one statement, and one for each kind referred to."""
    if isinstance(obj, Document) or not obj.audited or not lines:
        return {}
    rows = list(Change.objects.filter(table_name=obj._meta.db_table, object_id=obj.pk, op="U").order_by("-id")[:MOST])
    names, out = _names(obj, rows), {}
    for row in rows:
        line = next((ln for ln in lines if ln.action == row.action and row.at <= ln.at < row.at + TOGETHER), None)
        if line is not None:
            out.setdefault(line.pk, []).extend(_told(obj, row, actor, names))
    return out


def _field(obj, column):
    """The field of a column that people know; None of what the house keeps for itself."""
    try:
        field = obj._meta.get_field(column.removesuffix("_id") if column.endswith("_id") else column)
    except FieldDoesNotExist:
        return None
    return field if field.editable and column not in ("state", "tenant_id") else None


def _names(obj, rows):
    """{(field, id): name} of what the changed references point to."""
    wanted = {}
    for row in rows:
        for column in row.old or {}:
            field = _field(obj, column)
            if isinstance(field, Ref):
                wanted.setdefault(field, set()).update(v for v in (row.old[column], (row.new or {}).get(column)) if v)
    return {(field.name, pk): str(found) for field, ids in wanted.items() for pk, found in field.related_model.objects.in_bulk(ids).items()}


def _told(obj, row, actor, names):
    old, new = row.shown(row.old, actor) or {}, row.shown(row.new, actor) or {}
    for column, before in old.items():
        field = _field(obj, column)
        if field is not None:
            texts = [_text(obj, field, value, names)[:LONG] or _("empty") for value in (before, new.get(column))]
            yield f"{capfirst(str(field.verbose_name))}: {texts[0]} → {texts[1]}"


def _text(obj, field, value, names):
    if value in (None, "", [], {}):
        return ""
    if value == "***":
        return value
    if isinstance(field, Ref):
        return names.get((field.name, value), str(value))
    if isinstance(value, dict):
        return "…"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    try:
        return text_of(column_for(type(obj), field.name), value if isinstance(value, list) else field.to_python(value))
    except ValidationError:
        return str(value)
