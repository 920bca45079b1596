"""What the holder of a position sees and may do: the preview “see as”, for reading only (SYS-02)."""

from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.records.scope import Actor
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.shell.context import MODULES
from yiwei.org.models.position import MASKS, SCOPES


def holder(position):
    """Somebody who holds the position, made up: no rows, only rights."""
    return Actor(id=None, tenant_id=context.tenant_id(), name=str(position), position=position.code, role=position.base or position.code,
                 position_name=position.name, allow=tuple(position.allow), data_scope=position.data_scope, scopes=position.scopes,
                 masks=frozenset(position.masks))


def preview(position):
    """The contract of org/see_as.html: modules with their lists; of each the rows seen, the actions and what is hidden."""
    actor, scopes = holder(position), dict(SCOPES)
    modules = []
    for code, label, icon in MODULES:
        lists = [_list(r, actor, scopes) for r in sorted(registry.registers.values(), key=lambda r: r.position)
                 if r.module == code and r.allowed(actor)]
        reports = [str(r.label) for r in registry.reports.values() if r.module == code and r.allowed(actor)]
        if lists or reports:
            modules.append({"label": label, "icon": icon, "lists": lists, "reports": reports})
    return {"modules": modules, "masks": [str(label) for name, label in MASKS if name in position.masks],
            "scope": scopes.get(position.data_scope, position.data_scope)}


def _list(register, actor, scopes):
    public = register.model.scope.public
    hidden = [str(c.label) for c in register.all_columns() if c.mask and not actor.sees(c.mask)]
    return {"label": register.label, "menu": register.menu, "hidden": hidden,
            "scope": _("all") if public else scopes.get(actor.scope_for(register.model), ""),
            "actions": [str(a.label) for a in register.actions() if not a.everybody and a.allowed(actor)],
            "export": actor.can(f"{register.room}.{register.slug}.export")}
