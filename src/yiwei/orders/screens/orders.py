"""Screens of contracts, sub-contracts, designs and reviews."""

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.orders.rules import completeness, figures

from ..actions.proof import prove
from ..actions.review import gate_amount
from ..models.contract import Contract, ContractLine, ContractModule, SubContract
from ..models.design import DesignVersion, ReviewRound
from ..models.promotion import PromotionUse

READERS = ("general_manager region_director store_manager guide designer drawing_auditor price_auditor finance_manager"
           " accountant cashier purchaser storekeeper dispatcher service_head service_agent")
HEAD = "general_manager tenant_admin"

CUSTOMER = Column("customer", _("customer"), "link", value="contract__customer")
HOUSE = Column("house", _("house"), "text", value="contract__house")
SUB_COLUMNS = [
    "number", CUSTOMER, HOUSE, "module", "state", "discount", "list_amount",
    "net_amount", "outlet", "owner", "submitted_at",
]


def cards(f):
    """Metric cards of the C0 figures; `f` is a dict by name."""
    tone = {"unpaid": "orange", "arrears": "red", "overpaid": "azure"}
    labels = (("contract_net", _("Contract net")), ("received", _("Received")), ("unpaid", _("Unpaid")),
              ("delivered", _("Delivered")), ("prepayment", _("Prepayment")), ("arrears", _("Arrears")))
    return [{"label": label, "text": money_text(f[name]), "tone": tone.get(name, "") if f[name] else ""}
            for name, label in labels]


class Contracts(Register):
    model = Contract
    label = _("Contracts")
    code, module, icon, position = "ORD-02", "orders", "file-text", 10
    roles, exporters = READERS, "region_director finance_manager store_manager"
    columns = ["number", "customer", "house", "sale_type", "state", "list_amount", "net_amount", "signed_on", "outlet",
               "owner"]
    filters = ["state", "outlet", "owner", "sale_type", "signed_on"]
    sections = [(_("Contract"), ["customer", "house", "sale_type", "promotion", "promotion_amount", "designer", "filing",
                                 "price_date", "signed_on", "deliver_on", "remark"])]
    tabs = [Tab("goods", _("Goods"), ContractLine, "sub__contract",
                [Column("name", _("name"), "text"), "sub", "room", "spec", "color", "qty", "list_price", "discounted", "net", "gift"]),
            Tab("subs", _("Sub-contracts"), SubContract, "contract",
                ["number", "module", "state", "discount", "list_amount", "promotion_amount", "fees", "net_amount"]),
            Tab("promotions", _("Promotions"), PromotionUse, "contract",
                [Column("promotion", _("promotion"), "link"), "agreed", "amount", "counted_on"],
                query=lambda rows, c: rows.filter(contract=c).select_related("promotion").order_by("id"))]
    search_hint = _("Contract number, customer or phone")

    @classmethod
    def figures(cls, actor, obj):
        return cards(figures.of_contract(obj))

    @classmethod
    def api_extra(cls, actor, obj):
        return {"figures": {k: str(v) for k, v in figures.of_contract(obj).items()},
                "subs": [{"id": s.pk, "number": s.number, "state": s.state, "net_amount": str(s.net_amount)}
                         for s in obj.subs.order_by("id")]}


class Subs(Register):
    model = SubContract
    label = _("Sub-contracts")
    code, module, icon, position = "ORD-02", "orders", "files", 15
    roles, exporters = READERS, "region_director finance_manager store_manager"
    columns = SUB_COLUMNS
    filters = ["state", "outlet", "owner", "module", "submitted_at"]
    sections = [(_("Sub-contract"), ["contract", CUSTOMER, HOUSE, "module", "brand", "discount", "list_amount", "discounted",
                                     "promotion_amount", "fees", "net_amount", "urgent", "submitted_at",
                                     "price_reviewed_on", "released_on", "completed_on", "suspended_until", "taken_by", "remark"])]
    tabs = [
        Tab("lines", _("Goods"), ContractLine, "sub",
            [Column("name", _("name"), "text"), "room", "spec", "color", "width", "height", "qty", "list_price", "factor", "discounted",
             "promotion_amount", "net", "cost_price", "gift", "purchased_qty", "issued_qty"]),
        Tab("rounds", _("Reviews"), ReviewRound, "sub",
            [Column("kind", _("kind"), "text", value=lambda r: r.get_kind_display()), "turn", "reviewer",
             Column("verdict", _("verdict"), "text", value=lambda r: r.get_verdict_display()), "comment", "reason",
             Column("checked", _("Checklist"), "text", value=lambda r: completeness.summary(r.items)),
             "minutes", "system_net", "entered_net", "created_at"], order="-id"),
        Tab("designs", _("Designs"), DesignVersion, "house", ["revision", "file_name", "designer", "current", "frozen",
                                                              "note", "created_at"],
            query=lambda rows, sub: rows.filter(house_id=sub.contract.house_id).order_by("-revision")),
    ]
    search_hint = _("Number, customer or phone")

    @classmethod
    def figures(cls, actor, obj):
        f = figures.of([obj])[obj.pk]
        return cards({n: getattr(f, n) for n in ("contract_net", "received", "delivered", "unpaid", "overpaid",
                                                 "prepayment", "arrears")})

    @classmethod
    def notices(cls, actor, obj):
        if obj.state == "drawing_review":
            last = ReviewRound.objects.filter(sub=obj, kind="hand_in").order_by("-id").first()
            open_ = [r["item"] for r in last.items if not r["done"]] if last else []
            return [{"tone": "warning", "text": __("Handed in without: %(items)s") % {"items": "、".join(open_)}}] if open_ else []
        if obj.state != "finance_review":
            return []
        received = figures.of([obj])[obj.pk].received
        return [{"tone": "success" if received >= gate_amount(obj) else "warning",
                 "text": __("Purchase gate %(g)s, received %(r)s") % {"g": money_text(gate_amount(obj)),
                                                                    "r": money_text(received)}}]

    @classmethod
    def panels(cls, actor, obj):
        may = prove.allowed(actor)
        rows = completeness.panel(actor, obj, lambda item: f"{cls.url('act', obj.pk, verb='prove')}?item={item.pk}" if may else "")
        return [{"title": _("Checklist"), "template": "orders/checklist.html", "rows": rows}] if rows else []

    @classmethod
    def flags(cls, actor, obj):
        return [{"label": _("Urgent"), "color": "red"}] if obj.urgent else []

    @classmethod
    def api_extra(cls, actor, obj):
        f = figures.of([obj])[obj.pk]
        names = ("contract_net", "received", "delivered", "unpaid", "overpaid", "prepayment", "arrears")
        lines = [{"id": ln.pk, "product": ln.product_id, "name": ln.name, "qty": str(ln.qty), "net": str(ln.net)}
                 for ln in obj.lines.order_by("id")]
        return {"figures": {n: str(getattr(f, n)) for n in names}, "lines": lines}


class _Queue(Register):
    """Sub-contracts that wait for a verdict, oldest first, urgent marked; each with the page of a sub-contract."""

    main, order = False, "submitted_at"
    columns = [*SUB_COLUMNS, "taken_by"]
    filters = ["outlet", "module"]
    sections, tabs = Subs.sections, Subs.tabs
    figures, notices, flags, api_extra = Subs.figures, Subs.notices, Subs.flags, Subs.api_extra


class DrawingReviews(_Queue):
    """The auditor's queue."""

    model, slug = SubContract, "drawing-review"
    label = _("Drawing review")
    code, module, icon, position = "ORD-03", "orders", "ruler-2", 20
    roles = "drawing_auditor general_manager store_manager designer"
    limit = {"state": "drawing_review"}


class PriceReviews(_Queue):
    """The price auditor's queue."""

    model, slug = SubContract, "price-review"
    label = _("Price review")
    code, module, icon, position = "ORD-04", "orders", "discount-check", 25
    roles = "price_auditor general_manager store_manager"
    limit = {"state": "price_review"}


class Releases(_Queue):
    """Finance gate before purchasing."""

    model, slug = SubContract, "release"
    label = _("Goods sub-contract review")
    code, module, icon, position = "FIN-11", "finance", "lock-check", 110
    roles = "finance_manager accountant general_manager"
    limit = {"state": "finance_review"}
    columns = SUB_COLUMNS


class Designs(Register):
    model = DesignVersion
    label = _("Designs")
    code, module, icon, position = "ORD-02", "orders", "compass", 30
    roles = "general_manager region_director store_manager guide designer drawing_auditor installer dispatcher"
    columns = [Column("house", _("house"), "text", link=True),
               Column("customer", _("customer"), "link", value="house__customer"), "revision", "current", "designer",
               "file_name", "note", "frozen", "created_at"]
    filters = ["current", "designer", "created_at"]


class Modules(Register):
    model = ContractModule
    label = _("Contract modules")
    code, module, icon, position = "ORD-01", "orders", "puzzle", 5
    roles, editors = READERS, f"{HEAD} finance_manager"
    columns = ["name", "code", "group", "purchase_gate", "delivery_gate", "lead_days", "revision", "active"]
    form = ["code", "name", "group", "clauses", "purchase_gate", "delivery_gate", "lead_days"]


Pending(SubContract, ("drawing_review",), "orders.subcontract.pass_drawing", _("Drawings to review"), tone="cyan")
Pending(SubContract, ("price_review",), "orders.subcontract.pass_price", _("Prices to review"), tone="blue")
Pending(SubContract, ("finance_review",), "orders.subcontract.release", _("Sub-contracts to release"), tone="indigo")
Pending(SubContract, ("rejected",), "orders.subcontract.submit", _("Sent back to you"), tone="red")
Pending(Contract, ("draft",), "orders.contract.sign", _("Contracts to sign"), tone="purple")

