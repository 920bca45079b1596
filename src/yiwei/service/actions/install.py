"""Planning and dispatching installation (SVC-05)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.orders.actions import progress
from yiwei.orders.rules import figures
from yiwei.service.hooks.occasions import INSTALL
from yiwei.stock.rules import goods

from ..models.delivery import SLOTS
from ..models.fleet import Crew
from ..models.install import InstallOrder
from .delivery import place_of

DISPATCH = "dispatcher"
BUSY = ("pre_dispatched", "notified", "booked", "dispatched", "accepted", "on_site")


def appear(actor, sub):
    """The installation of a released order stands in the dispatcher's list by itself (D-25)."""
    if InstallOrder.objects.filter(sub=sub, parent=None).exists():
        return None
    place = place_of(sub)
    made = InstallOrder.start(actor, sub=sub, outlet_id=sub.outlet_id, owner_id=sub.owner_id, **place)
    log(actor, made, "drafted", text=sub.number, to_state=made.state)
    return made


def plan_fields(actor, order=None):
    return {"crew": Pick(Crew, label=_("Crew"), initial=order.crew if order else None),
            "planned_on": forms.DateField(label=_("Installation day"), initial=order.planned_on if order else None),
            "slot": forms.ChoiceField(label=_("Time of day"), choices=SLOTS, initial=order.slot if order else "morning",
                                      required=False),
            "special": forms.CharField(label=_("Special remark"), max_length=200, required=False,
                                       initial=order.special if order else "")}


def reserve(order, crew, planned_on, slot):
    """Give crew and slot to the job; a crew works at one place at a time (D-29)."""
    taken = InstallOrder.objects.filter(crew=crew, planned_on=planned_on, slot=slot, state__in=BUSY).exclude(pk=order.pk).first()
    if taken:
        raise Invalid({"planned_on": [__("%(crew)s is already at %(who)s then (%(n)s).") % {
            "crew": crew, "who": taken.customer, "n": taken.number}]})
    order.crew, order.leader, order.members = crew, crew.leader, crew.members
    order.planned_on, order.slot = planned_on, slot


@action(InstallOrder, _("Pre-dispatch"), sources=("waiting", "booked"), target="pre_dispatched", roles=DISPATCH, icon="calendar-plus",
        style="primary", fields=plan_fields, done=_("Crew and slot are reserved."))
def pre_dispatch(actor, order, *, crew, planned_on, slot, special):
    """Reserve crew and slot before everything has arrived; it yields when goods slip."""
    reserve(order, crew, planned_on, slot or "morning")
    order.special = special


@action(InstallOrder, _("Tell customer"), verb="notify", sources=("pre_dispatched",), target="notified", roles=DISPATCH, icon="message")
def inform(actor, order):
    """The customer is told day and crew."""
    customer = order.customer
    INSTALL.send(customer.phone, cause=f"install:{order.pk}:{order.planned_on}", obj=order, customer=customer.name, day=order.planned_on,
                 slot=order.get_slot_display(), crew=order.crew)


@action(InstallOrder, _("Book"), sources=("waiting", "pre_dispatched", "notified"), target="booked",
        roles="dispatcher service_agent", icon="calendar-check", style="primary",
        fields=lambda actor, order=None: {**plan_fields(actor, order), "site_ready": forms.BooleanField(
            label=_("Site ready"), required=False)}, done=_("Booked with the customer."))
def book(actor, order, *, crew, planned_on, slot, special, site_ready):
    """Day and crew are agreed with the customer."""
    reserve(order, crew, planned_on, slot or "morning")
    order.special, order.site_ready = special, site_ready


def arrears_of(order):
    f = figures.of([order.sub])[order.sub_id]
    return f.arrears


def _facts(actor, order, data):
    return {"arrears": arrears_of(order), "visit": order.visit}


def _goods_there(actor, order, data):
    if order.visit == 1 and goods.completeness(order.sub) == "none":
        raise Refused(__("No goods of this order have arrived yet."))
    if order.crew is None:
        raise Refused(__("Name a crew first."))


@action(InstallOrder, _("Dispatch"), sources=("pre_dispatched", "booked"), target="dispatched", roles=DISPATCH, icon="send",
        style="success", facts=_facts, check=_goods_there, bulk=True, done=_("Sent to the crew."),
        figures={"arrears": _("Arrears"), "visit": _("Visit no.")})
def dispatch(actor, order):
    """The job goes to the crew's phones. In arrears only with approval."""
    order.dispatched_at = timezone.now()
    tell({order.leader_id, *(m["id"] for m in order.members)},
         Message("Installation on %(day)s at %(where)s") % {"day": order.planned_on, "where": order.address}, order)
    progress.reach(actor, order.sub, "installing", sources=("delivering",))


@action(InstallOrder, _("Put on hold"), verb="suspend", sources=("waiting", "pre_dispatched", "notified", "booked", "dispatched",
        "accepted"), target="suspended", roles=DISPATCH, icon="player-pause", fields={"reason": forms.CharField(label=_("Reason"))})
def suspend(actor, order, *, reason):
    """The site is not ready; crew and slot become free."""
    order.crew = order.leader = order.planned_on = None
    order.members = []


@action(InstallOrder, _("Take up again"), verb="resume", sources=("suspended",), target="waiting", roles=DISPATCH, icon="player-play")
def resume(actor, order):
    """The site is ready; plan anew."""


@action(InstallOrder, _("Withdraw"), sources=("waiting", "pre_dispatched", "notified", "booked", "suspended"), target="withdrawn",
        roles=DISPATCH, icon="ban", style="danger", fields={"reason": forms.CharField(label=_("Reason"))})
def withdraw(actor, order, *, reason):
    """Nothing is installed."""
