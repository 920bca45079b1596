"""Where a row is used: what stands behind “cannot be deleted” and “used 120 times”."""

from functools import cache

from django.apps import apps
from django.db.models import Value
from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Refused

from .tenancy.models import Ref, TenantModel

MOST = 100


@cache
def references(model):
    """[(model, field)] of every reference to rows of `model`."""
    return [(m, f) for m in apps.get_models() if issubclass(m, TenantModel) and m._meta.managed and not m._meta.proxy
            for f in m._meta.local_fields if isinstance(f, Ref) and f.related_model is model and f.name != "created_by"]


def usage(obj):
    """[(what, how often, at most MOST)] where a row is used, most used first; one statement."""
    found = references(type(obj))
    if not found:
        return []
    parts = [m.objects.filter(**{f.name: obj.pk}).order_by().annotate(yiwei_at=Value(i)).values_list("yiwei_at", "pk")[:MOST]
             for i, (m, f) in enumerate(found)]
    counts = {}
    for number, _pk in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        model = found[number][0]
        counts[model] = counts.get(model, 0) + 1
    return sorted(((name_of(m), min(n, MOST)) for m, n in counts.items()), key=lambda pair: (-pair[1], pair[0]))


def words(obj):
    """Where a row is used, in words: “Products 120, Contracts 8”; '' where it is used nowhere."""
    return "、".join(f"{what} {count_text(n)}" for what, n in usage(obj))


def unused(obj):
    """Refuse to delete what is used."""
    where = words(obj)
    if where:
        raise Refused(_("Used in %(where)s: it can only be disabled.") % {"where": where})


def before_disabling(obj):
    """What is asked before a row is disabled."""
    where = words(obj)
    return _("Used in %(where)s. It stays there, and can be chosen no more.") % {"where": where} if where else _("It is used nowhere yet.")


def name_of(model):
    """What people call the rows of a model."""
    register = registry.register_of(model)
    return str(register.label if register else model._meta.verbose_name)


def count_text(number):
    return f"{number}+" if number >= MOST else str(number)
