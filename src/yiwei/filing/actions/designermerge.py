"""One outside designer entered twice becomes one (BAS-11)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.records import search
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick

from ..models.designermerge import DesignerMerge
from ..models.filing import Filing
from ..models.link import FilingLink
from ..models.partner import DesignerAccount, OutsideDesigner
from .person import HEADS

OWED = []
FILLED = ("id_number", "agreement", "brands", "rep_id")


def owed(fn):
    """Let the room of rebates tell whether something is still to be settled for a designer: `fn(designer)` -> bool."""
    OWED.append(fn)
    return fn


@action(OutsideDesigner, _("Merge a duplicate designer"), verb="merge", sources=("draft", *OutsideDesigner.AT_WORK, "left"), roles=HEADS,
        icon="arrows-join", done=_("The two are one now."), fields={
            "other": Pick(OutsideDesigner, label=_("Duplicate that is merged into this designer"), related=("partner",)),
            "reason": forms.CharField(label=_("Reason"), max_length=200)})
def merge(actor, designer, *, other, reason):
    """Filings, links and companies of the duplicate become this designer's. Refused where something is to be settled for both."""
    other = OutsideDesigner.objects.select_for_update(of=("self",)).get(pk=other.pk)
    if other.pk == designer.pk or other.state == "merged":
        raise Invalid({"other": [__("Choose another designer who is not merged yet.")]})
    _check_money(designer, other)
    moved, before = _move(designer, other), other.state
    filled = _fill(designer, other)
    running = designer.periods.filter(last_on=None).order_by("-first_on").first()
    designer.partner_id = running.partner_id if running else designer.partner_id
    DesignerMerge(kept=designer, gone=other, moved=moved, filled=filled, gone_state=before, reason=reason,
                  created_by_id=actor.id).save(force_insert=True)
    if designer.state == "draft" and before in OutsideDesigner.AT_WORK:
        designer.state = "approved"   # the agreement of the other entry is this person's
    other.state, other.active, other.merged_into = "merged", False, designer
    other.touch()
    other.save()
    search.index(other)
    search.index(designer)
    log(actor, other, "filing.outsidedesigner.merge", text=reason, from_state=before, to_state="merged")


def _check_money(designer, other):
    if all(any(fn(one) for fn in OWED) for one in (designer, other)):
        raise Refused(__("Rebates of both are still to be settled: settle those of one first."))
    waiting = DesignerAccount.objects.filter(designer__in=[designer.pk, other.pk], state="waiting").first()
    if waiting is not None:
        raise Refused(__("A change of bank account of %(name)s waits: decide it first.") % {"name": waiting.designer})


def _move(designer, other):
    moved = {}
    for model, name in ((Filing, "outside_designer"), (FilingLink, "person")):
        ids = list(model.objects.filter(**{name: other.pk}).order_by("pk").values_list("pk", flat=True))
        if ids:
            model.objects.filter(pk__in=ids).update(**{name: designer.pk})
            moved[model._meta.label_lower] = ids
    ids = [period.pk for period in other.periods.order_by("first_on") if _take(designer, period)]
    return moved | ({"filing.designerperiod": ids} if ids else {})


def _take(designer, period):
    """A time at a company goes along; where it runs beside one at the same company, that one covers both."""
    beside = [p for p in designer.periods.order_by("first_on") if _overlap(p, period)]
    if not beside:
        period.designer = designer
        period.save(update_fields=["designer"])
        return True
    foreign = next((p for p in beside if p.partner_id != period.partner_id), None)
    if foreign is not None:
        raise Refused(__("Both were at different companies at one time (%(a)s, %(b)s): correct that first, by “New company” or “Left”.") % {
            "a": foreign, "b": period})
    own = beside[0]
    own.first_on = min(own.first_on, period.first_on)
    own.last_on = None if own.last_on is None or period.last_on is None else max(own.last_on, period.last_on)
    own.save(update_fields=["first_on", "last_on"])
    return False


def _overlap(a, b):
    return (b.last_on is None or a.first_on <= b.last_on) and (a.last_on is None or b.first_on <= a.last_on)


def _fill(designer, other):
    """What is known only of the other entry; telephones and ID number leave it, so that they belong to one."""
    filled = {name: getattr(other, name) for name in FILLED if not getattr(designer, name) and getattr(other, name)}
    numbers = [n for n in (designer.phone, designer.spare_phone, other.phone, other.spare_phone) if n]
    numbers = list(dict.fromkeys(numbers))[:2]
    for name, number in zip(("phone", "spare_phone"), numbers, strict=False):
        if getattr(designer, name) != number:
            filled[name] = number
    kept = {f"other.{n}": getattr(other, n) for n in ("phone", "spare_phone", "id_number") if getattr(other, n)}
    other.phone = other.spare_phone = other.id_number = ""
    other.save(update_fields=["phone", "spare_phone", "id_number"])
    for name, value in filled.items():
        setattr(designer, name, value)
    return filled | kept
