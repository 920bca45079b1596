"""The rights of a position as people tick them: by list, and kept as the few deviations from what its role may (SYS-02)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.kernel.base import registry
from yiwei.kernel.records.scope import Actor
from yiwei.kernel.screens.shell.context import MODULES

from .seeing import holder

EXTRA = {"kernel.phone.reveal": gettext_lazy("Show hidden phones in full"), "report.export": gettext_lazy("Take out every report")}


def groups():
    """{module: [(list, [(right, label)])]} of everything that can be given or taken."""
    out = {code: [] for code, _label, _icon in MODULES}
    for register in sorted(registry.registers.values(), key=lambda r: r.position):
        out[register.module].append((str(register.label), _of_list(register)))
    for report in sorted(registry.reports.values(), key=lambda r: r.position):
        rights = [(report.needs(), _("See it")), (f"{report.needs()}.export", _("Take out"))]
        out[report.module].append((f"{report.label} ({_('report')})", rights))
    out["system"].append((_("Further rights"), [(name, str(label)) for name, label in {**EXTRA, **registry.labels}.items()]))
    return {module: [group for group in found if group[1]] for module, found in out.items() if found}


def _of_list(register):
    """Opening a list, taking it out, loading into it, and what is done with its rows; each right once."""
    rights = {register.needs(): _("See it"), f"{register.room}.{register.slug}.export": _("Take out")}
    if register.main:
        rights |= {book.needs(): _("Load a workbook") for book in registry.books.values() if book.register == (register.room, register.slug)}
        for act in register.actions():
            if not act.everybody and not act.internal:
                rights.setdefault(act.needs, str(act.label))
    return list(rights.items())


def known():
    return {right for found in groups().values() for _list, rights in found for right, _label in rights}


def held(position):
    """What its holders may do now, of all that is known."""
    actor = holder(position)
    return {right for right in known() if actor.can(right)}


def deviations(position, wanted):
    """The shortest `allow` by which holders may do exactly what is wanted; patterns that give more than one right stay."""
    every = known()
    given = [p for p in position.allow if not p.startswith("-")]
    kept = [p for p in given if "*" in p or p not in every or p in wanted]
    plain = Actor(id=None, tenant_id=0, name="", role=position.base or position.code, allow=tuple(kept))
    foreign = [p for p in position.allow if p.startswith("-") and "*" not in p and p[1:] not in every]
    more = [right for right in sorted(every) if right in wanted and not plain.can(right)]
    less = [f"-{right}" for right in sorted(every) if right not in wanted and plain.can(right)]
    return [*kept, *more, *less, *foreign]


def words(position):
    """What differs from the role's rights: “+ Customers: Take out、− Visits: Approve”; patterns as they are."""
    names = {right: f"{name}: {label}" for found in groups().values() for name, rights in found for right, label in rights}
    signs = [("−", p[1:]) if p.startswith("-") else ("+", p) for p in position.allow]
    return "、".join(f"{sign} {names.get(right, right)}" for sign, right in signs)
