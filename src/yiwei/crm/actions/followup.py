"""Follow-ups: planned, logged with one tap, commented by managers (CRM-06)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.rules import fields, stage
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Files, Pick
from yiwei.kernel.work.notify.send import tell

from ..models.customer import Customer
from ..models.followup import FollowUp

SELLERS = "guide store_manager region_director designer"
WAYS = FollowUp._meta.get_field("way").choices
LEVELS = [("", ""), *((c, c) for c in "ABCD")]


def _customers():
    return Pick(Customer, label=_("Customer"), limit={"state__in": stage.OPEN})


def _result(way="call"):
    return {"way": forms.ChoiceField(label=_("Way"), choices=WAYS, initial=way, required=False),
            "result": forms.CharField(label=_("Result"), widget=fields.AREA),
            "intention": forms.ChoiceField(label=_("Intention"), choices=LEVELS, required=False),
            "next_on": fields.day(_("Next contact")), "pictures": Files(label=_("Pictures, screenshots"), required=False)}


@action(FollowUp, _("Plan follow-up"), creates=True, roles=SELLERS, icon="calendar-plus", done=_("Planned."),
        fields=lambda actor, obj=None: {
            "customer": _customers(), "due_on": fields.day(_("Due"), True, initial=timezone.localdate),
            "way": forms.ChoiceField(label=_("Way"), choices=WAYS, initial="call", required=False),
            "remark": fields.text(_("What about"), 200)})
def plan(actor, *, customer, due_on, way, remark):
    """Promise a contact for a day."""
    _not_past(due_on, "due_on")
    _may_call(customer, way or "call")
    made = FollowUp.start(actor, customer=customer, due_on=due_on, way=way or "call", remark=remark,
                          outlet_id=customer.outlet_id or actor.outlet_id)
    stage.planned(customer)
    return made


@action(FollowUp, _("Log contact"), creates=True, quick=True, roles=SELLERS, icon="phone-check", style="primary",
        done=_("Logged."), fields=lambda actor, obj=None: {"customer": _customers(), **_result()})
def log_contact(actor, *, customer, way, result, intention, next_on, pictures=()):
    """Note a contact that has just been made; a planned one for today is done with it."""
    _not_past(next_on, "next_on")
    _may_call(customer, way or "call")
    made = customer.follow_ups.filter(state="planned", owner_id=actor.id, due_on__lte=timezone.localdate()).order_by(
        "due_on").first()
    if made is None:
        made = FollowUp.start(actor, customer=customer, state="done", due_on=timezone.localdate(),
                              outlet_id=customer.outlet_id or actor.outlet_id)
    else:
        made.state = "done"
        made.touch()
    _finish(actor, made, way, result, intention, next_on, pictures)
    made.save()
    return made


@action(FollowUp, _("Complete follow-up"), roles=SELLERS, icon="check", style="primary", sources=("planned",), target="done",
        fields=lambda actor, obj=None: _result(obj.way if obj else "call"), done=_("Logged."))
def done(actor, follow_up, *, way, result, intention, next_on, pictures=()):
    """What came of it, and when to speak again."""
    _not_past(next_on, "next_on")
    follow_up.state = "done"
    _finish(actor, follow_up, way, result, intention, next_on, pictures)
    follow_up.save()


def _finish(actor, row, way, result, intention, next_on, pictures=()):
    row.way, row.result, row.intention, row.done_at = way or row.way, result, intention or "", timezone.now()
    row.save()
    for upload in pictures or ():
        attach(actor, row, upload)
    customer = row.customer
    if next_on:
        FollowUp.start(actor, customer=customer, due_on=next_on, way="wechat" if customer.no_calls else row.way, owner_id=row.owner_id,
                       outlet_id=row.outlet_id)
    stage.contacted(customer, row.done_at)
    if row.intention and row.intention != customer.level:
        Customer.objects.filter(pk=customer.pk).update(level=row.intention)


def _may_call(customer, way):
    if way == "call" and customer.no_calls:
        raise Invalid({"way": [__("This customer asks not to be called: choose another way.")]})


@action(Customer, _("Log contact"), verb="log", roles=SELLERS, icon="phone-check", sources=stage.OPEN, done=_("Logged."),
        fields=lambda actor, obj=None: _result("wechat" if obj is not None and obj.no_calls else "call"))
def log_here(actor, customer, *, way, result, intention, next_on, pictures=()):
    """One tap after the call, from the customer's own page."""
    log_contact(actor, customer=customer, way=way, result=result, intention=intention, next_on=next_on, pictures=pictures)
    customer.refresh_from_db()


@action(Customer, _("Stop calls"), verb="no_calls", roles=SELLERS, icon="phone-off", show=lambda actor, c: not c.no_calls and c.state != "merged",
        fields={"reason": fields.reason()}, done=_("Noted; planned calls are cancelled."))
def no_calls(actor, customer, *, reason):
    """The customer asks not to be called: planned calls are cancelled and no new one can be planned."""
    customer.no_calls = True
    for row in customer.follow_ups.filter(state="planned", way="call"):
        row.state = "cancelled"
        row.touch()
        row.save()
    customer.next_contact = stage.next_planned(customer)


@action(Customer, _("Allow calls again"), verb="calls", roles=SELLERS, icon="phone", show=lambda actor, c: c.no_calls,
        fields={"reason": fields.reason()})
def calls(actor, customer, *, reason):
    """The customer may be called again."""
    customer.no_calls = False


def _not_past(day, name):
    if day and day < timezone.localdate():
        raise Invalid({name: [__("This day is over.")]})


@action(FollowUp, _("Cancel"), roles=SELLERS, icon="x", style="danger", sources=("planned",), target="cancelled",
        fields={"reason": fields.reason()})
def cancel(actor, follow_up, *, reason):
    """The contact is not wanted or not needed: why."""
    follow_up.state = "cancelled"
    follow_up.save()
    stage.planned(follow_up.customer)


@action(FollowUp, _("Move"), roles=SELLERS, icon="calendar-time", sources=("planned",),
        fields={"due_on": fields.day(_("Due"), True), "reason": fields.text(_("Reason"), 200)})
def move(actor, follow_up, *, due_on, reason):
    """Another day."""
    _not_past(due_on, "due_on")
    follow_up.due_on = due_on
    follow_up.save()
    stage.planned(follow_up.customer)


@action(FollowUp, _("Comment as manager"), roles="store_manager region_director", icon="message-2",
        fields={"instruction": forms.CharField(label=_("Manager's comment"), widget=fields.AREA, max_length=1000)})
def instruct(actor, follow_up, *, instruction):
    """A manager's advice; the guide is told."""
    if follow_up.owner_id == actor.id:
        raise Refused(__("This is your own follow-up."))
    follow_up.instruction = instruction
    tell({follow_up.owner_id}, Message("%(who)s on %(customer)s: %(text)s") % {
        "who": actor.name, "customer": follow_up.customer.name, "text": instruction}, follow_up)
