"""Files go out only through signed links of the person who may see them."""

from django.core import signing
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from yiwei.kernel.base.errors import ActionError, Forbidden, NotFound
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.records.attachments import SHOWN, Attachment, attach
from yiwei.kernel.records.document import log


@require_GET
def serve(request, token):
    """One file. The link is the actor's own, expires, and the row must still be within scope."""
    from django.apps import apps
    try:
        tenant_id, pk, member = signing.loads(token, salt="file", max_age=3600)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound() from None
    if tenant_id != request.actor.tenant_id or member != request.actor.id:
        raise NotFound()
    found = Attachment.objects.filter(pk=id_of(pk)).first()
    if found is None:
        raise NotFound()
    model = apps.get_model(found.model)
    if not scope.rows(model, request.actor).filter(pk=found.object_id).exists():
        raise NotFound()
    return response_for(found)


def response_for(found):
    """The stored bytes; only images and PDF are shown in place."""
    inline = found.media_type in SHOWN
    answer = FileResponse(found.path.open("rb"), as_attachment=not inline, filename=found.name,
                          content_type=found.media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; style-src 'self'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def upload(request, room, slug, pk):
    """Attach files to a row from its page."""
    from django.contrib import messages

    from .registers.views import object_for, register_for
    register = register_for(request, room, slug)
    obj = object_for(request, register, pk)
    if not (request.actor.can(f"{room}.{slug}.attach") or any(a.allowed(request.actor) for a in register.actions())):
        raise Forbidden()
    for item in request.FILES.getlist("file")[:20]:
        try:
            made = attach(request.actor, obj, item)
            log(request.actor, obj, "attach", text=made.name)
        except ActionError as error:
            messages.error(request, " ".join(t for ts in error.errors.values() for t in ts) or error.message)
    target = register.url("detail", pk)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


