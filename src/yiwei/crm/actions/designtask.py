"""Designers' tasks: measure, design, remeasure, revise, hand in; each with its time limit (CRM-07)."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.rules import fields, stage
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message, choice
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Files, Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.kernel.work.options import Option

from ..models.customer import Customer, CustomerShare, House
from ..models.followup import DesignTask

SELLERS = "guide store_manager region_director"
KINDS = DesignTask._meta.get_field("kind").choices
BIG = Decimal(200_000)
DAYS = {
    "measure": Option("task_days_measure", _("Days for a measure"), 3, low=1),
    "design": Option("task_days_design", _("Days for a design"), 9, low=1),
    "remeasure": Option("task_days_remeasure", _("Days for a second measure"), 3, low=1),
    "revise": Option("task_days_revise", _("Days for a revision"), 3, low=1),
    "hand_in": Option("task_days_hand_in", _("Days to hand in"), 3, low=1)}
BIG_DAYS = Option("task_days_design_big", _("Days for a design above a budget of 200,000"), 15, low=1)


def days_for(kind, customer):
    """Days allowed for a kind of task; the dealer may set its own, large budgets get more for the design."""
    if kind == "design" and max(customer.budget_low or 0, customer.budget_high or 0) > BIG:
        return BIG_DAYS.value()
    return DAYS[kind].value()


def open_task(actor, customer, kind, designer, *, house=None, plan_on=None, rooms="", remark=""):
    """A task for a designer, with its due day; the designer is told and may see the customer from now on."""
    if house is None:
        house = customer.houses.order_by("id").first()
    task = DesignTask.start(
        actor, kind=kind, customer=customer, house=house, owner_id=designer.pk, guide_id=customer.owner_id,
        outlet_id=customer.outlet_id or actor.outlet_id, plan_on=plan_on, rooms=rooms, remark=remark,
        due_on=timezone.localdate() + timedelta(days=days_for(kind, customer)))
    tell({designer.pk} - {actor.id}, Message("New task: %(kind)s for %(customer)s, due %(day)s.") % {
        "kind": choice(task, "kind"), "customer": customer.name, "day": task.due_on}, task)
    log(actor, task, "crm.designtask.assign", text=remark, to_state="assigned")
    return task


def let_see(actor, customer, designer):
    """The designer becomes the customer's own, or shares it where there is one already."""
    if customer.designer_id is None:
        Customer.objects.filter(pk=customer.pk).update(designer=designer)
        customer.designer = designer
    elif customer.designer_id != designer.pk:
        CustomerShare.objects.get_or_create(customer=customer, member=designer, defaults={"created_by_id": actor.id})


@action(DesignTask, _("Assign task"), creates=True, roles=SELLERS, icon="ruler-2", style="primary",
        done=_("The designer has been told."), fields=lambda actor, obj=None: {
            "kind": forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="measure", required=False),
            "customer": Pick(Customer, label=_("Customer"), limit={"state__in": stage.OPEN}),
            "house": Pick(House, label=_("House"), required=False, within={"customer": "customer"}),
            "designer": fields.employees(_("Designer"), "designer"),
            "plan_on": fields.day(_("Planned for")), "rooms": fields.text(_("Rooms"), 200),
            "remark": forms.CharField(label=_("Remark"), required=False, widget=fields.AREA)})
def assign(actor, *, kind, customer, house, designer, plan_on, rooms, remark):
    """Give a designer a task; a first measure moves the customer to “to measure”."""
    kind = kind or "measure"
    if house is not None and house.customer_id != customer.pk:
        raise Invalid({"house": [__("This is not a house of the customer.")]})
    let_see(actor, customer, designer)
    task = open_task(actor, customer, kind, designer, house=house, plan_on=plan_on, rooms=rooms, remark=remark)
    if kind == "measure":
        stage.advance(actor, customer, "to_measure", task.number)
    return task


def _mine(actor, task):
    return actor.id in (task.owner_id, task.second_id)


@action(DesignTask, _("Accept"), roles="designer", show=_mine, icon="check", style="primary", sources=("assigned",),
        target="accepted", bulk=True)
def accept(actor, task):
    """The designer takes the task."""


@action(DesignTask, _("Refuse"), roles="designer", show=_mine, icon="x", style="danger", sources=("assigned",),
        target="refused", fields={"reason": fields.reason()})
def refuse(actor, task, *, reason):
    """The designer cannot take it: why; guide and manager assign anew."""
    from yiwei.kernel.base import directory
    people = {task.guide_id, task.created_by_id, *directory.holders(["store_manager"], task.outlet_id)}
    tell(people - {actor.id}, Message("%(who)s refuses task %(n)s: %(why)s") % {
        "who": actor.name, "n": task.number, "why": reason}, task)


@action(DesignTask, _("Book"), roles=f"designer {SELLERS}", icon="calendar-event", sources=("accepted", "booked"),
        target="booked", fields={"plan_on": fields.day(_("Date agreed"), True), "note": fields.text(_("Note"), 200)})
def book(actor, task, *, plan_on, note):
    """The day agreed with the customer."""
    if plan_on < timezone.localdate():
        raise Invalid({"plan_on": [__("This day is over.")]})
    task.plan_on = plan_on


@action(DesignTask, _("Finish task"), roles="designer", show=_mine, icon="circle-check", style="primary",
        sources=("accepted", "booked"), target="done",
        fields={"result": forms.CharField(label=_("Result"), widget=fields.AREA), "rooms": fields.text(_("Rooms"), 200),
                "unfinished": fields.text(_("Why unfinished"), 200)})
def done(actor, task, *, result, rooms, unfinished):
    """Measured, drawn or handed in. After the measure the design task opens by itself."""
    task.result, task.unfinished, task.done_at = result, unfinished, timezone.now()
    task.rooms = rooms or task.rooms
    customer = task.customer
    if task.kind == "measure":
        stage.advance(actor, customer, "to_design", task.number)
        _next_design(actor, task)
    elif task.kind == "design":
        stage.advance(actor, customer, "to_check", task.number)
    tell({task.guide_id} - {actor.id}, Message("%(kind)s of %(customer)s is done.") % {
        "kind": choice(task, "kind"), "customer": customer.name}, task)


def _next_design(actor, task):
    going = DesignTask.objects.filter(customer=task.customer, house=task.house, kind="design").exclude(
        state__in=("cancelled", "refused")).exists()
    if not going:
        open_task(actor, task.customer, "design", task.owner, house=task.house, rooms=task.rooms)


def _checker(actor, task):
    return actor.id not in (task.owner_id, task.second_id)


@action(DesignTask, _("Confirm"), roles=SELLERS, show=_checker, icon="checks", style="success", sources=("done",),
        target="confirmed", bulk=True)
def confirm(actor, task):
    """Guide or manager has checked it; after the design the customer can sign."""
    if task.kind == "design":
        stage.advance(actor, task.customer, "to_sign", task.number)
    tell({task.owner_id} - {actor.id}, Message("Task %(n)s is confirmed.") % {"n": task.number}, task)


@action(DesignTask, _("Send back"), roles=SELLERS, show=_checker, icon="arrow-back-up", sources=("done",),
        target="accepted", fields={"reason": fields.reason()})
def send_back(actor, task, *, reason):
    """Not yet right; the designer goes on."""
    task.done_at, task.sent_back = None, task.sent_back + 1
    tell({task.owner_id} - {actor.id}, Message("Task %(n)s came back: %(why)s") % {"n": task.number, "why": reason}, task)


@action(DesignTask, _("Reassign"), roles=SELLERS, icon="user-share", sources=(*DesignTask.OPEN, "refused"),
        fields={"designer": fields.employees(_("Designer"), "designer"), "reason": fields.reason()})
def reassign(actor, task, *, designer, reason):
    """Another designer; the limit runs on unless the first one refused."""
    if designer.pk == task.owner_id and task.state != "refused":
        raise Invalid({"designer": [__("This designer has the task already.")]})
    if task.state == "refused":
        task.state = "assigned"
        task.due_on = timezone.localdate() + timedelta(days=days_for(task.kind, task.customer))
    before, task.owner_id = task.owner_id, designer.pk
    if task.customer.designer_id == before:
        Customer.objects.filter(pk=task.customer_id).update(designer=designer)
    else:
        let_see(actor, task.customer, designer)
    tell({designer.pk, before} - {actor.id}, Message("Task %(n)s goes to %(who)s.") % {
        "n": task.number, "who": designer.name}, task)


@action(DesignTask, _("Postpone"), roles=SELLERS, icon="player-pause", sources=DesignTask.OPEN,
        fields={"due_on": fields.day(_("New due day"), True), "reason": fields.reason(_("The customer's reason")),
                "proof": Files(label=_("Proof (chat, photo)"))})
def postpone(actor, task, *, due_on, reason, proof):
    """The customer asks for more time: the clock stops for these days, with the proof on the task and the reason on the timeline."""
    if task.due_on and due_on <= task.due_on:
        raise Refused(__("The new day must be after %(day)s.") % {"day": task.due_on})
    task.stopped_days += (due_on - task.due_on).days if task.due_on else 0
    task.due_on = due_on
    for upload in proof:
        attach(actor, task, upload)


@action(DesignTask, _("Share with a designer"), verb="share", roles=SELLERS, icon="users-plus", sources=DesignTask.OPEN,
        fields={"designer": fields.employees(_("Designer"), "designer")}, done=_("The designer has been told."))
def share(actor, task, *, designer):
    """A second designer works on the same task and sees the customer."""
    if designer.pk in (task.owner_id, task.second_id):
        raise Invalid({"designer": [__("This designer has the task already.")]})
    task.second = designer
    let_see(actor, task.customer, designer)
    tell({designer.pk, task.owner_id} - {actor.id}, Message("%(who)s joins task %(n)s.") % {"who": designer.name, "n": task.number}, task)


@action(DesignTask, _("Cancel"), roles=SELLERS, icon="trash", style="danger", sources=(*DesignTask.OPEN, "refused"),
        target="cancelled", fields={"reason": fields.reason()})
def cancel(actor, task, *, reason):
    """The task is no longer wanted."""
    tell({task.owner_id} - {actor.id}, Message("Task %(n)s is cancelled.") % {"n": task.number}, task)
