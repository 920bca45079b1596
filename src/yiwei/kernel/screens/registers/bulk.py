"""One action on many rows: on the chosen ones, or on all that match the list, counted before and done in portions.

Each row stands or falls alone. The refused ones are named by number and reason and keep their tick.
"""

import json
import time
import uuid

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwei.kernel.base.errors import ActionError, Forbidden, NotFound, Refused
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.work.actions import fields as inputs
from yiwei.kernel.work.actions.action import perform

from .forms import form_context, initial_of
from .listing import filtered
from .views import _action, object_for, register_for

MOST, PORTION, SECONDS, NAMED = 200, 40, 2.5, 100
OWN = ("ids", "match", "counted", "upto", "after", "done", "refused", "_token", "_version", "csrfmiddlewaretoken")


class Rows:
    """The rows a bulk means: ids that were chosen, or what the list showed when it was asked (`match`, up to the row `upto`)."""

    def __init__(self, register, actor, sent):
        self.match, self.ids = sent.get("match", ""), [pk for pk in map(id_of, sent.getlist("ids")) if pk][:MOST]
        self.upto, self.counted = id_of(sent.get("upto", "")), id_of(sent.get("counted", ""))
        if self.match:
            found = filtered(register, actor, QueryDict(self.match)).order_by()
            self.query = found.filter(pk__lte=self.upto) if self.upto else found
        else:
            self.query = register.rows(actor).filter(pk__in=self.ids)

    def count(self):
        return self.query.count()

    def last(self):
        """The newest row meant; what comes later was not asked about."""
        return self.query.order_by("-pk").values_list("pk", flat=True).first() or 0

    def behind(self, pk):
        if not self.match:
            return sorted(i for i in self.ids if i > pk)[:PORTION]
        return list(self.query.filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True)[:PORTION])


@require_http_methods(["GET", "POST"])
def bulk(request, room, slug, verb):
    """An action on many rows."""
    register = register_for(request, room, slug)
    act = _action(register, verb, False)
    if not act.bulk:
        raise NotFound()
    if not act.allowed(request.actor):
        raise Forbidden()
    sent = request.POST if request.method == "POST" else request.GET
    rows = Rows(register, request.actor, sent)
    if request.method == "GET":
        return _form(request, register, act, rows, {}, {})
    after = id_of(sent.get("after", "")) or 0
    if after:   # a further portion: what was typed has been looked at with the first
        return _portion(request, register, act, rows, after)
    if rows.match and rows.count() != rows.counted:
        error = Refused(_("The list has changed in the meantime: it is %(n)s entries now.") % {"n": rows.count()})
        return _form(request, register, act, rows, sent, {}, error)
    begins = rows.behind(0)[:1]
    if not begins:   # what was meant is gone or out of sight
        return _answer(request, register, act, rows, 0, [], 0, False)
    first = object_for(request, register, begins[0])
    _data, errors = inputs.clean(act.inputs(request.actor, first), sent, None, request.actor)
    if errors:
        return _form(request, register, act, rows, sent, errors)
    return _portion(request, register, act, rows, after)


def _form(request, register, act, rows, raw, errors, error=None):
    """Asks once for what the action wants to know about all of them, and says how many they are."""
    actor, ids = request.actor, rows.behind(0)
    first, number = object_for(request, register, ids[0] if ids else None), rows.count()
    raw = raw or ({} if callable(act.fields) and number > 1 else initial_of(act, actor, first, {}))
    context = form_context(register, act, actor, first, raw, errors, uuid.uuid4().hex, error)
    told = f"{_('%(n)s entries') % {'n': f'{number:,}'}} · {_('all that match the list') if rows.match else _('chosen in the list')}"
    context |= {"action_url": register.url("bulk", verb=act.verb), "cancel_url": register.url(), "version": "", "subtitle": told,
                "ids": rows.ids, "match": rows.match, "counted": number, "upto": rows.last() if rows.match else ""}
    return render(request, "kernel/_form.html" if request.headers.get("HX-Request") else "kernel/form.html",
                  {"page": context, "register": register}, status=422 if errors or error else 200)


def _portion(request, register, act, rows, after):
    """Do it for some rows; where more are left, the answer asks for the next portion by itself."""
    sent, begun = request.POST, time.monotonic()
    data, token = sent.copy(), sent.get("_token", "")
    for name in OWN:
        data.pop(name, None)
    done, refused = id_of(sent.get("done", "")) or 0, _told(sent.get("refused", ""))
    fragment, ids = bool(request.headers.get("HX-Request")), rows.behind(after)
    while ids:
        for pk in ids:
            try:
                perform(act, request.actor, pk, data, key=f"bulk:{token}:{pk}" if token else "")
                done += 1
            except ActionError as error:
                refused.append({"pk": pk, "why": " ".join([str(error.message), *(str(t) for ts in error.errors.values() for t in ts)]).strip()})
            after = pk
            if fragment and time.monotonic() - begun > SECONDS:
                break
        ids = rows.behind(after)
        if fragment and rows.match:
            break
    _name(register, request.actor, refused)
    return _answer(request, register, act, rows, done, refused, after, bool(ids))


def _told(text):
    try:
        found = json.loads(text or "[]")
        return [r for r in found if isinstance(r, dict) and id_of(r.get("pk"))] if isinstance(found, list) else []
    except ValueError:
        return []


def _name(register, actor, refused):
    """The number of each refused row; only the first are named."""
    rows = register.rows(actor).in_bulk([r["pk"] for r in refused[:NAMED] if not r.get("name")])
    for one in refused[:NAMED]:
        if one["pk"] in rows:
            row = rows[one["pk"]]
            one["name"] = " ".join(dict.fromkeys(filter(None, (getattr(row, "number", ""), str(register.title(row))))))


def _answer(request, register, act, rows, done, refused, after, more):
    here = request.headers.get("HX-Current-URL", "")
    here = here if url_has_allowed_host_and_scheme(here, allowed_hosts={request.get_host()}) else register.url()
    fragment = bool(request.headers.get("HX-Request"))
    if fragment and (more or refused):
        kept = [(n, v) for n, vs in request.POST.lists() if n not in ("after", "done", "refused", "csrfmiddlewaretoken") for v in vs]
        total = rows.counted or len(rows.ids)
        return render(request, "kernel/_bulk.html", {"page": {
            "title": act.label, "more": more, "done": done, "refused": refused[:NAMED], "unnamed": max(len(refused) - NAMED, 0), "after": after,
            "total": total, "pct": 100 * (done + len(refused)) // max(total, 1), "kept": kept, "told": json.dumps(refused), "here": here,
            "url": register.url("bulk", verb=act.verb), "ticks": ",".join(str(r["pk"]) for r in refused)}})
    if done:
        messages.success(request, _("Done for %(n)s entries.") % {"n": f"{done:,}"})
    for one in refused[:10]:
        messages.error(request, f"{one.get('name') or one['pk']}: {one['why']}")
    return HttpResponse(status=204, headers={"HX-Redirect": here}) if fragment else redirect(register.url())
