"""Looking after customers: revisit templates, revisits, tickets (SVC-03, SVC-06, SVC-07)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.flow import DONE, Flow, State
from yiwei.kernel.models import BaseData, Document, Ref
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import SubContract
from yiwei.org.models.employee import Employee

from .install import InstallOrder

OCCASIONS = [("delivery", _("After delivery")), ("install", _("After installation")), ("service", _("After service")),
             ("months", _("Months later"))]


class RevisitTemplate(BaseData):
    """Questions of a revisit (回访模板). `questions`: code, text, kind (score, yes_no, text), red_below."""

    name = models.CharField(_("name"), max_length=60)
    occasion = models.CharField(_("occasion"), max_length=10, choices=OCCASIONS, default="install")
    questions = models.JSONField(_("questions"), default=list)
    script = models.TextField(_("script"), blank=True, default="")
    days_after = models.PositiveIntegerField(_("days after"), default=2)
    revision = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("revisit template")
        constraints = [models.UniqueConstraint(fields=["tenant", "name", "revision"], name="service_template_name")]

    def __str__(self):
        return f"{self.name} v{self.revision}"


class Revisit(Document):
    """A call to the customer (客户回访) by a template; the answers keep the questions they were given to."""

    prefix = "HF"
    scope = ScopeRule(people=("owner", "customer__owner"), outlet="outlet")
    search = {"number": "code", "customer__name": "name", "customer__phone": "phone"}
    flow = Flow(
        states=(State("due", _("Due"), "orange"), State("no_answer", _("No answer"), "yellow"),
                State("unreachable", _("Unreachable"), "red", DONE), State("done", _("Answered"), "lime"),
                State("closed", _("Closed"), "green", DONE)),
        moves={("due", "no_answer"), ("due", "done"), ("no_answer", "done"), ("no_answer", "unreachable"),
               ("unreachable", "done"), ("done", "closed")},
        main=("due", "done", "closed"),
    )

    customer = Ref(Customer, related_name="revisits", verbose_name=_("customer"))
    sub = Ref(SubContract, null=True, blank=True, verbose_name=_("sub-contract"))
    install = Ref(InstallOrder, null=True, blank=True, related_name="revisits", verbose_name=_("install order"))
    template = Ref(RevisitTemplate, verbose_name=_("revisit template"))
    due_on = models.DateField(_("due"), default=timezone.localdate)
    attempts = models.JSONField(_("calls in vain"), default=list, editable=False)
    answers = models.JSONField(_("answers"), default=list, editable=False)
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=2, null=True, editable=False)
    red = models.BooleanField(_("red flag"), default=False, editable=False)
    called_at = models.DateTimeField(_("called"), null=True, editable=False)

    class Meta:
        verbose_name = _("revisit")
        indexes = [models.Index(fields=["tenant", "state", "due_on"], name="service_revisit_state"),
                   models.Index(fields=["tenant", "customer", "-id"], name="service_revisit_customer")]


class Ticket(Document):
    """A complaint, advice, repair or question (工单). Closed only with the customer's word, never by its subject."""

    prefix = "GD"
    scope = ScopeRule(people=("owner", "responsible", "customer__owner"), outlet="outlet")
    search = {"number": "code", "customer__name": "name", "customer__phone": "phone", "text": "text"}
    held = {"answered_by": STAYS}
    flow = Flow(
        states=(State("new", _("New"), "red"), State("assigned", _("Assigned"), "orange"),
                State("accepted", _("Accepted"), "yellow"), State("working", _("In work"), "blue"),
                State("answered", _("Answered"), "cyan"), State("confirmed", _("Confirmed by customer"), "lime"),
                State("closed", _("Closed"), "green", DONE), State("reopened", _("Reopened"), "red")),
        moves={("new", "assigned"), ("assigned", "new"), ("assigned", "accepted"), ("accepted", "working"),
               ("accepted", "answered"), ("working", "answered"), ("answered", "confirmed"),
               ("answered", "reopened"), ("confirmed", "closed"), ("closed", "reopened"), ("reopened", "assigned"),
               ("accepted", "assigned"), ("working", "assigned")},
        main=("new", "assigned", "accepted", "working", "answered", "confirmed", "closed"),
    )
    WAITING = ("new", "assigned", "accepted", "working", "reopened")

    kind = models.CharField(_("kind"), max_length=10, default="complaint", choices=[
        ("complaint", _("Complaint")), ("repair", _("Repair")), ("question", _("Question")), ("advice", _("Advice"))])
    urgency = models.CharField(_("urgency"), max_length=8, default="normal", choices=[
        ("normal", _("Normal")), ("urgent", _("Urgent")), ("threat", _("Threat or media"))])
    channel = models.CharField(_("channel"), max_length=10, default="phone", choices=[
        ("phone", _("Phone")), ("wechat", _("WeChat")), ("store", _("Store")), ("revisit", _("Revisit"))])
    customer = Ref(Customer, related_name="tickets", verbose_name=_("customer"))
    sub = Ref(SubContract, null=True, blank=True, verbose_name=_("sub-contract"))
    revisit = Ref(Revisit, null=True, blank=True, editable=False, verbose_name=_("revisit"))
    text = models.TextField(_("what happened"))
    responsible = Ref(Employee, null=True, blank=True, verbose_name=_("responsible"))
    department = models.CharField(_("department"), max_length=60, blank=True, default="")
    promised_at = models.DateTimeField(_("answer promised for"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, default="", editable=False)
    answered_by = Ref(Employee, null=True, editable=False, verbose_name=_("answered by"))
    confirmed_how = models.CharField(_("confirmed by"), max_length=200, blank=True, default="", editable=False)
    escalation = models.PositiveIntegerField(_("escalated"), default=0, editable=False)
    in_warranty = models.BooleanField(_("in warranty"), default=True, editable=False)

    class Meta:
        verbose_name = _("ticket")
        indexes = [models.Index(fields=["tenant", "state", "-id"], name="service_ticket_state"),
                   models.Index(fields=["tenant", "customer", "-id"], name="service_ticket_customer"),
                   models.Index(fields=["tenant", "responsible", "-id"], name="service_ticket_responsible")]
