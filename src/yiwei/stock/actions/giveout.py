"""Giving out batch goods without an order: asked, approved, handed out, booked by finance (STK-06, FIN-04)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import Product
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.dual_control import by_another
from yiwei.ledger.actions import goods as ledger
from yiwei.ledger.actions import money
from yiwei.org.models.employee import Employee

from ..models.giveout import PURPOSES, BatchIssue, BatchIssueLine
from ..models.warehouse import Bin
from .batch import FINANCE, KEEPER, quantity

# where goods of a purpose go, and the account that bears their cost
PLACES = {"gift": "consumed", "internal": "customer", "consumption": "consumed", "scrap": "scrap"}
ACCOUNTS = {"gift": "gifts", "internal": "cost", "consumption": "consumption", "scrap": "variance", "loan": "variance"}
LENT = "(lent)"


@action(BatchIssue, _("New batch issue"), creates=True, roles="storekeeper purchaser store_manager", icon="package-export",
        style="primary", done=_("Written down; it waits for approval."), fields=lambda actor, obj=None: {
            "purpose": forms.ChoiceField(label=_("Purpose"), choices=PURPOSES),
            "given_to": forms.CharField(label=_("Receiver"), max_length=60),
            "buyer": Pick(Employee, label=_("Sold to"), required=False, help_text=_("Only for a sale to own people.")),
            "return_by": forms.DateField(label=_("To be given back by"), required=False, help_text=_("Only for a loan.")),
            "remark": forms.CharField(label=_("Remark"), required=False),
            "lines": Lines({"product": Pick(Product, label=_("Product")), "bin": Pick(Bin, label=_("Bin")), "qty": quantity(),
                            "price": forms.DecimalField(label=_("Price"), required=False, min_value=0, max_digits=14,
                                                        decimal_places=2)}, label=_("Goods"), minimum=1)})
def create(actor, *, purpose, given_to, buyer, return_by, remark, lines):
    """Ask for batch goods to be given out; nothing moves before it is approved and handed out."""
    _sane(purpose, buyer, return_by, lines)
    sold = purpose == "internal"
    rows = [BatchIssueLine(product=ln["product"], bin=ln["bin"], qty=ln["qty"], price=(ln["price"] or ZERO) if sold else ZERO,
                           created_by_id=actor.id) for ln in lines]
    made = BatchIssue.start(actor, purpose=purpose, given_to=given_to, buyer=buyer if sold else None, remark=remark,
                            return_by=return_by if purpose == "loan" else None,
                            net=sum((round2(r.price * r.qty) for r in rows), ZERO))
    for row in rows:
        row.issue = made
    BatchIssueLine.objects.bulk_create(rows)
    return made


def _sane(purpose, buyer, return_by, lines):
    """What a purpose asks for."""
    if purpose == "internal" and buyer is None:
        raise Invalid({"buyer": [__("Which of our people buys it?")]})
    if purpose == "internal" and any(ln["price"] is None for ln in lines):
        raise Invalid({"lines": [__("A sale needs a price on every line.")]})
    if purpose == "loan" and (return_by is None or return_by < timezone.localdate()):
        raise Invalid({"return_by": [__("A loan needs a day to come on which it is given back.")]})


@action(BatchIssue, _("Approve"), sources=("draft",), target="approved", roles="general_manager finance_manager region_director",
        bulk=True, style="success", icon="check", done=_("Approved."))
def approve(actor, issue):
    """The goods may leave."""
    by_another(actor, issue, __("Nobody approves what he asked for himself."))


@action(BatchIssue, _("Hand out"), sources=("approved",), roles=KEEPER, style="primary", icon="package-export",
        confirm=_("The goods leave the bin now."), done=_("Handed out."))
def hand_out(actor, issue):
    """The goods leave their bins; what is lent stays ours until its day."""
    lent = issue.purpose == "loan"
    target = ledger.location(LENT, "outlet") if lent else ledger.virtual(PLACES[issue.purpose])
    issue.cost = _moved(actor, issue, "batch_issue", lambda place: (place, target))
    issue.state = "lent" if lent else "out"


def _moved(actor, issue, kind, way):
    """Move all lines, note the cost of each, and give the sum."""
    lines = list(issue.lines.select_related("product", "bin__location").order_by("product_id", "id"))
    moves = [ledger.Move(ln.product, ln.qty, *way(ln.bin.location)) for ln in lines]
    costs = ledger.move_each(actor, kind, issue, moves)
    for line, cost in zip(lines, costs, strict=True):
        line.cost = cost
    BatchIssueLine.objects.bulk_update(lines, ["cost"])
    return sum(costs, ZERO)


@action(BatchIssue, _("Take back"), sources=("lent",), target="returned", roles=KEEPER, style="success", icon="arrow-back-up",
        done=_("Back in its bin."))
def take_back(actor, issue):
    """What was lent lies in its bins again; nothing is booked."""
    lent = ledger.location(LENT, "outlet")
    _moved(actor, issue, "batch_issue_back", lambda place: (lent, place))


@action(BatchIssue, _("Write off the loan"), sources=("lent",), target="out", roles=FINANCE, style="danger", icon="x",
        fields={"reason": forms.CharField(label=_("Reason"))})
def lose(actor, issue, *, reason):
    """What was lent does not come back; its cost is booked as a loss with the approval that follows."""
    lent, gone = ledger.location(LENT, "outlet"), ledger.virtual("variance")
    issue.cost = _moved(actor, issue, "batch_issue_lost", lambda place: (lent, gone))


@action(BatchIssue, _("Book"), sources=("out",), target="booked", roles=FINANCE, bulk=True, style="success", icon="check",
        done=_("Booked."))
def book(actor, issue):
    """Finance books the cost to the account of its purpose; a sale to own people becomes a claim on the buyer."""
    legs = [money.Leg("inventory", -issue.cost), money.Leg(ACCOUNTS[issue.purpose], issue.cost)]
    if issue.net:
        legs += [money.Leg("claims", issue.net, party=money.party(issue.buyer)), money.Leg("revenue", -issue.net)]
    money.post(actor, "batch_issue", issue, legs)


@action(BatchIssue, _("Cancel"), sources=("draft", "approved"), target="cancelled", roles="storekeeper purchaser store_manager",
        style="danger", icon="ban")
def cancel(actor, issue):
    """It is not given out."""
