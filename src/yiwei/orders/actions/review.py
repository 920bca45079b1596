"""Hand-in, drawing review, price review and finance release (ORD-03, ORD-04, FIN-11)."""

from decimal import Decimal

from django import forms
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import LiabilityReason
from yiwei.catalog.rules.explain import reckoned
from yiwei.kernel.base import deferred
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.base.money import money_text, round2
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Files, Pick
from yiwei.kernel.work.approvals import quota
from yiwei.kernel.work.approvals.design import as_text
from yiwei.kernel.work.approvals.engine import flow_for
from yiwei.kernel.work.notify.send import tell
from yiwei.ledger.actions import money
from yiwei.orders.rules import completeness, figures, pricing

from ..models.contract import SubContract
from ..models.design import DesignVersion, ReviewRound


def current_design(sub):
    """The one current design of the sub-contract's house, or None; asked once for a row in hand."""
    if "design_now" not in sub.__dict__:
        house = sub.contract.house_id
        sub.design_now = DesignVersion.objects.filter(house_id=house, current=True).first() if house else None
    return sub.design_now


def _needs_approval(actor, sub, data):
    """Beyond the authority of the position: the figures an approval must name exactly (D-21).

    The discount counts against the price system's list price, so a price typed lower is a discount too, and less the
    shift of the line's grade. A gift that no promotion covers needs approval by its list value.
    """
    floor = actor.limits.get("discount_floor")
    floor = Decimal("1") if floor is None else Decimal(floor)
    lines = pricing.goods_of(sub)
    known = pricing.system_prices(sub.contract, lines)
    rates = [reckoned(pricing.good_of(ln, sub), known[ln.product_id], ln.floor_shift) for ln in lines if not ln.gift]
    rate = min(rates, default=sub.discount)
    gifts = pricing.gift_value(sub, lines, pricing.offers_of(sub.contract)) if any(ln.gift for ln in lines) else 0
    if rate >= floor and (not gifts or not floor):
        return None
    facts = {"discount": rate.normalize(), "net": sub.net_amount, "list": sub.list_amount}
    if rate < floor:
        facts["over"] = (floor - rate).normalize()
    if gifts:
        facts["gifts"] = gifts
    if flow_for("orders.subcontract.submit", as_text(facts, sub.outlet)) is None:
        raise Refused(__("This is beyond your authority, and no approval flow stands for it. Ask the administrator."))
    return facts


def _ready(actor, sub, data):
    if sub.contract.state != "signed":
        raise Refused(__("The contract is not signed yet."))
    wrong = pricing.differs(sub, sub.contract)
    if not pricing.goods_of(sub):
        raise Refused(__("There are no goods in it."))
    if sub.module.group in ("cabinet", "wardrobe", "door") and current_design(sub) is None:
        raise Refused(__("Upload the design first."))
    if wrong:
        line, net = wrong[0]
        raise Refused(__("%(line)s does not cost what the price system gives, %(net)s. Open “Change goods” and save it once.") % {
            "line": line, "net": net})
    completeness.require(sub, "hand_in", data)


@action(SubContract, _("Hand in"), sources=("draft", "rejected"), target="drawing_review", style="primary",
        roles="designer guide store_manager", icon="send", check=_ready, facts=_needs_approval,
        figures={"discount": _("Discount rate"), "over": _("Beyond authority"), "gifts": _("Value of gifts"), "net": _("Net amount"),
                 "list": _("List amount")},
        files=False, fields=lambda actor, obj=None: {
            **completeness.fields(obj, "hand_in"), "note": forms.CharField(label=_("Note"), required=False)},
        initial=lambda actor, sub: completeness.initial(sub, "hand_in"), done=_("Handed in."))
def submit(actor, sub, *, note, **checks):
    """Hand the order in. The time is the server's; a discount beyond authority waits for its approval."""
    sub.submitted_at, sub.taken_by = timezone.now(), None
    found = completeness.checklist(sub, "hand_in", checks)
    if found:
        _round(actor, sub, "hand_in", "passed", comment=note, items=found)


def _beyond(actor, facts):
    """Whether a discount, or a gift, is more than this person could give alone."""
    floor = actor.limits.get("discount_floor")
    return floor is not None and (Decimal(facts.get("discount", "1")) < Decimal(floor) or (bool(Decimal(floor)) and "gifts" in facts))


quota.counts(submit, _beyond)


def _not_own(actor, sub, data):
    if actor.id in (sub.contract.designer_id, sub.owner_id):
        raise Refused(__("Nobody reviews his own work."))
    if sub.taken_by_id and sub.taken_by_id != actor.id:
        raise Refused(__("%(who)s has taken this review.") % {"who": sub.taken_by.name})


@action(SubContract, _("Take"), sources=("drawing_review", "price_review"), roles="drawing_auditor price_auditor",
        icon="hand-grab", check=_not_own, show=lambda actor, sub: sub.taken_by_id is None)
def take(actor, sub):
    """Claim the review; others see that it is taken."""
    sub.taken_by_id = actor.id


def _round(actor, sub, kind, verdict, **more):
    """Keep a round: who judged which design, how long it took. Rounds of one kind count up."""
    rounds = ReviewRound.objects.filter(sub=OuterRef("pk"), kind=kind).order_by().values("sub").annotate(n=Count("pk")).values("n")
    designs = DesignVersion.objects.filter(house=OuterRef("contract__house"), current=True).values("pk")[:1]
    before, design = SubContract.objects.filter(pk=sub.pk).values_list(Subquery(rounds), Subquery(designs)).get()
    since = sub.updated_at if sub.taken_by_id else sub.submitted_at
    minutes = int((timezone.now() - since).total_seconds() // 60) if since else 0
    deferred.write(deferred.inserts(ReviewRound), ReviewRound(
        sub=sub, kind=kind, turn=(before or 0) + 1, reviewer_id=actor.id, verdict=verdict, minutes=minutes, created_by_id=actor.id,
        design_id=design, **more))


def _drawing_complete(actor, sub, data):
    _not_own(actor, sub, data)
    completeness.require(sub, "drawing", data)


COMMENT = {"comment": forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2}))}


def _reject_fields(actor, obj=None):
    return {"reason": forms.CharField(label=_("What is wrong"), widget=forms.Textarea(attrs={"rows": 3})),
            "cause": Pick(LiabilityReason, label=_("Responsibility reason"), required=False),
            "photos": Files(label=_("Photos"), required=False)}


def _attach_all(actor, sub, photos):
    for photo in photos or ():
        attach(actor, sub, photo)


def _reject_with_proof(actor, sub, data):
    _not_own(actor, sub, data)
    cause = data.get("cause")
    if cause is not None and cause.photo_needed and not data.get("photos"):
        raise Invalid({"photos": [__("“%(reason)s” needs a photo.") % {"reason": cause}]})


@action(SubContract, _("Pass drawing"), approves=True, sources=("drawing_review",), target="price_review", roles="drawing_auditor",
        style="success", icon="check", files=False, fields=lambda actor, obj=None: {**completeness.fields(obj, "drawing"), **COMMENT},
        initial=lambda actor, sub: completeness.initial(sub, "drawing"), check=_drawing_complete, done=_("Drawing review passed."))
def pass_drawing(actor, sub, *, comment, **checks):
    """Drawing review passed: the design is frozen by its fingerprint; what was checked is kept."""
    design = current_design(sub)
    _round(actor, sub, "drawing", "passed", comment=comment, items=completeness.checklist(sub, "drawing", checks))
    if design is not None:
        design.frozen = True
        design.save()
        sub.drawing_digest = design.digest
    sub.taken_by = None


@action(SubContract, _("Reject drawing"), sources=("drawing_review",), target="rejected", roles="drawing_auditor",
        style="danger", icon="x", fields=_reject_fields, check=_reject_with_proof, done=_("Sent back to the designer."))
def reject_drawing(actor, sub, *, reason, cause, photos=()):
    """Back to the designer with what is wrong; the round is kept."""
    _attach_all(actor, sub, photos)
    _round(actor, sub, "drawing", "rejected", comment=reason, reason=cause)
    sub.taken_by = None
    tell({sub.contract.designer_id, sub.owner_id}, Message("Drawing review rejected: %(n)s") % {"n": sub.number}, sub)


def _price_agrees(actor, sub, data):
    _not_own(actor, sub, data)
    system = sub.system_net = pricing.system_net(sub)
    if system != sub.net_amount and not data.get("comment"):
        raise Invalid({"comment": [__("The price system says %(a)s, entered is %(b)s. Explain the difference.") % {
            "a": money_text(system), "b": money_text(sub.net_amount)}]})


@action(SubContract, _("Pass price"), approves=True, sources=("price_review",), target="finance_review", roles="price_auditor",
        style="success", icon="check", fields=COMMENT, check=_price_agrees, done=_("Price review passed."))
def pass_price(actor, sub, *, comment):
    """Price review passed: the date is set and the contract amount stands in the ledger."""
    _round(actor, sub, "price", "passed", comment=comment, system_net=sub.system_net, entered_net=sub.net_amount)
    sub.price_reviewed_on, sub.taken_by = timezone.localdate(), None
    delta = sub.net_amount - money.balance("contract", sub_id=sub.pk)
    money.post(actor, "contract", sub, [money.Leg("contract", delta, sub.pk), money.Leg("contract_contra", -delta, sub.pk)])


@action(SubContract, _("Reject price"), sources=("price_review",), target="rejected", roles="price_auditor",
        style="danger", icon="x", fields=_reject_fields, check=_reject_with_proof)
def reject_price(actor, sub, *, reason, cause, photos=()):
    """Back to the seller with what is wrong in price, promotion or discount."""
    _attach_all(actor, sub, photos)
    _round(actor, sub, "price", "rejected", comment=reason, reason=cause, entered_net=sub.net_amount)
    sub.taken_by = None
    tell({sub.owner_id, sub.contract.designer_id}, Message("Price review rejected: %(n)s") % {"n": sub.number}, sub)


def gate_amount(sub):
    """What must be received before ordering: net × purchase gate."""
    return round2(sub.net_amount * sub.module.purchase_gate / 100)


def _received(sub):
    """What has been received, read once for an action that holds the row."""
    if not hasattr(sub, "received_now"):
        sub.received_now = figures.of([sub])[sub.pk].received
    return sub.received_now


def _short_of_gate(actor, sub, data):
    """Money missing for the purchase gate: an approval may release all the same."""
    received = _received(sub)
    short = gate_amount(sub) - received
    return {"short": short, "received": received, "net": sub.net_amount} if short > 0 else None


def _gate_open(actor, sub, data):
    if data.get("promise_on"):
        return
    received = _received(sub)
    if received < gate_amount(sub):
        raise Refused(__("Received %(a)s, the purchase gate needs %(b)s. Name the day the customer promised and ask for"
                         " approval.") % {"a": money_text(received), "b": money_text(gate_amount(sub))})


@action(SubContract, _("Release"), approves=True, sources=("finance_review",), target="released", bulk=True, style="success",
        roles="finance_manager accountant", icon="lock-open", check=_gate_open, facts=_short_of_gate,
        figures={"short": _("Short of the gate"), "received": _("Received"), "net": _("Net amount")},
        fields={"promise_on": forms.DateField(label=_("Customer promised to pay on"), required=False), **COMMENT},
        done=_("Released for purchasing."))
def release(actor, sub, *, promise_on, comment):
    """Finance releases the sub-contract: it appears in purchasing and dispatch by itself."""
    _round(actor, sub, "finance", "passed", comment=comment)
    sub.released_on = timezone.localdate()
    if sub.contract.customer.reach("ordered"):
        sub.contract.customer.save()


@action(SubContract, _("Send back"), sources=("finance_review",), target="rejected",
        roles="finance_manager accountant", style="danger", icon="x", fields=_reject_fields)
def reject_finance(actor, sub, *, reason, cause, photos=()):
    """Finance sends the sub-contract back."""
    _attach_all(actor, sub, photos)
    _round(actor, sub, "finance", "rejected", comment=reason, reason=cause)
    tell({sub.owner_id}, Message("Finance sent back: %(n)s") % {"n": sub.number}, sub)
