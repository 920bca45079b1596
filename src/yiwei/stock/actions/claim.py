"""Claims on the factory out of exceptions at arrival, and labels that nobody knew (STK-04, BAS-03, BAS-12)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.package import PackageName
from yiwei.catalog.rules import packages
from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message, choice
from yiwei.kernel.base.money import ZERO
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.ledger.actions import money
from yiwei.stock.rules import packing

from ..models.arrival import Arrival, ArrivalPackage
from ..models.claim import FactoryClaim
from .kitting import kit

BUYERS, FINANCE = "purchaser", "accountant finance_manager"
NOTE = {"note": forms.CharField(label=_("Note"), max_length=200, required=False)}
AMOUNT = {"min_value": 0, "max_digits": 14, "decimal_places": 2}


def raise_claims(actor, arrival, rows, goods, last):
    """Settle what has come at last, claim what is short or damaged or too much. Returns the new claims.

    `goods` are the purchase lines received, with their quantities; `last`: nothing more of the order is to come.
    """
    order, made = arrival.purchase, []
    before, by_list = packing.missing(order), packing.due([(ln.product, qty, ln.open_qty <= 0) for ln, qty in goods])
    for package, told in packing.write(actor, arrival, rows):
        mine, good = [c for c in before if packing.same(package, c)], package.received - package.damaged
        claimed, settled = sum(c.packages for c in mine), 0
        for claim in mine:
            if claim.packages <= good:
                good, settled = good - claim.packages, settled + claim.packages
                made_good(actor, claim, note=arrival.number)
        listed = by_list.get(package.package_name_id) if told is None or not last else None
        wrong = packing.exceptions(package, told, listed, claimed, settled)
        made += [_claim(actor, arrival, package, kind, n) for kind, n in wrong]
    _told(order, made)
    return made


def raise_unlabelled(actor, arrival):
    """Fewer packages than expected, counted without labels."""
    short = arrival.packages_expected - arrival.packages_received
    return [_claim(actor, arrival, ArrivalPackage(arrival=arrival, label=arrival.damage[:80]), "short", short)] if short > 0 else []


def _claim(actor, arrival, package, kind, count):
    name, order = package.package_name, arrival.purchase
    claim = FactoryClaim.start(
        actor, arrival=arrival, supplier=order.supplier, outlet_id=arrival.outlet_id, owner_id=order.owner_id, kind=kind, label=package.label,
        package_name=name, packages=count, holds=kind != "more" and (name is None or name.counts_for_kitting),
        critical=kind != "more" and (name is None or name.install_critical))
    log(actor, claim, "drafted", text=arrival.number, to_state=claim.state)
    return claim


def _list(claims):
    return [Message("%(what)s %(kind)s %(n)s") % {"what": c.label, "kind": choice(c, "kind"), "n": c.packages} for c in claims]


def _told(order, claims):
    """The purchaser hears of everything, dispatcher and guide of what the installation cannot do without."""
    if claims:
        tell({order.owner_id}, Message("Exception at arrival of %(n)s: %(d)s") % {"n": order.number, "d": _list(claims)}, claims[0])
    critical = [c for c in claims if c.critical]
    if critical and order.sub is not None:
        tell({order.sub.owner_id, *directory.holders(["dispatcher"], order.outlet_id)} - {order.owner_id},
             Message("%(n)s cannot be installed yet: %(d)s") % {
                 "n": order.sub.number, "d": _list(critical)}, order.sub)


@action(FactoryClaim, _("Enter the amount claimed"), verb="claim", sources=("open",), roles=BUYERS, icon="currency-yuan", done=_("Saved."),
        show=lambda actor, claim: actor.sees("cost") and claim.kind != "more",
        initial=lambda actor, claim: {"claimed": claim.claimed},
        fields={"claimed": forms.DecimalField(label=_("Amount claimed"), **AMOUNT), **NOTE})
def claim(actor, claim, *, claimed, note):
    """What the factory is asked to bear."""
    claim.claimed = claimed


def _answers(actor, claim=None):
    return {"accepted": forms.DecimalField(label=_("Amount accepted"), **AMOUNT),
            "remedy": forms.ChoiceField(label=_("Remedy"), choices=[("resend", _("Sent again")), ("credit", _("Credit"))]), **NOTE}


@action(FactoryClaim, _("Record acceptance"), verb="accept", sources=("open",), target="accepted", roles=BUYERS, style="success", icon="check",
        show=lambda actor, claim: actor.sees("cost") and claim.kind != "more", fields=_answers,
        initial=lambda actor, claim: {"accepted": claim.claimed, "remedy": "resend"})
def accept(actor, claim, *, accepted, remedy, note):
    """The factory bears it: sends it again, or gives the amount as a credit, which finance books."""
    if remedy == "credit" and not accepted:
        raise Invalid({"accepted": [__("A credit needs its amount.")]})
    claim.accepted, claim.remedy, claim.answered_on = accepted, remedy, timezone.localdate()


@action(FactoryClaim, _("Record refusal"), verb="refuse", sources=("open",), target="refused", roles=BUYERS, style="danger", icon="x",
        show=lambda actor, claim: claim.kind != "more", fields={"reason": forms.CharField(label=_("Reason"), max_length=200)})
def refuse(actor, claim, *, reason):
    """The factory bears nothing; the goods are still missing until they are got elsewhere."""
    claim.accepted, claim.answered_on = ZERO, timezone.localdate()


@action(FactoryClaim, _("Claim again"), verb="reopen", sources=("refused",), target="open", roles=BUYERS, icon="refresh",
        fields={"reason": forms.CharField(label=_("Reason"), max_length=200)})
def reopen(actor, claim, *, reason):
    """With new evidence."""
    claim.accepted, claim.answered_on = None, None


@action(FactoryClaim, _("Record replacement"), verb="made_good", sources=("open", "accepted", "refused"), roles="storekeeper purchaser",
        icon="package-import", style="success", fields=NOTE, done=_("Settled; the goods are counted anew."),
        show=lambda actor, claim: claim.kind != "more")
def made_good(actor, claim, *, note):
    """The missing or damaged package is there now; whether the order is complete is reckoned anew."""
    _close(actor, claim, "resend")


def _close(actor, claim, remedy):
    claim.remedy, claim.state, claim.settled_on = remedy, "settled", timezone.localdate()
    claim.save()
    if claim.arrival.purchase.sub is not None:
        kit(actor, claim.arrival.purchase.sub)


@action(FactoryClaim, _("Book the credit"), verb="credit", sources=("accepted",), roles=FINANCE, icon="receipt-refund", style="primary",
        show=lambda actor, claim: claim.remedy == "credit", fields=NOTE, done=_("Booked; the supplier's payable is less by it."))
def credit(actor, claim, *, note):
    """The accepted amount lessens what is owed to the supplier and what the order costs."""
    order = claim.arrival.purchase
    money.post(actor, "claim", claim, [money.Leg("payable", claim.accepted, party=money.party(claim.supplier)),
                                       money.Leg("variance", -claim.accepted, order.sub_key)])
    _close(actor, claim, "credit")


@action(FactoryClaim, _("Settle surplus"), verb="surplus", sources=("open",), roles="storekeeper purchaser", icon="arrow-back-up",
        show=lambda actor, claim: claim.kind == "more",
        fields={"remedy": forms.ChoiceField(label=_("What was done"), choices=[
            ("return", _("Returned to the factory")), ("keep", _("Kept"))]), **NOTE})
def surplus(actor, claim, *, remedy, note):
    """What came too much went back, or stays here by agreement."""
    _close(actor, claim, remedy)


def _unknown(arrival):
    return list(arrival.packages.filter(package_name=None).order_by("id").values_list("label", flat=True).distinct()) if arrival else []


@action(Arrival, _("Name a label"), verb="name_label", permission="catalog.packagename.edit", icon="tag", done=_("The house knows this label now."),
        show=lambda actor, arrival: bool(_unknown(arrival)),
        files=False, fields=lambda actor, arrival=None: {
            "label": forms.ChoiceField(label=_("Label"), choices=[(v, v) for v in dict.fromkeys(_unknown(arrival))]),
            "package_name": Pick(PackageName, label=_("HQ package name"))})
def name_label(actor, arrival, *, label, package_name):
    """An unknown label becomes an alias of a package name; wherever it stands in arrivals it means this from now on."""
    known = package_name.aliases
    aliases = f"{known}，{label}" if known else label
    if len(aliases) > PackageName._meta.get_field("aliases").max_length:
        raise Refused(__("There is no room for more aliases; make a package name of its own."))
    for other in packages.taken([label], but=package_name).values():
        raise Invalid({"label": [__("It already means “%(name)s”.") % {"name": other}]})
    package_name.aliases = aliases
    package_name.touch()
    package_name.save()
    log(actor, package_name, "comment", text=__("Alias from arrival %(n)s: %(label)s") % {"n": arrival.number, "label": label})
    _renamed(actor, package_name)


def _renamed(actor, name):
    """Arrivals and open claims with labels that were unknown take on what they mean."""
    rows = list(ArrivalPackage.objects.filter(package_name=None).order_by("id"))
    meant = packages.resolve({r.label for r in rows})
    for row in rows:
        row.package_name = meant[row.label]
    ArrivalPackage.objects.bulk_update([r for r in rows if r.package_name_id], ["package_name"])
    claims = FactoryClaim.objects.filter(package_name=None, state__in=packing.WAITING).select_related("arrival__purchase__sub__contract")
    mine = [c for c in claims.order_by("id") if meant.get(c.label) == name]
    for one in mine:
        one.package_name = name
        one.holds, one.critical = one.kind != "more" and name.counts_for_kitting, one.kind != "more" and name.install_critical
        one.touch()
    FactoryClaim.objects.bulk_update(mine, ["package_name", "holds", "critical", "version", "updated_at"])
    for sub in {c.arrival.purchase.sub for c in mine if c.arrival.purchase.sub_id}:
        kit(actor, sub)
