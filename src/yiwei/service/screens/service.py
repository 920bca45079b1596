"""Screens of delivery, installation and customer care (SVC)."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.stock.models.issue import IssueLine

from ..actions.revisit import in_words
from ..models.care import Revisit, RevisitTemplate, Ticket
from ..models.delivery import Delivery
from ..models.fleet import Crew, Driver, Vehicle
from ..models.install import InstallOrder, Leftover, PieceWork, SiteReport

DESK = "service_agent service_head"
FIELD = "driver installer"
HEAD = "general_manager region_director store_manager"
PLAN = f"dispatcher {DESK} {HEAD}"
CUSTOMER = Column("customer", _("customer"), "link", value="sub__contract__customer")
GOODS = Column("module", _("contract module"), "text", value="sub__module")
VISIT = Column("visit", _("Visit no."), "number")


class Drivers(Register):
    model, label = Driver, _("Drivers")
    code, module, icon, position = "SVC-01", "service", "steering-wheel", 210
    roles, editors = f"{PLAN} storekeeper", "dispatcher service_head"
    columns = ["name", "phone", "employee", "carrier", "licence_until", "trip_rate", "active"]
    form = ["name", "phone", "employee", "carrier", "licence_until", "trip_rate"]

    @classmethod
    def flags(cls, actor, obj):
        return [{"label": __("Licence expired"), "color": "red"}] if obj.expired else []


class Vehicles(Register):
    model, label = Vehicle, _("Vehicles")
    code, module, icon, position = "SVC-02", "service", "truck", 220
    roles, editors = f"{PLAN} storekeeper", "dispatcher service_head"
    columns = ["plate", "load_kg", "volume", "owned", "insured_until", "inspected_until", "active"]
    form = ["plate", "load_kg", "volume", "owned", "insured_until", "inspected_until"]


class Crews(Register):
    model, label = Crew, _("Crews")
    code, module, icon, position = "SVC-05", "service", "users-group", 200
    roles = PLAN
    columns = ["name", "leader", "rate_area", "rate_metre", "rate_door", "active"]
    sections = [(_("Crew"), ["leader", Column("people", _("Members"), "text", value=lambda c: "、".join(
        f"{m['name']} {m['share']}%" for m in c.members)), "rate_area", "rate_metre", "rate_door"])]


class RevisitTemplates(Register):
    model, label = RevisitTemplate, _("Revisit templates")
    code, module, icon, position = "SVC-03", "service", "list-check", 230
    roles, editors = f"{DESK} general_manager", "service_head"
    columns = ["name", "occasion", "days_after", "revision", "active"]
    form = ["name", "occasion", "questions", "script", "days_after"]


class Deliveries(Register):
    model, label, due = Delivery, _("Deliveries"), "slot_on"
    code, module, icon, position = "SVC-04", "service", "truck-delivery", 20
    roles, exporters = f"{PLAN} {FIELD} storekeeper guide", "dispatcher"
    columns = ["number", CUSTOMER, "state", GOODS, "sub", "slot_on", "slot", "driver", "vehicle", "address", "phone"]
    filters = ["state", "slot_on", "driver"]
    sections = [(_("Delivery"), [CUSTOMER, "sub", "slot_on", "slot", "driver", "vehicle", "contact", "phone", "address", "floor",
                                 "has_lift", "with_install", "signed_by", Column("signed_at", _("signed for at"), "datetime"), "remark"])]
    tabs = [Tab("goods", _("Goods"), IssueLine, "issue", ["product", "qty", "issue"], shared=True,
                query=lambda rows, obj: rows.filter(issue__delivery_id=obj.pk).order_by("issue_id", "id"))]
    board = True


class Installs(Register):
    """Installation jobs; they appear by release."""

    model, label, due = InstallOrder, _("Installation dispatch"), "planned_on"
    code, module, icon, position = "SVC-05", "service", "tool", 30
    roles, exporters = f"{PLAN} {FIELD} guide designer", "dispatcher service_head"
    columns = ["number", CUSTOMER, "state", GOODS, "community", "planned_on", "slot", "crew", VISIT, "piece_pay", "address", "phone"]
    filters = ["state", "crew", "planned_on", "outlet"]
    sections = [(_("Installation"), [CUSTOMER, "sub", VISIT, "reason", "payer", "planned_on", "slot", "crew", "leader",
                                     Column("member_names", _("members"), "text"), "contact", "phone", "address", "site_ready",
                                     "special", "piece_pay", "remark"])]
    tabs = [Tab("reports", _("Site reports"), SiteReport, "install", ["created_at", "finished", "note", "reporter"], order="-id"),
            Tab("work", _("Piece work"), PieceWork, "report__install", ["basis", "qty", "rate", "amount"]),
            Tab("leftovers", _("Left over"), Leftover, "install", ["number", "item", "note", "party", "due_on", "state"]),
            Tab("further", _("Further visits"), InstallOrder, "parent", ["number", VISIT, "reason", "payer", "planned_on", "state"])]
    board = True

    @classmethod
    def flags(cls, actor, obj):
        out = [{"label": __("Visit %(n)s") % {"n": obj.visit}, "color": "orange"}] if obj.visit > 1 else []
        if obj.special:
            out.append({"label": __("Special"), "color": "purple"})
        return out

    @classmethod
    def notices(cls, actor, obj):
        from ..actions.install import arrears_of
        out, arrears = [], arrears_of(obj)
        if arrears:
            out.append({"tone": "warning", "text": __("The customer owes %(a)s for delivered goods.") % {"a": money_text(arrears)}})
        near = _neighbours(obj)
        if near:
            out.append({"tone": "info", "text": __("In the same community within 7 days: %(n)s") % {"n": "、".join(near)}})
        return out


def _neighbours(obj):
    from datetime import timedelta
    if not obj.community or not obj.planned_on:
        return []
    rows = InstallOrder.objects.filter(community=obj.community, planned_on__gte=obj.planned_on - timedelta(days=7),
                                       planned_on__lte=obj.planned_on + timedelta(days=7)).exclude(pk=obj.pk)
    return list(rows.order_by("planned_on").values_list("number", flat=True)[:5])


class Leftovers(Register):
    model, label = Leftover, _("Left over on site")
    code, module, icon, position = "SVC-05", "service", "clipboard-x", 40
    roles = f"{PLAN} installer guide designer"
    columns = ["number", Column("customer", _("customer"), "link", value="install__sub__contract__customer"), "install", "item", "note",
               "party", "due_on", "state"]
    filters = ["state", "item", "due_on"]
    sections = [(_("Left over"), ["install", "item", "note", "party", "due_on", "closed_on", "result"])]


class Revisits(Register):
    model, label = Revisit, _("Revisits")
    code, module, icon, position = "SVC-06", "service", "phone", 50
    roles, exporters = f"{DESK} {HEAD} guide dispatcher", "service_head"
    columns = ["number", "customer", "sub", "due_on", "score", "red", "called_at", "state"]
    filters = ["state", "due_on", "red", "outlet"]
    sections = [(_("Revisit"), ["customer", "sub", "install", "template", "due_on", "called_at", "score", "red",
                                Column("given", _("Answers"), "text", wide=True, value=lambda r: "；".join(
                                    f"{a['text']} {in_words(a, a['answer'])}" for a in r.answers if a["answer"])), "remark"])]

    @classmethod
    def flags(cls, actor, obj):
        return [{"label": __("Red flag"), "color": "red"}] if obj.red else []


class Tickets(Register):
    model, label = Ticket, _("Tickets")
    code, module, icon, position = "SVC-07", "service", "message-report", 10
    roles = (f"{PLAN} {FIELD} guide designer purchaser storekeeper channel_rep channel_manager drawing_auditor price_auditor"
             " accountant finance_manager cashier")
    exporters = "service_head"
    columns = ["number", "customer", "kind", "urgency", "responsible", "promised_at", "escalation", "state", "created_at"]
    filters = ["state", "kind", "urgency", "responsible", "outlet"]
    sections = [(_("Ticket"), ["customer", "sub", "kind", "urgency", "channel", Column("text", _("what happened"), "text", wide=True),
                               "responsible", "department", "promised_at", "in_warranty",
                               Column("answer", _("answer"), "text", wide=True), "answered_by", "confirmed_how", "revisit"])]
    board = True

    @classmethod
    def flags(cls, actor, obj):
        out = [{"label": __("Threat or media"), "color": "red"}] if obj.urgency == "threat" else []
        if obj.escalation:
            out.append({"label": __("Escalated ×%(n)s") % {"n": obj.escalation}, "color": "orange"})
        return out


Pending(InstallOrder, ("waiting", "pre_dispatched", "notified"), "service.installorder.book", _("Installations to book"), order=30)
Pending(InstallOrder, ("booked",), "service.installorder.dispatch", _("Installations to dispatch"), tone="orange", order=29)
Pending(InstallOrder, ("dispatched",), "service.installorder.accept", _("Jobs to accept"), tone="orange", order=10)
Pending(InstallOrder, ("accepted", "on_site"), "service.installorder.report", _("Jobs under way"), order=11)
Pending(InstallOrder, ("reported",), "service.installorder.complete", _("Site reports to accept"), tone="orange", order=28)
Pending(Leftover, ("open",), "service.leftover.send", _("Left over on site"), tone="red", order=35)
Pending(Delivery, ("planned", "loaded", "on_way"), "service.delivery.depart", _("Trips"), order=15)
Pending(Revisit, ("due", "no_answer"), "service.revisit.answer", _("Customers to call"), tone="orange", order=20)
Pending(Ticket, ("new", "reopened"), "service.ticket.assign", _("Tickets to assign"), tone="red", order=5)
Pending(Ticket, ("assigned", "accepted", "working"), "service.ticket.answer", _("Complaints to answer"), people="responsible_id",
        tone="red", order=4)
Pending(Ticket, ("answered", "confirmed"), "service.ticket.confirm", _("Answers to confirm with customers"), order=22)
