"""At the doors and with the channels: filings judged on their days, visitors counted, filed customers who come and order."""

import random
from datetime import timedelta

from django.utils import timezone

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.crm.models.customer import Customer, House
from yiwei.filing.models.filing import Filing
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.records.tenancy import context
from yiwei.org.models.outlet import Outlet
from yiwei.rebate.models.policy import RebateItem, RebatePolicy

from .clock import past

SEED, JUDGED, VISITED, ORDERED, WEEKS = 20261128, 2000, 70, 36, 3
SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗", ["先生", "女士", "敏", "建国", "丽华", "志强", "晓燕", "海涛", "雪梅", "俊杰"]
TIERS = [{"limit": "100000", "rate": "5"}, {"limit": "300000", "rate": "7"}, {"limit": "", "rate": "9"}]


def policies(cast):
    """One policy for what the house sells itself and one for bought-in goods, from the beginning of last year."""
    head, since = cast.one("channel_manager"), timezone.localdate().replace(month=1, day=1) - timedelta(days=365)
    items = {i.code: i for i in RebateItem.objects.all()}
    for name, item, tiers in (("主材返利", "sales", TIERS), ("外协返利", "outsourced", [{"limit": "", "rate": "3"}])):
        cast.do(head, "rebate.rebatepolicy.create", name=name, item=items[item], valid_from=since.isoformat(), tiers=tiers)


class Doors:
    """Each step in a transaction of its own, at its own moment; choices by seed."""

    def __init__(self, cast, set_clock, now):
        self.cast, self.set_clock, self.now, self.tenant = cast, set_clock, now, cast.tenant_id
        with context.entered(self.tenant):
            outlets = [o for o in Outlet.objects.filter(is_head_office=False).order_by("id") if ("guide", o.pk) in cast.by_place]
            self.guides = {o: cast.by_place["guide", o.pk] for o in outlets}
            self.sources = list(CustomerSource.objects.filter(needs_filing=False, needs_referrer=False, active=True).order_by("place"))

    def judge(self):
        """The newest filings of the books, each judged some hours after it came: clean ones hold, the others give way."""
        dice = random.Random(SEED)
        with context.entered(self.tenant):
            newest = Filing.objects.filter(import_row__isnull=False, filed_at__lt=self.now - timedelta(days=1), state__in=("submitted", "held"))
            wanted = list(newest.order_by("-filed_at").values_list("pk", "filed_at")[:JUDGED])
        for pk, filed_at in reversed(wanted):
            self.set_clock(filed_at + timedelta(hours=dice.randint(2, 20), minutes=dice.randint(0, 59)))
            with context.entered(self.tenant):
                head = self.cast.one("channel_manager")
                try:
                    self.cast.do(head, "filing.filing.approve", Filing(pk=pk))
                except ActionError:
                    self.cast.do(head, "filing.filing.reject", Filing(pk=pk), reason="客户在报备前已由门店登记并留有联系记录")

    def comers(self):
        """Filed customers who come to a showroom some days after the verdict: [(customer id, moment)] of those who will order."""
        dice, out = random.Random(SEED + 1), []
        with context.entered(self.tenant):
            good = Filing.objects.filter(state="approved", import_row__isnull=False, visited_at=None, decided_at__lt=self.now - timedelta(days=8))
            good = list(good.exclude(phone="").order_by("filed_at", "pk"))
        for number, filing in enumerate(dice.sample(good, min(VISITED, len(good)))):
            at = filing.decided_at + timedelta(days=dice.randint(2, 7), hours=1)
            self.set_clock(at)
            with context.entered(self.tenant):
                customer = self._come(dice.choice(self.guides[dice.choice(list(self.guides))]), filing)
            if number < ORDERED and customer is not None:
                out.append((customer.pk, at))
        return out

    def _come(self, guide, filing):
        try:
            visit = self.cast.do(guide, "crm.visit.register", phone=filing.phone, name=filing.name, people="2", intention="全屋定制")
            if visit.customer_id is None:
                visit = self.cast.do(guide, "crm.visit.to_customer", visit, name=filing.name, phone=filing.phone,
                                     community=filing.community or "碧水湾花园", room="1201")
        except ActionError:
            return None
        return Customer.objects.filter(pk=visit.customer_id, owner__isnull=False, pk__in=House.objects.values("customer")).first()

    def visitors(self):
        """Three weeks at every door: groups who leave a contact or not, a supplier now and then; managers close the days."""
        dice = random.Random(SEED + 2)
        for ago in range(7 * WEEKS, -1, -1):
            morning = timezone.localtime(self.now - timedelta(days=ago)).replace(hour=10, minute=0, second=0)
            for outlet, guides in self.guides.items():
                groups = dice.randint(1, 3) + 3 * (morning.weekday() >= 5)
                moments = sorted(morning + timedelta(minutes=dice.randint(0, 590)) for _n in range(groups))
                with context.entered(self.tenant):
                    made = [self._visit(dice, dice.choice(guides), at) for at in moments if at < self.now]
                    self.set_clock(morning + timedelta(hours=10, minutes=30))
                    manager = self.cast.one("store_manager", outlet)
                    for visit in made if ago else ():
                        self.cast.do(manager, "crm.visit.approve", visit)

    def _visit(self, dice, guide, at):
        self.set_clock(at)
        told = dice.random()
        phone = f"1{dice.choice('35789')}{dice.randint(10 ** 8, 10 ** 9 - 1)}" if told < 0.45 else ""
        name = dice.choice(SURNAMES) + dice.choice(GIVEN) if phone else ""
        visit = self.cast.do(guide, "crm.visit.register", phone=phone, name=name, people=str(dice.randint(1, 4)), source=dice.choice(self.sources),
                             intention=dice.choice(["橱柜", "衣柜", "全屋定制", "木门"]))
        kind = "suppliers" if told > 0.96 else "colleagues" if told > 0.93 else "guests"
        self.cast.do(guide, "crm.visit.edit", visit, name=name, phone=phone, minutes=str(dice.randint(4, 80)), kind=kind,
                     why_not="" if phone else dice.choice(["先看看", "比价", "未交房", ""]))
        return visit


def open_doors(cast, now):
    """All of it, once; gives the filed customers who will order, with the moment they came."""
    with context.entered(cast.tenant_id):
        if RebatePolicy.objects.exists():
            return []
        policies(cast)
    with past() as set_clock:
        doors = Doors(cast, set_clock, now)
        doors.judge()
        found = doors.comers()
        doors.visitors()
    return found
