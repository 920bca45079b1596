"""First page, to-do list, global search, notifications."""

from django.core.cache import cache
from django.db.models import Value
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import NotFound
from yiwei.kernel.records.personal import redacted
from yiwei.kernel.screens.registers.decisions import decided_by, decisions
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.work.approvals import design
from yiwei.kernel.work.approvals.models import Case, Task
from yiwei.kernel.work.notify.models import Notification


class Block:
    """What a room adds to an actor's first page. `fn(actor)` returns a dict of some of these:

    `banner`: {"label", "actual", "target", "rate", "pct", "text"}, one bar that stays in view;
    `cards`: [{"label", "count", "sub", "url", "icon", "tone"}]; `todo`: [{"title", "sub", "url", "age", "overdue",
    "kind", "color"}]; `lists`: [{"label", "url", "columns", "rows", "empty"}] as registers give them;
    `charts`: [{"label", "option", "url"}] with an ECharts option.
    """

    def __init__(self, fn, order):
        self.fn, self.order = fn, order


def block(order=100):
    """Register a function as part of the workbench: `@block(10) def mine(actor): …`."""
    def declare(fn):
        registry.workbench.append(Block(fn, order))
        return fn
    return declare


STRIPS = []


def strip(fn):
    """Register a function that gives a line in the head of every page: `fn(actor)` -> {label, actual, target, pct, rate}."""
    STRIPS.append(fn)
    return fn


def strip_of(actor):
    """The line in the head of the actor's pages, or None. Kept for a minute."""
    key = f"strip:{actor.tenant_id}:{actor.id}:{get_language()}"
    found = cache.get(key)
    if found is None:
        found = next((line for line in (fn(actor) for fn in STRIPS) if line), {})
        cache.set(key, found, 60)
    return found or None


LANDINGS = []


def landing(fn):
    """Register a function that sends an actor to another first page: `fn(actor)` -> address, or None."""
    LANDINGS.append(fn)
    return fn


MOST = 100


def pending(actor, each=6):
    """Cards of everything that waits for somebody with the actor's rights; to-do lines of what is the actor's own work.

    Own work is what the position does by default: who may do everything sees everywhere how much waits, but is not told to do it all.
    """
    kinds = [k for k in sorted(Pending.kinds, key=lambda k: k.order) if actor.can(k.permission)]
    found = _waiting(actor, kinds)
    own = {k: ids[:each] for k, ids in found.items() if actor.by_role(k.permission)}
    rows = _rows_of(own)
    return [_card(k, len(ids)) for k, ids in found.items()], [
        line for k, ids in own.items() for line in _lines(actor, k, [rows[k.model][pk] for pk in ids if pk in rows[k.model]])]


def _waiting(actor, kinds):
    """{kind: ids, oldest first, at most MOST} in one statement, only kinds with any."""
    parts = [k.rows(actor).order_by("id").annotate(yiwei_kind=Value(i)).values_list("yiwei_kind", "pk")[:MOST] for i, k in enumerate(kinds)]
    found = {}
    for number, pk in sorted(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0] if parts else ()):
        found.setdefault(kinds[number], []).append(pk)
    return found


def _rows_of(own):
    """{model: {id: row}}, one statement a model, with the references that its register shows."""
    wanted = {}
    for kind, ids in own.items():
        wanted.setdefault(kind.model, set()).update(ids)
    out = {}
    for model, ids in wanted.items():
        register = registry.register_of(model)
        related = register.related() if register else ()
        out[model] = (model.objects.select_related(*related) if related else model.objects).in_bulk(ids)
    return out


def _card(kind, count):
    register = registry.register_of(kind.model)
    return {"label": kind.label, "count": f"{count}{'+' if count == MOST else ''}", "url": kind.url, "tone": kind.tone,
            "icon": register.icon if register else "list"}


def _lines(actor, kind, rows):
    """The lines of one kind of work, each with what can be decided at once, and what can be decided for all of them."""
    register = registry.register_of(kind.model)
    deciding = decided_by(register, actor) if register else []
    query = kind.url.partition("?")[2]
    together = [{"label": a.label, "style": a.style, "url": f"{register.url('bulk', verb=a.verb)}?{urlencode({'match': query})}"}
                for a in dict.fromkeys(a for states, a in deciding if a.bulk and set(states) & set(kind.states))] if len(rows) > 1 else []
    return [_line(actor, kind, row) | {"do": decisions(register, row, deciding) if register else [], "together": together} for row in rows]


def _line(actor, kind, obj):
    """A line of the to-do list: people know a document by whom and what it concerns, its number comes after."""
    register = registry.register_of(kind.model)
    title, more = (register.title(obj), brief(register, actor, obj)) if register else (str(obj), str(kind.label))
    if more and title == getattr(obj, "number", ""):
        title, more = more, title
    since = getattr(obj, "updated_at", None)
    age = (timezone.now() - since).days if since else 0
    return {"title": title, "sub": more, "url": register.url("detail", obj.pk) if register else "", "overdue": age >= 2,
            "age": _("%(n)s days") % {"n": age} if age else _("today"), "kind": str(kind.label), "color": "red" if age >= 2 else "blue"}


def _approvals(actor):
    tasks = Task.objects.filter(assignee_id=actor.id, verdict="").select_related("case__owner").order_by("id")[:50]
    register = registry.register_of(Case)
    deciding = decided_by(register, actor)
    bulk = f"{register.url('bulk', verb='approve')}?{urlencode({'match': 'queue=waiting'})}"
    together = [{"label": a.label, "style": a.style, "url": bulk} for _s, a in deciding if a.verb == "approve"] if len(tasks) > 1 else []
    return [{"do": decisions(register, t.case, deciding), "together": together,
             "title": t.case.subject, "sub": design.request_text(t.case, actor), "kind": _("Approval"),
             "url": register.url("detail", t.case_id), "age": timezone.localtime(t.asked_at).strftime("%m-%d %H:%M"), "color": "orange",
             "overdue": bool(t.case.due_at and t.case.due_at < timezone.now())} for t in tasks]


GREETINGS = ((5, gettext_lazy("Good night")), (11, gettext_lazy("Good morning")), (13, gettext_lazy("Good day")),
             (18, gettext_lazy("Good afternoon")), (24, gettext_lazy("Good evening")))


@require_GET
def home(request):
    """The actor's workbench: what must be done now, with the figures that count."""
    actor = request.actor
    elsewhere = None if "stay" in request.GET else next((url for url in (fn(actor) for fn in LANDINGS) if url), None)
    if elsewhere:
        return redirect(elsewhere)
    now = timezone.localtime()
    hello = next(text for hour, text in GREETINGS if now.hour < hour)
    cards, todo = pending(actor)
    page = {"greeting": f"{hello}，{actor.name}", "date_text": now.strftime("%Y-%m-%d"), "banner": None,
            "cards": cards, "todo": _approvals(actor) + todo, "lists": [], "charts": []}
    for item in sorted(registry.workbench, key=lambda b: b.order):
        for name, value in (item.fn(actor) or {}).items():
            if name == "banner":
                page["banner"] = value
            else:
                page[name] = page[name] + list(value)
    return render(request, "kernel/workbench.html", {"page": page})


@require_GET
def todo(request):
    """Everything that waits for the actor."""
    _cards, lines = pending(request.actor, each=50)
    return render(request, "kernel/todo.html", {"page": {"title": _("To-do"),
                                                         "todo": _approvals(request.actor) + lines}})


def brief(register, actor, obj):
    """The next columns of a row in one line."""
    from .registers.columns import cell
    cells = [cell(c, obj, actor) for c in register.visible_columns(actor)[1:6] if c.kind != "state"][:4]
    return " · ".join(c["text"] for c in cells if c.get("text"))[:120]


@require_GET
def notifications(request):
    """The actor's messages; with `count` what the bell wants to know."""
    mine = Notification.objects.filter(member_id=request.actor.id).order_by("-id")
    if request.GET.get("count"):
        unread = list(mine.filter(read_at=None)[:100])
        newest = unread[0] if unread else None
        return JsonResponse({"unread": len(unread), "newest": newest.pk if newest else 0,
                             "text": redacted(str(newest), request.actor) if newest else ""})
    rows = mine[:60]
    items = [{"text": redacted(str(r), request.actor), "at": timezone.localtime(r.at), "unread": r.read_at is None,
              "url": reverse("notification", args=[r.pk])} for r in rows]
    template = "kernel/_notifications.html" if request.headers.get("HX-Request") else "kernel/notifications.html"
    return render(request, template, {"page": {"title": _("Notifications"), "items": items}})


@require_GET
def notification(request, pk):
    """Open what a message points to and mark it read."""
    row = Notification.objects.filter(pk=pk, member_id=request.actor.id).first()
    if row is None:
        raise NotFound()
    if row.read_at is None:
        row.read_at = timezone.now()
        row.save(update_fields=["read_at"])
    target = reverse("notifications")
    if row.model:
        from django.apps import apps
        register = registry.register_of(apps.get_model(row.model))
        if register and row.object_id:
            target = register.url("detail", row.object_id)
    return HttpResponseRedirect(target)


@require_POST
def read_all(request):
    Notification.objects.filter(member_id=request.actor.id, read_at=None).update(read_at=timezone.now())
    return redirect("notifications")
