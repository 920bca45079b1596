"""Uploading designs: one current version a house (D-15, D-16)."""

import hashlib

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import House
from yiwei.kernel.base.errors import Refused
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick

from ..models.contract import SubContract
from ..models.design import DesignVersion


@action(DesignVersion, _("Upload design"), creates=True, roles="designer store_manager", icon="upload", style="primary",
        quick=True, done=_("This is now the current design."),
        fields=lambda actor, obj=None: {
            "house": Pick(House, label=_("House")),
            "file": forms.FileField(label=_("File")),
            "seen": forms.IntegerField(label=_("Version this is based on"), required=False, min_value=0,
                                       help_text=_("Empty for the first version")),
            "note": forms.CharField(label=_("What changed"), required=False, max_length=300)})
def upload(actor, *, house, file, seen, note):
    """Make the file the current design. If somebody was faster, say who, and change nothing."""
    House.objects.select_for_update(of=("self",)).get(pk=house.pk)
    last = DesignVersion.objects.filter(house=house).order_by("-revision").first()
    if last is not None and (seen or 0) != last.revision:
        raise Refused(__("%(who)s uploaded version %(n)s. Look at it first, then upload yours based on it.") % {
            "who": last.designer.name if last.designer else "", "n": last.revision})
    subs = list(SubContract.objects.filter(contract__house=house).exclude(state="cancelled"))
    locked = next((s for s in subs if s.state not in ("draft", "rejected")), None)
    if locked is not None and all(s.state not in ("draft", "rejected") for s in subs):
        raise Refused(__("%(n)s is under review or beyond; its design can only change by an amendment.") % {
            "n": locked.number})
    if last is not None:
        last.current = False
        last.save()
    body = file.read()
    file.seek(0)
    made = DesignVersion.objects.create(
        house=house, revision=last.revision + 1 if last else 1, designer_id=actor.id, file_name=file.name[:200],
        digest=hashlib.sha256(body).hexdigest(), note=note, created_by_id=actor.id)
    attach(actor, made, file, slot="design")
    return made
