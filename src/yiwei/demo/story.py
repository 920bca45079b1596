"""One customer's order from contact to revisit, each step by its own role on its own day; it stops where today comes."""

import io
import struct
import zlib
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from yiwei.crm.models.followup import DesignTask
from yiwei.crm.models.traffic import Visit
from yiwei.kernel.base.money import round2
from yiwei.orders.models.contract import Contract, SubContract
from yiwei.orders.rules import figures
from yiwei.service.models.care import Revisit, Ticket
from yiwei.service.models.install import InstallOrder, Leftover
from yiwei.stock.models.arrival import Arrival
from yiwei.stock.models.purchase import PurchaseOrder

DESIGN = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"


class Today(Exception):
    """The story has reached the present."""


def photo(color):
    """A small plain PNG."""
    rows = b"".join(b"\x00" + bytes(color) * 32 for _ in range(24))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 24, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Story:
    """The people, goods and days of one order."""

    def __init__(self, cast, props, customer, begins, now, set_clock, stop=None):
        """`stop`: (action, discount): the story comes ever closer to today and ends right after that action."""
        self.cast, self.props, self.customer, self.now, self.set_clock, self.stop = cast, props, customer, now, set_clock, stop
        self.at, self.dice = begins, cast.random
        self.outlet, self.guide = customer.outlet, customer.owner_id
        self.designer = cast.one("designer", self.outlet)

    def tell(self):
        """Go through the chapters until today."""
        try:
            for chapter in (self.contact, self.design, self.contract, self.deposit, self.review, self.release, self.purchase, self.arrival,
                            self.last_payment, self.delivery, self.installation, self.aftercare):
                chapter()
        except Today:
            pass

    def wait(self, low, high=None):
        """Days go by; the clock is set to some working hour, never backwards."""
        if self.stop:
            self.at += (self.now - self.at) / 4
            self.set_clock(self.at)
            return
        day = self.at + timedelta(days=self.dice.randint(low, high if high is not None else low))
        moment = day.replace(hour=self.dice.randint(1, 9), minute=self.dice.randint(0, 59))
        self.at = max(moment, self.at + timedelta(minutes=self.dice.randint(5, 50)))
        if self.at >= self.now:
            raise Today
        self.set_clock(self.at)

    def do(self, who, name, obj=None, /, **raw):
        member = who if isinstance(who, int) else self.cast.one(who, self.outlet)
        done = self.cast.do(member, name, obj, **raw)
        if self.stop and self.stop[0] == name:
            raise Today
        return done

    def chance(self, percent):
        return self.dice.random() * 100 < percent

    def contact(self):
        self.wait(0)
        if self.stop is None and not Visit.objects.filter(customer=self.customer).exists():
            self.do(self.guide, "crm.visit.register", phone=self.customer.phone, name=self.customer.name, people=str(self.dice.randint(1, 3)),
                    intention="")
        self.do(self.guide, "crm.followup.log_contact", customer=self.customer, way=self.dice.choice(["call", "wechat"]),
                result=self.dice.choice(["约好周末到店看样", "介绍了套餐活动，客户有兴趣", "客户在比较两家，约量尺"]), intention="B", next_on="")
        task = self.do(self.guide, "crm.designtask.assign", customer=self.customer, kind="measure", designer=self.designer)
        self.wait(0, 1)
        self.do(self.designer, "crm.designtask.accept", task)
        self.wait(1, 3)
        self.do(self.designer, "crm.designtask.done", task, result="已量尺，现场照片齐全", rooms="厨房、主卧")
        self.do(self.guide, "crm.designtask.confirm", task)

    def design(self):
        task = DesignTask.objects.get(customer=self.customer, kind="design", state="assigned")
        self.wait(0, 1)
        self.do(self.designer, "crm.designtask.accept", task)
        self.wait(2, 6)
        self.do(self.designer, "crm.designtask.done", task, result=self.dice.choice(["平面与效果图已出", "方案两版，客户选了第二版"]))
        self.do(self.guide, "crm.designtask.confirm", task)

    def contract(self):
        self.wait(1, 6)
        props, subs = self.props, self.dice.choice([1, 1, 2, 2, 3])
        groups = self.dice.sample(sorted(props.modules), subs)
        made = None
        for group in groups:
            raw = {"module": props.modules[group], "discount": self._discount(), "lines": self._lines(group)}
            if made is None:
                made = self.do(self.guide, "orders.contract.create", customer=self.customer, **raw)
            else:
                self.do(self.guide, "orders.contract.add_goods", made, **raw)
        self.contract_, self.subs = made, list(SubContract.objects.filter(contract=made).order_by("id"))
        self.wait(0, 3)
        if self.chance(6) and not self.stop:
            raise Today
        self.do(self.guide, "orders.contract.sign", made)
        if self.chance(3) and not self.stop:
            self.wait(1, 4)
            self.do("store_manager", "orders.contract.cancel", made, reason="客户购房贷款未批，暂不装修")
            raise Today

    def _discount(self):
        if self.stop and self.stop[1]:
            return self.stop[1]
        return self.dice.choice(["0.98", "0.95", "0.95", "0.93", "0.92", "0.90", "0.88", "0.86"])

    def _lines(self, group):
        goods = self.dice.sample(self.props.goods[group], self.dice.randint(1, 4))
        rooms = ["厨房", "主卧", "次卧", "客厅", "书房", "玄关"]
        return [{"product": p.pk, "qty": str(self.dice.choice([1, 1, 1, 2, 3]) if p.unit in ("件", "套", "张", "樘", "台")
                                             else Decimal(self.dice.randint(20, 90)) / 10),
                 "room": self.dice.choice(rooms)} for p in goods]

    def _pay(self, share, kind):
        """A share of what is still unpaid, as one receipt over the sub-contracts."""
        found = figures.of(SubContract.objects.filter(contract=self.contract_))
        parts = [(pk, round2(f.unpaid * share)) for pk, f in found.items() if f.unpaid * share >= 1]
        if not parts:
            return
        method = self.dice.choice(["pos", "transfer", "wechat", "mall", "cash"])
        self.props.slips += 1
        receipt = self.do(self.guide, "finance.receipt.create", customer=self.customer, type=self.props.types[kind],
                          method=self.props.methods[method], amount=str(sum(a for _pk, a in parts)),
                          mall_number=f"MR{self.props.slips:06}" if method == "mall" else "", slip=f"SL{self.props.slips:06}",
                          splits=[{"sub": pk, "amount": str(a)} for pk, a in parts])
        self.wait(0, 1)
        self.do("store_manager", "finance.receipt.store_approve", receipt)
        self.wait(0, 1)
        self.do("accountant", "finance.receipt.finance_approve", receipt)

    def deposit(self):
        self._pay(Decimal("0.2"), "deposit")

    def review(self):
        self.wait(2, 8)
        self._upload()
        for sub in self.subs:
            self._hand_in(sub)
        self.wait(1, 2)
        if self.chance(12):
            for sub in self.subs:
                self.do("drawing_auditor", "orders.subcontract.reject_drawing", sub, reason="台面开孔尺寸未标注，请补齐")
            self.wait(1, 3)
            self._upload()
            for sub in self.subs:
                self._hand_in(sub)
        for sub in self.subs:
            self.do("drawing_auditor", "orders.subcontract.pass_drawing", sub)
        self.wait(0, 2)
        for sub in self.subs:
            self.do("price_auditor", "orders.subcontract.pass_price", sub)

    def _upload(self):
        house = self.contract_.house
        last = house.designs.order_by("-revision").first()
        upload = SimpleUploadedFile("设计方案.pdf", DESIGN + str(house.pk).encode(), content_type="application/pdf")
        self.cast.do(self.designer, "orders.designversion.upload", None, {"file": upload}, house=house,
                     seen=last.revision if last else "")

    def _hand_in(self, sub):
        found = self.do(self.guide, "orders.subcontract.submit", sub)
        if found._meta.model_name == "case":
            self.wait(0, 1)
            self.cast.approve(found, self.outlet)

    def release(self):
        self.wait(0, 4)
        self._pay(Decimal("0.65"), "contract")
        for sub in self.subs:
            self.do("accountant", "orders.subcontract.release", sub)
        if self.chance(4) or (self.stop and self.stop[0].endswith("suspend")):
            self.wait(1, 3)
            self.do("store_manager", "orders.subcontract.suspend", self.subs[0], reason="现场水电未完工，客户要求暂缓",
                    until=(self.at + timedelta(12)).date().isoformat())
            self.wait(10, 14)
            self.do("store_manager", "orders.subcontract.resume", self.subs[0])

    def purchase(self):
        self.wait(1, 3)
        self.orders = list(PurchaseOrder.objects.filter(sub__in=self.subs).order_by("id"))
        for order in self.orders:
            self.props.slips += 1
            self.do("purchaser", "stock.purchaseorder.place", order, factory_number=f"F{self.props.slips:06}")

    def arrival(self):
        self.wait(18, 35)
        for order in self.orders:
            self.wait(0, 3)
            lines = [{"line": ln.pk, "qty": str(ln.qty), "bin": self.props.bin.pk} for ln in order.lines.all()]
            self.do("storekeeper", "stock.purchaseorder.receive", order, lines=lines, packages_expected="3", packages_received="3")
            self.do("accountant", "stock.arrival.review", Arrival.objects.filter(purchase=order).latest("id"))

    def last_payment(self):
        self.wait(1, 5)
        if not self.chance(8):
            self._pay(Decimal(1), "balance")

    def delivery(self):
        self.wait(1, 6)
        self.installs = []
        for sub in self.subs:
            issue = self.do("storekeeper", "stock.issue.create", sub=sub)
            self.do("storekeeper", "stock.issue.pick", issue)
            found = self.do("storekeeper", "stock.issue.hand_over", issue, promise_on=(self.at + timedelta(10)).date().isoformat())
            if found._meta.model_name == "case":
                self.cast.approve(found, self.outlet)
            day = timezone.localdate() + timedelta(1)
            driver = self.dice.choice(self.props.drivers)
            trip = self.do("dispatcher", "service.delivery.create", sub=sub, slot_on=day.isoformat(), driver=driver,
                           vehicle=self.dice.choice(self.props.vehicles))
            self.wait(1)
            for verb in ("load", "depart"):
                self.do(driver.employee_id, f"service.delivery.{verb}", trip)
            self.cast.do(driver.employee_id, "service.delivery.sign", trip, {"photos": [self._photo("签收.png")]},
                         signed_by=self.customer.name)
            self.do("accountant", "stock.issue.approve", issue)

    def _photo(self, name):
        color = [self.dice.randint(120, 230) for _ in range(3)]
        return SimpleUploadedFile(name, io.BytesIO(photo(color)).read(), content_type="image/png")

    def installation(self):
        for sub in self.subs:
            self.wait(1, 5)
            order = InstallOrder.objects.get(sub=sub, parent=None)
            if not self._book(order):
                continue
            self._dispatch(order)
            self.wait(1, 3)
            left = [{"item": self.dice.choice(self.props.items).pk, "note": "等补件"}] if self.chance(15) else []
            self._work(order, left)
            if left:
                self._second(Leftover.objects.get(install=order))
            self.do("dispatcher", "service.installorder.complete", order)

    def _dispatch(self, order):
        found = self.do("dispatcher", "service.installorder.dispatch", order)
        if found._meta.model_name == "case":
            self.cast.approve(found, self.outlet)

    def _book(self, order):
        """The first crew and slot that are free; False if the whole week is taken."""
        from yiwei.kernel.base.errors import Invalid
        for ahead in range(1, 8):
            crew, slot = self.dice.choice(self.props.crews), self.dice.choice(["morning", "afternoon"])
            try:
                self.do("dispatcher", "service.installorder.book", order, crew=crew, slot=slot, site_ready="on",
                        planned_on=(timezone.localdate() + timedelta(ahead)).isoformat())
                return True
            except Invalid:
                continue
        return False

    def _work(self, order, left):
        order = InstallOrder.objects.get(pk=order.pk)
        leader = order.leader_id
        self.do(leader, "service.installorder.accept", order)
        self.do(leader, "service.installorder.arrive", order)
        work = [{"basis": "area", "qty": str(Decimal(self.dice.randint(80, 320)) / 10)}]
        self.cast.do(leader, "service.installorder.report", order, {"photos": [self._photo("现场.png")]}, work=work,
                     leftovers=left, finished="" if left else "on", note="现场已清理，客户已验收" if not left else "有遗留，待补件")

    def _second(self, left):
        self.wait(6, 15)
        for ahead in range(1, 8):
            from yiwei.kernel.base.errors import Invalid
            try:
                self.do("dispatcher", "service.leftover.send", left, crew=self.dice.choice(self.props.crews), payer="factory",
                        planned_on=(timezone.localdate() + timedelta(ahead)).isoformat(), slot="afternoon")
                break
            except Invalid:
                continue
        second = InstallOrder.objects.get(leftover=left)
        self._dispatch(second)
        self.wait(1, 3)
        self._work(second, [])
        self.do("dispatcher", "service.installorder.complete", second)

    def aftercare(self):
        self.wait(2, 4)
        from yiwei.finance.models.receipt import Receivable
        for owed in Receivable.objects.filter(sub__in=self.subs, state__in=("open", "partly")):
            if owed.balance > 0 and figures.of([owed.sub])[owed.sub_id].received > owed.written_off:
                self.do("accountant", "finance.receivable.write_off", owed)
        for sub in SubContract.objects.filter(pk__in=[s.pk for s in self.subs], state="completed").order_by("id"):
            if not figures.of([sub])[sub.pk].unpaid:
                self.do("accountant", "orders.subcontract.close", sub)
        for revisit in Revisit.objects.filter(sub__in=self.subs, state="due"):
            bad = self.chance(8)
            self.do("service_agent", "service.revisit.answer", revisit, q_day="yes", q_call="yes", q_clean="yes",
                    q_damage="yes" if bad else "no", q_guide=str(self.dice.randint(4, 5)), q_designer=str(self.dice.randint(3, 5)),
                    q_crew="2" if bad else str(self.dice.randint(4, 5)), note="柜门有划痕，要求更换" if bad else "满意")
        for ticket in Ticket.objects.filter(customer=self.customer, state="new"):
            self._complaint(ticket)
        self._rebate()

    def _rebate(self):
        """An order that a partner has filed earns its rebate once it is paid and delivered."""
        contract = Contract.objects.select_related("filing").get(pk=self.contract_.pk)
        if contract.filing is None or contract.state != "completed":
            return
        self.wait(2, 6)
        application = self.do("channel_manager", "rebate.rebateapplication.create", contract=contract)
        found = self.do("channel_manager", "rebate.rebateapplication.submit", application)
        if found._meta.model_name == "case":
            self.wait(0, 1)
            self.cast.approve(found, self.outlet)

    def _complaint(self, ticket):
        """Assigned, answered, confirmed with the customer, closed; each on its day."""
        leader = InstallOrder.objects.filter(sub=ticket.sub, parent=None).first().leader_id
        self.do("service_head", "service.ticket.assign", ticket, responsible=leader, department="安装部")
        self.wait(0, 1)
        self.do(leader, "service.ticket.accept", ticket)
        self.wait(1, 4)
        self.do(leader, "service.ticket.answer", ticket, answer="已上门更换柜门，客户认可")
        self.do("service_agent", "service.ticket.confirm", ticket, how="电话确认")
        self.do("service_agent", "service.ticket.close", ticket)
