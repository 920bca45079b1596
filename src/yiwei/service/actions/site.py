"""On site: the crew's report with photos, piece work, leftovers, second visits, completion (SVC-05, D-30 to D-34)."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import UnfinishedItem
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.base.money import ZERO, round2, share
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Files, Lines, Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.orders.actions import progress

from ..models.install import BASES, PAYERS, UNFINISHED, InstallOrder, Leftover, PieceWork, SiteReport
from .install import plan_fields, reserve

CREW = "installer"
FOR_ANY_CREW = "service.installorder.for_any_crew"
registry.grant(FOR_ANY_CREW, "dispatcher service_head", _("Report for any crew"))
CALL_OUT = Decimal(150)


def _mine(actor, order):
    return actor.can(FOR_ANY_CREW) or actor.id == order.leader_id or any(m["id"] == actor.id for m in order.members)


@action(InstallOrder, _("Accept job"), verb="accept", sources=("dispatched",), target="accepted", roles=CREW, icon="check",
        style="primary", show=_mine)
def accept(actor, order):
    """The crew takes the job."""


@action(InstallOrder, _("Give back"), verb="hand_back", sources=("dispatched",), target="booked", roles=CREW, icon="arrow-back-up",
        show=_mine, fields={"reason": forms.CharField(label=_("Reason"))})
def hand_back(actor, order, *, reason):
    """The crew cannot take the job; the dispatcher is told."""
    tell({order.owner_id}, Message("Job given back: %(n)s. %(why)s") % {"n": order.number, "why": reason}, order)


@action(InstallOrder, _("Arrive on site"), verb="arrive", sources=("accepted",), target="on_site", roles=CREW, icon="map-pin",
        style="primary", show=_mine)
def arrive(actor, order):
    """The crew is at the house."""


def _report_fields(actor, order=None):
    return {
        "finished": forms.BooleanField(label=_("Everything finished"), required=False),
        "work": Lines({"basis": forms.ChoiceField(label=_("Basis"), choices=BASES),
                       "qty": forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.001"), max_digits=12, decimal_places=3)},
                      label=_("Work done"), required=False),
        "leftovers": Lines({"item": Pick(UnfinishedItem, label=_("Unfinished item"), tiles="icon"),
                            "note": forms.CharField(label=_("Note"), required=False, max_length=300),
                            "due_on": forms.DateField(label=_("Due"), required=False)}, label=_("Left over"), required=False),
        "photos": Files(label=_("Photos and customer's signature")),
        "note": forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea),
    }


@action(InstallOrder, _("Report from site"), verb="report", sources=("on_site",), target="reported", roles=CREW, icon="camera",
        style="success", fields=_report_fields, show=_mine, done=_("Reported."))
def report(actor, order, *, finished, work, leftovers, photos, note):
    """What was done, what is left, with photos. Without a photo or signature there is no report (D-33)."""
    if finished == bool(leftovers):
        raise Invalid({"leftovers": [__("Either everything is finished, or name what is left over.")]})
    made = SiteReport.objects.create(install=order, finished=finished, note=note, reporter_id=actor.id, created_by_id=actor.id)
    for photo in photos:
        attach(actor, order, photo)
    order.piece_pay += _piece_work(actor, order, made, work)
    order.pay = _shares(order)
    for row in leftovers:
        item = row["item"]
        left = Leftover.start(actor, install=order, item=item, note=row["note"], outlet_id=order.outlet_id, owner_id=order.owner_id,
                              party=item.default_party, due_on=row["due_on"] or timezone.localdate() + timedelta(item.default_days))
        tell({order.owner_id, order.sub.owner_id}, Message("Left over at %(who)s: %(what)s") % {"who": order.customer, "what": item}, left)


def _rate(order, basis):
    crew = order.crew
    return {"area": crew.rate_area, "metre": crew.rate_metre, "door": crew.rate_door, "call_out": CALL_OUT}[basis]


def _piece_work(actor, order, made, work):
    rows = []
    for row in work:
        rate = _rate(order, row["basis"])
        rows.append(PieceWork(report=made, basis=row["basis"], qty=row["qty"], rate=rate, amount=round2(row["qty"] * rate),
                              created_by_id=actor.id))
    PieceWork.objects.bulk_create(rows)
    return sum((r.amount for r in rows), ZERO)


def _shares(order):
    """Piece pay by member, in proportion to the shares; the last takes the remainder."""
    parts = share(order.piece_pay, [Decimal(m["share"]) for m in order.members])
    return [{"id": m["id"], "name": m["name"], "amount": str(p)} for m, p in zip(order.members, parts, strict=True)]


def _nothing_open(actor, order, data):
    open_ones = Leftover.objects.filter(install=order, state="open")
    if order.visit == 1 and open_ones.exists():
        raise Refused(__("Still open: %(what)s. Send the crew again or close it.") % {
            "what": "、".join(str(x) for x in open_ones.select_related("item"))})
    if order.visit == 1 and order.further.filter(state__in=UNFINISHED).exists():
        raise Refused(__("A second visit is still open."))


@action(InstallOrder, _("Complete job"), sources=("reported",), target="completed", roles="dispatcher service_head", icon="circle-check",
        style="success", check=_nothing_open, done=_("Completed."))
def complete(actor, order):
    """Accepted by the customer. A second visit closes its leftover; the first waits until nothing is left (D-31)."""
    order.completed_at = timezone.now()
    if order.leftover is not None and not order.leftovers.filter(state="open").exists():
        if order.leftover.state == "open":
            solve(actor, order.leftover, result=__("Done at visit %(n)s") % {"n": order.visit})
    if order.visit == 1 and not order.sub.lines.filter(issued_qty=0).exists():
        progress.reach(actor, order.sub, "completed")


@action(InstallOrder, _("Reject the work"), verb="reject", sources=("reported",), target="on_site", roles="dispatcher service_head",
        icon="x", style="danger", fields={"reason": forms.CharField(label=_("What is wrong"))})
def reject(actor, order, *, reason):
    """The report is not accepted; the crew reports again."""
    tell({order.leader_id}, Message("Report not accepted: %(n)s. %(why)s") % {"n": order.number, "why": reason}, order)


@action(Leftover, _("Send crew again"), verb="send", sources=("open",), roles="dispatcher", icon="repeat", style="primary",
        done=_("The second visit is booked."), fields=lambda actor, left=None: {
            **plan_fields(actor), "payer": forms.ChoiceField(label=_("Payer"), choices=PAYERS)})
def send_again(actor, left, *, crew, planned_on, slot, special, payer):
    """A further visit that names the leftover and who pays (D-32)."""
    first = InstallOrder.objects.select_for_update(of=("self",)).get(pk=left.install.root_id)
    if InstallOrder.objects.filter(leftover=left, state__in=UNFINISHED).exists():
        raise Refused(__("A visit for this leftover is already open."))
    made = InstallOrder.start(
        actor, sub=first.sub, parent=first, leftover=left, visit=first.further.count() + 2, reason=str(left.item), payer=payer,
        outlet_id=first.outlet_id, owner_id=first.owner_id, address=first.address, contact=first.contact, phone=first.phone,
        community=first.community, special=special)
    book_again(actor, made, crew=crew, planned_on=planned_on, slot=slot or "morning")


@action(InstallOrder, _("Book second visit"), sources=("waiting",), target="booked", internal=True,
        icon="calendar-check")
def book_again(actor, order, *, crew, planned_on, slot):
    """Booked together with its making."""
    reserve(order, crew, planned_on, slot)


@action(Leftover, _("Solve"), verb="solve", sources=("open",), target="closed", roles="dispatcher service_agent service_head",
        icon="check", fields={"result": forms.CharField(label=_("How it was solved"), max_length=300)})
def solve(actor, left, *, result):
    """Solved, by a visit or by telephone."""
    left.closed_on, left.result = timezone.localdate(), result
