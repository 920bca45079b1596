"""Who sees which rows and which fields; applied where rows are fetched."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache

from django.db.models import Q

from yiwei.kernel.base import registry

OWN, OUTLET, REGION, COMPANY = "own", "outlet", "region", "company"


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """How rows of a model are tied to people and outlets.

    `people` are paths to employees who see the row as theirs, `outlet` the path to its outlet, `via` a path
    to a parent whose rule holds instead, `public` means every employee of the tenant, `shared` that all who work
    at the outlet see its rows, those too whose position shows them only their own.
    """

    people: tuple = ("owner",)
    outlet: str = "outlet"
    via: str = ""
    public: bool = False
    shared: bool = False

    def opens_outlet(self, scope):
        """Whether somebody of this data scope sees the rows of the outlets he works at."""
        return bool(self.outlet) and (scope == OUTLET or self.shared)


PUBLIC = ScopeRule(people=(), outlet="", public=True)


@lru_cache(maxsize=4096)
def _allowed(patterns, name):
    """What `patterns` say of `name`: True, False (a leading '-' takes away) or None."""
    granted = None
    for pattern in patterns:
        if pattern.startswith("-"):
            if fnmatchcase(name, pattern[1:]):
                return False
        elif fnmatchcase(name, pattern):
            granted = True
    return granted


@dataclass(frozen=True)
class Actor:
    """An employee at work: identity, rights, scope and masks. Built by the room that keeps employees.

    `roles_too` are the roles of positions held for a while beside one's own.
    """

    id: int | None
    tenant_id: int
    name: str
    position: str = ""
    role: str = ""
    roles_too: tuple = ()
    position_name: str = ""
    allow: tuple = ()
    data_scope: str = OWN
    scopes: dict = field(default_factory=dict)
    masks: frozenset = frozenset()
    outlet_id: int | None = None
    outlet_ids: tuple = ()
    region_ids: tuple = ()
    limits: dict = field(default_factory=dict)
    tenant_name: str = ""
    outlet_name: str = ""
    user_id: int | None = None
    time_zone: str = "Asia/Shanghai"

    def can(self, name):
        """The tenant's own patterns decide; where they are silent, the role's defaults do."""
        granted = _allowed(self.allow, name)
        return self.by_role(name) if granted is None else granted

    def by_role(self, name):
        """Whether a role of his, held for a while or for good, has the right by default."""
        roles = registry.roles.get(name, ())
        return self.role in roles or any(role in roles for role in self.roles_too)

    def sees(self, mask):
        return mask not in self.masks

    def scope_for(self, model):
        label = model._meta.label_lower
        for pattern, scope in self.scopes.items():
            if fnmatchcase(label, pattern):
                return scope
        return self.data_scope


def system(tenant_id, name="system"):
    """The house itself, acting for a tenant: imports, reactions, jobs."""
    return Actor(id=None, tenant_id=tenant_id, name=name, allow=("*",), data_scope=COMPANY)


def condition(model, actor, prefix=""):
    """The filter that leaves `actor` only the rows of `model` it may see."""
    rule = model.scope
    if rule is None:
        raise TypeError(f"{model.__name__} declares no scope: set `scope = ScopeRule(…)` or `PUBLIC` (yiwei.kernel.records.scope)")
    if rule.via:
        parent = model
        for part in rule.via.split("__"):
            parent = parent._meta.get_field(part).related_model
        scope = actor.scope_for(model)
        return condition(parent, actor, f"{prefix}{rule.via}__") if scope != COMPANY else Q()
    scope = actor.scope_for(model)
    if rule.public or scope == COMPANY:
        return Q()
    q = Q(**{f"{prefix}pk__in": []})
    if hasattr(model, "extra_scope"):
        q |= model.extra_scope(actor, prefix)
    for path in rule.people:
        q |= Q(**{f"{prefix}{path}": actor.id})
    if rule.opens_outlet(scope):
        q |= Q(**{f"{prefix}{rule.outlet}__in": list(actor.outlet_ids)})
    if rule.outlet and scope == REGION:
        q |= Q(**{f"{prefix}{rule.outlet}__region__in": list(actor.region_ids)})
    return q


def reaches(model, actor, outlet):
    """Whether rows of `model` at this outlet are within what `actor` may see for their place alone."""
    wide = actor.scope_for(model)
    if wide == COMPANY or model.scope.public or outlet is None:
        return True
    return outlet.pk in actor.outlet_ids or wide == REGION and outlet.region_id in actor.region_ids


def seers(obj, actors):
    """[(actor, reasons)] of those among `actors` who see `obj`, by the rule of its model: company, region, outlet, people's paths.

    A model with an `extra_scope` names what it opens in `extra_reasons(obj, actors)` -> {actor id: [reason]}.
    """
    model = type(obj)
    if model.scope.via:
        wide = [a for a in actors if a.scope_for(model) == COMPANY]
        rest = [a for a in actors if a.scope_for(model) != COMPANY]
        for part in model.scope.via.split("__"):
            obj = getattr(obj, part)
        return [*((a, [COMPANY]) for a in wide), *seers(obj, rest)]
    rule = model.scope
    names = [*rule.people, *([rule.outlet, f"{rule.outlet}__region"] if rule.outlet else [])]
    values = {n: set() for n in names}
    for line in model.objects.filter(pk=obj.pk).values(*names) if names else ():
        for name, value in line.items():
            values[name].add(value)
    extra = model.extra_reasons(obj, actors) if hasattr(model, "extra_reasons") else {}
    out = []
    for actor in actors:
        found, wide = [], actor.scope_for(model)
        if rule.public or wide == COMPANY:
            found.append(COMPANY)
        found += [p for p in rule.people if actor.id in values[p]]
        if rule.opens_outlet(wide) and values[rule.outlet] & set(actor.outlet_ids):
            found.append(OUTLET)
        if rule.outlet and wide == REGION and values[f"{rule.outlet}__region"] & set(actor.region_ids):
            found.append(REGION)
        found += extra.get(actor.id, ())
        if found:
            out.append((actor, found))
    return out


def rows(model, actor):
    """The only way screens, pickers, reports, search, files and the API fetch rows."""
    return model.objects.filter(condition(model, actor))


def visible(actor, obj):
    """Whether `actor` may see `obj`."""
    return rows(type(obj), actor).filter(pk=obj.pk).exists()


def masked_phone(text):
    """138****1234 for a full number; anything shorter is hidden whole."""
    text = text or ""
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 8 else ("****" if text else "")
