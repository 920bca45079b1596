"""Taking people in, correcting what is known of them, moving them, taking them back (SYS-01)."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.text import BadValue
from yiwei.kernel.text import phone as read_phone
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.org.rules import moves

from ..models.employee import Employee
from ..models.outlet import Department, Outlet, Region
from ..models.position import Position
from .handover import same_person

HEAD = "general_manager tenant_admin"


def text(label, length, *, required=False):
    return forms.CharField(label=label, max_length=length, required=required)


def day(label, **more):
    return forms.DateField(label=label, **more)


def reason():
    return text(_("Reason"), 200)


def free_phone(value, but=None):
    """The number in plain digits, if it can be read and nobody else has it; of somebody who has left, it asks for the return."""
    if not str(value or "").strip():
        return ""
    try:
        number = str(read_phone(value))
    except BadValue as error:
        raise Invalid({"phone": [__(error.message_id) % error.params if error.params else __(error.message_id)]}) from None
    other = Employee.objects.filter(phone=number).exclude(pk=but.pk if but else None).order_by("state").first()
    if other is None:
        return number
    if other.state == "left":
        if but is None:
            raise Invalid({"phone": [__("%(name)s (%(number)s) had this phone and has left. Take the person back; the number stays.") % {
                "name": other.name, "number": other.number}]})
        return number
    raise Invalid({"phone": [__("%(name)s (%(number)s) has this phone already.") % {"name": other.name, "number": other.number}]})


def _free_number(number, but=None):
    if Employee.objects.filter(number=number).exclude(pk=but.pk if but else None).exists():
        raise Invalid({"number": [__("This employee number is already in use.")]})


def _fields(actor, obj=None):
    superiors = Q(state="active") & ~Q(pk=obj.pk if obj else 0)
    fields = {
        "number": text(_("Employee number"), 20, required=True), "name": text(_("Name"), 60, required=True),
        "phone": text(_("Phone"), 30), "email": forms.EmailField(label=_("E-mail address"), required=False),
        "position": Pick(Position, label=_("Position")), "outlet": Pick(Outlet, label=_("Outlet")),
        "department": Pick(Department, label=_("Department"), required=False, within={"outlet": "outlet"}),
        "more_outlets": Pick(Outlet, many=True, required=False, label=_("Further outlets"),
                             help_text=_("Works for these outlets too; each counts its own targets.")),
        "more_regions": Pick(Region, many=True, required=False, label=_("Further regions")),
        "superior": Pick(Employee, limit=superiors, required=False, label=_("Superior")),
        "pay_scheme": text(_("Pay scheme"), 60), "skills": text(_("Skills"), 200), "entered_on": day(_("Entered"), required=False),
    }
    if obj is not None:
        for name in ("position", "outlet"):  # changed by a dated move
            fields.pop(name)
        fields["department"] = Pick(Department, label=_("Department"), required=False, limit={"outlet": obj.outlet_id})
        for name, field in fields.items():
            field.initial = getattr(obj, name)
    return fields


def _ids(data):
    return {**data, **{n: sorted(o.pk for o in data.get(n) or ()) for n in ("more_outlets", "more_regions")}}


@action(Employee, _("New employee"), creates=True, verb="create", roles=HEAD, icon="user-plus", style="primary", fields=_fields,
        done=_("Saved."))
def create(actor, **data):
    """An employee; a sign-in is given afterwards. A phone that a colleague has is refused."""
    _free_number(data["number"])
    data["phone"] = free_phone(data.get("phone"))
    department = data.get("department")
    if department is not None and department.outlet_id != data["outlet"].pk:
        raise Invalid({"department": [__("This department belongs to another outlet.")]})
    member = Employee(created_by_id=actor.id, **_ids(data))
    member.save(force_insert=True)
    return member


@action(Employee, _("Edit"), verb="edit", roles=HEAD, icon="pencil", fields=_fields, done=_("Saved."))
def edit(actor, member, **data):
    """Correct what is known of a person. Outlet and position change by a move, which has a day."""
    _free_number(data["number"], member)
    if member.state != "left":
        data["phone"] = free_phone(data.get("phone"), member) if data.get("phone") != member.phone else member.phone
    if member.pk == actor.id and data.get("superior") != member.superior:
        same_person(actor, member)
    _no_circle(member, data.get("superior"))
    for name, value in _ids(data).items():
        setattr(member, name, value)


def _no_circle(member, superior):
    """Nobody is above himself."""
    seen = {member.pk}
    while superior is not None:
        if superior.pk in seen:
            raise Invalid({"superior": [__("This person works below %(name)s.") % {"name": member.name}]})
        seen.add(superior.pk)
        superior = superior.superior


@action(Employee, _("Move to another place"), verb="move", roles=HEAD, sources=("active", "suspended"), icon="switch-horizontal",
        files=False, fields=lambda actor, obj: {
            **_place(obj),
            "from_day": day(_("Effective from"), initial=timezone.localdate), "reason": reason()},
        done=_("Noted; it is in force from that day on."))
def move(actor, member, *, outlet, position, from_day, reason):
    """To another outlet or position from a day on. Own customers go along, the outlet's stay; what was done stays where it was done."""
    same_person(actor, member)
    if not outlet.active:
        raise Refused(__("This outlet is closed."))
    moves.plan_employee(actor, member, outlet, position, from_day, reason)


def _place(obj):
    """Outlet and position, filled with those of now."""
    kinds = {"outlet": (Outlet, _("Outlet")), "position": (Position, _("Position"))}
    return {name: Pick(model, label=label, initial=getattr(obj, name) if obj else None) for name, (model, label) in kinds.items()}


@action(Employee, _("Take back"), verb="return", roles=HEAD, sources=("left",), target="active", icon="user-check", style="primary",
        files=False, fields=lambda actor, obj: {
            "entered_on": day(_("Entered again"), initial=timezone.localdate),
            **_place(obj),
            "phone": forms.CharField(label=_("Phone"), max_length=30, required=False, initial=obj.phone if obj else "")},
        done=_("Back under the old number. Give a new first password."))
def take_back(actor, member, *, entered_on, outlet, position, phone):
    """Somebody who had left works here again under the same number; the sign-in needs a new first password."""
    if member.left_on and entered_on < member.left_on:
        raise Invalid({"entered_on": [__("This is before the day of leaving.")]})
    member.phone = free_phone(phone, member)
    if (outlet, position) != (member.outlet, member.position):
        moves.plan_employee(actor, member, outlet, position, min(entered_on, timezone.localdate()), __("Taken back"))
    member.entered_on, member.left_on = entered_on, None
