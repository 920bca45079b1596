"""The pages of registers: list, detail, action forms, pickers, totals, export, comments, reveal."""

import uuid

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import ActionError, Forbidden, NotFound, Refused
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope, search
from yiwei.kernel.records.document import Ordered, log
from yiwei.kernel.screens.exchange.run import book_for
from yiwei.kernel.work.actions.action import perform
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.disclosure import disclose

from . import detail as detail_page
from .forms import form_context, initial_of
from .listing import Page, columns_for, filtered_by, filters_of, row_of, totals


def register_for(request, room, slug):
    """The register by address, if the actor may open it."""
    register = registry.registers.get((room, slug))
    if register is None:
        raise NotFound()
    if not register.allowed(request.actor):
        raise Forbidden()
    return register


def object_for(request, register, pk):
    obj = register.rows(request.actor).filter(pk=pk).first()
    if obj is None:
        raise NotFound()
    return obj


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
    page = Page(register, actor, params)
    columns = columns_for(register, actor, params)
    template = "kernel/_list_body.html" if request.headers.get("HX-Request") else "kernel/list.html"
    return render(request, template, {"page": _list_context(register, actor, params, page, columns),
                                      "register": register})


def _saved(request, register):
    """Query parameters, with those of the saved view that is opened by name."""
    params = request.GET.copy()
    if params.get("view"):
        from .models import SavedView
        view = SavedView.objects.filter(pk=id_of(params["view"]) or 0,
                                        member_id=request.actor.id, register=f"{register.room}.{register.slug}").first()
        if view:
            for name, value in view.params.items():
                params.setdefault(name, value)
    return params


def _list_context(register, actor, params, page, columns):
    filters = [f.shown(register, params, actor) for f in filters_of(register)]
    active = [{"label": f["label"], "value": f["value_label"],
               "remove_url": _with(params, **{f["name"]: None, f["name"] + "_to": None, "after": None, "before": None})}
              for f in filters if f["value"] or f["value_to"]]
    shown = {c.name for c in columns}
    create = [{"label": a.label, "url": register.url("new", verb=a.verb), "icon": a.icon}
              for a in register.actions() if a.creates and a.allowed(actor)]
    return {
        "title": register.label, "code": register.code, "help": register.help, "search": params.get("q", ""),
        "search_hint": register.search_hint or (_("Search") if register.model.search else ""),
        "searchable": bool(register.model.search),
        "columns": [_heading(c, page, params) for c in columns],
        "rows": [row_of(register, actor, obj, columns) for obj in page.rows],
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
        if any(c.total for c in columns) else "",
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
    from .models import SavedView
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
    return render(request, "kernel/_totals.html", {"count": found["rows"], "cells": cells})


@require_GET
def detail(request, room, slug, pk):
    """One row: header, steps, buttons, figures, sections, tabs, timeline."""
    register = register_for(request, room, slug)
    obj = object_for(request, register, pk)
    context = detail_page.context(register, request.actor, obj, request.GET)
    if request.headers.get("HX-Request") and request.GET.get("fragment") == "tab":
        return render(request, "kernel/_tab.html", {"page": context, "register": register, "object": obj})
    return render(request, [f"{room}/{slug}_detail.html", "kernel/detail.html"],
                  {"page": context, "register": register, "object": obj})


def _action(register, verb, creates):
    for act in register.actions():
        if act.verb == verb and act.creates is creates:
            return act
    raise NotFound()


@require_http_methods(["GET", "POST"])
def new(request, room, slug, verb):
    """The form of an action that makes a row."""
    register = register_for(request, room, slug)
    return _form(request, register, _action(register, verb, True), None)


@require_http_methods(["GET", "POST"])
def act(request, room, slug, pk, verb):
    """The form of an action on a row."""
    register = register_for(request, room, slug)
    return _form(request, register, _action(register, verb, False), object_for(request, register, pk))


def _form(request, register, act, obj):
    actor = request.actor
    if not act.allowed(actor):
        raise Forbidden()
    if obj is not None and not act.shown(actor, obj):
        raise Refused(_("This cannot be done here now."))
    if request.method == "GET":
        token, raw = uuid.uuid4().hex, initial_of(act, actor, obj, request.GET)
        return _render_form(request, register, act, obj, raw, {}, token=token)
    token = request.POST.get("_token", "")
    try:
        outcome = perform(act, actor, obj.pk if obj is not None else None, request.POST, request.FILES,
                          key=f"form:{token}" if token else "", version=request.POST.get("_version"))
    except (Forbidden, NotFound):
        raise
    except ActionError as error:
        return _render_form(request, register, act, obj, request.POST, error.errors, token=token, error=error)
    from django.contrib import messages
    if outcome.message and not outcome.repeated:
        messages.success(request, outcome.message)
    target = _after(register, outcome)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _after(register, outcome):
    obj = outcome.case if outcome.case is not None else outcome.obj
    if obj is None:
        return register.url()
    home = register if isinstance(obj, register.model) else registry.register_of(type(obj))
    return home.url("detail", obj.pk) if home else register.url()


def _render_form(request, register, act, obj, raw, errors, *, token, error=None):
    fragment = bool(request.headers.get("HX-Request"))
    context = form_context(register, act, request.actor, obj, raw, errors, token, error)
    return render(request, "kernel/_form.html" if fragment else "kernel/form.html",
                  {"page": context, "register": register, "object": obj},
                  status=422 if error is not None else 200)


@require_http_methods(["GET", "POST"])
def bulk(request, room, slug, verb):
    """An action on many rows; each stands or falls alone and the refused ones are named."""
    from django.contrib import messages
    register = register_for(request, room, slug)
    act = _action(register, verb, False)
    if not act.bulk:
        raise NotFound()
    if request.method == "GET":
        return _bulk_form(request, register, act)
    done, refused = 0, []
    for pk in request.POST.getlist("ids")[:200]:
        try:
            perform(act, request.actor, pk, request.POST)
            done += 1
        except ActionError as error:
            reasons = [error.message, *(f"{t}" for ts in error.errors.values() for t in ts)]
            refused.append(f"{pk}: {' '.join(reasons)}")
    if done:
        messages.success(request, _("Done for %(n)s entries.") % {"n": done})
    for line in refused[:10]:
        messages.error(request, line)
    target = request.headers.get("HX-Current-URL", "")
    target = target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else register.url()
    return HttpResponse(status=204, headers={"HX-Redirect": target}) if request.headers.get("HX-Request") \
        else redirect(register.url())


def _bulk_form(request, register, act):
    """Asks once for what the action wants to know about all the chosen rows."""
    ids = request.GET.getlist("ids")[:200]
    if not act.allowed(request.actor):
        raise Forbidden()
    obj = object_for(request, register, id_of(ids[0]) if ids else None)
    context = form_context(register, act, request.actor, obj, initial_of(act, request.actor, obj, {}), {}, "")
    context |= {"action_url": register.url("bulk", verb=act.verb), "cancel_url": register.url(), "version": "",
                "subtitle": _("%(n)s entries") % {"n": len(ids)}, "ids": ids}
    return render(request, "kernel/_form.html" if request.headers.get("HX-Request") else "kernel/form.html",
                  {"page": context, "register": register})


@require_GET
def pick(request, room, slug):
    """Choices for a filter: rows the actor may see, of lists that are open to him or by which he filters another."""
    register = registry.registers.get((room, slug))
    if register is None:
        raise NotFound()
    if not register.allowed(request.actor) and not filtered_by(register.model, request.actor):
        raise Forbidden()
    rows = scope.rows(register.model, request.actor)
    if any(f.name == "active" for f in register.model._meta.fields):
        rows = rows.filter(active=True)
    return _choices(request, rows)


@require_GET
def offered(request, room, slug, verb, field, pk=None):
    """Choices for the picker of an action's field: exactly what the field takes."""
    register = register_for(request, room, slug)
    act, obj = _action(register, verb, pk is None), None if pk is None else object_for(request, register, pk)
    if not act.allowed(request.actor):
        raise Forbidden()
    name, _dot, column = field.partition(".")
    found = act.inputs(request.actor, obj).get(name)
    found = found.fields.get(column) if isinstance(found, Lines) else found
    if not isinstance(found, Pick):
        raise NotFound()
    return _choices(request, found.offered(request.actor, request.GET))


def _choices(request, rows):
    home = registry.register_of(rows.model)
    if home and home.related():
        rows = rows.select_related(*home.related())
    order = ("place", "id") if issubclass(rows.model, Ordered) else ("-id",)
    found = search.choices(rows.order_by(*order), (request.GET.get("q") or "").strip())
    return JsonResponse({"results": [{"id": o.pk, "text": o.as_choice()} for o in found]})


@require_POST
def comment(request, room, slug, pk):
    """A remark on the timeline."""
    register = register_for(request, room, slug)
    obj = object_for(request, register, pk)
    text = (request.POST.get("text") or "").strip()
    if text:
        log(request.actor, obj, "comment", text=text[:2000])
    target = register.url("detail", pk)
    return HttpResponse(status=204, headers={"HX-Redirect": target}) if request.headers.get("HX-Request") \
        else redirect(target)


@require_POST
def reveal(request, room, slug, pk, field):
    """Show a masked phone once; who, when and why is recorded."""
    register = register_for(request, room, slug)
    obj = object_for(request, register, pk)
    if not field.endswith("phone") or not request.actor.can("kernel.phone.reveal"):
        raise Forbidden()
    if not any(f.name == field for f in obj._meta.fields):
        raise NotFound()
    why = (request.POST.get("why") or "").strip()[:200]
    if not why:
        raise Refused(_("Say why you need the number."))
    log(request.actor, obj, "reveal", text=why, data={"field": field})
    disclose(request.actor, "reveal", f"{room}.{slug}", obj=obj, field=field, why=why)
    return HttpResponse(getattr(obj, field), content_type="text/plain")


@require_POST
def save_view(request, room, slug):
    """Keep the present filters and columns under a name."""
    from .models import SavedView
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
