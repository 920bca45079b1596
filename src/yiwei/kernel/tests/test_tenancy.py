"""The three fences between dealers, each attacked on its own."""

import psycopg
import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import NotFound
from yiwei.kernel.records import scope
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.records.tenancy.guards import tenant_models
from yiwei.kernel.records.tenancy.models import Ref
from yiwei.kernel.testing import make_dealer
from yiwei.kernel.work.actions.action import perform
from yiwei.org.models.outlet import Outlet, Region


@pytest.fixture
def two(db):
    return make_dealer("one"), make_dealer("two")


def test_without_a_tenant_nothing_is_seen(two):
    assert not Region.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from org_region")
        assert cursor.fetchone() == (0,)


def test_raw_sql_sees_only_the_tenant_in_force(two):
    one, other = two
    with one.inside(), connection.cursor() as cursor:
        cursor.execute("select distinct tenant_id from org_outlet")
        assert cursor.fetchall() == [(one.id,)]
        cursor.execute("update org_outlet set name = 'x' where tenant_id = %s", [other.id])
        assert cursor.rowcount == 0


def test_a_row_cannot_be_written_into_another_tenant(two):
    one, other = two
    with pytest.raises(ProgrammingError, match="row-level security"), one.inside():
        Region.objects.create(tenant_id=other.id, code="Z", name="Z")


def test_a_row_cannot_point_into_another_tenant(two):
    one, other = two
    with other.inside():
        foreign = Region.objects.first().pk
    with pytest.raises(IntegrityError), one.inside():
        Outlet.objects.create(code="Z", name="Z", region_id=foreign)


def test_the_other_dealers_row_is_not_found_by_action(two):
    one, other = two
    act = registry.actions["org.region.edit"]
    with other.inside():
        foreign = Region.objects.first().pk
    with pytest.raises(NotFound):
        perform(act, one.actor("general_manager"), foreign, {"code": "x", "name": "x"})


def test_the_tenant_does_not_outlive_its_block(two):
    with two[0].inside():
        assert Region.objects.count() == 2
    assert context.tenant_id() is None
    assert not Region.objects.exists()


def test_what_names_a_dealer_that_is_not_there_sees_and_writes_nothing(two):
    with context.entered(2**40):
        assert Region.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('app.tenant')")
            assert cursor.fetchone() == ("",)
    with pytest.raises(ProgrammingError, match="row-level security"), context.entered(2**40):
        Region.objects.create(code="Z", name="Z")


def test_no_dealer_goes(two, owner_db):
    with pytest.raises(psycopg.errors.CheckViolation, match="append-only"):
        owner_db.execute("insert into kernel_tenant (code, name, time_zone, settings, active, created_at)"
                         " values ('gone', 'gone', 'Asia/Shanghai', '{}', true, now())")
        owner_db.execute("delete from kernel_tenant where code = 'gone'")


@pytest.mark.parametrize("model", tenant_models(), ids=lambda m: m._meta.label_lower)
def test_every_tenant_table_is_fenced(db, model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("select relrowsecurity, relforcerowsecurity from pg_class where relname = %s", [table])
        assert cursor.fetchone() == (True, True)
        cursor.execute("select qual, with_check from pg_policies where tablename = %s", [table])
        policies = cursor.fetchall()
        assert len(policies) == 1 and all("app.tenant" in text and "SELECT" not in text for text in policies[0])
        assert "app.operator" in policies[0][1]   # an operator of the platform writes nothing
        cursor.execute("select array_agg(a.attname::text order by k.place) from pg_constraint c"
                       " cross join unnest(c.conkey) with ordinality k(place_, place)"
                       " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.place_"
                       " where c.contype = 'p' and c.conrelid = %s::regclass", [table])
        assert cursor.fetchone()[0] == ["tenant_id", "id"]
        cursor.execute("select conname from pg_constraint c join pg_class t on t.oid = c.conrelid"
                       " where t.relname = %s and contype = 'f' and array_length(conkey, 1) = 2", [table])
        composite = len(cursor.fetchall())
    assert composite == len([f for f in model._meta.local_fields if isinstance(f, Ref)])
    assert model.scope is not None


@pytest.mark.parametrize("model", [m for m in tenant_models() if m.append_only], ids=lambda m: m._meta.label_lower)
def test_append_only_tables_cannot_be_changed(db, owner_db, model):
    for verb in ("update", "delete"):
        sql = f'update "{model._meta.db_table}" set tenant_id = tenant_id' if verb == "update" else \
            f'delete from "{model._meta.db_table}"'
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), \
                connection.cursor() as cursor:
            cursor.execute(sql)


def test_every_change_is_audited_with_actor_and_action(two):
    one, _other = two
    made = one.do("general_manager", "org.region.create", code="NN", name="North")
    one.do("general_manager", "org.region.edit", made, code="NN", name="North East")
    from yiwei.kernel.models import Change
    with one.inside():
        inserted, changed = Change.objects.filter(table_name="org_region", object_id=made.pk).order_by("id")
        assert (inserted.op, changed.op) == ("I", "U")
        assert changed.old == {"name": "North"} and changed.new == {"name": "North East"}
        assert changed.actor_id == one.members["general_manager"] and changed.action == "org.region.edit"


def test_the_flow_is_kept_by_the_database(two):
    one, _other = two
    from yiwei.org.models.employee import Employee
    with pytest.raises((IntegrityError, InternalError)), one.inside():
        Employee.objects.filter(pk=one.members["guide"]).update(state="left")
        Employee.objects.filter(pk=one.members["guide"]).update(state="suspended")


def test_the_names_of_other_dealers_are_not_readable(two):
    one, _other = two
    with one.inside(), connection.cursor() as cursor:
        cursor.execute("select id from kernel_tenant")
        assert cursor.fetchall() == [(one.id,)]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), \
            connection.cursor() as cursor:
        cursor.execute("select * from org_signinname")


def test_scope_must_be_declared():
    class Nothing:
        scope = None

    with pytest.raises(TypeError):
        scope.condition(Nothing, scope.system(1))


def test_what_is_read_is_planned_for_what_was_asked_and_actions_once(db):
    def plans():
        with connection.cursor() as cursor:
            cursor.execute("show plan_cache_mode")
            return cursor.fetchone()[0]

    dealer = make_dealer("plans")
    with context.entered(dealer.id):
        assert plans() == "force_custom_plan"
        with context.entered(dealer.id, dealer.members["guide"], "crm.customer.edit"):
            assert plans() == "force_generic_plan"
        assert plans() == "force_custom_plan"
