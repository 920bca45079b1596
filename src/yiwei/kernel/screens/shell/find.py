"""Search over every register the actor may open; only rows within scope come back."""

from itertools import zip_longest
from urllib.parse import urlencode

from django.db.models import Value
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwei.kernel.base import registry
from yiwei.kernel.records import search
from yiwei.kernel.records.search.models import SearchKey
from yiwei.kernel.screens.home import brief
from yiwei.kernel.text import initials

from .context import MODULES, menu

SHOWN, EACH = 5, 6  # registers whose hits are shown, and how many of each; the others are named with a link


@require_GET
def find(request):
    """The box in the head of every page, and its page."""
    text = (request.GET.get("q") or "").strip()
    groups, more = groups_of(request.actor, text) if text else ([], [])
    groups = places(request.actor, text) + groups
    template = "kernel/_search_results.html" if request.headers.get("HX-Request") else "kernel/search.html"
    return render(request, template, {"page": {"title": _("Search"), "q": text}, "groups": groups, "more": more, "q": text})


def places(actor, text):
    """Pages and things to make that bear the words, or whose initials they are: the first few, as one group."""
    text = text.lower()
    if not text or text.isdigit():
        return []
    found = [{"title": item["label"], "sub": str(module["label"]), "url": item["url"], "badge": ""}
             for module in menu(actor, "") for item in module["items"]]
    for act in registry.actions.values():
        register = registry.register_of(act.model) if act.creates and act.allowed(actor) else None
        if register and register.allowed(actor):
            found.append({"title": f"{act.label} · {register.label}", "sub": "", "url": register.url("new", verb=act.verb), "badge": _("New")})
    hits = [p for p in found if text in p["title"].lower() or text.isascii() and len(text) > 1 and initials(p["title"]).startswith(text)][:EACH]
    return [{"label": _("Go to"), "hits": hits, "url": ""}] if hits else []


def groups_of(actor, text):
    """(hits of the first registers that have any, links to the others): one statement for all ids, one for each register shown."""
    found = _ids(actor, text)
    groups, more = [], []
    for register, ids in found:
        link = f"{register.url()}?{urlencode({'q': text})}"
        if len(groups) == SHOWN:
            more.append({"label": register.label, "url": link})
            continue
        related = register.related()
        rows = (register.model.objects.select_related(*related) if related else register.model.objects).in_bulk(ids[:EACH])
        hits = [_hit(register, actor, rows[pk]) for pk in ids[:EACH] if pk in rows]
        groups.append({"label": register.label, "hits": hits, "url": link if len(ids) > EACH else ""})
    return groups, more


def _hit(register, actor, obj):
    return {"title": register.title(obj), "sub": brief(register, actor, obj), "url": register.url("detail", obj.pk),
            "badge": str(obj.flow.state(obj.flow.seen(obj.state, actor)).label) if obj.flow and hasattr(obj, "state") else ""}


def _ids(actor, text):
    """[(register, ids, newest first)] of what bears the words, the registers most wanted first."""
    wanted = _registers(actor, text)
    parts = [r.find(r.rows(actor).select_related(None), text).order_by("-id").annotate(yiwei_kind=Value(i)).values_list(
        "yiwei_kind", "pk")[:EACH + 1] for i, r in enumerate(wanted)]
    if not parts:
        return []
    found = {}
    for number, pk in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        found.setdefault(number, []).append(pk)
    return [(wanted[number], sorted(ids, reverse=True)) for number, ids in sorted(found.items())]


def _registers(actor, text):
    """The registers in which something bears the first word at all."""
    words = search.asked(text)
    if not words:
        return []
    keys = words[0]
    by_kind = {search.kind_of(r.model): r for r in registry.registers.values() if r.main and r.model.search and r.allowed(actor)}
    bears = {"key__startswith": keys[0]} if keys[0].isascii() else {"key": keys[0]}
    kinds = set(SearchKey.objects.filter(kind__in=list(by_kind), **bears).values_list("kind", flat=True).distinct())
    return _most_wanted_first([r for kind, r in by_kind.items() if kind in kinds])


def _most_wanted_first(registers):
    """The first register of each module, then the second of each …, so that customers, contracts and receipts stand on top."""
    by_module = {code: sorted((r for r in registers if r.module == code), key=lambda r: r.position) for code, _label, _icon in MODULES}
    return [r for row in zip_longest(*by_module.values()) for r in row if r is not None]
