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
            errors.append(Error(f"{model.__name__} declares no scope", obj=model, id="yiwei.E001",
                                hint="Set `scope = ScopeRule(…)` or `scope = PUBLIC` from yiwei.kernel.scope."))
        if model._default_manager.name != "objects":
            errors.append(Error(f"{model.__name__} has another default manager", obj=model, id="yiwei.E002"))
    try:
        holdings.holdings()
    except holdings.Undeclared as problem:
        errors.append(Error(str(problem), id="yiwei.E006", hint='Set e.g. `held = {"field": STAYS}` (kernel/holdings.py).'))
    for act in registry.actions.values():
        if act.model.flow:
            known = {s.code for s in act.model.flow.states}
            stray = {*act.sources, *([act.target] if act.target else [])} - known
            if stray:
                errors.append(Error(f"{act.name} names unknown states {sorted(stray)}", id="yiwei.E003",
                                    hint=f"{act.model.__name__}.flow knows {sorted(known)}."))
            elif act.target and act.sources and not act.creates:
                wrong = [s for s in act.sources if not act.model.flow.allows(s, act.target)]
                if wrong:
                    errors.append(Error(f"{act.name}: no move {wrong} > {act.target}", id="yiwei.E004",
                                        hint=f"Add it to the moves of {act.model.__name__}.flow."))
    for cls in registry.registers.values():
        try:
            cls.all_columns()
            cls.section_columns()
            from .register.listing import filters_of
            filters_of(cls)
        except Exception as problem:
            errors.append(Error(f"{cls.__name__}: {problem}", id="yiwei.E005",
                                hint="A name in columns, sections or filters must be a field of the model; else write Column(…) or Filter(…)."))
    return [*errors, *_strangers()]


def _strangers():
    """Registers and reports that name a module the menu does not have."""
    from .web.context import MODULES
    known = [code for code, _label, _icon in MODULES]
    return [Error(f"{cls.__name__}: no module “{cls.module}” in the menu", id="yiwei.E007", hint=f"`module` is one of {known}.")
            for cls in (*registry.registers.values(), *registry.reports.values()) if cls.module not in known]
