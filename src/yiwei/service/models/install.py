"""Installation: orders, site reports, piece work, leftovers (SVC-05)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import PARTIES, UnfinishedItem
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import ScopeRule
from yiwei.orders.models.contract import SubContract
from yiwei.org.models.employee import Employee

from .delivery import SLOTS
from .fleet import Crew

PAYERS = [("customer", _("Customer")), ("factory", _("Factory")), ("crew", _("Crew")), ("company", _("Company"))]
BASES = [("area", _("m²")), ("metre", _("Metre")), ("door", _("Door leaf")), ("call_out", _("Call-out"))]
PLANNING = ("waiting", "pre_dispatched", "notified", "booked")
UNFINISHED = (*PLANNING, "dispatched", "accepted", "on_site", "reported", "suspended")


class InstallOrder(Document):
    """An installation job (安装派单). Visits after the first name their leftover and who pays."""

    personal = {"phone": personal.PHONE}
    prefix = "AZ"
    scope = ScopeRule(people=("owner", "leader", "sub__owner", "sub__contract__designer"), outlet="outlet")
    masked = {"phone": "phone", "address": "address"}
    search = {"number": "code", "sub__contract__customer__name": "name", "phone": "phone", "address": "text"}
    flow = Flow(
        states=(State("waiting", _("Waiting"), "secondary"), State("pre_dispatched", _("Pre-dispatched"), "cyan"),
                State("notified", _("Customer told"), "azure"), State("booked", _("Booked"), "blue"),
                State("dispatched", _("Dispatched"), "indigo"), State("accepted", _("Accepted by crew"), "purple"),
                State("on_site", _("On site"), "orange"), State("reported", _("Reported"), "yellow"),
                State("completed", _("Completed"), "lime", DONE), State("revisited", _("Revisited"), "teal", DONE),
                State("settled", _("Settled"), "green", DONE), State("suspended", _("Suspended"), "dark"),
                State("withdrawn", _("Withdrawn"), "red", FAILED)),
        moves={("waiting", "pre_dispatched"), ("pre_dispatched", "notified"), ("notified", "booked"),
               ("waiting", "booked"), ("pre_dispatched", "booked"), ("pre_dispatched", "waiting"),
               ("booked", "pre_dispatched"), ("pre_dispatched", "dispatched"), ("booked", "dispatched"),
               ("dispatched", "accepted"), ("dispatched", "booked"), ("accepted", "on_site"), ("on_site", "reported"),
               ("reported", "on_site"), ("reported", "completed"), ("completed", "revisited"),
               ("revisited", "settled"), ("completed", "reported"),
               *((s, "suspended") for s in (*PLANNING, "dispatched", "accepted")), ("suspended", "waiting"),
               *((s, "withdrawn") for s in (*PLANNING, "suspended"))},
        main=("waiting", "pre_dispatched", "booked", "dispatched", "accepted", "on_site", "reported", "completed",
              "revisited", "settled"),
    )

    sub = Ref(SubContract, related_name="installs", verbose_name=_("sub-contract"))
    parent = Ref("self", null=True, editable=False, related_name="further", verbose_name=_("first visit"))
    leftover = Ref("service.Leftover", null=True, editable=False, verbose_name=_("leftover"))
    visit = models.PositiveIntegerField(_("visit"), default=1, editable=False)
    reason = models.CharField(_("reason of the visit"), max_length=200, blank=True, default="", editable=False)
    payer = models.CharField(_("payer"), max_length=10, choices=PAYERS, blank=True, default="", editable=False)
    crew = Ref(Crew, null=True, blank=True, verbose_name=_("crew"))
    leader = Ref(Employee, null=True, blank=True, verbose_name=_("crew leader"))
    members = models.JSONField(_("members"), default=list, blank=True, editable=False)
    planned_on = models.DateField(_("installation day"), null=True, blank=True)
    slot = models.CharField(_("time of day"), max_length=10, choices=SLOTS, default="morning")
    community = models.CharField(_("community"), max_length=60, blank=True, default="")
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    contact = models.CharField(_("contact"), max_length=60, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=30, blank=True, default="")
    site_ready = models.BooleanField(_("site ready"), default=False)
    special = models.CharField(_("special remark"), max_length=200, blank=True, default="")
    piece_pay = models.DecimalField(_("piece pay"), max_digits=12, decimal_places=2, default=0, editable=False)
    pay = models.JSONField(_("pay by member"), default=list, editable=False)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True, editable=False)
    completed_at = models.DateTimeField(_("completed"), null=True, editable=False)

    class Meta:
        verbose_name = _("install order")
        indexes = [models.Index(fields=["tenant", "state", "planned_on"], name="service_install_state"),
                   models.Index(fields=["tenant", "leader", "-id"], name="service_install_leader"),
                   models.Index(fields=["tenant", "community", "planned_on"], name="service_install_community"),
                   models.Index(fields=["tenant", "sub"], name="service_install_sub"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="service_install_outlet")]

    @classmethod
    def extra_scope(cls, actor, prefix=""):
        """Members of the crew see the job as theirs."""
        return models.Q(**{f"{prefix}members__contains": [{"id": actor.id}]})

    @property
    def customer(self):
        return self.sub.contract.customer

    @property
    def root_id(self):
        """The first visit's id."""
        return self.parent_id or self.pk

    @property
    def member_names(self):
        return "、".join(f"{m['name']} {m['share']}%" for m in self.members)


class SiteReport(Record):
    """What the crew reported from the site (现场汇报)."""

    scope = ScopeRule(via="install")
    held = {"reporter": STAYS}

    install = Ref(InstallOrder, related_name="reports", verbose_name=_("install order"))
    finished = models.BooleanField(_("all finished"), default=True)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    reporter = Ref(Employee, null=True, verbose_name=_("reported by"))

    class Meta:
        verbose_name = _("site report")

    def __str__(self):
        return str(self.install)


class PieceWork(Record):
    """One line of work done: quantity × rate, shared by the crew (计件)."""

    scope = ScopeRule(via="report__install")

    report = Ref(SiteReport, related_name="work", verbose_name=_("site report"))
    basis = models.CharField(_("basis"), max_length=10, choices=BASES)
    qty = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    rate = models.DecimalField(_("rate"), max_digits=10, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("piece work")


class Leftover(Document):
    """Something unfinished on site (遗留单), with an owner and a day. The order stays open until it is closed."""

    prefix = "YL"
    scope = ScopeRule(people=("owner", "install__leader", "install__sub__owner"), outlet="outlet")
    search = {"number": "code", "install__number": "code"}
    flow = Flow(states=(State("open", _("Open"), "orange"), State("closed", _("Closed"), "green", DONE)),
                moves={("open", "closed"), ("closed", "open")})

    install = Ref(InstallOrder, related_name="leftovers", verbose_name=_("install order"))
    item = Ref(UnfinishedItem, verbose_name=_("unfinished item"))
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    party = models.CharField(_("responsible party"), max_length=16, blank=True, default="", choices=PARTIES)
    due_on = models.DateField(_("due"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, editable=False)
    result = models.CharField(_("how it was solved"), max_length=300, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("leftover")
        indexes = [models.Index(fields=["tenant", "state", "due_on"], name="service_leftover_state"),
                   models.Index(fields=["tenant", "install"], name="service_leftover_install")]

    def __str__(self):
        return f"{self.number} {self.item.name}"
