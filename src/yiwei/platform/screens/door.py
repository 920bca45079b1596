"""How an operator comes in, and how he looks into a dealer that grants it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import ProgrammingError, connection
from django.http import HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import Forbidden
from yiwei.kernel.records.scope import COMPANY, Actor
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.signin import realms
from yiwei.kernel.signin.middleware import answer, may_wait

from ..models.administrator import Administrator, OperatorSession

OWN = re.compile(r"^/(platform|security)/|^/password/$")
OPEN = {"home", "todo", "search", "notifications", "register-list", "register-totals", "register-board", "register-detail", "report"}
ALLOW = ("*.view", "report.*", "-kernel.*", "-portal.*", "-platform.*")


class PlatformDoor(realms.Door):
    """For administrators of the platform."""

    key = "platform"

    def within(self):
        return context.entered(None, operator="sign-in")

    def account(self, pk):
        return Administrator.objects.select_for_update().filter(pk=pk).first()

    def leave(self, request):
        with context.operating(request.session[self.key]), context.entered(None):
            Administrator.end_session(request.session.get("session"))

    def answer(self, request, get_response):
        with context.operating(request.session[self.key]):
            request.operator = self._operator(request)
            if request.operator is None:
                request.session.flush()
                return HttpResponseRedirect(reverse("signin"))
            if may_wait(request.path):
                return get_response(request)
            if request.operator.must_change:
                return HttpResponseRedirect(reverse("password"))
            if OWN.match(request.path):
                return get_response(request)
            if request.session.get("support"):
                return look_in(request, get_response)
            return HttpResponseRedirect(reverse("platform"))

    def _operator(self, request):
        with context.entered(None):
            row = OperatorSession.holding(request.session[self.key])
            if row is not None:
                row.saw()
            return row.administrator if row is not None else None

    def shell(self, request):
        name = request.operator.name
        return {"home": reverse("platform"), "side": "platform/side.html", "top": "platform/top.html", "bottom": "platform/bottom.html",
                "actor": {"name": name, "position": _("Platform administrator"), "outlet": "", "tenant": _("Platform"),
                          "initials": name[-1:]}}


realms.add(PlatformDoor())


def look_in(request, get_response):
    """One page of a dealer, read only. The database writes down the page first, and refuses without a grant in force."""
    if request.method not in ("GET", "HEAD") or _name(request) not in OPEN:
        return answer(request, Forbidden(_("Support can only read.")))
    found = enter(request.session["support"], request.get_full_path())
    if found is None:
        del request.session["support"]
        messages.warning(request, _("This dealer no longer grants support access."))
        return HttpResponseRedirect(reverse("platform"))
    request.actor = visitor(request.session["support"], request.operator, *found)
    with timezone.override(ZoneInfo(request.actor.time_zone)):
        return get_response(request)


def _name(request):
    try:
        return resolve(request.path_info).url_name
    except Resolver404:
        return "home"


def enter(dealer_id, page):
    """(name, time zone, until when) of a dealer that grants support now, or None. Writes down the page."""
    try:
        with context.entered(None), connection.cursor() as cursor:
            cursor.execute("select name, time_zone, until from platform_enter(%s, %s)", [dealer_id, page])
            return cursor.fetchone()
    except ProgrammingError:
        return None


def visitor(dealer_id, operator, dealer_name, time_zone, until: datetime):
    """The actor of support: sees the whole company, changes nothing, and nothing that may be hidden."""
    text = _("Support: you are reading %(dealer)s until %(until)s. Every page you open is recorded there.") % {
        "dealer": dealer_name, "until": until.astimezone(ZoneInfo(time_zone)).strftime("%m-%d %H:%M")}
    return Actor(
        id=None, tenant_id=dealer_id, name=operator.name, position="support", position_name=_("Support"), role="support", allow=ALLOW,
        data_scope=COMPANY, masks=frozenset(directory.masks()), tenant_name=dealer_name, time_zone=time_zone,
        limits={"read_only": True, "notice": {"text": text, "url": reverse("platform-leave"), "label": _("Leave this dealer")}})
