"""Delivering goods (SVC-04): planned with an issue, loaded, on the way, signed."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import directory
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Files, Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.orders.models.contract import SubContract
from yiwei.service.hooks.occasions import DELIVERY
from yiwei.stock.models.issue import OPEN_STATES, Issue

from ..models.delivery import SLOTS, Delivery
from ..models.fleet import Driver, Vehicle

PLANNERS = "dispatcher"
ROAD = "driver dispatcher"


def place_of(sub):
    """Where and to whom the goods of a sub-contract go."""
    customer, house = sub.contract.customer, sub.contract.house or sub.contract.customer.houses.order_by("id").first()
    address = house.full if house else ""
    if house and house.address:
        address = house.address if house.community in house.address else f"{house.community} {house.address}"
    return {"address": address[:200], "contact": customer.name, "phone": customer.phone,
            "community": house.community if house else ""}


@action(Delivery, _("Plan delivery"), creates=True, roles=PLANNERS, icon="truck-delivery", style="primary", quick=True,
        done=_("Planned."), fields=lambda actor, obj=None: {
            "sub": Pick(SubContract, label=_("Sub-contract"), related=("contract__customer", "contract__house"), limit={
                "state__in": ["released", "purchasing", "arrived", "delivering", "installing"]}),
            "slot_on": forms.DateField(label=_("Delivery day")),
            "slot": forms.ChoiceField(label=_("Time of day"), choices=SLOTS, initial="morning", required=False),
            "driver": Pick(Driver, label=_("Driver"), required=False),
            "vehicle": Pick(Vehicle, label=_("Vehicle"), required=False),
            "floor": forms.IntegerField(label=_("Floor"), required=False, min_value=-3, max_value=120),
            "with_install": forms.BooleanField(label=_("Installed at once"), required=False),
            "remark": forms.CharField(label=_("Remark"), required=False)})
def create(actor, *, sub, slot_on, slot, driver, vehicle, floor, with_install, remark):
    """Plan a trip; issues of the order that are ready go with it, and customer and driver are told."""
    _may_drive(driver)
    issues = list(Issue.objects.filter(sub=sub, delivery_id=None, state__in=(*OPEN_STATES, "approved")))
    if not issues:
        raise Refused(__("No goods of this order have been set out for delivery; ask the warehouse for an issue first."))
    place = place_of(sub)
    made = Delivery.start(actor, sub=sub, slot_on=slot_on, slot=slot or "morning", driver=driver, vehicle=vehicle,
                          floor=max(0, floor) if floor is not None else None, with_install=with_install, remark=remark,
                          outlet_id=sub.outlet_id, address=place["address"], contact=place["contact"], phone=place["phone"])
    Issue.objects.filter(pk__in=[i.pk for i in issues]).update(delivery_id=made.pk)
    _announce(made)
    return made


def _may_drive(driver):
    if driver is not None and driver.expired:
        raise Invalid({"driver": [__("The licence of %(name)s has expired.") % {"name": driver}]})


def _announce(delivery):
    customer = delivery.sub.contract.customer
    DELIVERY.send(customer.phone, cause=f"delivery:{delivery.pk}:{delivery.slot_on}", obj=delivery, customer=customer.name,
                  day=delivery.slot_on, slot=delivery.get_slot_display(), driver=delivery.driver or "–", plate=delivery.vehicle or "–")
    if delivery.driver and delivery.driver.employee_id:
        tell({delivery.driver.employee_id}, Message("Trip on %(day)s: %(who)s") % {"day": delivery.slot_on, "who": customer}, delivery)


@action(Delivery, _("Change plan"), sources=("planned",), roles=PLANNERS, icon="calendar", fields=lambda actor, obj=None: {
            "slot_on": forms.DateField(label=_("Delivery day"), initial=obj.slot_on if obj else None),
            "slot": forms.ChoiceField(label=_("Time of day"), choices=SLOTS, initial=obj.slot if obj else "morning"),
            "driver": Pick(Driver, label=_("Driver"), required=False, initial=obj.driver if obj else None),
            "vehicle": Pick(Vehicle, label=_("Vehicle"), required=False, initial=obj.vehicle if obj else None)})
def replan(actor, delivery, *, slot_on, slot, driver, vehicle):
    """Another day, driver or vehicle; customer and driver are told again."""
    _may_drive(driver)
    delivery.slot_on, delivery.slot, delivery.driver, delivery.vehicle = slot_on, slot, driver, vehicle
    _announce(delivery)


def _loaded(actor, delivery, data):
    waiting = Issue.objects.filter(delivery_id=delivery.pk, state__in=("waiting", "picked"))
    if waiting.exists():
        raise Refused(__("The warehouse has not yet handed over: %(n)s") % {"n": "、".join(waiting.values_list("number", flat=True))})


@action(Delivery, _("Load the van"), verb="load", sources=("planned",), target="loaded", roles="storekeeper driver dispatcher",
        icon="package", style="primary", check=_loaded)
def load(actor, delivery):
    """Everything the warehouse handed over is on the vehicle."""


@action(Delivery, _("Depart"), sources=("loaded",), target="on_way", roles=ROAD, icon="truck", style="primary")
def depart(actor, delivery):
    """The driver is on the way."""


def _proof_fields(actor, obj=None):
    return {"signed_by": forms.CharField(label=_("Signed by"), max_length=60),
            "photos": Files(label=_("Signature or photos")),
            "note": forms.CharField(label=_("Note"), required=False)}


def _signed(actor, delivery, signed_by, photos):
    delivery.signed_at, delivery.signed_by = timezone.now(), signed_by
    for photo in photos:
        attach(actor, delivery, photo)


@action(Delivery, _("Sign for"), sources=("on_way",), target="signed", roles=ROAD, icon="signature", style="success",
        fields=_proof_fields, done=_("Signed for."))
def sign(actor, delivery, *, signed_by, photos, note=""):
    """The customer has received everything; with signature or photo."""
    _signed(actor, delivery, signed_by, photos)


@action(Delivery, _("Sign for part"), verb="sign_partly", sources=("on_way",), target="partly", roles=ROAD, icon="signature-off",
        fields=lambda actor, obj=None: {**_proof_fields(actor), "note": forms.CharField(label=_("What is missing"))})
def sign_partly(actor, delivery, *, signed_by, photos, note):
    """Something is missing or damaged; dispatcher and guide are told."""
    _signed(actor, delivery, signed_by, photos)
    _tell_planners(delivery, Message("Partly signed: %(n)s. %(note)s") % {"n": delivery.number, "note": note})


@action(Delivery, _("Refuse goods"), sources=("on_way",), target="refused", roles=ROAD, icon="ban", style="danger",
        fields={"reason": forms.CharField(label=_("Reason"))})
def refuse(actor, delivery, *, reason):
    """The customer did not take the goods; they come back by an issue return."""
    _tell_planners(delivery, Message("Refused: %(n)s. %(note)s") % {"n": delivery.number, "note": reason})


def _tell_planners(delivery, text):
    tell({delivery.owner_id, delivery.sub.owner_id, *directory.holders(["dispatcher"], delivery.outlet_id)}, text, delivery)


@action(Delivery, _("Close"), sources=("signed", "partly", "refused"), target="closed", roles=PLANNERS, icon="lock", bulk=True)
def close(actor, delivery):
    """Papers are back, nothing more to do."""


@action(Delivery, _("Cancel"), sources=("planned",), target="cancelled", roles=PLANNERS, icon="ban", style="danger",
        fields={"reason": forms.CharField(label=_("Reason"))})
def cancel(actor, delivery, *, reason):
    """The trip does not take place; its issues are free for another."""
    Issue.objects.filter(delivery_id=delivery.pk).update(delivery_id=None)
