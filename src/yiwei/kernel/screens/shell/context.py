"""What every page shows around its content."""

from django.conf import settings
from django.db.models import Value
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.signin import realms
from yiwei.kernel.work.live import tickets

MODULES = [
    ("workbench", _("Workbench"), "layout-dashboard"),
    ("customers", _("Customers"), "users"),
    ("orders", _("Orders"), "file-text"),
    ("service", _("After-sales"), "truck-delivery"),
    ("finance", _("Finance"), "cash"),
    ("stock", _("Stock"), "building-warehouse"),
    ("rebate", _("Channel rebates"), "receipt-refund"),
    ("reports", _("Reports"), "chart-bar"),
    ("base", _("Base data"), "database"),
    ("system", _("System"), "settings"),
]


def menu(actor, path):
    """The menu of the modules, from what registered itself and the actor may open."""
    items = {code: [] for code, _label, _icon in MODULES}
    for register in registry.registers.values():
        if register.menu and register.allowed(actor):
            items[register.module].append((register.position, str(register.label), register.url(), register.code))
    for report in registry.reports.values():
        if report.allowed(actor):
            items[report.module].append((report.position, str(report.label), report.url(), report.code))
    out = []
    for code, label, icon in MODULES:
        entries = [{"label": text, "url": url, "code": fn, "active": path.startswith(url)}
                   for _p, text, url, fn in sorted(items[code])]
        if entries:
            out.append({"label": label, "icon": icon, "items": entries, "key": code,
                        "active": any(e["active"] for e in entries)})
    return out


def quick(actor):
    """What the actor can create from anywhere."""
    out = []
    for act in registry.actions.values():
        if act.creates and act.quick and act.allowed(actor):
            register = registry.register_of(act.model)
            if register:
                out.append({"label": act.label, "url": register.url("new", verb=act.verb), "icon": act.icon})
    return out


def shell(request):
    """Context processor of every template."""
    actor = getattr(request, "actor", None)
    language = get_language() or settings.LANGUAGE_CODE
    languages = [{"code": code, "label": label, "active": code.lower() == language.lower()}
                 for code, label in settings.LANGUAGES]
    from yiwei.kernel.screens.home import strip_of
    if actor is None:
        house = realms.of(request).shell(request) if getattr(request, "operator", None) else {}
        return {"shell": {"actor": None, "languages": languages, "menu": [], **house}, "actor": None}
    waiting = _lazy(_waiting, actor)
    return {"actor": actor, "shell": {
        "menu": menu(actor, request.path),
        "actor": {"name": actor.name, "position": actor.position_name, "outlet": actor.outlet_name,
                  "tenant": actor.tenant_name, "initials": actor.name[-1:]},
        "unread": SimpleLazyObject(lambda: waiting[0]), "todo": SimpleLazyObject(lambda: waiting[1]),
        "live": tickets.address(actor, request.session.get("session")),
        "notice": actor.limits.get("notice"), "quick": quick(actor), "languages": languages,
        "strip": lambda: strip_of(actor), "home": reverse("home"),
    }}


def _waiting(actor):
    """(ids of the unread messages, newest first; number of signatures asked for), at most a hundred each, in one statement."""
    from yiwei.kernel.work.approvals.models import Task
    from yiwei.kernel.work.notify.models import Notification
    unread = Notification.objects.filter(member_id=actor.id, read_at=None).order_by("-pk").annotate(yiwei_kind=Value(0))
    asked = Task.objects.filter(assignee_id=actor.id, verdict="").order_by("pk").annotate(yiwei_kind=Value(1))
    found = list(unread.values_list("yiwei_kind", "pk")[:100].union(asked.values_list("yiwei_kind", "pk")[:100], all=True))
    return sorted((pk for kind, pk in found if kind == 0), reverse=True), sum(kind for kind, _pk in found)


def _lazy(fn, actor):
    """Asked at most once a page, and only where the page shows it."""
    return SimpleLazyObject(lambda: fn(actor))
