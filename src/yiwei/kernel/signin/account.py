"""Signing in and out, and passwords. Accounts offer what `org.models.credentials.Credentials` has."""

import time
from contextlib import contextmanager

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from yiwei.kernel.records.tenancy import context
from yiwei.kernel.records.tenancy.models import Tenant

from . import realms, throttle
from .middleware import operators_too, stranger

DUMMY = make_password("no such person")
HALF = 300   # seconds to enter the second step
RESET = 900  # seconds to enter a code for a new password


class Refusal(Exception):
    """Somebody does not get in; the message says why."""


@stranger
@csrf_protect
@require_http_methods(["GET", "POST"])
def signin(request):
    """Name and password. Unknown names and wrong passwords answer alike; after some failures one waits (`throttle`)."""
    error, name = "", (request.POST.get("username") or "").replace("\0", "").strip()[:80]
    if request.method == "POST":
        try:
            keys = throttle.keys_of(request, name, _address(request))
            tenant, pk, two_step = verify(name, request.POST.get("password") or "", keys)
            request.session.flush()
            if two_step:
                steps = [k for k in keys if k[0] == throttle.DEVICE] or [(throttle.STEP, f"{tenant}.{pk}")]
                request.session["half"] = {"tenant": tenant, "pk": pk, "at": time.time(), "next": _target(request), "name": name, "keys": steps}
                return HttpResponseRedirect(reverse("signin-code"))
            return _come_in(request, tenant, pk, _target(request), name, keys)
        except Refusal as refusal:
            error = str(refusal)
    return render(request, "kernel/signin.html", {"error": error, "username": name, "changed": request.GET.get("changed") == "1"},
                  status=422 if error else 200)


@stranger
@csrf_protect
@require_http_methods(["GET", "POST"])
def signin_code(request):
    """The second step: a code of the authenticator app, or a recovery code."""
    half, error = request.session.get("half"), ""
    if not half or time.time() - half["at"] > HALF:
        request.session.pop("half", None)
        return HttpResponseRedirect(reverse("signin"))
    if request.method == "POST":
        try:
            _second_step(half, (request.POST.get("code") or "")[:40])
            del request.session["half"]
            request.session.cycle_key()
            return _come_in(request, half["tenant"], half["pk"], half["next"], half["name"], half["keys"])
        except Refusal as refusal:
            error = str(refusal)
    return render(request, "kernel/signin_code.html", {"error": error}, status=422 if error else 200)


def _target(request):
    target = request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else reverse("home")


@contextmanager
def _account(tenant, pk):
    """An account of a dealer or of another door, locked for this transaction; None where there is none."""
    if tenant == realms.NOWHERE:
        with realms.door().within():
            yield realms.door().account(pk)
    else:
        with context.entered(tenant, action="signin"):
            yield get_user_model().objects.select_for_update(of=("self",)).filter(pk=pk).first()


def verify(name, password, keys):
    """(tenant, account, whether a second step follows) for a right password; otherwise a Refusal.

    While `keys` must wait, only an account with a second step goes on, and only with its right password; every other answer is the same.
    """
    pause, found, refusal = throttle.wait(keys), _known(name), _("The name or the password is wrong.")
    if not found:
        check_password(password, DUMMY)
    else:
        with _account(*found) as account:
            good = _is_right(account, password) and (not pause or account.two_step)
            if good and found[0] != realms.NOWHERE and not Tenant.objects.filter(pk=found[0], active=True).exists():
                raise Refusal(_("Your company's access is suspended. Please turn to the operator of the platform."))
            if good:
                return *found, account.two_step
    _refuse(keys, pause, refusal)


def _is_right(account, password):
    """Whether this opens the account; it takes as long where there is none."""
    if account is None or not account.may_sign_in():
        check_password(password, DUMMY)
        return False
    return account.check_password(password)


def _refuse(keys, pause, refusal):
    """Count the failure, unless who fails has to wait anyway, and say how long the next wait is."""
    if not pause:
        throttle.failed(keys)
        pause = throttle.wait(keys)
    raise Refusal(throttle.told(pause) if pause else refusal)


def _second_step(half, code):
    pause = throttle.wait(half["keys"])
    if not pause:
        with _account(half["tenant"], half["pk"]) as account:
            if account is not None and account.may_sign_in() and account.check_code(code):
                return
    _refuse(half["keys"], pause, _("The code is wrong."))


def _come_in(request, tenant, pk, target, name, keys):
    with _account(tenant, pk) as account:
        account.succeeded()
        content = account.begin(address=_address(request), agent=request.headers.get("User-Agent", "")[:200])
    request.session.update(content)
    throttle.forget([throttle.named(name), *(k for k in keys if k[0] != throttle.ADDRESS)])
    answer = HttpResponseRedirect(target)
    throttle.know(request, answer, name)
    return answer


def _address(request):
    """Where the request came from; behind a proxy (HTTPS) what the proxy says."""
    said = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() if request.is_secure() else ""
    return (said or request.META.get("REMOTE_ADDR") or "")[:45]


@stranger
@require_POST
def signout(request):
    """The session ends here and in the list of sessions."""
    door, tenant = realms.of(request), request.session.get("tenant")
    if door is not None:
        door.leave(request)
    elif tenant:
        with context.entered(tenant):
            get_user_model().end_session(request.session.get("session"))
    request.session.flush()
    return HttpResponseRedirect(reverse("signin"))


def account_of(request):
    """The account of the person who is signed in, locked for this transaction."""
    if request.operator is not None:
        return realms.of(request).account(request.operator.pk)
    return get_user_model().objects.select_for_update(of=("self",)).get(pk=request.actor.user_id)


@operators_too
@require_http_methods(["GET", "POST"])
def password(request):
    """Old, new twice; other sessions end."""
    account, errors = account_of(request), {}
    if request.method == "POST":
        errors = _change(request, account)
        if not errors:
            messages.success(request, _("The password has been changed."))
            return HttpResponseRedirect(reverse("home"))
    return render(request, "kernel/password.html", {"errors": errors, "must": account.must_change}, status=422 if errors else 200)


@stranger
@csrf_protect
@require_http_methods(["GET", "POST"])
def forgotten(request):
    """Ask for a code by SMS. Every name gets the same answer."""
    possible = bool(settings.YIWEI_GATEWAYS.get("sms"))
    if request.method == "POST" and possible:
        name = (request.POST.get("username") or "").replace("\0", "").strip()[:80]
        found = _known(name)
        if found and found[0] != realms.NOWHERE:
            with _account(*found) as account:
                if account is not None:
                    account.send_code(_address(request))
        request.session["reset"] = {"name": name, "at": time.time()}
        return HttpResponseRedirect(reverse("password-code"))
    return render(request, "kernel/forgotten.html", {"possible": possible})


@stranger
@csrf_protect
@require_http_methods(["GET", "POST"])
def forgotten_code(request):
    """The code and a new password, twice."""
    asked, errors = request.session.get("reset"), {}
    if not asked or time.time() - asked["at"] > RESET:
        request.session.pop("reset", None)
        return HttpResponseRedirect(reverse("password-forgotten"))
    if request.method == "POST":
        errors = _set_anew(asked["name"], *((request.POST.get(n) or "")[:200] for n in ("code", "new", "again")))
        if not errors:
            request.session.flush()
            return HttpResponseRedirect(f"{reverse('signin')}?changed=1")
    return render(request, "kernel/forgotten_code.html", {"errors": errors}, status=422 if errors else 200)


def _known(name):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select tenant_id, user_id from org_find_user(%s)", [name])
        return cursor.fetchone()


def _set_anew(name, code, new, again):
    """Errors by field; what is wrong with the password is said only to who has the code."""
    found, row = _known(name), None
    if found and found[0] != realms.NOWHERE:
        with _account(*found) as account:
            row = account.check_reset(code) if account is not None else None
            errors = _new_password(account, new, again) if row else {}
            if row and not errors:
                account.reset_password(new, row)
    return errors if row else {"code": [_("This code is wrong or no longer good. Ask for a new one after a minute.")]}


def _change(request, account):
    old, new, again = (request.POST.get(n) or "" for n in ("old", "new", "again"))
    errors = _new_password(account, new, again)
    wrong = wrong_password(account, old)
    if wrong:
        errors["old"] = [wrong]
    if not errors:
        account.change_password(new, session=request.session)
    return errors


def wrong_password(account, raw):
    """What is wrong with the present password, in words; after some wrong ones one waits as at the sign-in."""
    keys = [(throttle.HERE, f"{account._meta.label}.{account.pk}")]
    pause = throttle.wait(keys)
    if not pause and account.check_password(raw):
        return ""
    try:
        _refuse(keys, pause, _("The present password is wrong."))
    except Refusal as refusal:
        return str(refusal)


def _new_password(account, new, again):
    """Errors of a password that somebody chooses."""
    errors = {}
    if new != again:
        errors["again"] = [_("The two entries differ.")]
    try:
        password_validation.validate_password(new, account)
        if account.used_before(new):
            raise ValidationError(_("This password was used before."))
    except ValidationError as error:
        errors["new"] = list(error.messages)
    return errors
