"""What an operator does with dealers: each act is a function of the database that writes the log itself."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils.translation import gettext as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.models import Tenant
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.signin import throttle
from yiwei.org.rules.dealers import open_dealer
from yiwei.platform.hooks.onboarding import begin
from yiwei.platform.models.administrator import Administrator


@dataclass(frozen=True)
class Dealer:
    """A dealer as an operator knows it: figures, no rows."""

    id: int
    code: str
    name: str
    opened_at: datetime
    active: bool
    employees: int
    sign_ins: int
    last_sign_in: datetime | None
    storage: int
    granted_until: datetime | None

    def __str__(self):
        return f"{self.name} ({self.code})"


def _ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def dealers():
    """All dealers, the oldest first."""
    return [Dealer(*row) for row in _ask("select * from platform_dealers()")]


def administrators(dealer_id):
    """[(sign-in name, name, last sign-in)] of a dealer's own administrators."""
    return _ask("select * from platform_administrators(%s)", dealer_id)


def open_new(code, name, admin_name, username):
    """Open a dealer. Gives (id, sign-in name, first password)."""
    if _ask("select 1 from org_find_user(%s)", username):
        raise Invalid({"username": [_("This sign-in name is already in use.")]})
    if code in {d.code for d in dealers()}:
        raise Invalid({"code": [_("This code is already in use.")]})
    with context.entered(None, operator=""):  # the house fills the new dealer; nobody's rows are read
        tenant_id, username, password = open_dealer(code, name, admin_name, username=username)
        with context.entered(tenant_id, action="platform.open"):
            begin(Tenant.objects.get(pk=tenant_id))
    _ask("select platform_note('open', %s, %s)", tenant_id, f"{name} · {username}")
    return tenant_id, username, password


def suspend(dealer, reason):
    if not dealer.active:
        raise Refused(_("This dealer is suspended already."))
    _ask("select platform_suspend(%s, %s)", dealer.id, reason)


def resume(dealer, reason):
    if dealer.active:
        raise Refused(_("This dealer is not suspended."))
    _ask("select platform_resume(%s, %s)", dealer.id, reason)


def reset(dealer, username):
    """A new first password for a dealer's administrator. Gives (way, password where it is to be shown)."""
    password = secrets.token_urlsafe(9)
    message = _("%(dealer)s: your new first password is %(password)s. Change it when you sign in.") % {
        "dealer": dealer.name, "password": password}
    told = _("The operator of the platform has reset the sign-in %(name)s.") % {"name": username}
    sms = bool(settings.YIWEI_GATEWAYS.get("sms"))
    [(way,)] = _ask("select platform_reset(%s, %s, %s, %s, %s, %s)", dealer.id, username, make_password(password), message, told, sms)
    return way, password if way == "shown" else ""


def note(act, dealer_id, text=""):
    _ask("select platform_note(%s, %s, %s)", act, dealer_id, text)


def make_administrator(username, name, password, *, must_change=False):
    """Make an administrator of the platform, or give the one of this name a new password."""
    with context.entered(None, operator="setup"):
        found = Administrator.objects.filter(username=username).first() or Administrator(username=username, name=name or username)
        found.set_password(password)
        found.must_change, found.name = must_change, name or found.name
        found.save()
        throttle.forget([throttle.named(username)])
        found.two_step_off()
        found.end_sessions()
        return found
