"""/api/v1: the same registers and actions for programs."""

import hashlib
import json
from functools import wraps
from zoneinfo import ZoneInfo

from django.db import DataError
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import ActionError, Forbidden, Invalid, NotFound, Refused
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.paper.paper import paper_of
from yiwei.kernel.screens.registers.forms import initial_of
from yiwei.kernel.screens.registers.listing import Page
from yiwei.kernel.screens.registers.views import register_for
from yiwei.kernel.screens.reports.report import run
from yiwei.kernel.screens.reports.views import report_for
from yiwei.kernel.signin.middleware import member_of, stranger
from yiwei.kernel.signin.reachable import GONE, unreachable
from yiwei.kernel.work.actions.action import perform
from yiwei.kernel.work.integrations import ApiToken

from .shape import bare, record


class Unknown(ActionError):
    status = 401
    code = "unauthorized"


class NotSo(ActionError):
    """The address exists, but not for this method."""

    status = 405
    code = "method_not_allowed"


def problem(error, **headers):
    """An error as RFC 9457 has it; `code`, `message` and `errors` stand beside its members."""
    body = {"type": "about:blank", "title": error.message or error.code, "status": error.status, "code": error.code, "message": error.message}
    if error.errors:
        body["errors"] = error.errors
    return JsonResponse(body, status=error.status, content_type="application/problem+json", headers=headers,
                        json_dumps_params={"ensure_ascii": False})


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(member_id, name):
    """Make a key for a program; the secret is shown this once: yw_<tenant>_<secret>."""
    import secrets
    secret = secrets.token_urlsafe(32)
    ApiToken.objects.create(name=name, member_id=member_id, digest=digest(secret))
    return f"yw_{context.tenant_id()}_{secret}"


def _authenticate(request):
    """(tenant, key, session) of a request: by key, or by the session of a signed-in person (reading only)."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer yw_"):
        try:
            _yw, tenant, secret = header[7:].split("_", 2)
        except ValueError:
            raise Unknown(_("The key is not valid.")) from None
        tenant = id_of(tenant)
        if tenant is None:
            raise Unknown(_("The key is not valid."))
        return tenant, secret, None
    if request.session.get("tenant") and request.method in ("GET", "HEAD"):
        return request.session["tenant"], None, request.session
    raise Unknown(_("Send a key: Authorization: Bearer yw_…"))


def _actor(secret, session):
    actor = member_of(session) if session is not None else directory.bearer(digest(secret))
    if actor is None and secret and ApiToken.objects.filter(digest=digest(secret), active=True, tenant__active=False).exists():
        raise Unknown(_("Your company's access is suspended. Please turn to the operator of the platform."))
    if actor is None:
        raise Unknown(_("The key is not valid."))
    return actor


def endpoint(*methods):
    """One transaction in the caller's tenant; every error is JSON in the same shape. `methods` are those that the address knows."""
    return lambda view: _endpoint(view, (*methods, "HEAD") if "GET" in methods else methods)


def _endpoint(view, methods):
    @stranger
    @csrf_exempt
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method not in methods:
            return problem(NotSo(_("This address takes %(methods)s.") % {"methods": ", ".join(methods)}), Allow=", ".join(methods))
        try:
            tenant, secret, session = _authenticate(request)
            with context.entered(tenant, action=_meant(request, kwargs)):
                request.actor = _actor(secret, session)
                if request.actor.limits.get("must_change") and secret is None:
                    raise Forbidden()
                with timezone.override(ZoneInfo(request.actor.time_zone)):
                    found = view(request, *args, **kwargs)
                    return found if isinstance(found, HttpResponse) else JsonResponse(found, safe=False, json_dumps_params={"ensure_ascii": False})
        except GONE as error:
            return unreachable(request, error)
        except DataError:
            return problem(ActionError(_("This address is not readable.")))
        except ActionError as error:
            return problem(error)

    return wrapped


def _body(request):
    if request.content_type.startswith("multipart/"):
        return request.POST, request.FILES
    if not request.body:
        return {}, {}
    try:
        data = json.loads(request.body)
        if b"\\u" in request.body:
            json.dumps(data, ensure_ascii=False).encode()  # half of a character cannot be kept anywhere
    except (ValueError, RecursionError):
        raise Invalid({"body": [_("The body is not JSON.")]}) from None
    if not isinstance(data, dict):
        raise Invalid({"body": [_("The body must be an object.")]})
    return data, {}


@endpoint("GET", "POST")
def rows(request, room, slug):
    """GET: a page of rows. POST: the register's plain “create”."""
    if request.method == "POST":
        return _do(request, room, slug, None, "create")
    register = register_for(request, room, slug)
    size = min(id_of(request.GET.get("limit")) or 50, 200)
    page = Page(register, request.actor, request.GET, size)
    return {"results": [record(register, o, request.actor) for o in page.rows],
            "next": page.next, "previous": page.previous}


@endpoint("GET")
def row(request, room, slug, pk):
    """GET: one row with what can be done to it."""
    register = register_for(request, room, slug)
    obj = register.rows(request.actor).filter(pk=pk).first()
    if obj is None:
        raise NotFound()
    out = record(register, obj, request.actor, full=True)
    out["actions"] = [a.verb for a in register.actions()
                      if not a.creates and a.shown(request.actor, obj) and not a.blocked(request.actor, obj)]
    return out


@endpoint("GET")
def paper(request, room, slug, pk, name):
    """GET: a paper of a row, as PDF."""
    register = register_for(request, room, slug)
    obj = register.rows(request.actor).filter(pk=pk).first()
    if obj is None:
        raise NotFound()
    return paper_of(register, request.actor, obj, name)


@endpoint("GET", "POST")
def create(request, room, slug, verb):
    return _do(request, room, slug, None, verb)


@endpoint("GET", "POST")
def act(request, room, slug, pk, verb):
    return _do(request, room, slug, pk, verb)


def _named(room, slug, pk, verb):
    """The action at an address, or None."""
    register = registry.registers.get((room, slug))
    return next((a for a in (register.actions() if register else ()) if a.verb == verb and a.creates is (pk is None)), None)


def _meant(request, address):
    """The name of the action that a request asks for, so that the database is told of it once."""
    found = _named(address["room"], address["slug"], address.get("pk"), address.get("verb", "create")) \
        if request.method == "POST" and "room" in address else None
    return found.name if found else ""


def _do(request, room, slug, pk, verb):
    register, found = registry.registers.get((room, slug)), _named(room, slug, pk, verb)
    if found is None or found.internal:
        raise NotFound()
    if request.method != "POST":
        return _proposed(request, found, pk)
    data, files = _body(request)
    version = data.get("version") if pk is not None else None
    outcome = perform(found, request.actor, pk, data, files, version=version, last=True,
                      key=request.headers.get("Idempotency-Key", ""))
    out = {"message": outcome.message, "repeated": outcome.repeated}
    if outcome.case is not None:
        out["approval"] = {"id": outcome.case.pk, "number": outcome.case.number, "state": outcome.case.state}
    if outcome.obj is not None:
        home = register if isinstance(outcome.obj, register.model) else registry.register_of(type(outcome.obj))
        made = home.rows(request.actor).filter(pk=outcome.obj.pk).first() if home and found.creates else outcome.obj
        out["result"] = record(home, made, request.actor) if home and made is not None else {"id": outcome.obj.pk}
    return out


def _proposed(request, found, pk):
    """What the screen's form would hold at first, with references as ids."""
    if not found.allowed(request.actor):
        raise Forbidden()
    obj = None if found.creates else scope.rows(found.model, request.actor).filter(pk=pk).first()
    if obj is None and not found.creates:
        raise NotFound()
    if obj is not None and not found.shown(request.actor, obj):
        raise Refused(_("This cannot be done here now."))
    raw = {k: v for k, v in initial_of(found, request.actor, obj, {}).items() if v is not None}
    return {"initial": {k: bare(v) for k, v in raw.items()}}


@endpoint("GET")
def report(request, slug):
    """GET: a report's rows."""
    found = report_for(request, slug)
    result = run(found, request.actor, request.GET)
    return {"columns": [c.name for c in result.columns], "rows": result.plain(), "totals": result.plain_totals()}


@stranger
def openapi(request):
    """The description of all of it, OpenAPI 3.1."""
    from .openapi import document
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@stranger
@csrf_exempt
def missing(request, rest=""):
    """No address of the API is answered by a page."""
    return problem(NotFound(_("There is no such address.")))


urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("report/<slug:slug>", report, name="api-report"),
    path("<slug:room>/<slug:slug>", rows, name="api-list"),
    path("<slug:room>/<slug:slug>/<int:pk>", row, name="api-row"),
    path("<slug:room>/<slug:slug>/new/<slug:verb>", create, name="api-create"),
    path("<slug:room>/<slug:slug>/<int:pk>/paper/<slug:name>", paper, name="api-paper"),
    path("<slug:room>/<slug:slug>/<int:pk>/<slug:verb>", act, name="api-act"),
    path("", missing),
    path("<path:rest>", missing),
]
