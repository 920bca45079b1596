"""Signing in and out, passwords, language."""

from django.contrib.auth import password_validation
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

from ..tenancy import context
from .middleware import stranger

DUMMY = make_password("no such person")


@stranger
@csrf_protect
@require_http_methods(["GET", "POST"])
def signin(request):
    """Name and password. Unknown names and wrong passwords answer alike; five failures lock for a while."""
    error, name = "", (request.POST.get("username") or "").replace("\0", "").strip()[:80]
    if request.method == "POST":
        outcome = authenticate(name, request.POST.get("password") or "")
        if isinstance(outcome, dict):
            request.session.flush()
            request.session.update(outcome)
            target = request.GET.get("next") or ""
            if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
                target = reverse("home")
            return HttpResponseRedirect(target)
        error = outcome
    return render(request, "kernel/signin.html", {"error": error, "username": name}, status=422 if error else 200)


def authenticate(name, password):
    """The session's content for a right password; otherwise the message to show."""
    wrong = _("The name or the password is wrong.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select tenant_id, user_id from org_find_user(%s)", [name])
        found = cursor.fetchone()
    if not found:
        check_password(password, DUMMY)
        return wrong
    tenant_id, user_id = found
    with context.entered(tenant_id, action="signin"):
        from django.contrib.auth import get_user_model
        user = get_user_model().objects.select_for_update(of=("self",)).filter(pk=user_id).first()
        if user is None or not user.may_sign_in():
            check_password(password, DUMMY)
            return _("This account is locked for a while. Try later or ask your administrator.") \
                if user is not None and user.locked() else wrong
        if not user.check_password(password):
            user.failed()
            return _("This account is locked for a while. Try later or ask your administrator.") \
                if user.locked() else wrong
        user.succeeded()
        return {"tenant": tenant_id, "member": user.member_id, "user": user.pk, "stamp": str(user.stamp)}


@stranger
@require_POST
def signout(request):
    request.session.flush()
    return HttpResponseRedirect(reverse("signin"))


@require_http_methods(["GET", "POST"])
def password(request):
    """Old, new twice; other sessions end."""
    from django.contrib.auth import get_user_model
    user = get_user_model().objects.get(pk=request.actor.user_id)
    errors = {}
    if request.method == "POST":
        old, new, again = (request.POST.get(n) or "" for n in ("old", "new", "again"))
        if not user.check_password(old):
            errors["old"] = [_("The present password is wrong.")]
        if new != again:
            errors["again"] = [_("The two entries differ.")]
        try:
            password_validation.validate_password(new, user)
            if user.used_before(new):
                raise ValidationError(_("This password was used before."))
        except ValidationError as error:
            errors["new"] = list(error.messages)
        if not errors:
            user.change_password(new)
            request.session["stamp"] = str(user.stamp)
            from django.contrib import messages
            messages.success(request, _("The password has been changed."))
            return HttpResponseRedirect(reverse("home"))
    return render(request, "kernel/password.html",
                  {"errors": errors, "must": getattr(request, "must_change_password", False)},
                  status=422 if errors else 200)


