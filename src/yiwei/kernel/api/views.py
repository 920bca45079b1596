"""/api/v1: the same registers and actions for programs."""

import hashlib
import json
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from .. import directory, registry
from ..action.core import perform
from ..action.errors import ActionError, Forbidden, Invalid, NotFound
from ..register.listing import Page
from ..tenancy import context
from ..web.middleware import member_of, stranger
from .models import ApiToken
from .shape import record


class Unknown(ActionError):
    status = 401
    code = "unauthorized"


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(member_id, name):
    """Make a key for a program; the secret is shown this once: yw_<tenant>_<secret>."""
    import secrets
    secret = secrets.token_urlsafe(32)
    ApiToken.objects.create(name=name, member_id=member_id, digest=digest(secret))
    return f"yw_{context.tenant_id()}_{secret}"


def _authenticate(request):
    """The actor of a request: by key, or by the session of a signed-in person (reading only)."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer yw_"):
        try:
            _yw, tenant, secret = header[7:].split("_", 2)
            tenant = int(tenant)
        except ValueError:
            raise Unknown(_("The key is not valid.")) from None
        return tenant, secret, None
    if request.session.get("tenant") and request.method == "GET":
        return request.session["tenant"], None, request.session
    raise Unknown(_("Send a key: Authorization: Bearer yw_…"))


def _actor(secret, session):
    if secret is None:
        actor = member_of(session)
    else:
        found = ApiToken.objects.filter(digest=digest(secret), active=True).exclude(expires_at__lt=timezone.now()).values_list(
            "member_id", "tenant__active").first()
        if found and not found[1]:
            raise Unknown(_("Your company's access is suspended. Please turn to the operator of the platform."))
        actor = directory.load(found[0]) if found else None
    if actor is None:
        raise Unknown(_("The key is not valid."))
    return actor


def endpoint(view):
    """One transaction in the caller's tenant; every error is JSON in the same shape."""

    @stranger
    @csrf_exempt
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            tenant, secret, session = _authenticate(request)
            with context.entered(tenant):
                request.actor = _actor(secret, session)
                if request.actor.limits.get("must_change") and secret is None:
                    raise Forbidden()
                with timezone.override(ZoneInfo(request.actor.time_zone)):
                    return JsonResponse(view(request, *args, **kwargs), safe=False,
                                        json_dumps_params={"ensure_ascii": False})
        except ActionError as error:
            body = {"code": error.code, "message": error.message}
            if error.errors:
                body["errors"] = error.errors
            return JsonResponse(body, status=error.status, json_dumps_params={"ensure_ascii": False})

    return wrapped


def _register(request, room, slug):
    register = registry.registers.get((room, slug))
    if register is None:
        raise NotFound()
    if not register.allowed(request.actor):
        raise Forbidden()
    return register


def _body(request):
    if request.content_type.startswith("multipart/"):
        return request.POST, request.FILES
    if not request.body:
        return {}, {}
    try:
        data = json.loads(request.body)
    except ValueError:
        raise Invalid({"body": [_("The body is not JSON.")]}) from None
    if not isinstance(data, dict):
        raise Invalid({"body": [_("The body must be an object.")]})
    return data, {}


@endpoint
def rows(request, room, slug):
    """GET: a page of rows. POST: the register's plain “create”."""
    if request.method == "POST":
        return _do(request, room, slug, None, "create")
    register = _register(request, room, slug)
    size = min(int(request.GET.get("limit") or 50), 200) if (request.GET.get("limit") or "50").isdigit() else 50
    page = Page(register, request.actor, request.GET, size)
    return {"results": [record(register, o, request.actor) for o in page.rows],
            "next": page.next, "previous": page.previous}


@endpoint
def row(request, room, slug, pk):
    """GET: one row with what can be done to it."""
    register = _register(request, room, slug)
    obj = register.rows(request.actor).filter(pk=pk).first()
    if obj is None:
        raise NotFound()
    out = record(register, obj, request.actor, full=True)
    out["actions"] = [a.verb for a in register.actions()
                      if not a.creates and a.shown(request.actor, obj) and not a.blocked(request.actor, obj)]
    return out


@endpoint
def create(request, room, slug, verb):
    return _do(request, room, slug, None, verb)


@endpoint
def act(request, room, slug, pk, verb):
    return _do(request, room, slug, pk, verb)


def _do(request, room, slug, pk, verb):
    if request.method != "POST":
        raise NotFound()
    register = registry.registers.get((room, slug))
    found = next((a for a in (register.actions() if register else ())
                  if a.verb == verb and a.creates is (pk is None)), None)
    if found is None:
        raise NotFound()
    data, files = _body(request)
    version = data.get("version") if pk is not None else None
    outcome = perform(found, request.actor, pk, data, files, version=version,
                      key=request.headers.get("Idempotency-Key", "")[:100])
    out = {"message": outcome.message, "repeated": outcome.repeated}
    if outcome.case is not None:
        out["approval"] = {"id": outcome.case.pk, "number": outcome.case.number, "state": outcome.case.state}
    if outcome.obj is not None:
        home = register if isinstance(outcome.obj, register.model) else registry.register_of(type(outcome.obj))
        out["result"] = record(home, outcome.obj, request.actor) if home else {"id": outcome.obj.pk}
    return out


@endpoint
def report(request, slug):
    """GET: a report's rows."""
    from ..report.core import run
    found = registry.reports.get(slug)
    if found is None:
        raise NotFound()
    if not found.allowed(request.actor):
        raise Forbidden()
    result = run(found, request.actor, request.GET)
    return {"columns": [c.name for c in result.columns], "rows": result.plain(), "totals": result.plain_totals()}


@stranger
def openapi(request):
    """The description of all of it, OpenAPI 3.1."""
    from .openapi import document
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("report/<slug:slug>", report, name="api-report"),
    path("<slug:room>/<slug:slug>", rows, name="api-list"),
    path("<slug:room>/<slug:slug>/<int:pk>", row, name="api-row"),
    path("<slug:room>/<slug:slug>/new/<slug:verb>", create, name="api-create"),
    path("<slug:room>/<slug:slug>/<int:pk>/<slug:verb>", act, name="api-act"),
]
