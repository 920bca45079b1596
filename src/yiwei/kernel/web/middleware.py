"""Every page runs in one transaction, for one tenant, as one employee, in one language."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DataError
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import directory
from ..action.errors import ActionError
from ..tenancy import context

CSP = ("default-src 'self'; script-src 'self'; object-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
       " font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'")


class Shell:
    """Enters the tenant named by the session, loads the actor, answers action errors, sets headers.

    `request.actor` is None where nobody is signed in; views that are not open to strangers
    send them to the sign-in page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = None
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.YIWEI_LARGEST_REQUEST:
            return HttpResponse(_("This is too large."), status=413, content_type="text/plain; charset=utf-8")
        tenant = request.session.get("tenant") if not request.path.startswith("/api/") else None
        if tenant is None:
            response = self.get_response(request)
        else:
            response = self._as_member(request, tenant)
        response.setdefault("Content-Security-Policy", CSP)
        response.setdefault("Referrer-Policy", "same-origin")
        if request.actor is not None:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def _as_member(self, request, tenant):
        with context.entered(tenant):
            actor = directory.by_session(request.session)
            if actor is None:
                request.session.flush()
            else:
                request.actor = actor
                request.must_change_password = actor.limits.get("must_change")
        if request.actor is None:
            return HttpResponseRedirect(reverse("signin"))
        with timezone.override(ZoneInfo(request.actor.time_zone)):
            if request.must_change_password and request.path not in (reverse("password"), reverse("signout")) \
                    and not request.path.startswith((settings.STATIC_URL, "/i18n/")):
                return HttpResponseRedirect(reverse("password"))
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Run the view inside the tenant; strangers only reach what is marked open."""
        open_view = getattr(view, "open_to_strangers", False) or view.__module__.startswith("django.")
        if request.actor is None:
            if open_view:
                return None
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401, headers={"HX-Redirect": reverse("signin")})
            return HttpResponseRedirect(f"{reverse('signin')}?next={request.path}")
        if open_view:
            return None
        try:
            with context.entered(request.actor.tenant_id, request.actor.id):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response = response.render()
                return response
        except DataError:
            return answer(request, ActionError(_("A value is too long, too large or not readable.")))
        except ActionError as error:
            return answer(request, error)


def answer(request, error):
    """An action error as a page, a fragment or JSON."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"code": error.code, "message": error.message}, status=error.status)
    template = {403: "403.html", 404: "404.html"}.get(error.status, "kernel/refused.html")
    if request.headers.get("HX-Request"):
        template = "kernel/_refused.html"
    return render(request, template, {"message": error.message, "title": _("Not possible")}, status=error.status)


def stranger(view):
    """Mark a view as open to people who have not signed in."""
    view.open_to_strangers = True
    return view
