"""The console of the platform: dealers, what was done to them, and the way in by their grant. The first steps of a new dealer."""

from functools import wraps

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwei.kernel.base.errors import ActionError, NotFound
from yiwei.kernel.signin.middleware import operators_too

from .hooks import onboarding
from .models.administrator import Log
from .rules import dealers
from .rules.forms import OpenDealer, Reason, Reset
from .screens.door import enter

ACTS = {"open": gettext_lazy("Opened"), "suspend": gettext_lazy("Access suspended"), "resume": gettext_lazy("Resumed"),
        "reset": gettext_lazy("Sign-in reset"), "enter": gettext_lazy("Looked in"), "leave": gettext_lazy("Left the dealer")}


def operator(view):
    """Only for administrators of the platform; for everybody else there is no such page."""
    @operators_too
    @wraps(view)
    def opened(request, *args, **kwargs):
        if request.operator is None:
            raise NotFound()
        return view(request, *args, **kwargs)
    return opened


def _dealer(pk):
    found = next((d for d in dealers.dealers() if d.id == pk), None)
    if found is None:
        raise NotFound()
    return found


def _day(moment, form="%Y-%m-%d"):
    return timezone.localtime(moment).strftime(form) if moment else ""


def _row(d):
    state = {"kind": "state", "text": _("In use") if d.active else _("Access suspended"), "color": "green" if d.active else "red"}
    cells = [("name", "link", d.name), ("code", "text", d.code), ("state", "state", ""), ("opened", "date", _day(d.opened_at)),
             ("employees", "number", str(d.employees)), ("last", "date", _day(d.last_sign_in, "%Y-%m-%d %H:%M")),
             ("storage", "number", filesizeformat(d.storage)), ("grant", "text", _day(d.granted_until, "%m-%d %H:%M"))]
    url = reverse("platform-dealer", args=[d.id])
    labels = {c["name"]: c for c in _columns()}
    return {"url": url, "title": d.name, "badges": [], "cells": [
        {"kind": kind, "text": text, "url": url if name == "name" else "", "label": labels[name]["label"], "align": labels[name]["align"],
         **(state if name == "state" else {})} for name, kind, text in cells]}


def _columns():
    return [{"name": n, "label": label, "align": align} for n, label, align in (
        ("name", _("Dealer"), ""), ("code", _("Code"), ""), ("state", _("State"), ""), ("opened", _("Service since"), ""),
        ("employees", _("Employees"), "end"), ("last", _("Last sign-in"), ""), ("storage", _("Storage"), "end"),
        ("grant", _("Support until"), ""))]


@operator
@require_GET
def console(request):
    """All dealers with their figures."""
    found = dealers.dealers()
    tiles = [(_("Dealers"), len(found)), (_("Access suspended"), sum(not d.active for d in found)),
             (_("Employees"), sum(d.employees for d in found)), (_("Storage"), filesizeformat(sum(d.storage for d in found)))]
    return render(request, "platform/console.html", {"page": {
        "title": _("Dealers"), "tiles": tiles, "columns": _columns(), "rows": [_row(d) for d in found]}})


@operator
@require_http_methods(["GET", "POST"])
def open_new(request):
    """Open a dealer in one form; the first password is shown once on the next page."""
    form, status, error = OpenDealer(request.POST or None), 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            pk, username, password = dealers.open_new(**form.cleaned_data)
            request.session["once"] = {"dealer": pk, "username": username, "password": password}
            return HttpResponseRedirect(reverse("platform-dealer", args=[pk]))
        except ActionError as refusal:
            for name, texts in refusal.errors.items():
                form.add_error(name, texts)
        except IntegrityError:
            error = _("Somebody else has just entered the same.")
    if request.method == "POST":
        status = 422
    return _form(request, _("Open a dealer"), form, reverse("platform"), status=status, error=error,
                 hint=_("The dealer starts with head office, positions, approval flows and payment terms; its administrator is led on from there."))


def _form(request, title, form, back, *, status=200, error="", hint="", danger=False):
    return render(request, "platform/form.html", {"page": {
        "title": title, "fields": form.shown(), "back": back, "error": error, "hint": hint, "danger": danger}}, status=status)


@operator
@require_GET
def dealer(request, pk):
    """One dealer: figures, what can be done, and what was done."""
    found, once = _dealer(pk), request.session.get("once")
    if once:
        del request.session["once"]
    return render(request, "platform/dealer.html", {"page": {
        "dealer": found, "once": once if once and once["dealer"] == pk else None, "log": _log(Log.objects.filter(dealer=pk)),
        "storage": filesizeformat(found.storage), "administrators": dealers.administrators(pk)}})


def _log(rows):
    return [{"at": timezone.localtime(row.at), "by": row.administrator.name, "act": ACTS.get(row.act, row.act), "text": row.text,
             "dealer": row.dealer_code} for row in rows.select_related("administrator").order_by("-id")[:200]]


@operator
@require_GET
def log(request):
    """Everything that administrators of the platform did."""
    return render(request, "platform/log.html", {"page": {"title": _("Platform log"), "log": _log(Log.objects.all())}})


def _with_reason(request, pk, title, act, done, *, danger=False):
    found, form, error = _dealer(pk), Reason(request.POST or None), ""
    back = reverse("platform-dealer", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            act(found, form.cleaned_data["reason"])
            messages.success(request, done)
            return HttpResponseRedirect(back)
        except ActionError as refusal:
            error = refusal.message
    return _form(request, title % {"dealer": found.name}, form, back, status=422 if request.method == "POST" else 200, error=error,
                 danger=danger)


@operator
@require_http_methods(["GET", "POST"])
def suspend(request, pk):
    """Nobody of the dealer signs in any more, and its keys stop; the data stays."""
    return _with_reason(request, pk, _("Suspend %(dealer)s"), dealers.suspend, _("The dealer is suspended."), danger=True)


@operator
@require_http_methods(["GET", "POST"])
def resume(request, pk):
    """The dealer's people sign in again."""
    return _with_reason(request, pk, _("Resume %(dealer)s"), dealers.resume, _("The dealer is active again."))


RESET = {"email": gettext_lazy("A new password is on its way by e-mail."), "sms": gettext_lazy("A new password is on its way by SMS."),
         "nowhere": gettext_lazy("This administrator has neither e-mail nor phone to send a password to. A general manager of the dealer can give a "
                                 "new one under Employees.")}


@operator
@require_http_methods(["GET", "POST"])
def reset(request, pk):
    """A new first password for the dealer's administrator; the dealer's managers are told."""
    found, error, status = _dealer(pk), "", 200
    form, back = Reset(request.POST or None, people=dealers.administrators(pk)), reverse("platform-dealer", args=[pk])
    if request.method == "POST":
        status = 422
        if form.is_valid():
            way, password = dealers.reset(found, form.cleaned_data["username"])
            if way == "shown":
                request.session["once"] = {"dealer": pk, "username": form.cleaned_data["username"], "password": password}
            elif way != "nowhere":
                messages.success(request, RESET[way])
            if way != "nowhere":
                return HttpResponseRedirect(back)
            error = RESET[way]
    return _form(request, _("Reset the sign-in of an administrator"), form, back, status=status, error=error, danger=True,
                 hint=_("Once anybody of the dealer has signed in, the new password goes by the person's own e-mail or phone;"
                        " you do not see it."))


@operator
@require_POST
def look(request, pk):
    """Go into a dealer that grants support; the way back is in the line above every page."""
    found = _dealer(pk)
    if found.granted_until is None or enter(pk, reverse("home")) is None:
        messages.error(request, _("This dealer grants no support access now."))
        return HttpResponseRedirect(reverse("platform-dealer", args=[pk]))
    dealers.note("enter", pk)
    request.session["support"] = pk
    return HttpResponseRedirect(reverse("home"))


@operator
@require_POST
def leave(request):
    """Back to the console."""
    pk = request.session.pop("support", None)
    if pk:
        dealers.note("leave", pk)
    return HttpResponseRedirect(reverse("platform-dealer", args=[pk]) if pk else reverse("platform"))


def beginner(view):
    """Only for the heads of a dealer whose first steps are open."""
    @wraps(view)
    def opened(request, *args, **kwargs):
        if not onboarding.is_open(request.actor):
            raise NotFound()
        return view(request, *args, **kwargs)
    return opened


@beginner
@require_GET
def start(request):
    """The first steps, each done or not by what is in the books; the page goes when all are."""
    found = onboarding.steps(request.actor)
    done = sum(s.done for s in found)
    if done == len(found):
        onboarding.close("done")
    return render(request, "platform/start.html", {"page": {
        "title": _("First steps"), "steps": found, "done": done, "all": len(found), "pct": done * 100 // len(found), "finished": done == len(found),
        "next": next((s.key for s in found if not s.done), "")}})


@beginner
@require_POST
def start_say(request, key):
    """Settle a step as it is."""
    if key in {s.key for s in onboarding.steps(request.actor) if s.say}:
        onboarding.say(key)
    return HttpResponseRedirect(reverse("start"))


@beginner
@require_POST
def start_close(request):
    """Away with the first steps; everything stays reachable by the menu."""
    onboarding.close("dismissed")
    return HttpResponseRedirect(reverse("home"))
