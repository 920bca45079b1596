"""One customer's whole journey by the API alone, every step with the key of its own role.

From the first visit and the channel's filing to the complaint, the rebate and the customer's page; the figures of
scenario G1 to the cent.
"""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yiwei.catalog.models.dictionary import UnfinishedItem
from yiwei.catalog.models.product import Category, Product, Supplier
from yiwei.catalog.models.promotion import Promotion
from yiwei.filing.models.partner import ChannelPartner
from yiwei.finance.models.terms import PaymentMethod, PaymentType
from yiwei.kernel.screens.api import views as api
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import money
from yiwei.orders.models.contract import ContractModule
from yiwei.org.models.employee import Employee
from yiwei.rebate.models.policy import RebateItem, RebateOpening
from yiwei.stock.models.warehouse import Bin

COVERS = """CRM-01 CRM-02 CRM-03 CRM-05 CRM-06 CRM-07 ORD-02 ORD-03 ORD-04 FIN-04 FIN-05 FIN-07 FIN-08 FIN-11 FIN-12 FIN-14
STK-02 STK-03 STK-04 STK-05 STK-09 STK-12 SVC-01 SVC-04 SVC-05 SVC-06 SVC-07 REB-03 REB-04 REB-05 REB-06 PRS-03 RPT-02"""
DAY = (timezone.localdate() + timedelta(days=3)).isoformat()
LATER = (timezone.localdate() + timedelta(days=9)).isoformat()


class Program:
    """A client with one key per role."""

    def __init__(self, dealer):
        self.dealer, self.web, self.keys = dealer, Client(), {}

    def key(self, who):
        if who not in self.keys:
            with self.dealer.inside():
                self.keys[who] = api.issue(self.dealer.members[who], who)
        return {"HTTP_AUTHORIZATION": f"Bearer {self.keys[who]}"}

    def get(self, who, path, status=200, **query):
        answer = self.web.get(f"/api/v1/{path}", query, **self.key(who))
        assert answer.status_code == status, (path, answer.content.decode())
        return answer.json()

    def post(self, who, path, status=200, files=None, **data):
        more = self.key(who) | ({"HTTP_IDEMPOTENCY_KEY": data.pop("once")} if "once" in data else {})
        if files:
            plain = {k: json.dumps(v) if isinstance(v, (list, dict)) else v for k, v in data.items()}
            answer = self.web.post(f"/api/v1/{path}", plain | files, **more)
        else:
            answer = self.web.post(f"/api/v1/{path}", json.dumps(data), content_type="application/json", **more)
        assert answer.status_code == status, (path, answer.content.decode())
        return answer.json()

    def new(self, who, path, **data):
        """Create; the id of what was made."""
        return self.post(who, path, **data)["result"]["id"]

    def first(self, who, path, **query):
        return self.get(who, path, **query)["results"][0]["id"]

    def approve(self, answer, *signers):
        for who in signers:
            self.post(who, f"kernel/case/{answer['approval']['id']}/approve")


def picture(name="photo.png"):
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + name.encode(), content_type="image/png")


def plan():
    return SimpleUploadedFile("plan.pdf", b"%PDF-1.4 plan", content_type="application/pdf")


@pytest.fixture
def dealer(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    d = make_dealer()
    with d.inside():
        category = Category.objects.create(code="c", name="c")
        maker, smith = (Supplier.objects.create(code=c, name=c) for c in ("maker", "smith"))
        goods = {"cab": (42000, 18900, maker), "body": (36500, 17885, maker), "doors": (25000, 12250, smith),
                 "hardware": (6500, 2795, smith)}
        d.goods = {k: Product.objects.create(code=k, name=k, brand="b", category=category, list_price=p, dealer_price=c,
                                             supplier=s, outsourced=k == "hardware").pk for k, (p, c, s) in goods.items()}
        d.promotion = Promotion.objects.create(code="P", name="package", amount=3000, valid_from="2020-01-01", valid_to="2099-12-31").pk
        d.modules = {m.group: m.pk for m in ContractModule.objects.all()}
        d.types = {t.code: t.pk for t in PaymentType.objects.all()}
        d.methods = {m.code: m.pk for m in PaymentMethod.objects.all()}
        d.partner = ChannelPartner.objects.create(code="HJ", name="华景装饰", level="A")
        d.bin = Bin.objects.get(warehouse__code="ZC").pk
        d.item = UnfinishedItem.objects.get(name="做错").pk
        items = {i.code: i.pk for i in RebateItem.objects.all()}
        RebateOpening.objects.create(partner=d.partner, item_id=items["sales"], year=timezone.localdate().year, base=260000)
        d.items = items
        mate = Employee.objects.create(number="M", name="mate", position=Employee.objects.get(pk=d.members["installer"]).position,
                                       outlet_id=d.outlets["office"])
        d.members["mate"] = mate.pk
    return d


def test_the_whole_journey(dealer):
    p = Program(dealer)
    customer, house, filing = come(p, dealer)
    contract, cabinet, wardrobe = sign(p, dealer, customer, filing)
    review(p, dealer, customer, house, cabinet, wardrobe)
    buy(p, dealer)
    deliver(p, dealer, customer, cabinet, wardrobe)
    install(p, dealer, wardrobe)
    look_after(p, dealer, customer, wardrobe)
    rebate(p, dealer, contract, filing)
    with dealer.inside():
        found = money.total(money.figures([cabinet, wardrobe]).values())
    assert {k: str(v) for k, v in found.items()} == {
        "contract_net": "91760.00", "received": "91760.00", "delivered": "91760.00", "unpaid": "0.00", "overpaid": "0.00",
        "prepayment": "0.00", "arrears": "0.00"}
    link = p.post("guide", "portal/portallink", customer=customer)["result"]
    page = Client().get(p.get("guide", f"portal/portallink/{link['id']}")["path"]).content.decode()
    assert "周敏" in page and page.count("91,760.00") >= 2


def come(p, d):
    """Visit, filing with its review, the visitor becomes a customer, follow-up, designer's task."""
    visit = p.post("guide", "crm/visit/new/register", name="周女士", people=2)["result"]["id"]
    filing = p.post("channel_rep", "filing/filing", partner=d.partner.pk, name="周敏", phone="138 0000 1111",
                    community="海园", address="1栋101", filer_name="王经理")["result"]["id"]
    again = p.post("channel_rep2", "filing/filing", partner=d.partner.pk, name="陈刚", phone="13900002222", community="海园",
                   address="1栋101")["result"]
    assert again["state"] == "submitted" and p.get("channel_manager", f"filing/filing/{again['id']}")["state"] == "held"
    p.post("channel_manager", f"filing/filing/{again['id']}/reject", reason="filed later")
    held = p.post("channel_manager", f"filing/filing/{filing}/approve", despite="filed first")
    assert held["result"]["state"] == "approved"
    p.post("guide", f"crm/visit/{visit}/to_customer", phone="13800001111", name="周敏", community="海园", address="1栋101")
    customer = p.first("guide", "crm/customer", q="周敏")
    assert p.get("channel_rep", f"filing/filing/{filing}")["state"] == "visited"
    p.get("guide2", f"crm/customer/{customer}", status=404)
    p.post("guide", "crm/followup/new/log_contact", customer=customer, way="call", result="wants a kitchen", intention="A", next_on=DAY)
    task = p.post("guide", "crm/designtask/new/assign", customer=customer, kind="measure", designer=d.members["designer"])["result"]["id"]
    p.post("designer", f"crm/designtask/{task}/accept")
    p.post("designer", f"crm/designtask/{task}/done", result="measured")
    house = p.first("designer", "crm/house", q="海园")
    return customer, house, filing


def sign(p, d, customer, filing):
    contract = p.post("guide", "orders/contract", customer=customer, promotion=d.promotion, module=d.modules["cabinet"],
                      discount="0.88", lines=[{"product": d.goods["cab"], "qty": 1}])["result"]["id"]
    p.post("guide", f"orders/contract/{contract}/add_goods", module=d.modules["wardrobe"], discount="0.85",
           lines=[{"product": d.goods[k], "qty": 1, "from_stock": k == "hardware"} for k in ("body", "doors", "hardware")])
    signed = p.post("guide", f"orders/contract/{contract}/sign")["result"]
    assert (signed["state"], signed["net_amount"]) == ("signed", "91760.00")
    assert p.get("channel_rep", f"filing/filing/{filing}")["state"] == "signed"
    subs = sorted(r["id"] for r in p.get("guide", "orders/subcontract")["results"])
    return contract, *subs


def pay(p, d, customer, method, *parts, kind="contract", **more):
    """A receipt, checked by store and finance; sent twice, it is there once."""
    total = sum(round(float(a) * 100) for _s, a in parts) / 100
    data = {"customer": customer, "type": d.types[kind], "method": d.methods[method], "amount": f"{total:.2f}",
            "splits": [{"sub": s, "amount": a} for s, a in parts], "once": f"pay-{method}-{total}", **more}
    receipt = p.post("guide", "finance/receipt", **data)["result"]["id"]
    again = p.post("guide", "finance/receipt", **data)
    assert again["repeated"] and again["result"]["id"] == receipt
    p.post("store_manager", f"finance/receipt/{receipt}/store_approve")
    p.post("accountant", f"finance/receipt/{receipt}/finance_approve")


def review(p, d, customer, house, cabinet, wardrobe):
    """Design, deposit, approvals of the discounts, drawing rejected once and redone, price review, transfer, release."""
    p.post("designer", "orders/designversion/new/upload", house=str(house), files={"file": plan()})
    pay(p, d, customer, "mall", (cabinet, "2000"), (wardrobe, "3000"), kind="deposit", mall_number="M1")
    p.approve(p.post("guide", f"orders/subcontract/{cabinet}/submit"), "store_manager")
    p.post("drawing_auditor", f"orders/subcontract/{cabinet}/reject_drawing", reason="sink is missing")
    p.post("designer", "orders/designversion/new/upload", house=str(house), seen="1", files={"file": plan()})
    p.approve(p.post("guide", f"orders/subcontract/{cabinet}/submit"), "store_manager")
    p.approve(p.post("guide", f"orders/subcontract/{wardrobe}/submit"), "store_manager", "region_director")
    for sub in (cabinet, wardrobe):
        p.post("drawing_auditor", f"orders/subcontract/{sub}/pass_drawing")
        p.post("price_auditor", f"orders/subcontract/{sub}/pass_price")
    p.post("accountant", f"orders/subcontract/{cabinet}/release", status=409)
    pay(p, d, customer, "transfer", (cabinet, "20000"), (wardrobe, "32000"))
    for sub in (cabinet, wardrobe):
        assert p.post("accountant", f"orders/subcontract/{sub}/release")["result"]["state"] == "released"
    assert p.get("accountant", "report/prepayments")["totals"]["prepayment"] == "57000.00"


def buy(p, d):
    receipt = p.new("storekeeper", "stock/batchreceipt", kind="opening", lines=[
        {"product": d.goods["hardware"], "bin": d.bin, "qty": "1", "price": "2795"}])
    p.post("accountant", f"stock/batchreceipt/{receipt}/review")
    for order in sorted(r["id"] for r in p.get("purchaser", "stock/purchaseorder")["results"]):
        p.post("purchaser", f"stock/purchaseorder/{order}/place", factory_number=f"F{order}")
        with d.inside():
            from yiwei.stock.models.purchase import PurchaseLine
            lines = [{"line": ln.pk, "qty": str(ln.qty), "bin": d.bin} for ln in PurchaseLine.objects.filter(purchase_id=order)]
        p.post("storekeeper", f"stock/purchaseorder/{order}/receive", lines=lines)
    for arrival in [r["id"] for r in p.get("accountant", "stock/arrival")["results"]]:
        p.post("accountant", f"stock/arrival/{arrival}/review")
    states = {r["state"] for r in p.get("storekeeper", "stock/kitting")["results"]}
    assert states == {"complete"}


def leave(p, d, sub, *codes, hold=()):
    """An issue handed over; in arrears only with its approvals. Delivered and signed by the driver, approved by finance."""
    from yiwei.orders.models.contract import ContractLine
    with d.inside():
        lines = [{"line": ln.pk, "qty": "1"} for ln in ContractLine.objects.filter(sub_id=sub, product__code__in=codes)]
    issue = p.post("storekeeper", "stock/issue", sub=sub, lines=lines)["result"]["id"]
    p.post("storekeeper", f"stock/issue/{issue}/pick")
    answer = p.post("storekeeper", f"stock/issue/{issue}/hand_over", promise_on="2030-01-01")
    assert ("approval" in answer) == bool(hold)
    if hold:
        p.approve(answer, *hold)
    trip = p.post("dispatcher", "service/delivery", sub=sub, slot_on=DAY, driver=d.driver)["result"]["id"]
    for verb in ("load", "depart"):
        p.post("driver", f"service/delivery/{trip}/{verb}")
    p.post("driver", f"service/delivery/{trip}/sign", signed_by="周敏", files={"photos": picture("sign.png")})
    p.post("accountant", f"stock/issue/{issue}/approve")


def deliver(p, d, customer, cabinet, wardrobe):
    d.driver = p.post("dispatcher", "service/driver", name="driver", employee=d.members["driver"])["result"]["id"]
    pay(p, d, customer, "pos", (cabinet, "13789.89"), (wardrobe, "10000"), slip="S1")
    leave(p, d, cabinet, "cab")
    leave(p, d, wardrobe, "body", "doors", hold=("region_director", "general_manager"))
    assert p.get("accountant", "report/prepayments")["totals"]["arrears"] == "5620.03"
    pay(p, d, customer, "cash", (wardrobe, "10970.11"), kind="balance")
    leave(p, d, wardrobe, "hardware")
    for owed in [r["id"] for r in p.get("accountant", "finance/receivable")["results"]]:
        assert p.post("accountant", f"finance/receivable/{owed}/write_off")["result"]["state"] == "closed"


def install(p, d, wardrobe):
    """Reported from the phone with a photo and one leftover; a second visit; only then complete."""
    crew = p.new("dispatcher", "service/crew", name="crew", leader=d.members["installer"], rate_area="35", rate_metre="80",
                 rate_door="120", members=[{"employee": d.members["installer"], "share": "60"}, {"employee": d.members["mate"], "share": "40"}])
    order = p.get("dispatcher", "service/installorder", q="周敏")["results"]
    order = next(r["id"] for r in order if r["state"] == "waiting" and _sub(d, r["id"]) == wardrobe)
    p.post("dispatcher", f"service/installorder/{order}/book", crew=crew, planned_on=DAY)
    p.post("dispatcher", f"service/installorder/{order}/dispatch")
    found = work(p, order, [{"basis": "area", "qty": "25.0"}, {"basis": "metre", "qty": "4.2"}], [{"item": d.item, "note": "one door"}])
    assert found["piece_pay"] == "1211.00"
    p.post("dispatcher", f"service/installorder/{order}/complete", status=409)
    left = p.first("dispatcher", "service/leftover")
    p.post("dispatcher", f"service/leftover/{left}/send", crew=crew, planned_on=LATER, payer="factory")
    second = next(r["id"] for r in p.get("dispatcher", "service/installorder")["results"] if r["visit"] == 2)
    p.post("dispatcher", f"service/installorder/{second}/dispatch")
    assert work(p, second, [{"basis": "area", "qty": "3.4"}, {"basis": "call_out", "qty": "1"}])["piece_pay"] == "269.00"
    for job in (second, order):
        p.post("dispatcher", f"service/installorder/{job}/complete")


def _sub(d, pk):
    from yiwei.service.models.install import InstallOrder
    with d.inside():
        return InstallOrder.objects.get(pk=pk).sub_id


def work(p, order, done, left=()):
    for verb in ("accept", "arrive"):
        p.post("installer", f"service/installorder/{order}/{verb}")
    return p.post("installer", f"service/installorder/{order}/report", work=done, leftovers=list(left),
                  finished="" if left else "on", files={"photos": picture()})["result"]


def look_after(p, d, customer, wardrobe):
    revisit = p.first("service_agent", "service/revisit")
    answered = p.post("service_agent", f"service/revisit/{revisit}/answer", q_damage="yes", q_crew="4", note="a scratch")["result"]
    assert answered["red"] is True
    ticket = p.first("service_head", "service/ticket")
    p.post("service_head", f"service/ticket/{ticket}/assign", responsible=d.members["installer"], department="安装部")
    p.post("installer", f"service/ticket/{ticket}/accept")
    p.post("installer", f"service/ticket/{ticket}/answer", answer="polished")
    p.post("service_agent", f"service/ticket/{ticket}/confirm", how="call")
    assert p.post("service_agent", f"service/ticket/{ticket}/close")["result"]["state"] == "closed"


def rebate(p, d, contract, filing):
    since = timezone.localdate().replace(month=1, day=1).isoformat()
    p.post("channel_manager", "rebate/rebatepolicy", name="A", item=d.items["sales"], level="A", valid_from=since, mode="incremental",
           tiers=[{"limit": "100000", "rate": "5"}, {"limit": "300000", "rate": "7"}, {"limit": "", "rate": "9"}])
    p.post("channel_manager", "rebate/rebatepolicy", name="外协", item=d.items["outsourced"], valid_from=since, mode="incremental",
           tiers=[{"limit": "", "rate": "3"}])
    answer = p.post("channel_rep", "rebate/rebateapplication", 409, contract=contract)
    assert "30" in answer["message"]  # this customer came within half an hour of the filing: a judge must allow it
    p.post("channel_manager", f"filing/filing/{filing}/allow_rebate", reason="the chat shows it")
    made = p.post("channel_rep", "rebate/rebateapplication", contract=contract)["result"]
    assert made["proposed"] == "7137.39"
    p.approve(p.post("channel_rep", f"rebate/rebateapplication/{made['id']}/submit"), "channel_manager", "finance_manager")
    batch = p.post("channel_manager", "rebate/rebatesettlement", partner=d.partner.pk)["result"]["id"]
    p.post("channel_manager", f"rebate/rebatesettlement/{batch}/confirm", note="signed")
    p.post("finance_manager", f"rebate/rebatesettlement/{batch}/approve")
    p.post("cashier", f"rebate/rebatesettlement/{batch}/pay", voucher="V1")
    assert p.post("accountant", f"rebate/rebatesettlement/{batch}/close")["result"]["state"] == "closed"
    assert p.get("channel_rep", f"filing/filing/{filing}")["state"] == "settled"
