"""Customers and their houses."""

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import Document, Record, Ref
from yiwei.kernel.records import personal
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import ScopeRule
from yiwei.kernel.records.search import keys_of
from yiwei.org.models.employee import Employee

FORWARD = ("lead", "to_measure", "to_design", "to_check", "to_sign", "to_pay", "ordered", "to_install", "installed",
           "in_service")
ASIDE = ("lost", "public_pool", "invalid", "cancelled")

STAGES = Flow(
    states=(
        State("lead", _("Lead"), "azure"), State("to_measure", _("To measure"), "cyan"),
        State("to_design", _("To design"), "blue"), State("to_check", _("Design to check"), "indigo"),
        State("to_sign", _("To sign"), "purple"), State("to_pay", _("To pay"), "orange"),
        State("ordered", _("Ordered"), "yellow"), State("to_install", _("To install"), "lime"),
        State("installed", _("Installed"), "teal"), State("in_service", _("In service"), "green", DONE),
        State("lost", _("Lost"), "red", FAILED), State("public_pool", _("Public pool"), "secondary"),
        State("invalid", _("Invalid"), "secondary", FAILED), State("cancelled", _("Cancelled"), "red", FAILED),
        State("merged", _("Merged"), "secondary", FAILED),
    ),
    moves={
        *((s, "merged") for s in (*FORWARD, *ASIDE)), *(("merged", s) for s in (*FORWARD, *ASIDE)),
        *((a, b) for i, a in enumerate(FORWARD) for b in FORWARD[i + 1:]),
        *((a, b) for a in ("lead", "to_measure", "to_design", "to_check", "to_sign")
          for b in ("lost", "public_pool", "invalid")),
        ("to_pay", "cancelled"), ("ordered", "cancelled"), ("to_install", "cancelled"),
        ("public_pool", "lead"), ("lost", "lead"), ("in_service", "to_sign"), ("in_service", "to_pay"),
        ("installed", "to_install"), ("in_service", "to_install"), ("to_install", "ordered"), ("to_pay", "to_sign"),
        ("cancelled", "to_sign"), ("cancelled", "to_pay"), ("cancelled", "ordered"),
    },
    main=FORWARD,
)

KNOWN = [("server", _("by the server's clock")), ("second", _("to the second")), ("minute", _("to the minute")), ("day", _("to the day"))]


class Customer(Document):
    """A householder who decorates (客户). `state` is the stage; it moves only by events, never by hand."""

    personal = {"phone": personal.PHONE, "spare_phone": personal.PHONE, "joint_phone": personal.PHONE,
                "former_phones": personal.CONTACT, "wechat": personal.CONTACT, "birthday": personal.OPEN}
    prefix = "KH"
    flow = STAGES
    scope = ScopeRule(people=("owner", "designer"), outlet="outlet")
    masked = dict.fromkeys(("phone", "spare_phone", "joint_phone", "more_phones", "former_phones", "wechat"), "phone")
    search = {"name": "name", "joint_name": "name", "phone": "phone", "spare_phone": "phone", "joint_phone": "phone",
              "number": "code"}
    search_related = ("houses", "absorbed")
    choosable = ~models.Q(state="merged")
    held = {"owner": {"state": FORWARD}}  # who is in service still needs somebody

    name = models.CharField(_("customer name"), max_length=60)
    gender = models.CharField(_("gender"), max_length=1, blank=True, default="",
                              choices=[("m", _("male")), ("f", _("female"))])
    phone = models.CharField(_("phone"), max_length=20, blank=True, default="")
    spare_phone = models.CharField(_("spare phone"), max_length=20, blank=True, default="")
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True, default="")
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    joint_name = models.CharField(_("joint owner"), max_length=60, blank=True, default="")
    joint_phone = models.CharField(_("joint owner's phone"), max_length=20, blank=True, default="")
    more_phones = models.CharField(_("more phones"), max_length=120, blank=True, default="", help_text=_("A third and fourth number."))
    former_phones = models.JSONField(_("former phones"), default=list, blank=True, editable=False)
    source = Ref(CustomerSource, null=True, blank=True, verbose_name=_("source"))
    referrer = models.CharField(_("referrer"), max_length=60, blank=True, default="")
    level = models.CharField(_("level"), max_length=1, default="C", choices=[(c, c) for c in "ABCD"])
    tags = models.JSONField(_("tags"), default=list, blank=True)
    designer = Ref(Employee, null=True, blank=True, verbose_name=_("designer"))
    channel_text = models.CharField(_("channel"), max_length=80, blank=True, default="")
    intention = models.CharField(_("wanted categories"), max_length=120, blank=True, default="")
    budget_low = models.DecimalField(_("budget from"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_high = models.DecimalField(_("budget to"), max_digits=14, decimal_places=2, null=True, blank=True)
    visited_on = models.DateField(_("first visit"), null=True, blank=True)
    next_contact = models.DateField(_("next contact"), null=True, blank=True)
    last_contact = models.DateTimeField(_("last contact"), null=True, editable=False)
    performance_from = models.DateField(_("performance from"), null=True, editable=False)
    pooled_at = models.DateTimeField(_("in the pool since"), null=True, editable=False)
    lost_reason = models.CharField(_("reason lost"), max_length=200, blank=True, default="", editable=False)
    rival = models.CharField(_("rival"), max_length=60, blank=True, default="", editable=False)
    no_calls = models.BooleanField(_("asks not to be called"), default=False, editable=False)
    merged_into = Ref("self", null=True, editable=False, related_name="absorbed", verbose_name=_("merged into"))
    entered_known = models.CharField(_("time known"), max_length=8, default="server", editable=False, choices=KNOWN)
    import_row = models.PositiveIntegerField(null=True, editable=False)
    import_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    import_data = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("customer")
        indexes = [
            models.Index(fields=["tenant", "-id"], name="crm_customer_newest"),
            models.Index(fields=["tenant", "owner", "-id"], name="crm_customer_owner"),
            models.Index(fields=["tenant", "outlet", "-id"], name="crm_customer_outlet"),
            models.Index(fields=["tenant", "state", "-id"], name="crm_customer_state"),
            models.Index(fields=["tenant", "designer", "-id"], name="crm_customer_designer", condition=models.Q(designer__isnull=False)),
            models.Index(fields=["tenant", "owner", "next_contact", "id"], name="crm_customer_next"),
            models.Index(fields=["tenant", "next_contact", "id"], name="crm_customer_due"),
            models.Index(fields=["tenant", "phone"], name="crm_customer_phone"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "import_key"], name="crm_customer_import", condition=~models.Q(import_key="")),
            models.CheckConstraint(name="crm_customer_merged", condition=models.Q(state="merged", merged_into__isnull=False)
                                   | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)))]

    def __str__(self):
        return self.name or self.number

    def as_choice(self):
        return f"{self.name} · {self.number}" if self.name else self.number

    @property
    def names(self):
        """Who the customer is: one, or a couple."""
        return [self.name, self.joint_name] if self.joint_name else [self.name]

    @property
    def phones(self):
        """The numbers under which the household is reached."""
        return [p for p in (self.phone, self.spare_phone, self.joint_phone, *self.more_phones.split("、")) if p]

    @property
    def all_phones(self):
        """Those under which it was reached, too: for finding it, not for refusing a number that may have a new bearer."""
        return [*self.phones, *self.former_phones]

    def remember_phones(self, before):
        """Keep the numbers in `before` that the customer bears no more; the last ten."""
        gone = [p for p in before if p not in self.all_phones]
        self.former_phones = [*(p for p in self.former_phones if p not in self.phones), *gone][-10:]

    @cached_property
    def is_shared(self):
        """Whether colleagues share it; asked once a page."""
        return self.shares.exists()

    def extra_search_keys(self):
        keys = set()
        for number in [*self.more_phones.split("、"), *self.former_phones]:
            keys |= keys_of("phone", number)
        for other in self.absorbed.all():
            keys |= keys_of("name", other.name) | keys_of("name", other.joint_name)
            for number in other.all_phones:
                keys |= keys_of("phone", number)
        for house in self.houses.all():
            keys |= keys_of("text", house.community or house.address)
        return keys

    @classmethod
    def extra_scope(cls, actor, prefix=""):
        """Customers shared with the actor, and those in the public pool of the actor's outlets."""
        shared = CustomerShare.objects.filter(member_id=actor.id).values("customer_id")
        pool = models.Q(**{f"{prefix}state": "public_pool", f"{prefix}outlet__in": list(actor.outlet_ids)})
        return models.Q(**{f"{prefix}pk__any": shared}) | pool

    @classmethod
    def extra_reasons(cls, customer, actors):
        """Who sees it because it is shared with them or lies in their outlet's pool: what `extra_scope` opens, in words."""
        out = {pk: ["share"] for pk in customer.shares.values_list("member_id", flat=True)}
        if customer.state == "public_pool":
            for actor in actors:
                if customer.outlet_id in actor.outlet_ids:
                    out.setdefault(actor.id, []).append("pool")
        return out

    def reach(self, stage):
        """Move forward to `stage` where the flow allows; an event behind the present stage changes nothing."""
        if stage != self.state and self.state != "merged" and self.flow.allows(self.state, stage):
            self.state = stage
            return True
        return False


class House(Record):
    """A house of a customer: filings, measures, contracts and installations hang on it (房屋)."""

    scope = ScopeRule(via="customer")
    masked = {"address": "address"}
    search = {"community": "text", "address": "text"}

    customer = Ref(Customer, related_name="houses", verbose_name=_("customer"))
    community = models.CharField(_("community"), max_length=60, blank=True, default="")
    building = models.CharField(_("building"), max_length=20, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    room = models.CharField(_("room number"), max_length=20, blank=True, default="")
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    area = models.DecimalField(_("area m²"), max_digits=10, decimal_places=2, null=True, blank=True)
    layout = models.CharField(_("layout"), max_length=40, blank=True, default="")
    style = models.CharField(_("style wanted"), max_length=40, blank=True, default="")
    deco_progress = models.CharField(_("decoration progress"), max_length=40, blank=True, default="")
    handover_on = models.DateField(_("handed over"), null=True, blank=True)
    floor = models.PositiveIntegerField(_("floor"), null=True, blank=True)
    has_lift = models.BooleanField(_("lift"), default=True)

    class Meta:
        verbose_name = _("house")
        indexes = [models.Index(fields=["tenant", "customer"], name="crm_house_customer"),
                   models.Index(fields=["tenant", "community", "building"], name="crm_house_community")]

    def __str__(self):
        return self.place or __("House %(n)s") % {"n": self.pk}

    @property
    def place(self):
        """Community and flat, as far as they are known."""
        return f"{self.community} {'-'.join(p for p in (self.building, self.unit, self.room) if p)}".strip()

    @property
    def full(self):
        """Where it is, for who may know."""
        return self.place or self.address or str(self)

    def told(self, actor):
        """Where it is, for who reads it."""
        return self.full if actor.sees("address") else str(self)


class CustomerShare(Record):
    """A colleague who works on a customer together with its owner (业绩共享): the part of the performance."""

    scope = ScopeRule(via="customer")
    held = {"member": STAYS}  # what was earned together stays shared

    customer = Ref(Customer, related_name="shares", verbose_name=_("customer"))
    member = Ref(Employee, verbose_name=_("colleague"))
    percent = models.DecimalField(_("share %"), max_digits=5, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("share")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer", "member"], name="crm_share_once"),
            models.CheckConstraint(condition=models.Q(percent__gte=0, percent__lte=100), name="crm_share_percent"),
        ]
        indexes = [models.Index(fields=["tenant", "member", "customer"], name="crm_share_member")]

    def __str__(self):
        return f"{self.member} {self.percent}%"


class Handover(Record):
    """A customer passed from one owner to another (移交); performance counts for the new one from a day on."""

    scope = ScopeRule(via="customer")
    held = {"before": STAYS, "after": STAYS}

    customer = Ref(Customer, related_name="handovers", verbose_name=_("customer"))
    before = Ref(Employee, null=True, verbose_name=_("from"))
    after = Ref(Employee, null=True, verbose_name=_("to"))
    performance_from = models.DateField(_("performance from"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("hand-over")
        indexes = [models.Index(fields=["tenant", "customer", "id"], name="crm_handover_customer")]

    def __str__(self):
        return f"{self.before or '–'} → {self.after or '–'}"
