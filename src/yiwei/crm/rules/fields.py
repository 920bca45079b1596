"""Input fields that several actions of the room share."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.kernel.work.actions.fields import Asked, Pick
from yiwei.org.models.employee import Employee

AREA = forms.Textarea(attrs={"rows": 2})
MONEY = {"required": False, "min_value": 0, "max_digits": 14, "decimal_places": 2}
TAGS = [("vip", _("VIP")), ("special", _("Special customer")), ("blacklist", _("Blacklist"))]


def reason(label=None, **more):
    """A reason that must be given."""
    return forms.CharField(label=label or _("Reason"), max_length=200, widget=AREA, **more)


def text(label, size=60, required=False, **more):
    return forms.CharField(label=label, max_length=size, required=required, **more)


def phone(label, required=False, **more):
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    return forms.CharField(label=label, max_length=40, required=required, widget=widget, **more)


def day(label, required=False, **more):
    return forms.DateField(label=label, required=required, **more)


def employees(label, *positions, required=True, **more):
    """A colleague at work, of certain positions where any are named."""
    limit = Q(state="active")
    if positions:
        limit &= Q(position__code__in=positions) | Q(position__base__in=positions)
    return Pick(Employee, label=label, limit=limit, required=required, **more)


def person():
    """Who the customer is."""
    return {
        "phone": phone(_("Phone")), "name": text(_("Name"), required=True),
        "spare_phone": phone(_("Spare phone")), "wechat": text(_("WeChat")),
        "joint_name": text(_("Joint owner"), help_text=_("Such as the spouse.")), "joint_phone": phone(_("Joint owner's phone")),
        "more_phones": text(_("More phones"), 120, help_text=_("A third and fourth number.")),
        "birthday": day(_("Birthday")),
        "gender": forms.ChoiceField(label=_("Gender"), required=False,
                                    choices=[("", ""), ("m", _("male")), ("f", _("female"))]),
        "source": Pick(CustomerSource, label=_("Source"), required=False),
        "referrer": text(_("Referrer"), help_text=_("Who recommended us: name, and phone or customer number.")),
        "level": forms.ChoiceField(label=_("Level"), required=False, initial="C", choices=[(c, c) for c in "ABCD"]),
        "intention": text(_("Wanted categories"), 120),
        "budget_low": forms.DecimalField(label=_("Budget from"), **MONEY),
        "budget_high": forms.DecimalField(label=_("Budget to"), **MONEY),
        "next_contact": day(_("Next contact")),
        "remark": forms.CharField(label=_("Remark"), required=False, widget=AREA),
    }


HOUSE = ("community", "building", "unit", "room", "address", "area", "layout", "style", "deco_progress", "handover_on", "floor")


def house():
    """Where the house is and what it is like."""
    return {
        "community": text(_("Community")), "building": text(_("Building"), 20), "unit": text(_("Unit"), 20),
        "room": text(_("Room number"), 20),
        "address": text(_("Address"), 200, help_text=_("In one line is enough: 3-2-501")),
        "area": forms.DecimalField(label=_("Area m²"), required=False, min_value=0, max_digits=10, decimal_places=2),
        "layout": text(_("Layout"), 40), "style": text(_("Style wanted"), 40), "deco_progress": text(_("Decoration progress"), 40),
        "handover_on": day(_("Handed over")),
        "floor": forms.IntegerField(label=_("Floor"), required=False, min_value=0, max_value=200),
    }


def anyway():
    """Shown where a duplicate was suspected: it is another household all the same."""
    return {"anyway": Asked(label=_("It is another household"))}


def filled(fields, obj):
    """The same fields with the values of a row as first values."""
    for name, field in fields.items():
        if hasattr(obj, name):
            field.initial = getattr(obj, name)
    return fields
