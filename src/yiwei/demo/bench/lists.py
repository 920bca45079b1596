"""Lists, searches and details among a million customers of one tenant, server time and statements."""

import random
import time

import psycopg
from django.db import connection
from django.test import Client

from yiwei.kernel.records import search
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.ops import database

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉力"
ESTATES = ["云庭花园", "海园", "锦泽国际", "御城", "天玺公馆", "翠湾", "和泉雅苑", "凤凰城"]
TARGET_MS, TARGET_QUERIES, ROUNDS = 100, 12, 60


def _names():
    dice = random.Random(7)
    pairs = [(s, a + b) for s in SURNAMES for a in GIVEN for b in ("", *GIVEN)]
    return [s + g for s, g in dice.sample(pairs, 20_000)]


def fill(tenant_id, owner_ids, outlet_id, rows, names):
    """Customers with houses and search keys by set-based SQL, as the kernel would have made them."""
    with psycopg.connect(database.owner_dsn(), autocommit=True) as line:
        for table in ("crm_customer", "crm_house", "kernel_searchkey"):
            line.execute(f'alter table "{table}" disable trigger user')
        line.execute("create temp table n (i int, name text)")
        line.execute("create temp table k (name text, key text)")
        with line.cursor().copy("copy n from stdin") as copy:
            for i, name in enumerate(names):
                copy.write_row((i, name))
        with line.cursor().copy("copy k from stdin") as copy:
            for name in names:
                for key in search.keys_of("name", name):
                    copy.write_row((name, key))
        line.execute("create temp table e (i int, name text, key text)")
        with line.cursor().copy("copy e from stdin") as copy:
            for i, name in enumerate(ESTATES):
                for key in search.keys_of("text", name):
                    copy.write_row((i, name, key))
        first = line.execute("select coalesce(max(id), 0) + 1 from crm_customer").fetchone()[0]
        _customers(line, tenant_id, owner_ids, outlet_id, rows, len(names), first)
        for sql in (
            "insert into kernel_searchkey (tenant_id, kind, key, object_id) select c.tenant_id, 'crm_customer', k.key, c.id"
            " from crm_customer c join k on k.name = c.name where c.tenant_id = %(t)s",
            "insert into kernel_searchkey (tenant_id, kind, key, object_id) select c.tenant_id, 'crm_customer', x, c.id"
            " from crm_customer c, lateral (values (c.phone), (right(c.phone, 4)), (replace(lower(c.number), '-', '')),"
            " (right(c.number, 4))) v(x) where c.tenant_id = %(t)s",
            "insert into kernel_searchkey (tenant_id, kind, key, object_id) select h.tenant_id, 'crm_customer', e.key, h.customer_id"
            " from crm_house h join e on e.name = h.community where h.tenant_id = %(t)s",
        ):
            line.execute(sql, {"t": tenant_id})
        for table in ("crm_customer", "crm_house", "kernel_searchkey"):
            line.execute(f'alter table "{table}" enable trigger user')


def _customers(line, tenant_id, owner_ids, outlet_id, rows, names, first):
    required = line.execute(
        "select column_name, data_type from information_schema.columns where table_name = 'crm_customer' and is_nullable = 'NO'"
        " and column_default is null and column_name not in ('id', 'tenant_id', 'number', 'state', 'name', 'phone', 'created_at',"
        " 'updated_at', 'version')").fetchall()
    more = {n: "'[]'" if t in ("jsonb", "json") else "'C'" if n == "level" else "false" if t == "boolean" else
            "0" if t in ("integer", "bigint", "numeric", "smallint") else "''" for n, t in required}
    line.execute(
        f"insert into crm_customer (id, tenant_id, number, state, name, phone, created_at, updated_at, version, owner_id, outlet_id"
        f"{''.join(', ' + n for n in more)}) overriding system value"
        " select %(first)s + g, %(t)s, 'KH1-' || lpad(g::text, 8, '0'), 'lead', n.name,"
        " '1' || (3000000000 + (g::bigint * 7919) %% 6999999999)::text,"
        " now() - g * interval '20 seconds', now(), 1, (%(o)s::bigint[])[1 + g %% %(c)s], %(outlet)s"
        f"{''.join(', ' + v for v in more.values())}"
        f" from generate_series(0, %(rows)s - 1) g join n on n.i = (g::bigint * 104729) %% %(names)s",
        {"first": first, "t": tenant_id, "o": owner_ids, "c": len(owner_ids), "outlet": outlet_id, "rows": rows, "names": names})
    house = line.execute(
        "select column_name, data_type from information_schema.columns where table_name = 'crm_house' and is_nullable = 'NO'"
        " and column_default is null and column_name not in ('id', 'tenant_id', 'customer_id', 'community', 'created_at', 'updated_at', 'version')"
    ).fetchall()
    extra = {n: "false" if t == "boolean" else "0" if t in ("integer", "bigint", "numeric", "smallint") else "'[]'" if t == "jsonb" else "''"
             for n, t in house}
    line.execute(
        f"insert into crm_house (tenant_id, customer_id, community, created_at, updated_at, version{''.join(', ' + n for n in extra)})"
        f" select c.tenant_id, c.id, (%(e)s::text[])[1 + c.id %% %(n)s], now(), now(), 1{''.join(', ' + v for v in extra.values())}"
        f" from crm_customer c where c.tenant_id = %(t)s", {"e": ESTATES, "n": len(ESTATES), "t": tenant_id})
    for table in ("crm_customer", "crm_house"):
        line.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")


def measure(rows, tenants):
    """Fill, measure, print; 1 if a page is too slow or asks too much."""
    names, started = _names(), time.time()
    large = make_dealer("large", sign_ins=True)
    fill_for(large, rows, names)
    for number in range(tenants - 1):
        fill_for(make_dealer(f"small{number}"), min(5000, rows // 20), names)
    with psycopg.connect(database.owner_dsn(), autocommit=True) as line:
        line.execute("vacuum analyze")
    print(f"{rows:,} customers in one of {tenants} tenants, filled in {time.time() - started:.0f} s\n")
    with psycopg.connect(database.owner_dsn()) as line:
        some = line.execute("select id, name, phone from crm_customer where tenant_id = %s and id %% 997 = 5 limit 200", [large.id]).fetchall()
    bad = False
    print(f"{'who':<10}{'page':<22}{'p50 ms':>9}{'p95 ms':>9}{'statements':>12}")
    for who in ("general_manager", "guide", "designer"):
        client = Client(SERVER_NAME="localhost")
        client.post("/sign-in/", {"username": f"{who}@large", "password": PASSWORD})
        for label, urls in pages(some, who):
            times, most = timed(client, urls)
            p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
            slow = p95 >= TARGET_MS or most > TARGET_QUERIES
            bad |= slow
            print(f"{who[:9]:<10}{label:<22}{p50:>9.1f}{p95:>9.1f}{most:>12}{'   !' if slow else ''}")
    return int(bad)


def fill_for(dealer, rows, names):
    """Four guides share the customers, a designer works for a few hundred of them."""
    owners = [dealer.members[w] for w in ("guide", "guide2", "guide3", "guide1b")]
    fill(dealer.id, owners, dealer.outlets["S11"], rows, names)
    with psycopg.connect(database.owner_dsn(), autocommit=True) as line:
        line.execute("alter table crm_customer disable trigger user")
        line.execute("update crm_customer set designer_id = %s where tenant_id = %s and id %% 3331 = 7", [dealer.members["designer"], dealer.id])
        line.execute("alter table crm_customer enable trigger user")


def pages(some, who):
    dice, base = random.Random(3), "/r/crm/customer/"
    from pypinyin import Style, lazy_pinyin
    picks = [dice.choice(some) for _ in range(ROUNDS)]
    yield "list", [base] * ROUNDS
    yield "filtered list", [f"{base}?state=lead"] * ROUNDS
    yield "last four digits", [f"{base}?q={p[2][-4:]}" for p in picks]
    yield "part of a name", [f"{base}?q={p[1][-2:]}" for p in picks]
    yield "pinyin initials", [base + "?q=" + "".join(lazy_pinyin(p[1], style=Style.FIRST_LETTER)) for p in picks]
    if who == "general_manager":
        yield "detail", [f"{base}{p[0]}/" for p in picks]


def timed(client, urls):
    """(sorted milliseconds, most statements) of requests, the first two not counted."""
    times, most, counter = [], 0, [0]

    def count(execute, sql, params, many, ctx):
        counter[0] += 1
        return execute(sql, params, many, ctx)

    for url in [*urls[:2], *urls]:
        counter[0] = 0
        begin = time.perf_counter()
        with connection.execute_wrapper(count):
            answer = client.get(url)
        times.append((time.perf_counter() - begin) * 1000)
        most = max(most, counter[0])
        assert answer.status_code == 200, (url, answer.status_code)
    return sorted(times[2:]), most
