"""The service desk: tickets to the responsible, answered, confirmed by the customer (SVC-07, D-36 to D-38)."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.orders.models.contract import SubContract
from yiwei.org.models.employee import Employee

from ..models.care import Ticket

DESK = "service_agent service_head"
ANYONE = ("service_agent service_head guide store_manager region_director general_manager designer dispatcher installer driver"
          " purchaser storekeeper channel_rep channel_manager drawing_auditor price_auditor accountant finance_manager cashier")
HOURS = 24


def choices(name):
    return Ticket._meta.get_field(name).choices


def raise_ticket(actor, customer, text, *, outlet_id, sub=None, revisit=None, kind="complaint", channel="phone", urgency="normal",
                 responsible=None, department="", promised_at=None):
    """A ticket; with a responsible person named it reaches him and his superior at once."""
    made = Ticket.start(actor, customer=customer, text=text, sub=sub, revisit=revisit, kind=kind, channel=channel, urgency=urgency,
                        department=department, outlet_id=outlet_id,
                        promised_at=promised_at or timezone.now() + timedelta(hours=HOURS))
    appear(actor, made)
    if responsible is not None:
        assign(actor, made, responsible=responsible, department=department, promised_at=None, note="")
    else:
        tell(directory.holders(["service_head"], outlet_id), Message("Ticket %(n)s needs a responsible person.") % {"n": made.number}, made)
    if urgency == "threat":
        tell(directory.holders(["general_manager"], None), Message("Threat or media: %(n)s") % {"n": made.number}, made)
    return made


@action(Ticket, _("Raise"), internal=True, icon="alert-circle")
def appear(actor, ticket):
    """Written down by the desk or by a red answer."""


@action(Ticket, _("New ticket"), creates=True, verb="create", roles=f"{DESK} guide store_manager", icon="message-report", style="primary",
        quick=True, done=_("On its way to the responsible."), fields=lambda actor, obj=None: {
            "customer": Pick(Customer, label=_("Customer")),
            "sub": Pick(SubContract, label=_("Sub-contract"), required=False, within={"contract__customer": "customer"}),
            "kind": forms.ChoiceField(label=_("Kind"), choices=choices("kind"), initial="complaint", required=False),
            "urgency": forms.ChoiceField(label=_("Urgency"), choices=choices("urgency"), initial="normal", required=False),
            "channel": forms.ChoiceField(label=_("Channel"), choices=choices("channel"), initial="phone", required=False),
            "text": forms.CharField(label=_("What happened"), widget=forms.Textarea),
            "responsible": Pick(Employee, label=_("Responsible"), required=False),
            "department": forms.CharField(label=_("Department"), required=False, max_length=60)})
def create(actor, *, customer, sub, kind, urgency, channel, text, responsible, department):
    """Take a complaint, repair, question or advice."""
    return raise_ticket(actor, customer, text, outlet_id=customer.outlet_id, sub=sub, kind=kind or "complaint",
                        urgency=urgency or "normal", channel=channel or "phone", responsible=responsible, department=department)


@action(Ticket, _("Assign"), sources=("new", "accepted", "working", "reopened"), target="assigned", roles=DESK, icon="user-check",
        style="primary", fields=lambda actor, obj=None: {
            "responsible": Pick(Employee, label=_("Responsible"), initial=obj.responsible if obj else None),
            "department": forms.CharField(label=_("Department"), required=False, max_length=60),
            "promised_at": forms.DateTimeField(label=_("Answer promised for"), required=False),
            "note": forms.CharField(label=_("Note"), required=False)})
def assign(actor, ticket, *, responsible, department, promised_at, note):
    """To the responsible person and department; the superior gets a copy."""
    ticket.responsible, ticket.department = responsible, department or ticket.department
    ticket.promised_at = promised_at or ticket.promised_at
    tell({responsible.pk}, Message("A customer's complaint is yours to answer: %(n)s") % {"n": ticket.number}, ticket)
    tell({directory.superior(responsible.pk)}, Message("Copy: complaint %(n)s to %(who)s") % {"n": ticket.number, "who": responsible}, ticket)


def _mine(actor, ticket):
    return ticket.responsible_id == actor.id


@action(Ticket, _("Accept"), sources=("assigned",), target="accepted", roles=ANYONE, icon="check", style="primary", show=_mine)
def accept(actor, ticket):
    """The responsible person takes it on."""


@action(Ticket, _("Give back"), verb="hand_back", sources=("assigned",), target="new", roles=ANYONE, icon="arrow-back-up", show=_mine,
        fields={"reason": forms.CharField(label=_("Reason"))})
def hand_back(actor, ticket, *, reason):
    """Not mine: it returns to the desk, with the reason."""
    ticket.responsible = None
    tell(directory.holders(["service_head"], ticket.outlet_id), Message("Ticket given back: %(n)s. %(why)s") % {
        "n": ticket.number, "why": reason}, ticket)


@action(Ticket, _("Answer"), verb="answer", sources=("accepted", "working"), target="answered", roles=ANYONE, icon="message-reply",
        style="primary", show=_mine, fields={"answer": forms.CharField(label=_("Answer"), widget=forms.Textarea)})
def reply(actor, ticket, *, answer):
    """What was done and said; the desk asks the customer."""
    ticket.answer, ticket.answered_by_id = answer, actor.id
    tell({ticket.owner_id}, Message("Answered: %(n)s. Ask the customer.") % {"n": ticket.number}, ticket)


def _not_own(actor, ticket, data):
    if actor.id in (ticket.responsible_id, ticket.answered_by_id):
        raise Refused(__("Nobody closes the own complaint."))


@action(Ticket, _("Customer confirms"), verb="confirm", sources=("answered",), target="confirmed", roles=DESK, icon="user-check",
        style="success", check=_not_own, fields={"how": forms.CharField(label=_("Confirmed by"), max_length=200)})
def confirm(actor, ticket, *, how):
    """The customer is content; how we know."""
    ticket.confirmed_how = how


@action(Ticket, _("Close"), sources=("confirmed",), target="closed", roles=DESK, icon="lock", check=_not_own)
def close(actor, ticket):
    """Closed after the customer's word."""


@action(Ticket, _("Reopen"), sources=("answered", "closed"), target="reopened", roles=DESK, icon="refresh", style="danger",
        fields={"reason": forms.CharField(label=_("Reason"))})
def reopen(actor, ticket, *, reason):
    """The customer is not content."""
