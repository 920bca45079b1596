"""Whoever leaves hands over everything in one go (D-08): one successor for all, or by kind, with what there is on the form."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.records.holdings import counts
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.handover import pass_on, passing

from ..models.employee import Delegation, Employee
from ..models.user import User

HEAD = "general_manager tenant_admin"


def _held(member):
    """[(holding, how many)] of what must be handed over, the most first."""
    return sorted(((h, n) for h, n in counts(member.pk) if not h.ends), key=lambda pair: -pair[1])


def _successors(member):
    """A picker for all, and one for each kind of thing the person holds."""
    at_work = Q(state="active") & ~Q(pk=(member.pk if member else None) or 0)
    held = _held(member) if member and member.pk else []
    total = "，".join(f"{h.label} {n}" for h, n in held) or __("nothing is open")
    fields = {"successor": Pick(Employee, limit=at_work, required=False, label=_("Everything goes to"),
                                help_text=__("Holds now: %(what)s") % {"what": total})}
    if len(held) > 1:
        for holding, number in held:
            fields[holding.name] = Pick(Employee, limit=at_work, required=False, label=__("%(what)s: %(n)s") % {"what": holding.label, "n": number},
                                        help_text=__("Empty: to the person above."))
    return fields


def _chosen(member, successor, kinds):
    """{kind: successor}; names at the field what nobody takes."""
    held = _held(member)
    open_ones = [f"{h.label} {n}" for h, n in held if not (kinds.get(h.name) or successor)]
    if open_ones:
        raise Invalid({"successor": [__("Name who takes over: %(what)s.") % {"what": "，".join(open_ones)}]})
    return {h.name: kinds.get(h.name) or successor for h, _n in held}


def same_person(actor, member):
    if actor.id == member.pk:
        raise Refused(__("Nobody can do this to himself."))


@action(Employee, _("Hand over"), roles=HEAD, sources=("active", "suspended"), icon="arrows-exchange", done=_("Handed over."),
        files=False, fields=lambda actor, obj: {**_successors(obj), "reason": forms.CharField(label=_("Reason"), max_length=200)})
def hand_over(actor, member, *, reason, successor=None, **kinds):
    """Everything open that this person holds goes to colleagues; the past stays with who made it."""
    if successor is None and not any(kinds.values()):
        raise Invalid({"successor": [__("Name who takes over.")]})
    chosen = {h.name: kinds.get(h.name) or successor for h, _n in _held(member)}
    pass_on(actor, member, chosen, reason=reason)


@action(Employee, _("Leave"), roles=HEAD, sources=("active", "suspended"), target="left", style="danger", icon="door-exit",
        files=False, fields=lambda actor, obj: {"left_on": forms.DateField(label=_("Last day"), initial=timezone.localdate),
                                   "reason": forms.CharField(label=_("Reason"), required=False, max_length=200), **_successors(obj)},
        done=_("Everything is handed over; the sign-in is closed."))
def leave(actor, member, *, left_on, reason="", successor=None, **kinds):
    """The employee leaves: all open customers, documents, approvals and stock pass to the successors named here."""
    same_person(actor, member)
    if member.entered_on and left_on < member.entered_on:
        raise Invalid({"left_on": [__("This is before the day of entry.")]})
    pass_on(actor, member, _chosen(member, successor, kinds), day=left_on, reason=reason, ending=True)
    _end_stand_ins(member)
    user = User.objects.filter(member=member).first()
    if user is not None:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        user.end_sessions()
    member.left_on = left_on


def _end_stand_ins(member):
    """Nobody stands in for who has left, and who has left stands in for nobody; past days stay as they were."""
    today = timezone.localdate()
    running = Delegation.objects.filter(Q(of=member) | Q(to=member), to_day__gte=today)
    running.filter(from_day__gte=today).delete()
    running.update(to_day=today - timedelta(days=1))


@passing(Employee, "superior")
def people_below(change, people):
    """Who worked for the person works for the successor; the successor for the next above."""
    for person in people:
        person.superior_id = change.member.superior_id if person.pk == change.successor.pk else change.successor.pk
        person.touch()
    Employee.objects.bulk_update(people, ["superior", "version", "updated_at"])
    return []
