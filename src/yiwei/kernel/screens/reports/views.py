"""A report on screen and as a workbook."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, NotFound
from yiwei.kernel.screens.exchange.tables import workbook_response

from . import report


def report_for(request, slug):
    """The report by its name, if the actor may open it."""
    found = registry.reports.get(slug)
    if found is None:
        raise NotFound()
    if not found.allowed(request.actor):
        raise Forbidden()
    return found


@require_GET
def show(request, slug):
    found = report_for(request, slug)
    return render(request, "kernel/report.html", {"page": report.page(found, request.actor, request.GET)})


@require_GET
def export(request, slug):
    """The same rows as Excel, numbers as numbers."""
    found = report_for(request, slug)
    if not request.actor.can(f"{found.needs()}.export") and not request.actor.can("report.export"):
        raise Forbidden()
    actor = request.actor
    result = report.run(found, actor, request.GET)
    return workbook_response(found, f"report.{slug}", result.columns, result.rows, actor, request.GET)
