"""OpenAPI 3.1, made from the registered registers, actions and reports."""

from django import forms
from django.utils.translation import override

from yiwei.kernel.base import registry
from yiwei.kernel.records.scope import system
from yiwei.kernel.records.tenancy.models import Ref
from yiwei.kernel.screens.registers.listing import filters_of
from yiwei.kernel.work.actions.fields import Lines, Pick

KINDS = {
    "money": {"type": ["string", "null"], "format": "decimal"}, "number": {"type": ["number", "string", "null"]},
    "date": {"type": ["string", "null"], "format": "date"}, "bool": {"type": ["boolean", "null"]},
    "datetime": {"type": ["string", "null"], "format": "date-time"}, "state": {"type": "string"},
}


def field_schema(field):
    """JSON schema of one input."""
    if isinstance(field, Lines):
        return {"type": "array", "items": object_schema(field.fields), "maxItems": field.maximum}
    if isinstance(field, Pick):
        one = {"type": "integer", "description": f"id of {field.model._meta.label_lower}"}
        return {"type": "array", "items": one} if field.many else one
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField):
        return {"type": "integer"}
    if isinstance(field, forms.DecimalField):
        return {"type": ["string", "number"], "format": "decimal"}
    if isinstance(field, forms.FileField):
        return {"type": "string", "format": "binary"}
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": {"type": "string"}}
    if isinstance(field, forms.ChoiceField):
        values = [str(v) for v, _text in field.choices if v != "" and not isinstance(_text, (list, tuple))]
        return {"type": "string", "enum": values} if values else {"type": "string"}
    if isinstance(field, forms.DateTimeField):
        return {"type": "string", "format": "date-time"}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, forms.JSONField):
        return {}
    out = {"type": "string"}
    if getattr(field, "max_length", None):
        out["maxLength"] = field.max_length
    return out


def object_schema(fields):
    out = {"type": "object", "properties": {n: {**field_schema(f), "title": str(f.label or n)}
                                            for n, f in fields.items()}}
    required = [n for n, f in fields.items() if f.required and not isinstance(f, forms.BooleanField)]
    if required:
        out["required"] = required
    return out


QUERY = [{"name": n, "in": "query", "schema": {"type": "string"}, "description": told} for n, told in (
    ("q", "Search words"), ("sort", "A column; with - before it from the largest"), ("after", "“next” of the page before"),
    ("before", "“previous” of the page behind"))]
QUERY.append({"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}, "description": "Rows on a page"})


def _answer(schema):
    errors = {str(code): {"description": text, "content": {"application/problem+json": {"schema": {
        "$ref": "#/components/schemas/Error"}}}} for code, text in (
            (400, "Not readable"), (401, "No valid key"), (403, "Not allowed"), (404, "Not found within scope"),
            (405, "Not by this method"), (409, "Refused by a rule"), (422, "Invalid input"), (503, "The database is not reachable"))}
    return {"200": {"description": "Done", "content": {"application/json": {"schema": schema}}}, **errors}


def _row(register):
    properties = {"id": {"type": "integer"}, "text": {"type": "string"}}
    for column in register.all_columns():
        properties[column.name] = {**_column_schema(register.model, column), "title": str(column.label)}
    return {"type": "object", "properties": properties}


def _column_schema(model, column):
    """What a cell holds; a reference is an object with id and text."""
    names = {f.name: f for f in model._meta.fields}
    if column.value is None and isinstance(names.get(column.name), Ref):
        return {"type": ["object", "null"], "description": f"{names[column.name].related_model._meta.label_lower}",
                "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}}
    return KINDS.get(column.kind, {})


FILTERS = {
    "bool": {"type": "string", "enum": ["1", "0"]}, "date": {"type": "string", "format": "date"}, "picker": {"type": "integer"},
    "date_range": {"type": "string", "format": "date"},
}


def _filters(filters, register=None):
    """The parameters by which a list or a report is narrowed; a range has a second one for its end."""
    for one in filters:
        schema = dict(FILTERS.get(one.kind, {"type": "string"}))
        if one.kind == "select":
            schema["enum"] = sorted(str(code) for code, _label in one.choices(register))
        told = str(one.label)
        if one.kind == "picker" and one.model is not None:
            told += f": id of {one.model._meta.label_lower}"
        yield {"name": one.name, "in": "query", "schema": schema, "description": told}
        if one.kind == "date_range":
            yield {"name": f"{one.name}_to", "in": "query", "schema": schema, "description": f"{told}: last day"}


def _operation(act, register):
    fields = act.inputs(system(0))
    files = any(isinstance(f, forms.FileField) for f in fields.values())
    schema = object_schema(fields)
    if not act.creates:
        schema["properties"]["version"] = {"type": "integer", "description": "Refused where the row has another one by now"}
    body = {("multipart/form-data" if files else "application/json"): {"schema": schema}}
    key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 100},
           "description": "The same key never does a thing twice."}
    return {"post": {"tags": [register.room], "operationId": act.name, "summary": str(act.label),
                     "description": (act.fn.__doc__ or "").strip(), "parameters": [key],
                     "requestBody": {"content": body}, "responses": _answer({"$ref": "#/components/schemas/Outcome"})}}


def document():
    """The whole description."""
    with override("en"):
        paths = {}
        for register in registry.registers.values():
            base = f"/api/v1/{register.room}/{register.slug}"
            name = f"{register.room}.{register.slug}"
            schema = {"$ref": f"#/components/schemas/{name}"}
            query = [*QUERY, *_filters(filters_of(register), register)]
            paths[base] = {"get": {"tags": [register.room], "operationId": f"{name}.list",
                                   "summary": str(register.label), "parameters": query,
                                   "responses": _answer({"type": "object", "properties": {
                                       "results": {"type": "array", "items": schema},
                                       "next": {"type": ["string", "null"]},
                                       "previous": {"type": ["string", "null"]}}})}}
            pk = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
            paths[base + "/{id}"] = {"parameters": [pk], "get": {
                "tags": [register.room], "operationId": f"{name}.get", "summary": str(register.label),
                "responses": _answer(schema)}}
            for one in register.papers:
                paths[f"{base}/{{id}}/paper/{one.name}"] = {"parameters": [pk], "get": {
                    "tags": [register.room], "operationId": f"{name}.paper.{one.name}", "summary": str(one.label), "responses": {
                        **_answer({}), "200": {"description": "PDF", "content": {"application/pdf": {}}}}}}
            if not register.main:
                continue
            for act in (a for a in register.actions() if not a.internal):
                where = f"{base}/new/{act.verb}" if act.creates else f"{base}/{{id}}/{act.verb}"
                paths[where] = _operation(act, register)
                paths[where]["get"] = {
                    "tags": [register.room], "operationId": f"{act.name}.initial", "summary": f"{act.label}: first values",
                    "responses": _answer({"type": "object", "properties": {"initial": {"type": "object"}}})}
                if not act.creates:
                    paths[where]["parameters"] = [pk]
        for report in registry.reports.values():
            paths[f"/api/v1/report/{report.slug}"] = {"get": {
                "tags": ["report"], "operationId": f"report.{report.slug}", "summary": str(report.label),
                "parameters": list(_filters(report.filters)),
                "responses": _answer({"type": "object"})}}
        schemas = {f"{r.room}.{r.slug}": _row(r) for r in registry.registers.values()}
    schemas["Error"] = {"type": "object", "required": ["type", "title", "status", "code"], "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "code": {"type": "string"},
        "message": {"type": "string"}, "errors": {"type": "object"}}}
    schemas["Outcome"] = {"type": "object", "properties": {
        "message": {"type": "string"}, "repeated": {"type": "boolean"}, "result": {"type": "object"},
        "approval": {"type": "object"}}}
    return {
        "openapi": "3.1.0", "info": {"title": "Yiwei", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}],
    }
