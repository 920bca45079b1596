"""The page of one's own sign-in: sessions that are open, and the second step."""

import time

import segno
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from . import totp
from .account import account_of, wrong_password
from .middleware import operators_too

PENDING = 900  # seconds to confirm a new second step


@operators_too
@require_GET
def security(request):
    """Which sessions are open, and whether a second step is on."""
    return _page(request, account_of(request))


def _page(request, account, errors=None, codes=None):
    here = request.session.get("session")
    page = {"sessions": [{"row": s, "here": s.pk == here} for s in account.session_rows()], "two_step": account.two_step,
            "codes_left": len(account.recovery), "errors": errors or {}, "codes": codes, "account": account}
    pending = _pending(request)
    if pending and not account.two_step:
        uri = totp.address(pending, account.username, "Yiwei")
        picture = segno.make(uri, error="m").svg_inline(scale=4, border=2, light="#fff", dark="#000")
        page |= {"secret": " ".join(pending[i:i + 4] for i in range(0, len(pending), 4)), "picture": mark_safe(picture)}
    return render(request, "kernel/security.html", {"page": page}, status=422 if errors else 200)


def _pending(request):
    waiting = request.session.get("new_totp") or {}
    return waiting.get("secret") if time.time() - waiting.get("at", 0) < PENDING else None


def _back():
    return HttpResponseRedirect(reverse("security"))


@operators_too
@require_POST
def two_step_start(request):
    """Show a new secret; nothing changes before its first code is entered."""
    request.session["new_totp"] = {"secret": totp.new_secret(), "at": time.time()}
    return _back()


@operators_too
@require_POST
def two_step_on(request):
    """The first code proves that the app has the secret; the recovery codes are shown this once."""
    account, secret = account_of(request), _pending(request)
    if account.two_step or not secret:
        return _back()
    step = totp.matching_step(secret, request.POST.get("code") or "")
    if step is None:
        return _page(request, account, {"code": [_("The code is wrong.")]})
    del request.session["new_totp"]
    return _page(request, account, codes=account.two_step_on(secret, step))


@operators_too
@require_POST
def two_step_off(request):
    """Only with the password, so that a session left open is not enough."""
    account = account_of(request)
    wrong = wrong_password(account, request.POST.get("password") or "")
    if wrong:
        return _page(request, account, {"off": [wrong]})
    account.two_step_off()
    messages.success(request, _("Signing in needs the password only."))
    return _back()


@operators_too
@require_POST
def end_session(request, pk):
    """End one of one's own sessions."""
    if account_of(request).session_rows().filter(pk=pk).exists():
        account_of(request).end_session(pk)
        messages.success(request, _("The session has ended."))
    return _back()


@operators_too
@require_POST
def end_others(request):
    """End every session but this one."""
    account_of(request).end_sessions(but=request.session)
    messages.success(request, _("All other sessions have ended."))
    return _back()
