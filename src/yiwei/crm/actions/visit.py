"""Visitors: counted in seconds at the door, turned into customers without typing again (CRM-01)."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.crm.hooks import parties
from yiwei.crm.rules import duplicates, fields
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.records import scope, search
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.notify.send import tell

from ..models.rota import RotaSeat
from ..models.traffic import KINDS, Visit
from . import customer as customers
from . import rota

GUIDES = "guide store_manager"


def _receiving(actor):
    """A manager who counts says who received, and when: the one whose turn it is stands there already."""
    if not actor.can(rota.FOR_COLLEAGUES):
        return {}
    return {"guide": fields.employees(_("Guide"), "guide", required=False, initial=lambda: RotaSeat.today(actor.outlet_id).filter(
        away=False).values_list("member_id", flat=True).first()),
        "at": forms.DateTimeField(label=_("Visit at"), required=False, help_text=_("Empty: now."))}


@action(Visit, _("Count visitors"), creates=True, quick=True, roles=GUIDES, icon="door-enter", style="primary",
        done=_("Counted."), fields=lambda actor, obj=None: {
            **_receiving(actor), "phone": fields.phone(_("Phone")), "name": fields.text(_("Name")),
            "source": Pick(CustomerSource, label=_("Source"), required=False),
            "community": fields.text(_("Community")), "intention": fields.text(_("Wanted categories"), 120),
            "people": forms.IntegerField(label=_("People"), initial=1, min_value=1, max_value=50, required=False)})
def register(actor, *, phone, at=None, guide=None, **data):
    """One group at the door. The same phone, or the same customer, twice on a day counts as one group."""
    at = at or timezone.now()
    if at > timezone.now():
        raise Invalid({"at": [__("This moment is still to come.")]})
    data["people"] = data.get("people") or 1
    receiver = guide.pk if guide else actor.id
    seen = Visit(at=at, outlet_id=actor.outlet_id)
    _recognise(actor, seen, parties.clean_phone(phone))
    visit = Visit.start(actor, at=at, owner_id=receiver, **{n: getattr(seen, n) for n in RECOGNISED}, **data)
    rota.served(visit.outlet_id, receiver)
    return visit


RECOGNISED = ("phone", "customer", "first_time", "kind", "valid")


def _recognise(actor, visit, phone):
    """Whose number it is, and whether the family was counted today already."""
    visit.phone = phone
    if not phone:
        return
    search.hold({f"phone:{phone}"})
    others = Visit.objects.exclude(pk=visit.pk)
    known = duplicates.holders([phone])[:1]
    for one in known:
        duplicates.alert(actor, one)
        if scope.visible(actor, one):
            visit.customer = one
    same = Q(phone=phone) | Q(customer=visit.customer) if visit.customer_id else Q(phone=phone)
    earlier = others.filter(same, at__lt=visit.at)
    visit.first_time = not (visit.customer_id or earlier.exists())
    if visit.kind == "guests" and others.filter(same, valid=True, at__date=visit.day, outlet_id=visit.outlet_id).exists():
        visit.count_as("again")


def _detail_fields(actor, visit=None):
    return fields.filled({
        "phone": fields.phone(_("Phone")), "name": fields.text(_("Name")),
        "community": fields.text(_("Community")), "address": fields.text(_("Building, unit, room"), 120),
        "intention": fields.text(_("Wanted categories"), 120),
        "minutes": forms.IntegerField(label=_("Minutes stayed"), min_value=0, max_value=1440, required=False),
        "kind": forms.ChoiceField(label=_("Who came"), choices=KINDS, required=False, help_text=_("Only guests count as a group.")),
        "why_not": fields.text(_("Why no contact"), 120),
        "remark": forms.CharField(label=_("Remark"), required=False, widget=fields.AREA)}, visit)


@action(Visit, _("Complete the entry"), roles=GUIDES, icon="pencil", sources=("open", "returned"), target="open",
        fields=_detail_fields, done=_("Saved."))
def edit(actor, visit, *, phone, minutes, kind, **data):
    """Add what was learnt; after the day is closed only the manager may."""
    if visit.day < timezone.localdate() and visit.state == "open" and not approve.allowed(actor):
        raise Refused(__("The day is closed; ask the store manager."))
    visit.minutes = minutes or 0
    for name, value in data.items():
        setattr(visit, name, value)
    visit.count_as(kind or visit.kind)
    phone = parties.clean_phone(phone)
    if phone != visit.phone:
        _recognise(actor, visit, phone)


def _promising(actor, visit):
    return visit.customer_id is None


AT_THE_DOOR = ("phone", "name", "source", "referrer", "intention", "level", "next_contact", "remark", *fields.HOUSE[:7], "anyway")


def _as_customer(actor, visit=None):
    """The customer's form, filled with what was said at the door."""
    made = {k: v for k, v in {**fields.person(), **fields.house(), **fields.anyway()}.items() if k in AT_THE_DOOR}
    return fields.filled(made, visit)


@action(Visit, _("Convert to customer"), roles=GUIDES, icon="user-plus", style="primary", show=_promising, fields=_as_customer,
        then=lambda visit: visit.customer, done=_("The customer is saved."))
def to_customer(actor, visit, *, phone, name, **data):
    """Make a customer with house of a visitor who left a contact; nothing is typed again."""
    phone = phone or visit.phone
    if not phone:
        raise Invalid({"phone": [__("Without a contact there is no customer yet.")]})
    data["remark"] = data.get("remark") or ""
    made = customers.create(_receiver(actor, visit), phone=phone, name=name or visit.name or __("Visitor"),
                            spare_phone="", visited_on=timezone.localtime(visit.at).date(), **data)
    made.last_contact = visit.at
    made.save(update_fields=["last_contact"])
    visit.customer, visit.phone = made, made.phone


def _receiver(actor, visit):
    """A manager who tidies up leaves the customer to the guide who received it."""
    if visit.owner_id in (None, actor.id):
        return actor
    from yiwei.kernel.base import directory
    return directory.load(visit.owner_id) or actor


@action(Visit, _("Approve"), approves=True, roles="store_manager", icon="check", style="success", sources=("open",), target="approved",
        bulk=True)
def approve(actor, visit):
    """The count is right."""


@action(Visit, _("Return"), roles="store_manager", icon="arrow-back-up", sources=("open",), target="returned",
        fields={"reason": fields.reason()})
def return_(actor, visit, *, reason):
    """Something is wrong or missing; the guide corrects it."""
    tell({visit.owner_id} - {actor.id}, Message("Visit %(n)s came back: %(why)s") % {"n": visit.number, "why": reason}, visit)


