"""The year of the demonstration dealer: base data the books do not hold, then some three hundred orders."""

import random
from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from yiwei.catalog.models.dictionary import UnfinishedItem
from yiwei.catalog.models.product import Product
from yiwei.crm.models.customer import Customer
from yiwei.finance.models.receipt import Receipt
from yiwei.finance.models.terms import PaymentMethod, PaymentType
from yiwei.kernel.records.tenancy import context
from yiwei.orders.models.contract import ContractModule
from yiwei.org.models.outlet import Outlet
from yiwei.org.models.user import User
from yiwei.service.models.fleet import Crew, Driver, Vehicle
from yiwei.stock.models.purchase import PurchaseOrder
from yiwei.stock.models.warehouse import Bin

from .cast import CODE, Cast, people_of
from .clock import past
from .door import open_doors
from .prices import price_system
from .story import Story

DAYS, SEED, EVERY = 330, 20261123, 12

# what waits on every desk this morning: the action after which a story rests, its discount, how many
MORNING = [
    ("orders.contract.create", "", 2), ("finance.receipt.create", "", 2), ("finance.receipt.store_approve", "", 2),
    ("orders.subcontract.submit", "0.90", 2), ("orders.subcontract.submit", "0.86", 1), ("orders.subcontract.submit", "0.95", 3),
    ("orders.subcontract.pass_drawing", "0.95", 3), ("orders.subcontract.pass_price", "0.95", 2), ("orders.subcontract.release", "0.95", 2),
    ("orders.subcontract.suspend", "0.95", 1), ("stock.purchaseorder.receive", "0.95", 2), ("stock.issue.create", "0.95", 2),
    ("service.delivery.create", "0.95", 2), ("service.installorder.dispatch", "0.95", 2), ("service.installorder.arrive", "0.95", 1),
    ("service.installorder.report", "0.95", 2),
]


def furnish(cast):
    """Crews, drivers, vehicles, targets: through their actions."""
    price_system(cast)
    dispatcher, manager = cast.one("dispatcher"), cast.one("general_manager")
    if Crew.objects.exists():
        return
    installers = list(people_of("installer"))
    for index in range(0, len(installers) - 1, 2):
        lead, mate = installers[index], installers[index + 1]
        cast.do(dispatcher, "service.crew.create", name=f"安装{index // 2 + 1}组", leader=lead, rate_area="35", rate_metre="80",
                rate_door="120", members=[{"employee": lead.pk, "share": "60"}, {"employee": mate.pk, "share": "40"}])
    for number, driver in enumerate(people_of("driver"), 1):
        cast.do(dispatcher, "service.driver.create", name=driver.name, phone=driver.phone, employee=driver, trip_rate="80")
        cast.do(dispatcher, "service.vehicle.create", plate=f"粤A·D{number}8{number}6", load_kg="1500", volume="12", owned="on")
    month = timezone.localdate().replace(day=1).isoformat()
    for outlet in Outlet.objects.filter(is_head_office=False):
        cast.do(manager, "catalog.outlettarget.create", month=month, outlet=outlet, metric="collected", amount="600000")
    for guide in people_of("guide"):
        cast.do(manager, "catalog.salestarget.create", month=month, employee=guide, metric="collected", amount="120000")


def props():
    """What the stories need at hand."""
    goods = {}
    for product in Product.objects.filter(active=True, list_price__gt=0).select_related("category").order_by("id"):
        goods.setdefault(product.category.group, []).append(product)
    modules = {m.group: m for m in ContractModule.objects.filter(active=True) if len(goods.get(m.group, ())) >= 4}
    slips = Receipt.objects.count() + PurchaseOrder.objects.exclude(placed_on=None).count()
    return SimpleNamespace(
        modules=modules, goods=goods, slips=slips, bin=Bin.objects.filter(warehouse__code="ZC").order_by("id").first(),
        types={t.code: t for t in PaymentType.objects.all()}, methods={m.code: m for m in PaymentMethod.objects.all()},
        crews=list(Crew.objects.order_by("id")), drivers=list(Driver.objects.exclude(employee=None).order_by("id")),
        vehicles=list(Vehicle.objects.order_by("id")), items=list(UnfinishedItem.objects.order_by("id")))


def play(tenant_id, first=False, orders=300, progress=None):
    """Tell the stories of the last year, each in one transaction; those already told are passed over.

    `first` tells every twelfth and what waits this morning: enough to look around while the rest is told. Every story has its own seed.
    """
    with context.entered(tenant_id):
        cast = Cast(tenant_id)
        furnish(cast)
        things, now = props(), timezone.now()
        rows = Customer.objects.filter(import_row__isnull=False, owner__isnull=False).order_by("import_row")
        chosen = _chosen(rows, orders)
        morning = _morning(rows, set(chosen))
        told = set(rows.exclude(last_contact=None).values_list("pk", flat=True))
    wanted = [(n, pk, None) for n, pk in enumerate(chosen) if pk not in told and (n % EVERY == 0 or not first)]
    wanted += [(orders + n, pk, stop) for n, (pk, stop) in enumerate(morning) if pk not in told]
    wanted = [(n, pk, stop, now - timedelta(days=40 if stop else DAYS - n * DAYS // orders)) for n, pk, stop in wanted]
    if not first:
        wanted += [(2 * orders + n, pk, None, came) for n, (pk, came) in enumerate(open_doors(cast, now))]
    for done, (number, pk, stop, begins) in enumerate(wanted, 1):
        with past() as set_clock, context.entered(tenant_id):
            cast.random.seed(SEED + number)
            customer = Customer.objects.select_related("outlet").get(pk=pk)
            Story(cast, things, customer, begins, now, set_clock, stop).tell()
        if progress:
            progress(done, len(wanted))


def _morning(rows, taken):
    """[(customer, (action, discount))]: the stories of this morning, with customers of the showroom whose people sign in."""
    member = User.objects.select_related("member").get(username=f"guide@{CODE}").member
    here = rows.filter(outlet=member.outlet_id).exclude(pk__in=taken).order_by("import_row")
    own, others = (iter(r.values_list("pk", flat=True)) for r in (here.filter(owner=member), here.exclude(owner=member)))
    stops = [(action, discount) for action, discount, count in MORNING for _n in range(count)]
    return [(next(own if n % 2 else others), stop) for n, stop in enumerate(stops)]


def _chosen(rows, orders):
    """Which customers order: any of the company's, and more of those of the guide who signs in to the demonstration."""
    dice, member = random.Random(SEED), User.objects.get(username=f"guide@{CODE}").member_id
    mine = list(rows.filter(owner_id=member).values_list("pk", flat=True))
    others = list(rows.exclude(owner_id=member).values_list("pk", flat=True))
    some = dice.sample(mine, min(len(mine), orders // 8))
    found = some + dice.sample(others, orders - len(some))
    dice.shuffle(found)
    for back, own in zip((12, 24, 36), sorted(found.index(pk) for pk in some), strict=False):
        if back < len(found):  # so that this month, too, has orders of that guide
            found[-back], found[own] = found[own], found[-back]
    return found
