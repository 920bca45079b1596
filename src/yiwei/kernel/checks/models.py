"""Models: who sees their rows, what stays inside the tenant, which fields they name."""

from collections import Counter

from django.apps import apps
from django.db import models

from yiwei.kernel.base import directory
from yiwei.kernel.records import holdings, personal
from yiwei.kernel.records.document import Document
from yiwei.kernel.records.search import KINDS
from yiwei.kernel.records.tenancy.guards import tenant_models
from yiwei.kernel.records.tenancy.models import Ref, TenantModel

from .words import error, lost, unknown


def problems():
    found = tenant_models()
    for model in found:
        yield from of(model)
    for model in apps.get_models():
        if not issubclass(model, TenantModel):
            yield from strangers(model)
    for prefix, number in Counter(m.prefix for m in found if issubclass(m, Document) and m.prefix).items():
        if number > 1:
            names = ", ".join(m.__name__ for m in found if issubclass(m, Document) and m.prefix == prefix)
            yield error(13, names, f"number their documents with the same prefix “{prefix}”", "Give one of them another `prefix`.")
    try:
        holdings.holdings()
    except holdings.Undeclared as problem:
        yield error(6, "holdings", str(problem), 'Set e.g. `held = {"field": STAYS}` (kernel/records/holdings.py).')


def of(model):
    """The problems of one model that belongs to a tenant."""
    if model._default_manager.name != "objects":
        yield error(2, model, "has another default manager than `objects`")
    yield from _scope(model)
    yield from _references(model)
    for index in (*model._meta.indexes, *model._meta.constraints):
        if getattr(index, "fields", None) and "tenant" not in (index.fields[:1] if isinstance(index, models.Index) else index.fields):
            yield error(11, model, f"“{index.name}” lies across the tenants", 'Its fields begin with "tenant".')
    for what, names in (("masked", model.masked), ("search", model.search), ("held", model.held)):
        for path in filter(None, (lost(model, name, computed=what != "held") for name in names)):
            yield error(12, model, f"`{what}`: {path}")
    masks = unknown(model.masked.values(), directory.masks())
    if masks:
        yield error(12, model, f"`masked`: no such mask {masks}, so it would be hidden from nobody", f"A mask is one of {directory.masks()}.")
    yield from _personal(model)
    kinds = unknown(model.search.values(), KINDS)
    if kinds:
        yield error(12, model, f"`search`: no such kind {kinds}", f"A kind is one of {sorted(KINDS)}.")
    if issubclass(model, Document) and not (model.prefix and model.flow):
        yield error(13, model, "is a Document without `prefix` or `flow`",
                    'Set `prefix = "…"` and `flow = Flow(states, moves)`, or make it a Record.')


def _personal(model):
    """What says something of a person is declared, not found by its spelling."""
    names = {f.name for f in model._meta.local_fields}
    strange = unknown(model.personal.values(), personal.KINDS) or unknown(model.personal, names)
    left = sorted(n for n in names if personal.LIKELY.search(n) and n not in model.personal and n not in model.masked)
    if strange or left:
        yield error(20, model, f"`personal`: {strange or f'says nothing of {left}'}",
                    f"Name the field and what it is: {', '.join(personal.KINDS)} (yiwei.kernel.records.personal).")


def _scope(model):
    rule = model.scope
    if rule is None:
        yield error(1, model, "declares no scope", "Set `scope = ScopeRule(…)` or `scope = PUBLIC` from yiwei.kernel.records.scope.")
        return
    for path in (rule.via,) if rule.via else (*rule.people, rule.outlet):
        if path and (where := lost(model, path)):
            yield error(12, model, f"`scope`: {where}", "Name the paths there are: `ScopeRule(people=(…), outlet=…)`, or `via` to a parent.")


def _references(model):
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey) or field.name == "tenant":
            continue
        inside = issubclass(field.related_model, TenantModel)
        if inside and not isinstance(field, Ref):
            yield error(10, model, f"“{field.name}” may lead into another tenant", "Use `Ref` from yiwei.kernel.models instead of a ForeignKey.")
        elif isinstance(field, Ref) and not inside:
            yield error(10, model, f"“{field.name}” is a Ref to {field.related_model.__name__}, which has no tenant", "Use a ForeignKey.")


def strangers(model):
    """References inside a tenant from a model that belongs to none."""
    for field in model._meta.local_fields:
        if isinstance(field, Ref):
            yield error(10, model, f"“{field.name}” is a Ref, but {model.__name__} belongs to no tenant",
                        "Derive it from Record, BaseData, Document or TenantModel.")
