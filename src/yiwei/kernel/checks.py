"""Wrong declarations fail at start-up, not at a click."""

from django.core.checks import Error, register

from . import holdings, registry
from .tenancy.guards import tenant_models


@register()
def declarations(app_configs, **kwargs):
    """Every tenant model says who sees it; every register and action names real things."""
    errors = []
    for model in tenant_models():
        if model.scope is None:
            errors.append(Error(f"{model.__name__} declares no scope", obj=model, id="yiwei.E001"))
        if model._default_manager.name != "objects":
            errors.append(Error(f"{model.__name__} has another default manager", obj=model, id="yiwei.E002"))
    try:
        holdings.holdings()
    except holdings.Undeclared as problem:
        errors.append(Error(str(problem), id="yiwei.E006"))
    for act in registry.actions.values():
        if act.model.flow:
            known = {s.code for s in act.model.flow.states}
            stray = {*act.sources, *([act.target] if act.target else [])} - known
            if stray:
                errors.append(Error(f"{act.name} names unknown states {sorted(stray)}", id="yiwei.E003"))
            elif act.target and act.sources and not act.creates:
                wrong = [s for s in act.sources if not act.model.flow.allows(s, act.target)]
                if wrong:
                    errors.append(Error(f"{act.name}: no move {wrong} > {act.target}", id="yiwei.E004"))
    for cls in registry.registers.values():
        try:
            cls.all_columns()
            cls.section_columns()
            from .register.listing import filters_of
            filters_of(cls)
        except Exception as problem:
            errors.append(Error(f"{cls.__name__}: {problem}", id="yiwei.E005"))
    return errors
