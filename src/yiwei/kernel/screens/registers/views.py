"""The pages of registers: list, detail, action forms, pickers, totals, export, comments, reveal."""

import uuid
from urllib.parse import urlsplit

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import ActionError, Forbidden, NotFound, Refused
from yiwei.kernel.records import scope, search
from yiwei.kernel.records.document import Ordered, log
from yiwei.kernel.records.personal import is_phone
from yiwei.kernel.work.actions.action import perform
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.disclosure import disclose

from . import detail as detail_page
from .forms import form_context, initial_of
from .listing import filtered_by


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


@require_GET
def detail(request, room, slug, pk):
    """One row: header, steps, buttons, figures, sections, tabs, timeline."""
    register = register_for(request, room, slug)
    obj = object_for(request, register, pk)
    context = detail_page.context(register, request.actor, obj, request.GET)
    if request.headers.get("HX-Request") and request.GET.get("fragment") == "tab":
        return render(request, "kernel/_tab.html", {"page": context, "register": register, "object": obj})
    if request.headers.get("HX-Request") and request.GET.get("fragment") == "peek":
        return render(request, "kernel/_peek.html", {"page": context, "register": register, "object": obj})
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
    target = _stay(request, register) or _after(register, act, outcome)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _stay(request, register):
    """The list or to-do list from which a row was decided: one goes on there."""
    here = request.headers.get("HX-Current-URL", "")
    if not url_has_allowed_host_and_scheme(here, allowed_hosts={request.get_host()}):
        return ""
    return here if urlsplit(here).path in (register.url(), reverse("todo"), reverse("home")) else ""


def _after(register, act, outcome):
    obj = outcome.case if outcome.case is not None else act.then(outcome.obj) if act.then and outcome.obj is not None else outcome.obj
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
    if not is_phone(type(obj), field) or not request.actor.can("kernel.phone.reveal"):
        raise Forbidden()
    why = (request.POST.get("why") or "").strip()[:200]
    if not why:
        raise Refused(_("Say why you need the number."))
    log(request.actor, obj, "reveal", text=why, data={"field": field})
    disclose(request.actor, "reveal", f"{room}.{slug}", obj=obj, field=field, why=why)
    return HttpResponse(getattr(obj, field), content_type="text/plain")
