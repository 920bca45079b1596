"""Life cycles per second through the HTTP API, beside the same row writes by bare psycopg, in one run on one PostgreSQL."""

import json
import multiprocessing
import socket
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

import psycopg
from django.db import connection
from django.test import Client
from django.utils import timezone

from yiwei.kernel.screens.api import views as api
from yiwei.kernel.testing import make_dealer
from yiwei.ops import database, up
from yiwei.ops.supervisor import Child

from . import bare, cycle

ROLES = "guide store_manager drawing_auditor price_auditor accountant purchaser storekeeper dispatcher driver"
TARGET_RATIO, TARGET_STATEMENTS = 0.08, 15


def furnish():
    """A dealer with five products, a driver and one key per role; what the clients must know."""
    from yiwei.catalog.models.product import Category, Product, Supplier
    from yiwei.finance.models.terms import PaymentMethod, PaymentType
    from yiwei.orders.models.contract import ContractModule
    from yiwei.service.models.fleet import Driver
    dealer = make_dealer("bench")
    with dealer.inside():
        category, maker = Category.objects.create(code="c", name="c"), Supplier.objects.create(code="m", name="m")
        products = [Product.objects.create(code=f"P{i}", name=f"p{i}", brand="b", category=category, supplier=maker,
                                           list_price=2000, dealer_price=900).pk for i in range(5)]
        driver = Driver.objects.create(name="driver", employee_id=dealer.members["driver"])
        module = ContractModule.objects.get(group="cabinet")
        module.delivery_gate = 80  # so that the last fifth may be paid after delivery
        module.save()
        return dealer, {
            "keys": {who: api.issue(dealer.members[who], who) for who in ROLES.split()}, "products": products, "driver": driver.pk,
            "day": (timezone.localdate() + timedelta(days=3)).isoformat(), "module": module.pk, "type": PaymentType.objects.get(code="contract").pk,
            "method": PaymentMethod.objects.get(code="cash").pk}


class InProcess(cycle.Api):
    """The same calls on Django's test client; counts the statements of each action."""

    def __init__(self, keys):
        self.web, self.keys, self.counts, self.actions, self.reads = Client(SERVER_NAME="localhost"), keys, [], 0, 0

    def ask(self, method, who, path, body=None, kind="application/json"):
        counter = [0]

        def count(execute, sql, params, many, context):
            counter[0] += 1
            return execute(sql, params, many, context)

        begin = time.perf_counter()
        with connection.execute_wrapper(count):
            answer = self.web.generic(method, f"/api/v1/{path}", body or b"", content_type=kind,
                                      HTTP_AUTHORIZATION=f"Bearer {self.keys[who]}")
        spent = (time.perf_counter() - begin) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content.decode()[:500]}")
        name = "/".join(p for p in path.split("?")[0].split("/") if not p.isdigit())
        self.counts.append((method, name, counter[0], spent))
        return json.loads(answer.content)


def measure(seconds):
    """Fill, record, measure, print; 1 if a target is missed."""
    _dealer, place = furnish()
    inside = InProcess(place["keys"])
    for mark in range(3):
        cycle.cycle(inside, place, mark)
    inside.counts.clear()
    with psycopg.connect(database.owner_dsn(), autocommit=True) as line:
        bare.watch(line)
        cycle.cycle(inside, place, 90)
        script = bare.recorded(line)
        known = bare.facts(line)
        bare.copy(line)
    average = show(inside.counts, script)
    connection.close()
    own, raw = {}, {}
    business = [t for t in ([w for w in t if not w.table.startswith("kernel_")] for t in script) if t]
    for number, wanted in enumerate((script, business)):
        for clients in (1, 4):
            raw[number, clients] = together(bare.work, clients, lambda n, c=clients, w=wanted: (
                database.app_dsn(), w, known, 10_000_000 * n + 100_000 * c, seconds / 2))
    with served() as address:
        for clients in (1, 4):
            own[clients] = together(cycle.work, clients, lambda n, c=clients: (address, place, 10_000_000 * n + 1_000_000 * c, seconds))
    print(f"\n{'clients':>8}{'cycles/s':>12}{'bare SQL/s':>12}{'ratio':>8}{'business rows only/s':>24}{'ratio':>8}")
    for clients in (1, 4):
        all_rows, some = raw[0, clients], raw[1, clients]
        print(f"{clients:>8}{own[clients]:>12.2f}{all_rows:>12.1f}{own[clients] / all_rows:>8.3f}{some:>24.1f}{own[clients] / some:>8.3f}")
    good = own[4] / raw[0, 4] >= TARGET_RATIO and average <= TARGET_STATEMENTS
    print(f"\ntarget: ratio at 4 clients at least {TARGET_RATIO}, on average at most {TARGET_STATEMENTS} statements an action:"
          f" {'met' if good else 'missed'}")
    return int(not good)


def show(counts, script):
    """Print the statements of every call of one cycle; the average of its actions."""
    writes = sum(map(len, script))
    print(f"one cycle: {sum(m == 'POST' for m, *_ in counts)} actions, {sum(m == 'GET' for m, *_ in counts)} reads,"
          f" {sum(c[2] for c in counts)} statements, {writes} row writes in {len(script)} transactions\n")
    print(f"{'call':<48}{'statements':>11}{'ms':>8}")
    for method, name, number, spent in counts:
        print(f"{method:<5}{name:<43}{number:>11}{spent:>8.1f}")
    actions = [c[2] for c in counts if c[0] == "POST"]
    average = sum(actions) / len(actions)
    print(f"{'average of the actions':<48}{average:>11.1f}\n{'actions above the target':<48}{sum(n > TARGET_STATEMENTS for n in actions):>11}")
    return average


class served:
    """The web server of `./yiwei up` on a free port of this machine, for the bench's database."""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind((up.HOST, 0))
            port = probe.getsockname()[1]
        self.child = Child("the web server", up.web_command(port))
        self.child.start()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection((up.HOST, port), 1).close()
                return up.HOST, port
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the web server does not answer")

    def __exit__(self, *error):
        self.child.ask_to_stop()
        self.child.stop(time.monotonic() + 15)


def together(work, clients, arguments):
    """Rounds per second of so many clients at once."""
    with ProcessPoolExecutor(clients, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = [f.result() for f in [pool.submit(work, *arguments(n)) for n in range(clients)]]
    return sum(f[0] for f in found) / max(f[-1] for f in found)
