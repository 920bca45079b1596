"""The database alone, attacked with plain SQL as the application's role."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from yiwei.kernel.records.tenancy import context


def refused(sql, params=(), match=""):
    """The statement is refused; what stood before it goes on."""
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def rows(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


OTHERS = [
    "select count(*) from crm_customer where tenant_id = {two}",
    "select count(*) from org_outlet o where exists (select 1 from crm_customer c where c.tenant_id = {two} and c.outlet_id = o.id)",
    "with x as (select * from crm_customer) select count(*) from x where tenant_id <> {one}",
    "select count(*) from crm_customer a join crm_customer b on b.tenant_id <> a.tenant_id",
    "select count(*) from (select tenant_id from crm_customer union all select tenant_id from org_employee) u where tenant_id = {two}",
    "select count(*) from kernel_searchkey where tenant_id = {two}",
    "select count(*) from kernel_change where tenant_id = {two}",
    "select count(*) from kernel_tenant where id = {two}",
]


@pytest.mark.parametrize("sql", OTHERS)
def test_no_query_reads_another_dealer(world, sql):
    with world.one.inside():
        assert rows("select count(*) from crm_customer")[0][0] > 0
        assert rows(sql.format(one=world.one.id, two=world.two.id)) == [(0,)]


@pytest.mark.parametrize("table", ["crm_customer", "org_employee", "kernel_timeline", "org_user"])
def test_without_a_tenant_and_with_a_wrong_one_nothing_is_read(world, table):
    for value in ("", "0", "-1", "999999999"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('app.tenant', %s, true)", [value])
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.tenant', '', true)")


@pytest.mark.parametrize("sql", [
    "set local row_security = off; select * from crm_customer",
    "alter table crm_customer disable row level security",
    "alter table crm_customer no force row level security",
    "drop policy tenant on crm_customer",
    "create policy open on crm_customer using (true)",
    "set role yiwei_owner", "set session authorization postgres",
    "truncate crm_customer", "create table mine (a int)", "create schema mine",
    "create temporary table kernel_change (like kernel_change)",
    "create view everything as select * from crm_customer",
    "create function f() returns int language sql security definer as 'select 1'",
    "copy crm_customer to program 'cat'", "copy crm_customer from '/etc/passwd'", "select pg_read_file('/etc/passwd')",
    "insert into kernel_change (tenant_id, table_name, object_id, op, at) values (0, 'x', 1, 'U', now())",
    "update kernel_change set action = 'x'", "delete from kernel_timeline",
    "insert into ledger_moneybalance (tenant_id) values (1)", "update ledger_stockbalance set qty = 5",
    "delete from django_migrations", "select setval('crm_customer_id_seq', 1)", "select * from org_signinname",
    "alter table crm_customer disable trigger kernel_audit", "set session_replication_role = replica",
    "insert into kernel_tenant (code, name, time_zone, settings, active, created_at) values ('x', 'x', '', '{}', true, now())",
])
def test_the_role_of_the_application_may_not(world, sql):
    with world.one.inside():
        refused(sql)


def test_a_row_cannot_move_to_another_dealer(world):
    with world.one.inside():
        refused("update crm_customer set tenant_id = %s", [world.two.id], match="row-level security")


def test_no_reference_leads_into_another_dealer(world):
    """Every composite key refuses the other dealer's row, whatever the table."""
    with world.one.inside():
        keys = rows("select c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text from pg_constraint c"
                    " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2]"
                    " where c.contype = 'f' and array_length(c.conkey, 1) = 2")
    assert len(keys) > 150
    tried = 0
    for table, column, target in keys:
        with world.two.inside():
            found = rows(f"select max(id) from {target}")[0][0]
        with world.one.inside():
            mine = rows(f"select max(id) from {table}")[0][0]
            if mine and found and not rows(f"select 1 from {target} where id = %s", [found]) and rows(
                    "select has_table_privilege(%s, 'update')", [table])[0][0]:
                refused(f'update {table} set "{column}" = %s where id = %s', [found, mine],
                        match="foreign key|append-only|flow|check constraint|_merged|merge moved")
                tried += 1
    assert tried > 100


def test_the_tenant_returns_after_a_nested_block_and_after_an_error(world):
    def seen():
        return rows("select nullif(current_setting('app.tenant', true), '')::bigint, count(distinct tenant_id) from org_outlet")

    with world.one.inside():
        with world.two.inside():
            assert seen() == [(world.two.id, 1)]
        assert seen() == [(world.one.id, 1)]
        with pytest.raises(ZeroDivisionError), world.two.inside():
            raise ZeroDivisionError
        assert seen() == [(world.one.id, 1)]
        with pytest.raises(DatabaseError), world.two.inside():
            rows("select 1 / 0")
        assert seen() == [(world.one.id, 1)]
    assert context.tenant_id() is None and seen()[0][1] == 0


def test_functions_with_the_owners_rights_look_only_into_the_house(world):
    for name, settings in rows("select proname, proconfig from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"):
        assert settings and "search_path=public, pg_temp" in settings, name


def test_copying_out_gives_only_ones_own(world):
    with world.one.inside():
        mine = rows("select count(*) from crm_customer")[0][0]
        with connection.connection.cursor() as raw, raw.copy("copy crm_customer (tenant_id) to stdout") as out:
            lines = b"".join(out).split()
        assert len(lines) == mine and set(lines) == {str(world.one.id).encode()}
        with pytest.raises(psycopg.errors.FeatureNotSupported), transaction.atomic(), connection.connection.cursor() as raw:
            with raw.copy("copy org_region (tenant_id) from stdin") as into:
                into.write(b"1\n")
