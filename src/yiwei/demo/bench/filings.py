"""The search for rivals among a million filings of one tenant: at entry and at review, server time and statements."""

import multiprocessing
import random
import time
from datetime import timedelta

import psycopg
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from yiwei.filing.models.filing import Filing
from yiwei.filing.models.partner import ChannelPartner
from yiwei.filing.rules import evidence
from yiwei.filing.rules.matching.rarity import COMMON_SURNAMES
from yiwei.kernel.records import search
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.ops import database

from .lists import GIVEN, SURNAMES

TARGET_MS, ROUNDS, CHUNK = 150, 200, 20_000
STATES = ("approved", "visited", "signed", "held", "expired", "expired", "rejected", "settled")
FIRST, SECOND = "云翠锦御天和凤海金龙碧紫蓝东西南北江湖山", "庭湾泽城玺泉凰园桂苑景亭林波月阳辰宁安泰"
ESTATES = [f"{a}{b}{c}" for a in FIRST for b in SECOND for c in ("花园", "公馆", "国际", "雅苑", "一期")]


def invented(number):
    """The raw data of filing `number`: the same whenever it is asked for."""
    dice = random.Random(number)
    surname = dice.choices(list(COMMON_SURNAMES), list(COMMON_SURNAMES.values()))[0] if dice.random() < .55 else dice.choice(SURNAMES)
    name = surname + dice.choice(GIVEN) + (dice.choice(GIVEN) if dice.random() < .75 else "")
    return {"name": name, "phone": f"1{dice.choice('3456789')}{dice.randrange(10**9):09d}", "community": dice.choice(ESTATES),
            "address": f"{dice.randint(1, 30)}-{dice.randint(1, 3)}-{dice.randint(1, 18)}0{dice.randint(1, 4)}"}


def _part(task):
    """One chunk of filings with all their keys, as the kernel would have made them."""
    start, end, fixed, names, dsn = task
    now, kind = timezone.now(), search.kind_of(Filing)
    with psycopg.connect(dsn) as line:
        rows = [Filing(id=fixed["first"] + n, number=f"BB1-{n:08d}", filed_at=now - timedelta(seconds=20 * n), partner_id=fixed["partner"],
                       **invented(n)) for n in range(start, end)]
        with line.cursor().copy(f"copy filing_filing ({', '.join(names)}) from stdin") as copy:
            for n, row in enumerate(rows, start):
                row.state, row.tenant_id, row.owner_id, row.outlet_id = STATES[n % len(STATES)], fixed["tenant"], fixed["owner"], fixed["outlet"]
                copy.write_row([_cell(row, name) for name in names])
        with line.cursor().copy("copy kernel_searchkey (tenant_id, kind, key, object_id) from stdin") as copy:
            for row in rows:
                for key in search.keys_for(row):
                    copy.write_row((fixed["tenant"], kind, key, row.id))
    return end - start


def _cell(row, column):
    field = next(f for f in Filing._meta.concrete_fields if f.column == column)
    value = getattr(row, field.attname)
    return "{}" if column == "evidence" else value


def fill(dealer, rows):
    """A million filings by copying, the indexes of the keys built afterwards."""
    with dealer.inside():
        partner = ChannelPartner.objects.create(code="B", name="B").pk
    dsn, names = database.owner_dsn(), [f.column for f in Filing._meta.concrete_fields]
    with psycopg.connect(dsn, autocommit=True) as line:
        fixed = {"tenant": dealer.id, "partner": partner, "owner": dealer.members["channel_rep"], "outlet": dealer.outlets["S11"],
                 "first": line.execute("select coalesce(max(id), 0) + 1 from filing_filing").fetchone()[0]}
        kept = [r[0] for r in line.execute("select indexdef from pg_indexes where tablename = 'kernel_searchkey' and indexname like"
                                           " 'kernel\\_searchkey\\_%' and indexdef not like '%UNIQUE%'")]
        for (name,) in line.execute("select indexname from pg_indexes where tablename = 'kernel_searchkey' and indexname like"
                                    " 'kernel\\_searchkey\\_%' and indexdef not like '%UNIQUE%'").fetchall():
            line.execute(f'drop index "{name}"')
        line.execute("alter table filing_filing disable trigger user")
        connections.close_all()
        tasks = [(n, min(n + CHUNK, rows), fixed, names, dsn) for n in range(0, rows, CHUNK)]
        with multiprocessing.get_context("fork").Pool(2) as pool:
            for done, _n in enumerate(pool.imap_unordered(_part, tasks), 1):
                if done % 10 == 0:
                    print(f"  {min(done * CHUNK, rows):,} filings", flush=True)
        line.execute("alter table filing_filing enable trigger user")
        for sql in kept:
            line.execute(sql)
        line.execute("select setval(pg_get_serial_sequence('filing_filing', 'id'), (select max(id) from filing_filing))")
        line.execute("vacuum analyze filing_filing")
        line.execute("vacuum analyze kernel_searchkey")
        keys = line.execute("select reltuples::bigint from pg_class where relname = 'kernel_searchkey'").fetchone()[0]
    return fixed["first"], keys


def entries(rows):
    """What partners type: the same phone, one slip, the spouse in the same house, a neighbour, somebody new."""
    dice = random.Random(5)
    for n in range(ROUNDS):
        known, fresh = invented(dice.randrange(rows)), invented(rows + 10 + n)
        slip = dice.randrange(3, 11)
        yield [{**fresh, "phone": known["phone"]},
               {**known, "phone": known["phone"][:slip] + str((int(known["phone"][slip]) + 1) % 10) + known["phone"][slip + 1:]},
               {**fresh, "community": known["community"], "address": known["address"]},
               {**fresh, "community": known["community"], "address": known["address"].rpartition("-")[0] + "-999"},
               fresh][n % 5]


def measure(rows):
    """Fill, measure, print; 1 if the search for candidates is too slow."""
    started, dealer = time.time(), make_dealer("large", sign_ins=True)
    first, keys = fill(dealer, rows)
    print(f"{rows:,} filings with {keys:,} keys in one tenant, filled in {time.time() - started:.0f} s\n")
    print(f"{'what':<34}{'p50 ms':>9}{'p95 ms':>9}{'statements':>12}")
    return int(any([_entry(dealer, rows), _review(dealer, first, rows), *_whole(dealer, first, rows)]))


def _entry(dealer, rows):
    with dealer.inside():
        partner = ChannelPartner.objects.get(code="B")
        made = [Filing(number="", state="submitted", filed_at=timezone.now(), partner=partner, **data) for data in entries(rows)]
        return show("candidates at entry", timed(lambda f: evidence.gather(f), made))


def _review(dealer, first, rows):
    dice = random.Random(9)
    with dealer.inside():
        some = list(Filing.objects.filter(pk__in=[first + dice.randrange(rows) for _ in range(ROUNDS)]).select_related("partner"))
        return show("candidates at review", timed(lambda f: evidence.gather(f), some))


def _whole(dealer, first, rows):
    """The same through the door: filing by a clerk, and the page of a filing for the reviewer. Shown, not judged."""
    with dealer.inside():
        partner = ChannelPartner.objects.get(code="B").pk
    typed = list(entries(rows))[:50]
    show("filing entered, whole action", timed(lambda data: dealer.do("channel_manager", "filing.filing.create", partner=partner, **data), typed),
         judged=False)
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"username": "general_manager@large", "password": PASSWORD})
    with dealer.inside():
        held = list(Filing.objects.filter(state="held").order_by("-id")[:50].values_list("pk", flat=True))
    show("review sheet, whole page", timed(lambda pk: client.get(f"/r/filing/filing-review/{pk}/"), held), judged=False)
    return []


def timed(work, items):
    """(sorted milliseconds, most statements); the first two are done twice and not counted at first."""
    times, most, counter = [], 0, [0]

    def count(execute, sql, params, many, ctx):
        counter[0] += 1
        return execute(sql, params, many, ctx)

    for item in [*items[:2], *items]:
        counter[0], begin = 0, time.perf_counter()
        with connection.execute_wrapper(count):
            work(item)
        times.append((time.perf_counter() - begin) * 1000)
        most = max(most, counter[0])
    return sorted(times[2:]), most


def show(label, found, judged=True):
    """Print one line; whether it misses the target."""
    times, most = found
    p50, p95 = times[len(times) // 2], times[int(len(times) * .95)]
    slow = judged and p95 > TARGET_MS
    print(f"{label:<34}{p50:>9.1f}{p95:>9.1f}{most:>12}{'   !' if slow else ''}", flush=True)
    return slow
