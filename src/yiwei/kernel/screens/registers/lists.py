"""The lists of registers: tabs with counts, rows, totals, saved views, boards."""

from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwei.kernel.base.errors import NotFound
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records.document import Ordered
from yiwei.kernel.screens.exchange.run import book_for

from . import detail as detail_page
from . import queues
from .decisions import decided_by, decisions
from .groups import groupable, grouped
from .listing import Page, columns_for, filtered, filters_of, row_of, totals
from .models import SavedView
from .views import register_for


def _with(params, **changes):
    query = params.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return "?" + query.urlencode()


@require_GET
def listing(request, room, slug):
    """A page of rows; htmx gets only the body."""
    register, actor = register_for(request, room, slug), request.actor
    params = _saved(request, register)
    dropped = _dropped(register, params)
    tabs, rows = _opened(register, actor, params)
    ways = groupable(register, actor)
    if params.get("grouped") not in ways:
        params.pop("grouped", None)
    page = Page(register, actor, params, rows=rows.none() if params.get("grouped") else rows)
    columns = columns_for(register, actor, params)
    template = "kernel/_list_body.html" if request.headers.get("HX-Request") else "kernel/list.html"
    return render(request, template, {"page": _list_context(register, actor, params, page, columns, tabs) | {
        "groups": grouped(register, actor, params, rows, lambda **more: _with(params, **more)) if params.get("grouped") else None,
        "dropped": dropped, "group": params.get("grouped", ""), "group_ways": [
            {"name": n, "label": label, "url": _with(params, grouped=n, after=None, before=None), "on": n == params.get("grouped")}
            for n, label in ways.items()], "ungroup_url": _with(params, grouped=None)}, "register": register})


def _dropped(register, params):
    """Filters by something that there is no more: they are taken out of `params`, and named."""
    out = []
    for one in filters_of(register):
        value = params.get(one.name, "")
        if value and not one.fits(register, value):
            out.append(f"{capfirst(str(one.label))}: {value[:40]}")
            params.pop(one.name)
    return out


def _opened(register, actor, params):
    """The tabs with their counts, and the rows of the one that is shown; its name goes into `params`."""
    asked, tabs = params.pop("queue", [""])[-1], queues.queues_of(register, actor)
    rows = filtered(register, actor, params)
    found = queues.counts(actor, rows, tabs)
    if key := queues.opening(register, params, asked, found):
        params["queue"] = key
    shown = [{"key": q.key, "label": q.label, "count": queues.count_text(found[q.key]), "active": q.key == key,
              "url": _with(params, queue=q.key, after=None, before=None, sort=None)} for q in tabs]
    return shown, queues.narrowed(register, actor, rows, key)


def _saved(request, register):
    """Query parameters, with those of the saved view that is opened by name."""
    params = request.GET.copy()
    if params.get("view"):
        view = SavedView.objects.filter(pk=id_of(params["view"]) or 0, member_id=request.actor.id,
                                        register=f"{register.room}.{register.slug}").first()
        if view:
            for name, value in view.params.items():
                params.setdefault(name, value)
    return params


def _list_context(register, actor, params, page, columns, tabs):
    filters = [f.shown(register, params, actor) for f in filters_of(register)]
    active = [{"label": f["label"], "value": f["value_label"],
               "remove_url": _with(params, **{f["name"]: None, f["name"] + "_to": None, "after": None, "before": None})}
              for f in filters if f["value"] or f["value_to"]]
    shown, deciding = {c.name for c in columns}, decided_by(register, actor) if params.get("queue") == "waiting" else []
    create = [{"label": a.label, "url": register.url("new", verb=a.verb), "icon": a.icon}
              for a in register.actions() if a.creates and a.allowed(actor)]
    return {
        "title": register.label, "code": register.code, "help": register.help, "search": params.get("q", ""),
        "search_hint": register.search_hint or (_("Search") if register.model.search else ""),
        "searchable": bool(register.model.search),
        "columns": [_heading(c, page, params) for c in columns],
        "tabs": tabs, "queue": params.get("queue", ""),
        "rows": [row_of(register, actor, obj, columns) | {"do": decisions(register, obj, deciding)} for obj in page.rows],
        "decide": bool(deciding),
        "filters": filters, "active_filters": active,
        "next_url": _with(params, after=page.next, before=None) if page.next else "",
        "prev_url": _with(params, before=page.previous, after=None) if page.previous else "",
        "empty": {"title": _("Nothing here"), "text": register.empty_text or (
            _("No entry matches the filters.") if active or params.get("q") else _("There are no entries yet.")),
            "url": create[0]["url"] if create else "", "label": create[0]["label"] if create else ""},
        "create": create,
        "bulk": [{"label": a.label, "url": register.url("bulk", verb=a.verb), "style": a.style}
                 for a in register.actions() if a.bulk and a.allowed(actor)],
        "views": _views(register, actor, params), "save_view_url": register.url("view"),
        "column_choice": [{"name": c.name, "label": c.label, "shown": c.name in shown}
                          for c in register.visible_columns(actor)],
        "export_url": register.url("export") + _with(params, after=None, before=None)
        if actor.can(f"{register.room}.{register.slug}.export") else "",
        "drag": issubclass(register.model, Ordered) and page.sort == "place" and register.main
        and actor.can(f"{register.room}.{register.slug}.edit") and not actor.limits.get("read_only"),
        "paper_url": register.url("list-paper") + _with(params, after=None, before=None),
        "import_url": register.url("import") if book_for(register, actor) else "",
        "totals_url": register.url("totals") + _with(params, after=None, before=None)
        if any(c.total for c in columns) else "", "match": _with(params, after=None, before=None)[1:],
        "many": bool(page.next or page.previous),
        "board_url": register.url("board") if register.board else "",
        "alt_views": [{"label": _("Board"), "url": register.url("board"), "icon": "layout-kanban", "active": False}]
        if register.board else [],
    }


def _heading(column, page, params):
    out = {"name": column.name, "label": column.label, "align": column.align, "sort_url": "", "sorted": ""}
    if column.sort:
        here = page.sort.lstrip("-") == column.sort
        down = page.sort.startswith("-")
        out["sorted"] = ("desc" if down else "asc") if here else ""
        out["sort_url"] = _with(params, sort=column.sort if here and down else f"-{column.sort}",
                                after=None, before=None)
    return out


def _views(register, actor, params):
    mine = SavedView.objects.filter(member_id=actor.id, register=f"{register.room}.{register.slug}").order_by("id")[:12]
    return [{"label": v.name, "url": f"{register.url()}?view={v.pk}", "active": str(v.pk) == params.get("view")}
            for v in mine]


@require_GET
def totals_row(request, room, slug):
    """Sums of the money columns over the whole result; asked for after the page is there."""
    register, params = register_for(request, room, slug), _saved(request, register_for(request, room, slug))
    found = totals(register, request.actor, params)
    columns = columns_for(register, request.actor, params)
    cells = [{"align": c.align, "text": found["sums"].get(c.name, "")} for c in columns]
    return render(request, "kernel/_totals.html", {"count": found["rows"], "cells": cells, "decide": params.get("queue") == "waiting"})


@require_POST
def save_view(request, room, slug):
    """Keep the present filters and columns under a name."""
    register = register_for(request, room, slug)
    name = (request.POST.get("name") or "").strip()[:40]
    if name:
        params = {k: v for k, v in request.GET.items() if v and k not in ("after", "before", "view")}
        view, _made = SavedView.objects.update_or_create(
            member_id=request.actor.id, register=f"{register.room}.{register.slug}", name=name,
            defaults={"params": params})
        return redirect(f"{register.url()}?view={view.pk}")
    return redirect(register.url())


@require_GET
def board(request, room, slug):
    """Rows as cards in the columns of their states."""
    register = register_for(request, room, slug)
    if not register.board:
        raise NotFound()
    return render(request, "kernel/board.html", {"page": detail_page.board(register, request.actor, request.GET)})
