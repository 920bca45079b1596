"""Contracts, sub-contracts and their lines."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.product import CATEGORY_MODULES, Grade, Product
from yiwei.catalog.models.promotion import Promotion
from yiwei.crm.models.customer import Customer, House
from yiwei.filing.models.filing import Filing
from yiwei.kernel.base.flow import DONE, FAILED, Flow, State
from yiwei.kernel.models import BaseData, Document, Record, Ref
from yiwei.kernel.records.scope import ScopeRule
from yiwei.org.models.employee import Employee

SALE_TYPES = [("retail", _("Retail")), ("channel", _("Decoration channel")), ("project", _("Project")),
              ("group", _("Group buy")), ("online", _("E-commerce")), ("internal", _("Internal")),
              ("sample", _("Sample"))]


class ContractModule(BaseData):
    """A building block of contracts (合同模块): category, clauses, gates, lead days. A used version never changes."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    group = models.CharField(_("category group"), max_length=12, choices=CATEGORY_MODULES)
    clauses = models.TextField(_("clauses"), blank=True, default="")
    purchase_gate = models.DecimalField(_("purchase gate %"), max_digits=5, decimal_places=2, default=60)
    delivery_gate = models.DecimalField(_("delivery gate %"), max_digits=5, decimal_places=2, default=100)
    lead_days = models.PositiveIntegerField(_("lead days"), default=30)
    revision = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("contract module")
        constraints = [models.UniqueConstraint(fields=["tenant", "code", "revision"], name="orders_module_code")]

    def __str__(self):
        return self.name


class Contract(Document):
    """The main contract of a house; its sub-contracts carry the goods, the reviews and the money (合同)."""

    prefix = "HT"
    scope = ScopeRule(people=("owner", "designer", "customer__owner", "filing__owner"), outlet="outlet")
    search = {"number": "code", "customer__name": "name", "customer__phone": "phone"}
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("signed", _("Signed"), "blue"),
                State("completed", _("Completed"), "green", DONE), State("cancelled", _("Cancelled"), "red", FAILED)),
        moves={("draft", "signed"), ("draft", "cancelled"), ("signed", "completed"), ("signed", "cancelled"),
               ("completed", "signed")},
    )

    customer = Ref(Customer, related_name="contracts", verbose_name=_("customer"))
    house = Ref(House, null=True, blank=True, verbose_name=_("house"))
    designer = Ref(Employee, null=True, blank=True, verbose_name=_("designer"))
    filing = Ref(Filing, null=True, blank=True, verbose_name=_("filing"))
    sale_type = models.CharField(_("sale type"), max_length=10, choices=SALE_TYPES, default="retail")
    promotion = Ref(Promotion, null=True, blank=True, verbose_name=_("promotion"))
    price_date = models.DateField(_("price date"), default=timezone.localdate)
    signed_on = models.DateField(_("signed"), null=True, editable=False)
    deliver_on = models.DateField(_("delivery wanted"), null=True, blank=True)
    list_amount = models.DecimalField(_("list amount"), max_digits=14, decimal_places=2, default=0, editable=False)
    promotion_amount = models.DecimalField(_("promotion reduction"), max_digits=14, decimal_places=2, default=0)
    net_amount = models.DecimalField(_("net amount"), max_digits=14, decimal_places=2, default=0, editable=False)

    class Meta:
        verbose_name = _("contract")
        indexes = [models.Index(fields=["tenant", "customer", "-id"], name="orders_contract_customer"),
                   models.Index(fields=["tenant", "owner", "-id"], name="orders_contract_owner"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="orders_contract_outlet"),
                   models.Index(fields=["tenant", "signed_on"], name="orders_contract_signed")]

    def as_choice(self):
        return f"{self.number} · {self.customer}"


class SubContract(Document):
    """The part of a contract for one module and factory: reviewed, paid, bought and delivered by itself (子合同)."""

    prefix = "ZH"
    scope = ScopeRule(people=("owner", "contract__designer", "contract__customer__owner"), outlet="outlet")
    search = {"number": "code", "contract__number": "code", "contract__customer__name": "name", "contract__customer__phone": "phone"}
    flow = Flow(
        states=(
            State("draft", _("Draft"), "secondary"), State("drawing_review", _("Drawing review"), "cyan"),
            State("price_review", _("Price review"), "blue"), State("finance_review", _("Finance review"), "indigo"),
            State("released", _("Released"), "purple"), State("purchasing", _("Purchasing"), "orange"),
            State("arrived", _("Arrived"), "yellow"), State("delivering", _("Delivering"), "lime"),
            State("installing", _("Installing"), "teal"), State("completed", _("Completed"), "green", DONE),
            State("closed", _("Closed"), "green", DONE), State("rejected", _("Rejected"), "red"),
            State("suspended", _("Suspended"), "dark"), State("cancelled", _("Cancelled"), "red", FAILED),
        ),
        moves={
            ("draft", "drawing_review"), ("drawing_review", "price_review"), ("price_review", "finance_review"),
            ("finance_review", "released"), ("released", "purchasing"), ("purchasing", "arrived"),
            ("released", "arrived"), ("arrived", "delivering"), ("delivering", "installing"),
            ("delivering", "completed"), ("installing", "completed"), ("completed", "closed"),
            ("purchasing", "delivering"), ("released", "delivering"), ("installing", "delivering"),
            ("completed", "delivering"), ("arrived", "purchasing"), ("released", "finance_review"),
            ("drawing_review", "rejected"), ("price_review", "rejected"), ("finance_review", "rejected"),
            ("rejected", "drawing_review"), ("rejected", "price_review"),
            *((s, "cancelled") for s in ("draft", "rejected", "drawing_review", "price_review", "finance_review",
                                         "released", "suspended")),
            *((s, "suspended") for s in ("released", "purchasing", "arrived")), ("suspended", "released"),
            ("suspended", "purchasing"), ("suspended", "arrived"),
        },
        main=("draft", "drawing_review", "price_review", "finance_review", "released", "purchasing", "arrived",
              "delivering", "installing", "completed"),
    )

    contract = Ref(Contract, related_name="subs", verbose_name=_("contract"))
    module = Ref(ContractModule, verbose_name=_("contract module"))
    brand = models.CharField(_("brand"), max_length=40, blank=True, default="")
    discount = models.DecimalField(_("discount rate"), max_digits=5, decimal_places=4, default=1)
    list_amount = models.DecimalField(_("list amount"), max_digits=14, decimal_places=2, default=0, editable=False)
    discounted = models.DecimalField(_("after discount"), max_digits=14, decimal_places=2, default=0, editable=False)
    promotion_amount = models.DecimalField(_("promotion reduction"), max_digits=14, decimal_places=2, default=0,
                                           editable=False)
    fees = models.DecimalField(_("service fees"), max_digits=14, decimal_places=2, default=0)
    changes_amount = models.DecimalField(_("amendments"), max_digits=14, decimal_places=2, default=0, editable=False)
    net_amount = models.DecimalField(_("net amount"), max_digits=14, decimal_places=2, default=0, editable=False)
    urgent = models.BooleanField(_("urgent"), default=False)
    submitted_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    taken_by = Ref(Employee, null=True, editable=False, verbose_name=_("taken by"))
    price_reviewed_on = models.DateField(_("price-reviewed"), null=True, editable=False)
    released_on = models.DateField(_("released"), null=True, editable=False)
    completed_on = models.DateField(_("completed"), null=True, editable=False)
    suspended_from = models.CharField(_("suspended in state"), max_length=24, blank=True, default="", editable=False)
    suspended_until = models.DateField(_("suspended until"), null=True, editable=False)
    drawing_digest = models.CharField(_("frozen drawing"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("sub-contract")
        indexes = [models.Index(fields=["tenant", "contract"], name="orders_sub_contract"),
                   models.Index(fields=["tenant", "state", "id"], name="orders_sub_state"),
                   models.Index(fields=["tenant", "outlet", "-id"], name="orders_sub_outlet"),
                   models.Index(fields=["tenant", "price_reviewed_on"], name="orders_sub_reviewed")]
        constraints = [models.CheckConstraint(condition=models.Q(discount__gt=0, discount__lte=1),
                                              name="orders_sub_discount")]

    def as_choice(self):
        return f"{self.number} · {self.module} · {self.customer}"

    @property
    def customer(self):
        return self.contract.customer


class ContractLine(Record):
    """One line of a sub-contract. line_net = round2(list × qty × factor × discount) − allocated promotion (C0)."""

    scope = ScopeRule(via="sub")
    masked = {"cost_price": "cost"}

    sub = Ref(SubContract, related_name="lines", verbose_name=_("sub-contract"))
    product = Ref(Product, verbose_name=_("product"))
    name = models.CharField(_("name"), max_length=120, blank=True, default="")
    room = models.CharField(_("room"), max_length=40, blank=True, default="")
    spec = models.CharField(_("specification"), max_length=80, blank=True, default="")
    color = models.CharField(_("colour"), max_length=40, blank=True, default="")
    width = models.PositiveIntegerField(_("width, mm"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height, mm"), null=True, blank=True)
    pieces = models.PositiveIntegerField(_("pieces"), null=True, blank=True)
    qty = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    list_price = models.DecimalField(_("list price"), max_digits=14, decimal_places=2)
    factor = models.DecimalField(_("non-standard factor"), max_digits=7, decimal_places=4, default=1)
    gift = models.BooleanField(_("gift"), default=False)
    discounted = models.DecimalField(_("after discount"), max_digits=14, decimal_places=2, default=0)
    promotion_amount = models.DecimalField(_("promotion reduction"), max_digits=14, decimal_places=2, default=0)
    net = models.DecimalField(_("net amount"), max_digits=14, decimal_places=2, default=0)
    cost_price = models.DecimalField(_("dealer price"), max_digits=14, decimal_places=2, default=0)
    grade = Ref(Grade, null=True, blank=True, verbose_name=_("product grade"))
    floor_shift = models.DecimalField(_("discount floor shift"), max_digits=5, decimal_places=4, default=0)
    from_stock = models.BooleanField(_("from batch stock"), default=False)
    purchased_qty = models.DecimalField(_("purchased"), max_digits=14, decimal_places=3, default=0)
    issued_qty = models.DecimalField(_("issued"), max_digits=14, decimal_places=3, default=0)
    remark = models.CharField(_("remark"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("line")
        indexes = [models.Index(fields=["tenant", "sub", "id"], name="orders_line_sub")]
        constraints = [models.CheckConstraint(condition=models.Q(qty__gt=0, list_price__gte=0, factor__gt=0),
                                              name="orders_line_positive"),
                       models.CheckConstraint(condition=models.Q(net=models.F("discounted") - models.F("promotion_amount"),
                                                                 net__gte=0, promotion_amount__gte=0), name="orders_line_net")]

    def __str__(self):
        return self.name
