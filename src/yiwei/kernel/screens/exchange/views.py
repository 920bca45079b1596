"""Registers out to Excel and in from it."""

from urllib.parse import quote

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, Invalid, NotFound
from yiwei.kernel.screens.registers.listing import columns_for, filtered

from . import guard
from .headings import plain
from .models import ImportRun
from .run import again, book_for, headings, start
from .tables import LIMIT, workbook_response
from .workbook import empty_workbook


def _register(request, room, slug):
    register = registry.registers.get((room, slug))
    if register is None or not register.allowed(request.actor):
        raise NotFound()
    return register


def _book(request, room, slug):
    """The register and its book, for who may load it; the right to open the list is another."""
    register = registry.registers.get((room, slug))
    book = book_for(register, request.actor) if register is not None else None
    if book is None:
        raise NotFound()
    return register, book


@require_GET
def export(request, room, slug):
    """The filtered rows as a workbook. Needs its own right; who exported what is recorded."""
    register, actor = _register(request, room, slug), request.actor
    if not actor.can(f"{room}.{slug}.export"):
        raise Forbidden()
    columns = columns_for(register, actor, request.GET)
    rows = filtered(register, actor, request.GET).order_by("-id")[:LIMIT]
    return workbook_response(register, f"{room}.{slug}", columns, rows.iterator(chunk_size=2000), actor, request.GET)


@require_http_methods(["GET", "POST"])
def upload(request, room, slug):
    """Take a workbook; the rows are loaded by a job that can be watched."""
    register, _class = _book(request, room, slug)
    errors, back = {}, request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = register.url()
    if request.method == "POST":
        given = request.FILES.get("file")
        try:
            if given is None:
                raise Invalid({"file": [_("Choose a workbook.")]})
            if given.size > guard.LIMIT:
                raise Invalid({"file": [_("This workbook is too large; split it.")]})
            made = start(request.actor, register, given.name, given.read(), preview=True)
            return HttpResponseRedirect(reverse("import-run", args=[made.pk]))
        except Invalid as error:
            errors = error.errors
    return render(request, "kernel/import.html", {"page": {
        "title": _("Import: %(what)s") % {"what": register.label}, "errors": errors, "run": None,
        "cancel_url": back, "template_url": register.url("template"), "columns": headings(register, request.actor)}},
        status=422 if errors else 200)


@require_GET
def template(request, room, slug):
    """An empty workbook with the headings and what each takes."""
    register, book = _book(request, room, slug)
    made = book(request.actor)
    name = quote(f"{made.name if made.register else register.label}.xlsx")
    return HttpResponse(empty_workbook(made.headers, made.needed, made.hints), headers={
        "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


def _run(request, pk):
    found = ImportRun.objects.filter(pk=pk, member_id=request.actor.id).first()
    if found is None:
        raise NotFound()
    return found


@require_GET
def progress(request, pk):
    """How far an import is; htmx asks every second."""
    run = _run(request, pk)
    template = "kernel/_import_progress.html" if request.headers.get("HX-Request") else "kernel/import.html"
    return render(request, template, {"page": {
        "title": run.name, "run": run, "running": run.state in ("waiting", "running"),
        "progress_url": reverse("import-run", args=[pk]), "cancel_url": reverse("import-cancel", args=[pk]),
        "load_url": reverse("import-load", args=[pk]),
        "left": [c for c in run.report.get("columns", []) if c["guessed"] or not (c["key"] or c["ignored"])],
        "refused_url": reverse("import-refused", args=[pk]) if run.refused_path else ""}})


@require_POST
def load(request, pk):
    """Load what was tried, or try it again with other choices of columns and sheets."""
    run = _run(request, pk)
    columns = run.report.get("columns", [])
    keys = {key for key, _label in run.report.get("keys", [])}
    chosen = {plain(c["heading"]): value for n, c in enumerate(columns) if (value := request.POST.get(f"column-{n}")) is not None
              and (value in keys or value == "") and value != c["key"]}
    again(request.actor, run, preview="preview" in request.POST, update="update" in request.POST, hidden="hidden" in request.POST, chosen=chosen)
    return HttpResponseRedirect(reverse("import-run", args=[pk]))


@require_POST
def cancel(request, pk):
    """Ask a running import to stop; what it had loaded is undone."""
    run = _run(request, pk)
    run.cancel = True
    run.save(update_fields=["cancel"])
    return HttpResponseRedirect(reverse("import-run", args=[pk]))


@require_GET
def refused(request, pk):
    """The refused rows with their reasons, to mend and load again."""
    from pathlib import Path

    from django.conf import settings
    run = _run(request, pk)
    if not run.refused_path:
        raise NotFound()
    path = Path(settings.MEDIA_ROOT) / run.refused_path
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{run.name}-{_('refused')}.xlsx")
