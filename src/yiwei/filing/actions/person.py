"""Outside designers: entering, approving, changing company, leaving, and their bank account (BAS-11)."""

import re
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.hooks.parties import clean_phone
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.records.attachments import Attachment, attach
from yiwei.kernel.work.actions.action import MESSAGES, action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.dual_control import by_two
from yiwei.org.models.employee import Employee

from ..models.filing import Filing
from ..models.partner import ChannelPartner, DesignerAccount, DesignerPeriod, OutsideDesigner
from .filing import transfer

CLERKS = "channel_rep channel_manager general_manager"
HEADS = "channel_manager general_manager"
MESSAGES["filing_designerperiod_overlap"] = _("The designer worked at another company then.")
MESSAGES["filing_designer_phone"] = _("Another designer has this phone already.")
MESSAGES["filing_designer_id"] = _("Another designer has this ID number already.")
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
OWN = ("name", "phone", "spare_phone", "level", "id_number", "agreement", "brands", "rep")

ask_bank, confirm, refuse = by_two(OutsideDesigner, DesignerAccount, "channel_rep channel_manager accountant finance_manager general_manager",
                                   "channel_manager accountant finance_manager general_manager")


def text(label, size=60, **more):
    return forms.CharField(label=label, max_length=size, required=more.pop("required", False), **more)


def person(actor, obj=None):
    """What is known of a designer; the company only at first, later it changes by “New company”."""
    made = {"name": text(_("Name"), required=True), "phone": text(_("Phone"), 30, required=True), "spare_phone": text(_("Spare phone"), 30),
            "partner": Pick(ChannelPartner, label=_("Channel partner")),
            "since": forms.DateField(label=_("Works there since"), required=False),
            "level": forms.ChoiceField(label=_("Level"), choices=[(c, c) for c in "ABC"], initial="B", required=False),
            "id_number": text(_("ID number"), 18), "agreement": text(_("Agreement number")), "brands": text(_("Brands"), 120),
            "rep": Pick(Employee, label=_("Our representative"), limit=Q(state="active"), required=False)}
    if obj is not None:
        made = {name: field for name, field in made.items() if name in OWN}
        for name, field in made.items():
            field.initial = "" if (mask := OutsideDesigner.masked.get(name)) and not actor.sees(mask) else getattr(obj, name)
            field.required = field.required and not OutsideDesigner.masked.get(name)
    return made


def checked(data, obj=None):
    """Phones in plain digits and nobody else's, a true ID number: the same person is not entered a second time."""
    others = OutsideDesigner.objects.exclude(pk=obj.pk) if obj else OutsideDesigner.objects.all()
    for name in ("phone", "spare_phone"):
        number = data[name] = clean_phone(data.get(name), name)
        known = others.filter(Q(phone=number) | Q(spare_phone=number)).select_related("partner").first() if number else None
        if known:
            raise Invalid({name: [__("This is %(name)s of %(partner)s. Open that entry, and add a second phone or the new company there.") % {
                "name": known.name, "partner": known.partner or "–"}]})
    if data["spare_phone"] and data["spare_phone"] == data["phone"]:
        raise Invalid({"spare_phone": [__("This is the first phone again.")]})
    number = data["id_number"] = (data.get("id_number") or "").strip().upper()
    if number and not valid_id(number):
        raise Invalid({"id_number": [__("This is no ID number: 18 characters with a check digit.")]})
    known = others.filter(id_number=number).select_related("partner").first() if number else None
    if known:
        raise Invalid({"id_number": [__("This is %(name)s of %(partner)s. Open that entry, and add a second phone or the new company there.") % {
            "name": known.name, "partner": known.partner or "–"}]})
    data["level"] = data.get("level") or "B"
    return data


def valid_id(number):
    """Whether the check digit of an 18-character ID number is right (GB 11643, ISO 7064 MOD 11-2)."""
    return bool(re.fullmatch(r"\d{17}[\dX]", number)) and CHECKS[sum(int(c) * w for c, w in zip(number, WEIGHTS, strict=False)) % 11] == number[17]


@action(OutsideDesigner, _("New designer"), creates=True, quick=True, roles=CLERKS, icon="user-plus", style="primary", fields=person,
        done=_("Saved as a draft; the channel manager approves it."))
def create(actor, *, partner, since=None, **data):
    """A designer of a company, as a draft."""
    made = OutsideDesigner(partner=partner, created_by_id=actor.id, **checked(data))
    made.save(force_insert=True)
    DesignerPeriod(designer=made, partner=partner, first_on=since or timezone.localdate(), created_by_id=actor.id).save(force_insert=True)
    return made


@action(OutsideDesigner, _("Edit"), roles=CLERKS, icon="pencil", fields=person, done=_("Saved."))
def edit(actor, designer, **data):
    """Correct what is known; every change is logged before and after. What is masked and left empty stays."""
    for name in ("phone", "spare_phone", "id_number"):
        if not actor.sees(OutsideDesigner.masked[name]) and not data.get(name):
            data[name] = getattr(designer, name)
    if not data.get("phone"):
        raise Invalid({"phone": [__("Give a phone.")]})
    for name, value in checked(data, designer).items():
        setattr(designer, name, value)


@action(OutsideDesigner, _("Approve"), approves=True, sources=("draft",), target="approved", roles=HEADS, icon="check", style="success", bulk=True,
        fields=lambda actor, obj=None: {"agreement": text(_("Agreement number"), initial=obj.agreement if obj else ""),
                                        "file": forms.FileField(label=_("Agreement"), required=False)},
        done=_("Approved; customers can be filed in this name."))
def approve(actor, designer, *, agreement="", file=None):
    """With the agreement on file the designer may file customers."""
    designer.agreement = agreement or designer.agreement
    if file:
        attach(actor, designer, file, slot="agreement")
    if not designer.agreement:
        raise Invalid({"agreement": [__("Give the number of the agreement.")]})
    if not Attachment.objects.filter(model=designer._meta.label_lower, object_id=designer.pk, slot="agreement").exists():
        raise Invalid({"file": [__("Attach the signed agreement.")]})


@action(OutsideDesigner, _("Take effect"), verb="begin", sources=("approved",), target="active", internal=True,
        icon="flag")
def begin(actor, designer):
    """The first filing of the designer is in force."""


def _open_filings(designer):
    return Filing.objects.filter(outside_designer=designer, state__in=("approved", "visited"))


@action(OutsideDesigner, _("Change company"), verb="move", sources=OutsideDesigner.AT_WORK, roles=HEADS, icon="building-community",
        done=_("The new company holds from that day."), fields={
            "partner": Pick(ChannelPartner, label=_("New company")), "day": forms.DateField(label=_("From"), initial=timezone.localdate),
            "agreed": forms.BooleanField(label=_("The old company agrees that running filings go along"), required=False),
            "reason": forms.CharField(label=_("Reason"), max_length=200)})
def move(actor, designer, *, partner, day, agreed, reason):
    """A new period begins. Old filings stay with the old company unless it agrees."""
    if partner.pk == designer.partner_id:
        raise Invalid({"partner": [__("This is the present company.")]})
    end(designer, day - timedelta(days=1), "day")
    DesignerPeriod(designer=designer, partner=partner, first_on=day, created_by_id=actor.id).save(force_insert=True)
    if agreed:
        for filing in _open_filings(designer).exclude(partner=partner).select_for_update(of=("self",)).order_by("pk"):
            transfer(actor, filing, partner=partner, reason=reason)
    designer.partner = partner


def end(designer, day, field):
    """Close the running period; it cannot end before it began."""
    running = designer.periods.filter(last_on=None).first()
    if running is None:
        return
    if day < running.first_on:
        raise Invalid({field: [__("At %(partner)s since %(day)s; choose a later day.") % {"partner": running.partner, "day": running.first_on}]})
    running.last_on = day
    running.save(update_fields=["last_on"])


@action(OutsideDesigner, _("Leave"), verb="leave", sources=OutsideDesigner.AT_WORK, target="left", roles=HEADS, icon="door-exit", style="danger",
        fields={"day": forms.DateField(label=_("Last day"), initial=timezone.localdate),
                "reason": forms.CharField(label=_("Reason"), max_length=200)})
def leave(actor, designer, *, day, reason):
    """No new filings in this name; those that run stay with the company."""
    end(designer, day, "day")


@action(OutsideDesigner, _("Return to work"), verb="come_back", sources=("left",), target="approved", roles=HEADS, icon="door-enter",
        fields={"partner": Pick(ChannelPartner, label=_("Channel partner")), "day": forms.DateField(label=_("From"), initial=timezone.localdate)})
def come_back(actor, designer, *, partner, day):
    """The same person works again, at the old company or a new one: the entry goes on."""
    DesignerPeriod(designer=designer, partner=partner, first_on=day, created_by_id=actor.id).save(force_insert=True)
    designer.partner = partner
