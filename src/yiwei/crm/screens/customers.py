"""Screens of customers and their houses (CRM-05)."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.crm.hooks import story, watchers
from yiwei.crm.rules import duplicates, fields, stage
from yiwei.kernel.records import scope
from yiwei.kernel.records.scope import masked_phone
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.onward import next_step, step
from yiwei.kernel.screens.registers.register import Column, Register, Tab, View

from ..actions import customer as customers
from ..actions import designtask as tasks
from ..models.customer import Customer, CustomerShare, Handover, House
from ..models.followup import DesignTask, FollowUp
from ..models.merge import CustomerMerge
from ..models.traffic import Visit

READERS = ("general_manager region_director store_manager guide designer channel_manager drawing_auditor price_auditor"
           " finance_manager accountant cashier purchaser dispatcher service_head service_agent")

step(Customer, customers.assign_designer, "lead")
step(Customer, customers.claim, "public_pool")
step(Customer, customers.win_back, "lost")
step(Customer, tasks.assign, "to_measure", "to_design")
NEXT = {
    "lead": _("Assign a designer"), "to_measure": _("Measure"), "to_design": _("Design"),
    "to_check": _("Check the design"), "to_sign": _("Sign the contract"), "to_pay": _("Collect"),
    "ordered": _("Follow the order"), "to_install": _("Install"), "installed": _("Accept and revisit"),
    "in_service": _("Keep in touch"), "lost": _("Win back"), "public_pool": _("Claim"),
}
TAG_COLORS = {"vip": "purple", "special": "orange", "blacklist": "dark"}


PLACE = Column("house", _("house"), "text", seen=lambda house, actor: house.told(actor))


def shown_phone(customer, name="phone"):
    """Nobody rings the public pool's customers before claiming them."""
    value = getattr(customer, name)
    return masked_phone(value) if customer.state == "public_pool" else value


SPARE = Column("spare_phone", _("spare phone"), "phone", value=lambda c: shown_phone(c, "spare_phone"))
JOINT = Column("joint_phone", _("joint owner's phone"), "phone", value=lambda c: shown_phone(c, "joint_phone"))
MORE = Column("more_phones", _("more phones"), "phone", value=lambda c: shown_phone(c, "more_phones"))
WECHAT = Column("wechat", _("WeChat"), value=lambda c: "" if c.state == "public_pool" else c.wechat)


def by_contact(rows, value):
    """Customers by the day of the next contact."""
    today = timezone.localdate()
    rows = rows.filter(state__in=stage.SELLING)
    if value == "overdue":
        return rows.filter(next_contact__lt=today)
    if value == "none":
        return rows.filter(next_contact=None)
    return rows.filter(next_contact=today if value == "today" else today + timedelta(days=1))


def no_calls(customer):
    """The badge of who asks not to be called, for every list in which somebody might reach for the telephone."""
    return [{"label": _("No calls"), "color": "dark"}] if customer.no_calls else []


CONTACT = Filter("contact", _("Contact"), "select", apply=by_contact, choices=[
    ("overdue", _("Overdue")), ("today", _("Today")), ("tomorrow", _("Tomorrow")), ("none", _("Without plan"))])


class Customers(Register):
    model = Customer
    label = _("Customers")
    code, module, icon, position = "CRM-05", "customers", "users", 20
    due = "next_contact"
    roles, exporters = READERS, "region_director store_manager"
    board = True
    columns = ["name", "number", Column("phone", _("phone"), "phone", value=shown_phone), "state", "level", "source",
               "channel_text", "intention", "owner", "designer", "outlet", "next_contact", "last_contact",
               Column("tags", _("tags"), "tags", value=lambda c: [str(dict(fields.TAGS).get(t, t)) for t in c.tags],
                      hidden=True), "created_at"]
    filters = ["state", CONTACT, "owner", "designer", "outlet", "source", "level",
               Filter("tag", _("Tags"), "select", choices=fields.TAGS,
                      apply=lambda rows, value: rows.filter(tags__contains=[value])), "created_at"]
    sections = [
        (_("Customer"), ["name", "gender", Column("phone", _("phone"), "phone", value=shown_phone), SPARE,
                         WECHAT, "joint_name", JOINT, MORE, "birthday", "source", "referrer", "channel_text", "level", "intention", "budget_low",
                         "budget_high",
                         "designer", "visited_on", "next_contact", "last_contact", "remark"]),
        (_("Lost"), ["lost_reason", "rival"]),
    ]
    tabs = [
        View("story", _("Whole story"), "crm/story.html", story.context),
        Tab("follow_ups", _("Follow-ups"), FollowUp, "customer",
            ["due_on", "way", "state", "done_at", "result", "instruction", "owner"], order="-id"),
        Tab("houses", _("Houses"), House, "customer",
            [PLACE, "area", "layout", "style", "deco_progress", "handover_on"]),
        Tab("tasks", _("Designers' tasks"), DesignTask, "customer",
            ["number", "kind", "state", "owner", "plan_on", "due_on", "done_at"], order="-id"),
        Tab("visits", _("Visits"), Visit, "customer", ["number", "at", "people", "minutes", "intention", "owner"],
            order="-id"),
        Tab("shares", _("Shares"), CustomerShare, "customer", ["member", "percent"], filled=True),
        Tab("handovers", _("Hand-overs"), Handover, "customer",
            ["created_at", "before", "after", "performance_from", "reason"], order="-id", filled=True),
        Tab("merges", _("Merges"), CustomerMerge, "kept", ["gone", "at", "state", "reason", "undone_at"], order="-id",
            filled=True),
        View("alike", _("Perhaps the same household"), "crm/alike.html", duplicates.context,
             show=lambda actor, c: c.state != "merged" and actor.can("crm.customer.merge")),
        View("who", _("Who can see this"), "crm/who.html", watchers.context),
    ]
    search_hint = _("Name, pinyin, phone, last four digits or community")
    empty_text = _("Count visitors at the door and turn them into customers, or make a new customer.")

    @classmethod
    def title(cls, obj):
        return obj.name or obj.number

    @classmethod
    def figures(cls, actor, obj):
        leads = next_step(actor, obj)
        out = [{"label": _("Next action"), "text": str(NEXT.get(obj.state, "–")), "tone": "blue", "url": leads[1] if leads else ""}]
        if obj.state in stage.SELLING:
            day = obj.next_contact
            late = day is None or day < timezone.localdate()
            out.append({"label": _("Next contact"), "text": str(day or __("not planned")), "tone": "red" if late else ""})
        if obj.last_contact:
            days = (timezone.now() - obj.last_contact).days
            out.append({"label": _("Last contact"), "text": __("%(n)s days ago") % {"n": days}})
        return out

    @classmethod
    def flags(cls, actor, obj):
        out = [{"label": dict(fields.TAGS).get(t, t), "color": TAG_COLORS.get(t, "blue")} for t in obj.tags]
        if obj.state in stage.SELLING and obj.next_contact and obj.next_contact < timezone.localdate():
            out.append({"label": _("Overdue"), "color": "red"})
        return out + no_calls(obj)

    @classmethod
    def notices(cls, actor, obj):
        out = []
        if obj.state == "merged":
            kept = scope.visible(actor, obj.merged_into)
            out.append({"tone": "warning", "text": __("This entry was merged into %(kept)s.") % {
                "kept": obj.merged_into.as_choice() if kept else __("another customer")},
                "url": cls.url("detail", obj.merged_into_id) if kept else ""})
        if obj.no_calls:
            out.append({"tone": "danger", "text": __("This customer asks not to be called.")})
        if "blacklist" in obj.tags:
            out.append({"tone": "danger", "text": __("This customer is on the blacklist.")})
        return out

    @classmethod
    def find(cls, rows, text):
        """Merged entries stand on the page of the customer they became part of, not in the list."""
        return super().find(rows.exclude(state="merged"), text)

    @classmethod
    def api_extra(cls, actor, obj):
        return {"houses": [{"id": h.pk, "text": h.told(actor), "community": h.community, "building": h.building,
                            "unit": h.unit, "room": h.room} for h in obj.houses.order_by("id")]}


class CustomerMerges(Register):
    """Which entries were made one, and what went along."""

    model, label = CustomerMerge, _("Merged customers")
    code, module, icon, position = "CRM-05", "customers", "arrows-join", 95
    roles = "general_manager region_director store_manager"
    columns = ["kept", "gone", "state", "at", Column("rows_moved", _("rows moved"), "number"), "reason", "created_by", "undone_at"]
    filters = ["state", "at"]
    sections = [(_("Merge"), ["kept", "gone", "at", Column("rows_moved", _("rows moved"), "number"), "reason", "created_by",
                              "undone_at", "undone_by"])]


class PublicPool(Register):
    """Customers whom anybody of the outlet may claim."""

    model = Customer
    main = False
    slug = "pool"
    label = _("Public pool")
    code, module, icon, position = "CRM-05", "customers", "droplet", 25
    roles = "general_manager region_director store_manager guide"
    limit = {"state": "public_pool"}
    columns = ["name", "number", Column("phone", _("phone"), "phone", value=shown_phone), "level", "intention", "outlet",
               "pooled_at", "last_contact"]
    filters = ["outlet", "level", "pooled_at"]
    order = "-pooled_at"
    empty_text = _("Customers who were let go or not followed up appear here.")

    title = classmethod(lambda cls, obj: obj.name)


class Houses(Register):
    model = House
    label = _("Houses")
    code, module, icon, position = "CRM-05", "customers", "home", 30
    roles = READERS
    columns = [replace(PLACE, link=True), "customer", "community", "building", "unit",
               "room", "area", "layout", "style", "deco_progress", "handover_on",
               Column("stage", _("stage"), "text", value=lambda h: str(h.customer.get_state_display()))]
    filters = ["community", "handover_on"]
    sections = [(_("House"), ["customer", "community", "building", "unit", "room", "address", "area", "layout", "style",
                              "deco_progress", "handover_on", "floor", "has_lift"])]
    tabs = [Tab("tasks", _("Designers' tasks"), DesignTask, "house", ["number", "kind", "state", "owner", "due_on"])]
    search_hint = _("Community or address")

    @classmethod
    def title(cls, obj):
        return str(obj) or str(obj.pk)
