"""Filing a customer and judging it (CRM-02, CRM-03)."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.filing.rules import estates, evidence, numbers
from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.records.document import log
from yiwei.kernel.text import clean_text
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Discreet, Files, Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.kernel.work.options import Option

from ..models.filing import Filing
from ..models.partner import ChannelPartner, OutsideDesigner
from ..models.verdict import FilingVerdict
from .course import give_back

CHANNEL = "channel_rep channel_manager"
JUDGES = "channel_manager region_director general_manager"
AREA = forms.Textarea(attrs={"rows": 2})
REASON = {"reason": Discreet(label=_("Reason"), max_length=500, widget=AREA)}


def text(label, length=60, **more):
    return forms.CharField(label=label, max_length=length, required=more.pop("required", False), **more)


def claim(actor, obj=None):
    """What a partner says of a customer; a draft comes with what it holds."""
    made = {
        "partner": Pick(ChannelPartner, label=_("Channel partner")),
        "outside_designer": Pick(OutsideDesigner, label=_("Outside designer"), limit={"state__in": OutsideDesigner.AT_WORK}, required=False),
        "filer_name": text(_("Filed by")), "name": text(_("Customer name"), required=True),
        "phone": text(_("Phone"), 30), "spare_phone": text(_("Spare phone"), 60), "more_phones": text(_("More phones"), 120),
        "community": text(_("Community")), "address": text(_("Building, unit, room"), 200),
        "categories": text(_("Wanted categories"), 120),
        "expected_on": forms.DateField(label=_("Expected visit"), required=False),
        "remark": text(_("Remark"), 500), "proof": Files(label=_("Proof (chat, photo)"), required=False)}
    for name, field in made.items() if obj is not None else ():
        field.initial = getattr(obj, name, None)
    return made


@action(Filing, _("File a customer"), creates=True, roles=CHANNEL, icon="flag", style="primary", quick=True,
        done=_("Received; it is being reviewed."), fields=claim)
def create(actor, *, proof=(), link=None, **data):
    """The claim with the second of the server. The answer is neutral; the evidence is frozen for the reviewers."""
    data = _told(data)
    _enough(actor, data, link)
    filing = Filing(filed_at=timezone.now(), **data)
    evidence.hold_keys(filing)
    filing = Filing.start(actor, state="submitted", link=link, filed_at=filing.filed_at, **data)
    return _receive(actor, filing, proof)


@action(Filing, _("Save as draft"), verb="draft", creates=True, roles=CHANNEL, icon="device-floppy", done=_("Saved; nothing is filed yet."),
        fields=claim)
def draft(actor, *, proof=(), **data):
    """What is known so far. It protects nothing and nobody sees it as a claim until it is sent."""
    filing = Filing.start(actor, state="draft", **_told(data))
    for upload in proof or ():
        attach(actor, filing, upload)
    return filing


@action(Filing, _("Edit"), verb="edit", sources=("draft",), roles=CHANNEL, icon="pencil", done=_("Saved."), fields=claim)
def edit(actor, filing, *, proof=(), **data):
    """A draft may still be changed; what was sent stays as it is."""
    for name, value in _told(data).items():
        setattr(filing, name, value)
    for upload in proof or ():
        attach(actor, filing, upload)


@action(Filing, _("Send the filing"), verb="submit", sources=("draft",), target="submitted", roles=CHANNEL, icon="send", style="primary",
        done=_("Received; it is being reviewed."))
def submit(actor, filing):
    """The claim counts from this second on."""
    _enough(actor, {n: getattr(filing, n) for n in ("phone", "community", "address")}, None)
    filing.filed_at, filing.filed_known, filing.state = timezone.now(), "server", "submitted"
    evidence.hold_keys(filing)
    _receive(actor, filing)


def _told(data):
    """What was typed, in one form; the person works for the partner."""
    person = data.get("outside_designer")
    if person is not None and person.partner_id not in (None, data["partner"].pk):
        raise Invalid({"outside_designer": [__("%(person)s works for %(partner)s.") % {"person": person, "partner": person.partner}]})
    told = {k: clean_text(v) if isinstance(v, str) else v for k, v in data.items()}
    return told | numbers.typed(data)


def _enough(actor, data, link):
    if not data["phone"] and not (data.get("community") and data.get("address")):
        raise Invalid({"phone": [__("Give a phone, or the community with building and room.")]})
    if link is None:
        _daily_cap(actor)


def _receive(actor, filing, proof=()):
    """Compare with all outlets and freeze what is found; the reviewers hear of it."""
    for upload in proof or ():
        attach(actor, filing, upload)
    filing.conflict, filing.evidence = evidence.gather(filing)
    if filing.conflict:
        filing.state = "held"
    filing.save()
    tell(directory.holders(["channel_manager"], filing.outlet_id), Message("Filing to review: %(n)s") % {"n": filing.number}, filing)
    return filing


SLA = Option("filing_sla_hours", _("Hours until a filing must be judged"), 24, low=1)
LEAD = Option("filing_lead_minutes", _("Minutes by which a filing must precede the first visit"), 30)
A_DAY = Option("filings_a_day", _("Filings one channel clerk may enter a day"), 100, low=1)
PROTECTION = Option("protection_days", _("Days a filing is protected"), 30, low=1)


def _daily_cap(actor):
    cap = A_DAY.value()
    if Filing.objects.filter(owner_id=actor.id, filed_at__gte=timezone.now() - timedelta(days=1)).count() >= cap:
        raise Refused(__("At most %(n)s filings a day.") % {"n": cap})


def _open_days(filing, now):
    return now + timedelta(days=PROTECTION.value())


@action(Filing, _("Approve"), approves=True, sources=("submitted", "held"), target="approved", roles=JUDGES, icon="check", style="success", bulk=True,
        done=_("Approved; the protection runs."), fields={"despite": Discreet(
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
    _one_in_force(filing)
    filing.decided_at = timezone.now()
    filing.protected_until = _open_days(filing, filing.decided_at)
    filing.verdict_text = despite
    _link(filing)
    _decide(actor, filing, "approved", despite)
    tell({filing.owner_id}, Message("Filing %(n)s is approved until %(day)s.") % {
        "n": filing.number, "day": timezone.localtime(filing.protected_until).date()}, filing)


def _decide(actor, filing, decision, reason):
    """Keep the verdict with the evidence of this second; whatever is compared later, this stays readable."""
    if decision in ("joint", "rejected", "superseded") or filing.customer_id:
        _teach(filing)
    FilingVerdict.objects.create(filing=filing, by=actor.name, decision=decision, reason=reason, share=filing.share, conflict=filing.conflict,
                                 rules=filing.evidence.get("rules", ""), evidence=filing.evidence, created_by_id=actor.id)


def _teach(filing):
    """One household by its number, and two names of the estate for one flat: the names are proposed as names of one estate."""
    ours = evidence.parties_of(filing)[0]
    for one in filing.evidence.get("candidates", []):
        model = next(m for m in evidence.KINDS.values() if m._meta.label_lower == one["kind"])
        if one["cause"] == "same_phone" and (row := model.objects.filter(pk=one["id"]).first()) is not None:
            for theirs in evidence.parties_of(row):
                estates.learn(filing, ours, theirs)


def _link(filing):
    """The customer it is about: where the evidence is certain, or strong and entered only after the filing."""
    for one in filing.evidence.get("candidates", []):
        sure = one["strength"] == "certain" or (one["strength"] == "strong" and one["first"] == "this")
        if one["kind"] == "crm.customer" and sure and filing.customer_id is None:
            filing.customer_id = one["id"]


def _one_in_force(filing):
    """Two partners never hold one household's house side by side: a joint verdict divides it, or one gives way to the other."""
    rivals = [c["id"] for c in filing.evidence.get("candidates", []) if c["kind"] == "filing.filing" and c["strength"] in ("certain", "strong")
              and not any(f["field"] == "house" and f["grade"] == "differ" for f in c["fields"])]
    held = Filing.objects.filter(pk__in=rivals, state__in=("approved", "visited", "signed")).exclude(partner=filing.partner_id).first()
    if held is not None:
        raise Refused(__("Filing %(n)s of another partner is in force for this house: give a joint verdict, or let that one give way first"
                         " (“Superseded”).") % {"n": held.number})


@action(Filing, _("Joint verdict"), approves=True, verb="joint", sources=("submitted", "held"), target="approved", roles=JUDGES, icon="users-group",
        done=_("Both claims hold, each with its share."), fields=lambda actor, obj=None: {
            "other": Pick(Filing, label=_("The other filing"), limit={"state__in": ("held", "submitted", "approved", "visited")}),
            "percent": forms.DecimalField(label=_("Share of this filing %"), min_value=1, max_value=99, max_digits=5, decimal_places=2, initial=50),
            **REASON})
def joint(actor, filing, *, other, percent, reason):
    """Two partners share the customer; the rebate is split by these shares and never exceeds the whole."""
    other = Filing.objects.select_for_update(of=("self",)).get(pk=other.pk)
    if other.pk == filing.pk or other.partner_id == filing.partner_id:
        raise Invalid({"other": [__("Choose the filing of another partner.")]})
    if actor.id in (filing.owner_id, other.owner_id):
        raise Refused(__("Nobody approves the own filing."))
    if percent >= other.share:
        raise Invalid({"percent": [__("At most less than the %(n)s %% which the other holds.") % {"n": other.share}]})
    if filing.pk not in _named(other) and other.pk not in _named(filing):
        raise Invalid({"other": [__("Nothing shows that these two are about one customer.")]})
    now = timezone.now()
    filing.share, other.share = percent, other.share - percent
    filing.joint_id = other.joint_id or other.pk
    for one in (filing, other):
        one.conflict, one.evidence = evidence.gather(one)
        one.decided_at, one.verdict_text = now, reason
        one.protected_until = one.protected_until or _open_days(one, now)
        _decide(actor, one, "joint", reason)
        tell({one.owner_id} - {actor.id}, Message("Filing %(n)s is approved together with another partner: %(p)s %%.") % {
            "n": one.number, "p": one.share}, one)
    _link(filing)
    filing.customer_id = filing.customer_id or other.customer_id
    other.customer_id = other.customer_id or filing.customer_id
    before = other.state
    other.state = "approved" if before in ("held", "submitted") else before
    other.touch()
    other.save()
    log(actor, other, "filing.filing.joint", text=reason, from_state=before, to_state=other.state)


def _named(filing):
    """Ids of filings that the evidence of a filing names as more than neighbours."""
    return {c["id"] for c in evidence.gather(filing)[1]["candidates"] if c["kind"] == "filing.filing" and c["strength"]}


@action(Filing, _("Allow rebate"), verb="allow_rebate", sources=Filing.GOOD, roles="channel_manager general_manager", icon="lock-open",
        show=lambda actor, filing: bool(filing.no_rebate), fields=REASON)
def allow_rebate(actor, filing, *, reason):
    """A rebate is granted although a rule stands against it: why."""
    filing.no_rebate = ""


@action(Filing, _("Reject"), sources=("submitted", "held"), target="rejected", roles=JUDGES, icon="x", style="danger", fields=REASON,
        done=_("Rejected."))
def reject(actor, filing, *, reason):
    """The claim does not hold; the losing side hears why, without the other's data."""
    filing.conflict, filing.evidence = evidence.gather(filing)
    filing.decided_at, filing.verdict_text = timezone.now(), reason
    _decide(actor, filing, "rejected", reason)
    tell({filing.owner_id}, Message("Filing %(n)s was rejected: %(why)s") % {"n": filing.number, "why": reason}, filing)


@action(Filing, _("Hold"), sources=("submitted",), target="held", roles=JUDGES, icon="hand-stop", fields=REASON)
def hold(actor, filing, *, reason):
    """More must be learnt before it is judged."""
    _decide(actor, filing, "held", reason)


@action(Filing, _("Compare again"), sources=("submitted", "held"), roles=JUDGES, icon="refresh", bulk=True,
        done=_("Compared with all outlets."))
def compare(actor, filing):
    """Look once more through customers, visits and filings of all outlets."""
    filing.conflict, filing.evidence = evidence.gather(filing)
    if filing.state == "submitted" and filing.conflict:
        filing.state = "held"


@action(Filing, _("Appeal"), sources=("rejected",), target="held", roles=CHANNEL, icon="scale", fields={
            "reason": Discreet(label=_("What is new"), max_length=500, widget=AREA),
            "proof": Files(label=_("New proof"), required=False)})
def appeal(actor, filing, *, reason, proof=()):
    """Reopens the verdict once, with new proof."""
    if filing.appealed:
        raise Refused(__("An appeal is possible once."))
    filing.appealed, filing.decided_at = True, None
    for upload in proof or ():
        attach(actor, filing, upload)
    filing.conflict, filing.evidence = evidence.gather(filing)
    _decide(actor, filing, "appealed", reason)
    tell(directory.holders(["channel_manager", "region_director"], filing.outlet_id), Message("Appeal: %(n)s") % {"n": filing.number}, filing)


@action(Filing, _("Extend"), sources=("approved", "visited"), roles=JUDGES, icon="calendar-plus", fields=REASON, done=_("Extended."))
def extend(actor, filing, *, reason):
    """The protection runs once more as long; possible once."""
    if filing.extended:
        raise Refused(__("It has been extended already."))
    filing.extended = True
    filing.protected_until = _open_days(filing, filing.protected_until or timezone.now())


@action(Filing, _("Withdraw"), sources=("draft", "submitted", "held"), target="withdrawn", roles=CHANNEL, icon="arrow-back-up", fields=REASON)
def withdraw(actor, filing, *, reason):
    """The partner takes the claim back."""


@action(Filing, _("End protection"), verb="release", sources=("approved", "visited"), target="expired", roles=JUDGES, icon="lock-open", fields=REASON)
def release(actor, filing, *, reason):
    """End the protection before its day; the customer is free for others."""
    filing.protected_until = timezone.now()
    filing.verdict_text = reason
    give_back(filing)
    tell({filing.owner_id} - {actor.id}, Message("Filing %(n)s no longer holds: %(why)s") % {"n": filing.number, "why": reason}, filing)


@action(Filing, _("Pass to another partner"), verb="transfer", sources=("approved", "visited"), roles="channel_manager general_manager",
        icon="arrows-exchange", fields=lambda actor, obj=None: {"partner": Pick(ChannelPartner, label=_("Channel partner")), **REASON})
def transfer(actor, filing, *, partner, reason):
    """The claim passes to another partner, say where the person changed the employer."""
    if partner.pk == filing.partner_id:
        raise Invalid({"partner": [__("It is this partner's already.")]})
    filing.partner = partner


@action(Filing, _("Supersede"), verb="supersede", sources=("approved", "visited"), target="superseded", roles=JUDGES, icon="replace",
        fields=lambda actor, obj=None: {"by": Pick(Filing, label=_("Filing that holds")), **REASON})
def supersede(actor, filing, *, by, reason):
    """Another filing holds instead of this one; the losing side hears why."""
    if by.pk == filing.pk:
        raise Invalid({"by": [__("Choose one of the entries offered.")]})
    give_back(filing)
    filing.verdict_text = reason
    _decide(actor, filing, "superseded", f"{by.number}: {reason}")
    tell({filing.owner_id} - {actor.id}, Message("Filing %(n)s no longer holds: %(why)s") % {"n": filing.number, "why": reason}, filing)


@action(Filing, _("Record coming"), verb="visited", sources=("approved",), target="visited", internal=True, icon="walk",
        fields=lambda actor, obj=None: {"customer": Pick(Customer, label=_("Customer"))})
def visited(actor, filing, *, customer, visit=None, at=None):
    """The customer has come: the source is fixed, and the protection runs 30 days from the visit."""
    filing.customer, filing.visit, filing.visited_at = customer, visit, at or timezone.now()
    minutes, least = int((filing.visited_at - (filing.filed_at or filing.visited_at)).total_seconds() // 60), LEAD.value()
    if filing.filed_at and minutes < least:
        filing.no_rebate = __("The customer came %(n)s minutes after the filing; at least %(least)s are needed.") % {"n": minutes, "least": least}
    filing.protected_until = max(filing.protected_until or filing.visited_at, _open_days(filing, filing.visited_at))
