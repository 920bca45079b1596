"""The page on which a partner's person files customers: nothing is told but that it was received, and how the own ones stand."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.filing.actions import filing as filings
from yiwei.filing.models.link import FilingLink
from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.records.scope import masked_phone
from yiwei.kernel.work.actions import fields as inputs
from yiwei.portal.actions.filing import A_DAY
from yiwei.portal.views import by_link

from . import links

FIELDS = ("name", "phone", "spare_phone", "community", "address", "categories", "expected_on", "remark", "proof")
EVERY = timedelta(seconds=10)   # so fast nobody types
SHOWN = 50
PLAIN = {"approved": "green", "visited": "teal", "signed": "lime", "settled": "green"}


@by_link(links.FILING, links.find_filing, ("GET", "POST"))
def file(request, link, token):
    """The form and, below it, the own filings with masked names."""
    errors, raw = {}, {}
    if request.method == "POST":
        raw = request.POST
        errors = _take(link, raw, request.FILES)
        if not errors:
            return HttpResponseRedirect(f"{request.path}?received=1")
    else:
        FilingLink.objects.filter(pk=link.pk).update(opened_at=timezone.now())
    form = filings.create.inputs(_clerk(link)) if _clerk(link) else {}
    return render(request, "portal/filing.html", {
        "dealer": link.tenant.name, "partner": link.partner, "person": link.person, "until": link.expires_at, "filings": own(link),
        "received": "received" in request.GET, "errors": errors.get("__all__", []),
        "fields": [{"name": n, "label": form[n].label, "value": raw.get(n, ""), "errors": errors.get(n, []), "type": _kind(n),
                    "required": form[n].required} for n in FIELDS if n in form]}, status=422 if errors else 200)


def _kind(name):
    return {"phone": "tel", "spare_phone": "tel", "expected_on": "date", "proof": "file", "remark": "area"}.get(name, "text")


def _take(link, raw, files):
    """File a customer under the link; what cannot be taken by field. Twice the same within a minute is once."""
    FilingLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    clerk = _clerk(link)
    if clerk is None or link.filed_today >= A_DAY.value():
        return {"__all__": [_("No more filings can be taken today; please come back tomorrow.")]}
    fields = {n: f for n, f in filings.create.inputs(clerk).items() if n in FIELDS}
    data, errors = inputs.clean(fields, raw, files, clerk)
    if errors:
        return errors
    if _again(link, data):
        return {}
    last = link.filings.aggregate(at=Max("filed_at"))["at"]
    if last is not None and timezone.now() - last < EVERY:
        return {"__all__": [_("Please wait a few seconds before the next one.")]}
    try:
        with transaction.atomic():
            filings.create(clerk, partner=link.partner, outside_designer=link.person, link=link,
                           filer_name=link.person.name if link.person else str(link.partner)[:60], **data)
    except ActionError as error:
        return {"proof" if name == "file" else name: texts for name, texts in error.errors.items()} or {"__all__": [error.message]}
    return {}


def _again(link, data):
    """Whether the same was filed by this link a moment ago: a second tap, a page sent again."""
    return link.filings.filter(filed_at__gte=timezone.now() - timedelta(minutes=1), name=data["name"].strip()).exists()


def _clerk(link):
    """Under whom it is filed: the clerk who gave the link, else a channel manager."""
    found = directory.load(link.clerk_id)
    if found is None:
        found = next((directory.load(m) for m in directory.holders(["channel_manager"])), None)
    return found


def own(link):
    """What was filed by this link, names and phones masked, in words that tell nothing of others."""
    return [{"name": f"{f.name[:1]}**", "phone": masked_phone(f.phone), "day": f.filed_at, "state": _plain(f),
             "color": PLAIN.get(f.state, "secondary")}
            for f in link.filings.order_by("-id")[:SHOWN]]


def _plain(filing):
    if filing.state in ("submitted", "held", "draft"):
        return _("In review")
    if filing.state == "approved" and filing.protected_until:
        return _("Protected until %(day)s") % {"day": timezone.localtime(filing.protected_until).date()}
    return {"approved": _("Protected"), "visited": _("Has visited"), "signed": _("Has signed"), "settled": _("Rebate paid"),
            "expired": _("Protection is over")}.get(filing.state, _("Filing not accepted"))
