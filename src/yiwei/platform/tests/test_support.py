"""Nobody of the platform reads a dealer's rows without that dealer's grant: tried by screens, by the API and by raw SQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, Invalid
from yiwei.kernel.models import Timeline
from yiwei.kernel.records.tenancy import context
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet, Region
from yiwei.platform.models.support import SupportGrant, SupportVisit

from .conftest import signed_in


def granted(dealer, who="tenant_admin", **until):
    return dealer.do(who, "platform.supportgrant.grant", reason="Import fails", until=timezone.now() + timedelta(**until or {"days": 1}))


def token(client):
    return client.session["platform"]


def look(client, dealer):
    return client.post(reverse("platform-look", args=[dealer.id]))


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_without_a_grant_no_page_of_a_dealer_opens(dealer, operator):
    assert operator.get("/r/org/employee/").headers["Location"] == reverse("platform")
    assert look(operator, dealer).headers["Location"] == reverse("platform-dealer", args=[dealer.id])
    assert "support" not in operator.session
    session = operator.session
    session["support"] = dealer.id  # as if somebody had smuggled it in
    session.save()
    assert operator.get("/r/org/employee/").headers["Location"] == reverse("platform")
    with dealer.inside():
        assert not SupportVisit.objects.exists()


def test_the_database_shows_an_operator_nothing_without_a_grant(dealer, operator):
    with context.entered(dealer.id, operator=token(operator)):
        assert not Employee.objects.exists()
        assert rows("select count(*) from org_employee") == [(0,)]
        assert rows("select count(*) from kernel_tenant") == [(0,)]
        assert rows("select count(*) from kernel_change") == [(0,)]


def test_blocks_within_an_operators_block_stay_the_operators(dealer, operator):
    with context.operating(token(operator)), context.entered(None), context.entered(dealer.id, dealer.members["general_manager"]):
        assert not Employee.objects.exists()


def test_with_a_grant_the_operator_reads_this_dealer_and_no_other(dealer, other, operator):
    granted(dealer)
    with context.entered(dealer.id, operator=token(operator)):
        assert Employee.objects.count() == rows("select count(*) from org_employee")[0][0] > 20
        assert {t for (t,) in rows("select distinct tenant_id from org_employee")} == {dealer.id}
    with context.entered(other.id, operator=token(operator)):
        assert rows("select count(*) from org_employee") == [(0,)]
        assert rows("select current_setting('app.tenant')") == [("",)]


def test_a_grant_is_only_for_reading(dealer, operator):
    granted(dealer)
    for write in ("update org_region set name = 'x'", "delete from org_region", "insert into kernel_counter (tenant_id, series) values (1, 'x')"):
        with pytest.raises(InternalError, match="read-only"), context.entered(dealer.id, operator=token(operator)):
            rows(write)
    with pytest.raises(InternalError, match="read-only"), context.entered(dealer.id, operator=token(operator)):
        Region.objects.create(code="Z", name="Z")


def test_even_a_transaction_that_may_write_writes_nothing_of_a_dealer(dealer, operator):
    granted(dealer)
    with context.entered(None, operator=token(operator)):
        rows("select set_config('app.tenant', %s, true)", str(dealer.id))
        assert rows("select count(*) > 0 from org_region") == [(True,)]
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            rows("update org_region set name = 'x' returning id")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            rows("insert into org_region (tenant_id, version, created_at, updated_at, active, code, name)"
                 " values (%s, 1, now(), now(), true, 'Z', 'Z') returning id", dealer.id)


@pytest.mark.parametrize("false", ["", "sign-in", "guessed", "'; drop table org_user; --"])
def test_a_token_that_nobody_holds_opens_nothing(dealer, operator, false):
    granted(dealer)
    for act in ("select * from platform_dealers()", "select platform_suspend(1, 'x')", "select platform_note('open', 1, 'x')",
                f"select * from platform_enter({dealer.id}, '/')", f"select * from platform_administrators({dealer.id})"):
        with pytest.raises(ProgrammingError, match="signed in|grants no support"), context.entered(None, operator=false):
            rows(act)
    if false:
        with context.entered(dealer.id, operator=false):
            assert not Employee.objects.exists()


def test_the_token_dies_with_the_session(dealer, operator):
    granted(dealer)
    held = token(operator)
    operator.post(reverse("signout"))
    with context.entered(dealer.id, operator=held):
        assert not Employee.objects.exists()
    with pytest.raises(ProgrammingError, match="signed in"), context.entered(None, operator=held):
        rows("select * from platform_dealers()")


def test_withdrawing_ends_it_at_once(dealer, operator):
    grant = granted(dealer)
    assert look(operator, dealer).headers["Location"] == "/"
    assert operator.get("/r/org/employee/").status_code == 200
    with context.entered(dealer.id, operator=token(operator)):
        assert Employee.objects.exists()
    dealer.do("general_manager", "platform.supportgrant.withdraw", grant)
    with context.entered(dealer.id, operator=token(operator)):
        assert not Employee.objects.exists()
    assert operator.get("/r/org/employee/").headers["Location"] == reverse("platform")
    assert "support" not in operator.session


def test_a_grant_ends_by_itself(dealer, operator):
    grant = granted(dealer)
    with dealer.inside():
        SupportGrant.objects.filter(pk=grant.pk).update(until=timezone.now() - timedelta(seconds=1))
    with context.entered(dealer.id, operator=token(operator)):
        assert not Employee.objects.exists()
    assert look(operator, dealer).headers["Location"] != "/"


def test_a_grant_lasts_seven_days_at_most(dealer):
    for days in (-1, 8):
        with pytest.raises(Invalid):
            granted(dealer, days=days)
    with pytest.raises(IntegrityError), dealer.inside():
        SupportGrant.objects.create(reason="for ever", until=timezone.now() + timedelta(days=70))


def test_only_the_dealers_head_grants(dealer, operator):
    for who in ("guide", "store_manager", "finance_manager"):
        with pytest.raises(Forbidden):
            granted(dealer, who)
    with pytest.raises(ProgrammingError, match="row-level security"), context.entered(None, operator=token(operator)):
        rows("select set_config('app.tenant', %s, true)", str(dealer.id))
        SupportGrant.objects.create(tenant_id=dealer.id, reason="mine", until=timezone.now() + timedelta(days=1))


def test_every_page_opened_is_written_down_where_the_dealer_sees_it(dealer, operator):
    grant = granted(dealer)
    look(operator, dealer)
    operator.get("/")
    operator.get("/r/org/employee/?q=guide")
    with dealer.inside():
        assert [v.page for v in SupportVisit.objects.order_by("id")] == ["/", "/", "/r/org/employee/?q=guide"]
        assert {v.name for v in SupportVisit.objects.all()} == {"Op"}
        assert Timeline.objects.filter(model="platform.supportgrant", object_id=grant.pk, action="platform.supportgrant.grant").exists()
    admin = signed_in("tenant_admin@one")
    assert "/r/org/employee/?q=guide" in admin.get(f"/r/platform/supportgrant/{grant.pk}/").content.decode()
    log = admin.get("/r/platform/supportvisit/").content.decode()
    assert "/r/org/employee/?q=guide" in log and str(registry.registers["org", "employee"].label) in log


def test_support_changes_nothing_by_the_screens(dealer, operator):
    granted(dealer)
    look(operator, dealer)
    guide = dealer.members["guide"]
    for path in (f"/r/org/employee/{guide}/do/suspend/", f"/r/org/employee/{guide}/comment/", f"/r/org/employee/{guide}/reveal/phone/",
                 "/r/org/region/new/create/", "/notifications/read/"):
        assert operator.post(path, {"reason": "x", "text": "x", "code": "Z", "name": "Z"}).status_code == 403, path
    for path in ("/r/org/employee/export/", "/r/org/employee/import/", "/file/abc/"):
        assert operator.get(path).status_code == 403, path
    assert operator.get("/api/v1/org/employee").status_code == 401
    for path in ("/r/kernel/change/", "/r/kernel/apitoken/", "/r/platform/supportgrant/"):
        assert operator.get(path).status_code == 403, path


def test_support_is_offered_nothing_to_write(dealer, operator):
    page = f"/r/org/employee/{dealer.members['guide']}/"
    assert 'class="say"' in signed_in("tenant_admin@one").get(page).content.decode()
    granted(dealer)
    look(operator, dealer)
    text = operator.get(page).content.decode()
    assert not any(mark in text for mark in ('class="say"', "data-drop", "data-verb"))


def test_support_sees_neither_phones_nor_addresses_nor_costs(dealer, operator):
    with dealer.inside():
        Employee.objects.filter(pk=dealer.members["guide"]).update(phone="13812345678")
        Outlet.objects.filter(pk=dealer.outlets["S11"]).update(rent=7654)
    granted(dealer)
    look(operator, dealer)
    for path in ("/r/org/employee/", f"/r/org/employee/{dealer.members['guide']}/"):
        text = operator.get(path).content.decode()
        assert "138****5678" in text and "13812345678" not in text
    with dealer.inside():
        Customer.objects.create(name="Li", number="KH-1", state="lead", outlet_id=dealer.outlets["S11"]).houses.create(community="Garden", address="Lilac Lane 7")
    assert "Lilac Lane" not in operator.get("/r/crm/house/").content.decode()
    assert "7,654" not in operator.get("/r/org/outlet/").content.decode()
    assert "7,654" in signed_in("general_manager@one").get("/r/org/outlet/").content.decode()


def test_support_opens_every_list_and_report_without_writing(dealer, operator):
    granted(dealer)
    look(operator, dealer)
    opened = 0
    for register in registry.registers.values():
        status = operator.get(register.url()).status_code
        assert status in (200, 403), register.url()
        opened += status == 200
    for report in registry.reports.values():
        assert operator.get(report.url()).status_code == 200, report.slug
    assert opened > 40
    assert operator.get("/").status_code == operator.get("/todo/").status_code == operator.get("/search/?q=guide").status_code == 200


def test_leaving_closes_the_dealer(dealer, operator):
    granted(dealer)
    look(operator, dealer)
    assert "Leave" in operator.get("/", headers={"accept-language": "en"}).content.decode()
    operator.post(reverse("platform-leave"))
    assert operator.get("/").headers["Location"] == reverse("platform")


def test_employees_have_no_console(dealer):
    admin = signed_in("tenant_admin@one")
    for path in ("/platform/", "/platform/open/", "/platform/log/", f"/platform/{dealer.id}/"):
        assert admin.get(path).status_code == 404
    assert admin.post(f"/platform/{dealer.id}/look/").status_code == 404
    with dealer.inside():
        assert rows("select count(*) from platform_administrator") == rows("select count(*) from platform_operatorsession") == [(0,)]


def test_the_log_cannot_be_written_or_changed_by_hand(administrator):
    for statement in ("insert into platform_log (at, administrator_id, act, dealer_code, text) values (now(), 1, 'x', '', '')",
                      "update platform_log set text = ''", "delete from platform_log"):
        with pytest.raises(ProgrammingError, match="permission denied"), context.entered(None, operator="sign-in"):
            rows(statement)
