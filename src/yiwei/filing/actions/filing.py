"""Filing a customer and judging it (CRM-02, CRM-03)."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel import directory
from yiwei.kernel.action.core import action
from yiwei.kernel.action.errors import Invalid, Refused
from yiwei.kernel.action.fields import Files, Pick
from yiwei.kernel.files.models import attach
from yiwei.kernel.normal import clean_text, loose_phones
from yiwei.kernel.notify.send import tell
from yiwei.kernel.options import Option

from .. import evidence
from ..models.filing import ChannelPartner, Filing, OutsideDesigner

CHANNEL = "channel_rep channel_manager"
JUDGES = "channel_manager region_director general_manager"
REASON = {"reason": forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))}


def text(label, length=60, **more):
    return forms.CharField(label=label, max_length=length, required=more.pop("required", False), **more)


@action(Filing, _("File a customer"), creates=True, roles=CHANNEL, icon="flag", style="primary", quick=True,
        done=_("Received; it is being reviewed."), fields=lambda actor, obj=None: {
            "partner": Pick(ChannelPartner, label=_("Channel partner")),
            "outside_designer": Pick(OutsideDesigner, label=_("Outside designer"), required=False),
            "filer_name": text(_("Filed by")), "name": text(_("Customer name"), required=True),
            "phone": text(_("Phone"), 30), "spare_phone": text(_("Spare phone"), 30),
            "community": text(_("Community")), "address": text(_("Building, unit, room"), 200),
            "categories": text(_("Wanted categories"), 120),
            "expected_on": forms.DateField(label=_("Expected visit"), required=False),
            "remark": text(_("Remark"), 500), "proof": Files(label=_("Proof (chat, photo)"), required=False)})
def create(actor, *, phone, spare_phone, proof=(), **data):
    """The claim with the second of the server. The answer is neutral; the evidence is frozen for the reviewers."""
    numbers = _phones(phone, "phone") + _phones(spare_phone, "spare_phone")
    if not numbers and not (data.get("community") and data.get("address")):
        raise Invalid({"phone": [__("Give a phone, or the community with building and room.")]})
    _daily_cap(actor)
    filing = Filing(filed_at=timezone.now(), phone=numbers[0] if numbers else "",
                    spare_phone=numbers[1] if len(numbers) > 1 else "", **{k: clean_text(v) if isinstance(v, str) else v
                                                                           for k, v in data.items()})
    evidence.hold_keys(filing)
    fields = {f.name: getattr(filing, f.name) for f in Filing._meta.fields if f.name in (
        *data, "phone", "spare_phone", "filed_at")}
    filing = Filing.start(actor, state="submitted", **fields)
    filing.conflict, filing.evidence = evidence.gather(filing)
    if filing.conflict:
        filing.state = "held"
    filing.save()
    for upload in proof or ():
        attach(actor, filing, upload)
    tell(directory.holders(["channel_manager"], filing.outlet_id), __("Filing to review: %(n)s") % {"n": filing.number}, filing)
    return filing


def _phones(value, field):
    if not str(value or "").strip():
        return []
    found = [p.digits for p in loose_phones(value)]
    if not found:
        raise Invalid({field: [__("“%(value)s” is not a telephone number.") % {"value": value}]})
    return found


A_DAY = Option("filings_a_day", _("Filings one channel clerk may enter a day"), 100, low=1)
PROTECTION = Option("protection_days", _("Days a filing is protected"), 30, low=1)


def _daily_cap(actor):
    cap = A_DAY.value()
    if Filing.objects.filter(owner_id=actor.id, filed_at__gte=timezone.now() - timedelta(days=1)).count() >= cap:
        raise Refused(__("At most %(n)s filings a day.") % {"n": cap})


def _open_days(filing, now):
    return now + timedelta(days=PROTECTION.value())


@action(Filing, _("Approve"), sources=("submitted", "held"), target="approved", roles=JUDGES, icon="check", style="success", bulk=True,
        done=_("Approved; the protection runs."), fields={"despite": forms.CharField(
            label=_("Why, in spite of what stands against it"), required=False, max_length=500)})
def approve(actor, filing, *, despite=""):
    """The partner's claim holds. Compared once more; against candidates only with the reason."""
    evidence.hold_keys(filing)
    filing.conflict, filing.evidence = evidence.gather(filing)
    if filing.conflict and not despite:
        raise Invalid({"despite": [__("There are candidates against it (%(s)s); say why it holds.") % {
            "s": filing.get_conflict_display()}]})
    if actor.id == filing.owner_id:
        raise Refused(__("Nobody approves the own filing."))
    filing.decided_at = timezone.now()
    filing.protected_until = _open_days(filing, filing.decided_at)
    filing.verdict_text = despite
    _link(filing)
    tell({filing.owner_id}, __("Filing %(n)s is approved until %(day)s.") % {
        "n": filing.number, "day": timezone.localtime(filing.protected_until).date()}, filing)


def _link(filing):
    """The customer it is about, where the evidence is certain."""
    for one in filing.evidence.get("candidates", []):
        if one["kind"] == "crm.customer" and one["strength"] == "certain" and filing.customer_id is None:
            filing.customer_id = one["id"]


@action(Filing, _("Reject"), sources=("submitted", "held"), target="rejected", roles=JUDGES, icon="x", style="danger", fields=REASON,
        done=_("Rejected."))
def reject(actor, filing, *, reason):
    """The claim does not hold; the losing side hears why, without the other's data."""
    filing.conflict, filing.evidence = evidence.gather(filing)
    filing.decided_at, filing.verdict_text = timezone.now(), reason
    tell({filing.owner_id}, __("Filing %(n)s was rejected: %(why)s") % {"n": filing.number, "why": reason}, filing)


@action(Filing, _("Hold"), sources=("submitted",), target="held", roles=JUDGES, icon="hand-stop", fields=REASON)
def hold(actor, filing, *, reason):
    """More must be learnt before it is judged."""


@action(Filing, _("Compare again"), sources=("submitted", "held"), roles=JUDGES, icon="refresh", done=_("Compared with all outlets."))
def compare(actor, filing):
    """Look once more through customers, visits and filings of all outlets."""
    filing.conflict, filing.evidence = evidence.gather(filing)
    if filing.state == "submitted" and filing.conflict:
        filing.state = "held"


@action(Filing, _("Appeal"), sources=("rejected",), target="held", roles=CHANNEL, icon="scale", fields={
            **REASON, "proof": Files(label=_("New proof"), required=False)})
def appeal(actor, filing, *, reason, proof=()):
    """Reopens the verdict once, with new proof."""
    if filing.appealed:
        raise Refused(__("An appeal is possible once."))
    filing.appealed, filing.decided_at = True, None
    for upload in proof or ():
        attach(actor, filing, upload)
    tell(directory.holders(["channel_manager", "region_director"], filing.outlet_id), __("Appeal: %(n)s") % {"n": filing.number}, filing)


@action(Filing, _("Extend"), sources=("approved", "visited"), roles=JUDGES, icon="calendar-plus", fields=REASON, done=_("Extended."))
def extend(actor, filing, *, reason):
    """The protection runs once more as long; possible once."""
    if filing.extended:
        raise Refused(__("It has been extended already."))
    filing.extended = True
    filing.protected_until = _open_days(filing, filing.protected_until)


@action(Filing, _("Withdraw"), sources=("draft", "submitted", "held"), target="withdrawn", roles=CHANNEL, icon="arrow-back-up", fields=REASON)
def withdraw(actor, filing, *, reason):
    """The partner takes the claim back."""


@action(Filing, _("End protection"), verb="release", sources=("approved", "visited"), target="expired", roles=JUDGES, icon="lock-open", fields=REASON)
def release(actor, filing, *, reason):
    """End the protection before its day; the customer is free for others."""
    filing.protected_until = timezone.now()
    filing.verdict_text = reason


@action(Filing, _("To another partner"), verb="transfer", sources=("approved", "visited"), roles="channel_manager general_manager",
        icon="arrows-exchange", fields=lambda actor, obj=None: {"partner": Pick(ChannelPartner, label=_("Channel partner")), **REASON})
def transfer(actor, filing, *, partner, reason):
    """The claim passes to another partner, say where the person changed the employer."""
    if partner.pk == filing.partner_id:
        raise Invalid({"partner": [__("It is this partner's already.")]})
    filing.partner = partner


@action(Filing, _("Superseded"), verb="supersede", sources=("approved", "visited"), target="superseded", roles=JUDGES, icon="replace",
        fields=lambda actor, obj=None: {"by": Pick(Filing, label=_("Filing that holds")), **REASON})
def supersede(actor, filing, *, by, reason):
    """Another filing holds instead of this one."""
    if by.pk == filing.pk:
        raise Invalid({"by": [__("Choose one of the entries offered.")]})
    filing.verdict_text = f"{by.number}: {reason}"


@action(Filing, _("Customer has come"), verb="visited", sources=("approved",), target="visited", show=lambda actor, filing: False, icon="walk",
        fields=lambda actor, obj=None: {"customer": Pick(Customer, label=_("Customer"))})
def visited(actor, filing, *, customer, visit=None, at=None):
    """The customer has come: the source is fixed, and the protection runs 30 days from the visit."""
    filing.customer, filing.visit, filing.visited_at = customer, visit, at or timezone.now()
    filing.protected_until = max(filing.protected_until or filing.visited_at, _open_days(filing, filing.visited_at))


@action(Filing, _("Signed"), verb="sign", sources=("approved", "visited"), target="signed", show=lambda actor, filing: False, icon="signature")
def sign(actor, filing, *, amount=None):
    """The customer has signed; the protection has done its work."""
    filing.signed_on = timezone.localdate()
    filing.signed_amount = amount or 0


@action(Filing, _("Settled"), verb="settle", sources=("signed",), target="settled", show=lambda actor, filing: False, icon="cash")
def settle(actor, filing, *, amount=None):
    """The rebate is paid."""
    filing.rebate_amount = amount or 0


@action(Filing, _("Expired"), verb="expire", sources=("approved", "visited"), target="expired", show=lambda actor, filing: False, icon="clock-off")
def expire(actor, filing):
    """The protection is over without a contract; the customer is free for others."""
