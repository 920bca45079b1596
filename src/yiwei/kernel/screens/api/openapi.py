"""OpenAPI 3.1, made from the registered registers, actions and reports."""

from django import forms
from django.utils.translation import override

from yiwei.kernel.base import registry
from yiwei.kernel.records.scope import system
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


def _answer(schema):
    errors = {str(code): {"description": text, "content": {"application/json": {"schema": {
        "$ref": "#/components/schemas/Error"}}}} for code, text in (
            (401, "No valid key"), (403, "Not allowed"), (404, "Not found within scope"),
            (409, "Refused by a rule"), (422, "Invalid input"))}
    return {"200": {"description": "Done", "content": {"application/json": {"schema": schema}}}, **errors}


def _row(register):
    properties = {"id": {"type": "integer"}, "text": {"type": "string"}}
    for column in register.all_columns():
        properties[column.name] = {**KINDS.get(column.kind, {}), "title": str(column.label)}
    return {"type": "object", "properties": properties}


def _operation(act, register):
    fields = act.inputs(system(0))
    files = any(isinstance(f, forms.FileField) for f in fields.values())
    body = {("multipart/form-data" if files else "application/json"): {"schema": object_schema(fields)}}
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
            query = [{"name": n, "in": "query", "schema": {"type": "string"}}
                     for n in ("q", "sort", "after", "before", "limit")]
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
            for act in register.actions():
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
                "responses": _answer({"type": "object"})}}
        schemas = {f"{r.room}.{r.slug}": _row(r) for r in registry.registers.values()}
    schemas["Error"] = {"type": "object", "properties": {
        "code": {"type": "string"}, "message": {"type": "string"}, "errors": {"type": "object"}}}
    schemas["Outcome"] = {"type": "object", "properties": {
        "message": {"type": "string"}, "repeated": {"type": "boolean"}, "result": {"type": "object"},
        "approval": {"type": "object"}}}
    return {
        "openapi": "3.1.0", "info": {"title": "Yiwei", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}],
    }
