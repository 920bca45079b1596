"""Every page runs in one transaction, for one tenant, as one employee, in one language."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DataError, InternalError
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.defaults import server_error
from psycopg.errors import ReadOnlySqlTransaction

from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import ActionError, Forbidden
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.work.live import tickets

from . import realms
from .reachable import GONE, reopen, unreachable

RULES = ("default-src 'self'; script-src 'self'; object-src 'none'; style-src 'self'; img-src 'self' data: blob:;"
       " font-src 'self' data:; connect-src {connect}; frame-ancestors 'none'; form-action 'self'; base-uri 'self'")

MAY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), serial=(), hid=(), midi=(), display-capture=()"


def csp():
    """What a page may load and where it may connect to: here, and to the stream of messages."""
    return RULES.format(connect=f"'self' {tickets.origin()}".strip())


class Shell:
    """Enters the tenant named by the session, loads the actor, answers action errors, sets headers.

    `request.actor` is None where nobody is signed in; views that are not open to strangers
    send them to the sign-in page. `request.operator` is somebody who came in by another door.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = request.operator = None
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.YIWEI_LARGEST_REQUEST:
            return HttpResponse(_("This is too large."), status=413, content_type="text/plain; charset=utf-8")
        reopen()
        try:
            response = self._answer(request)
        except GONE as error:
            response = unreachable(request, error)
        response.setdefault("Content-Security-Policy", csp())
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("Permissions-Policy", MAY)
        if request.actor is not None or request.operator is not None:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def _answer(self, request):
        if request.path.startswith("/api/"):
            return self.get_response(request)
        door = realms.of(request)
        if door is not None:
            return door.answer(request, self.get_response)
        if request.session.get("tenant") is None:
            return self.get_response(request)
        return self._as_member(request)

    def _as_member(self, request):
        with context.entered(request.session["tenant"]):
            request.actor = member_of(request.session)
        if request.actor is None:
            request.session.flush()
            return HttpResponseRedirect(reverse("signin"))
        request.must_change_password = request.actor.limits.get("must_change")
        with timezone.override(ZoneInfo(request.actor.time_zone)):
            if request.must_change_password and not may_wait(request.path):
                return HttpResponseRedirect(reverse("password"))
            return self.get_response(request)

    def process_exception(self, request, error):
        """A view that is open to strangers found the database gone."""
        return unreachable(request, error) if isinstance(error, GONE) else None

    def process_view(self, request, view, args, kwargs):
        """Run the view inside the tenant; strangers only reach what is marked open."""
        open_view = getattr(view, "open_to_strangers", False) or view.__module__.startswith("django.")
        if open_view:
            return None
        if request.actor is None and (request.operator is None or not getattr(view, "open_to_operators", False)):
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401, headers={"HX-Redirect": reverse("signin")})
            return HttpResponseRedirect(f"{reverse('signin')}?next={request.path}")
        actor = request.actor
        try:
            with context.entered(actor.tenant_id if actor else None, actor.id if actor else None):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response = response.render()
                return response
        except GONE as error:
            return unreachable(request, error)
        except DataError:
            return answer(request, ActionError(_("A value is too long, too large or not readable.")))
        except ActionError as error:
            return answer(request, error)
        except InternalError as error:
            if isinstance(error.__cause__, ReadOnlySqlTransaction):
                return answer(request, Forbidden(_("Here you can only read.")))
            raise


def member_of(session):
    """The actor behind a session, inside its tenant: still employed, not signed out elsewhere, the dealer not suspended."""
    actor = directory.load(session.get("member"), session.get("session"))
    if actor is None or str(actor.limits.get("session")) != str(session.get("stamp")) or actor.limits.get("seen") is None:
        return None
    get_user_model().session_seen(session.get("session"), actor.limits["seen"])
    return actor


def may_wait(path):
    """Pages that somebody reaches who must choose a password first."""
    return path in (reverse("password"), reverse("signout"), reverse("set_language")) or path.startswith(settings.STATIC_URL)


def answer(request, error):
    """An action error as a page, a fragment or JSON."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"code": error.code, "message": error.message}, status=error.status)
    template = {403: "403.html", 404: "404.html"}.get(error.status, "kernel/refused.html")
    if request.headers.get("HX-Request"):
        template = "kernel/_refused.html"
    return render(request, template, {"message": error.message, "title": _("Not possible")}, status=error.status)


def not_sent_here(request, reason=""):
    """The form did not come from a page of ours, or its page is too old."""
    text = _("This form could not be matched with your browser. Open the page again and send it once more; cookies must be allowed.")
    return render(request, "403.html", {"message": text}, status=403)


def broken(request):
    """A mistake of ours: a page for people, a problem (RFC 9457) for programs."""
    if not request.path.startswith("/api/"):
        return server_error(request)
    text = _("Something went wrong on our side")
    return JsonResponse({"type": "about:blank", "title": text, "status": 500, "code": "broken", "message": text}, status=500,
                        content_type="application/problem+json")


def unreadable(request, exception=None):
    """A request that cannot be taken apart, say because the name of a file has no end."""
    text = _("This request could not be read. If it held a file, give the file a shorter name.")
    return render(request, "kernel/refused.html", {"message": text, "title": _("Not possible")}, status=400)


def stranger(view):
    """Mark a view as open to people who have not signed in."""
    view.open_to_strangers = True
    return view


def operators_too(view):
    """Mark a view as open to people who came in by another door as well."""
    view.open_to_operators = True
    return view
