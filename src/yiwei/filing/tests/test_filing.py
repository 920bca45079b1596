"""Filing and judging through the actions and the pages: scenario G3 with its variants, scopes, appeal, expiry."""

import json
import threading
from datetime import timedelta

import pytest

from yiwei.crm.models.customer import Customer
from yiwei.filing.rules.evidence import candidates
from yiwei.kernel.base.errors import Forbidden, Invalid, NotFound, Refused
from yiwei.kernel.screens.reports import report
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.notify.webhooks import body

from ..jobs import let_expire
from ..models.filing import Filing
from ..models.partner import ChannelPartner
from ..reports.filings import FilingStatistics

HOUSE = {"community": "云庭花园", "address": "12栋2单元804"}


def file(d, name, phone="", who="channel_rep", partner=None, **more):
    return d.do(who, "filing.filing.create", partner=partner or d.partner, name=name, phone=phone, **more)


def approve(d, filing, **more):
    return d.do("channel_manager", "filing.filing.approve", filing, **more)


class TestG3:
    def test_month(self, d):
        a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
        assert a.state == "approved" and a.protected_until - a.decided_at == timedelta(days=30)
        b = file(d, "陈刚", "139 0000 2222", who="channel_rep2", partner=d.other, community="云庭花园", address="12-2-804")
        assert (b.state, b.conflict) == ("held", "strong")
        assert d.do("channel_manager", "filing.filing.reject", b, reason="A was first").state == "rejected"
        c = file(d, "吴静", "137 0000 3333", community="云庭花园", address="12栋2单元805")
        assert (c.state, c.conflict) == ("submitted", "")
        assert approve(d, c).state == "approved"
        dd = file(d, "周敏", "138 0000 1112")
        assert (dd.state, dd.conflict) == ("held", "probable")
        with d.inside():
            row = report.run(FilingStatistics, d.actor("channel_manager"), {}).totals()
        assert (row["filings"], row["approved"], row["conflicts"]) == (4, 2, 2)

    def test_a_walk_in_with_contact_outranks_a_later_filing(self, d):
        d.do("guide", "crm.visit.register", name="周女士", phone="13800001111")
        a = file(d, "周敏", "138 0000 1111", **HOUSE)
        assert (a.state, a.conflict) == ("held", "certain")
        first = a.evidence["candidates"][0]
        assert (first["kind"], first["first"]) == ("crm.visit", "other")
        with pytest.raises(Invalid) as caught:
            approve(d, a)
        assert "despite" in caught.value.errors
        assert d.do("channel_manager", "filing.filing.reject", a, reason="registered before").state == "rejected"

    def test_without_a_visit_it_expires_by_itself_and_is_free_for_others(self, d):
        a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
        with d.inside():
            assert let_expire(a.protected_until - timedelta(minutes=1)) == 0
            assert let_expire(a.protected_until) == 1
            assert Filing.objects.get(pk=a.pk).state == "expired"
        b = file(d, "陈刚", "139 0000 2222", partner=d.other, **HOUSE)
        assert (b.state, b.conflict) == ("submitted", "")


def test_the_visit_of_a_filed_customer_fixes_the_source(d):
    a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
    customer = d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", **HOUSE)
    with d.inside():
        a = Filing.objects.get(pk=a.pk)
        assert (a.state, a.customer_id) == ("visited", customer.pk)
        assert Customer.objects.get(pk=customer.pk).channel_text == "华景装饰"
        assert a.protected_until >= a.visited_at + timedelta(days=30)


def test_evidence_is_symmetric_and_frozen(d):
    a = file(d, "周敏", "138 0000 1111", **HOUSE)
    b = file(d, "陈刚", "139 0000 2222", partner=d.other, community="云庭花园", address="12-2-804")
    with d.inside():
        there = {o.pk: c.verdict for o, c in candidates(Filing.objects.get(pk=a.pk))}
        back = {o.pk: c.verdict for o, c in candidates(Filing.objects.get(pk=b.pk))}
    assert there == {b.pk: "conflict"} and back == {a.pk: "conflict"}
    kept = d.do("channel_manager", "filing.filing.reject", b, reason="later").evidence
    d.do("channel_rep", "filing.filing.withdraw", a, reason="x")
    assert d.get(Filing, b).evidence == kept and kept["rules"] and kept["candidates"][0]["number"] == a.number


def test_an_appeal_reopens_once(d):
    a = file(d, "周敏", "13800001111")
    d.do("channel_manager", "filing.filing.reject", a, reason="no proof")
    a = d.do("channel_rep", "filing.filing.appeal", a, reason="here it is")
    assert a.state == "held"
    d.do("channel_manager", "filing.filing.reject", a, reason="still not")
    with pytest.raises(Refused):
        d.do("channel_rep", "filing.filing.appeal", a, reason="again")


def test_nobody_judges_the_own_filing_and_clerks_not_at_all(d):
    own = file(d, "周敏", "13800001111", who="channel_manager")
    with pytest.raises(Refused):
        approve(d, own)
    with pytest.raises(Forbidden):
        d.do("channel_rep", "filing.filing.approve", own)


def test_a_clerk_learns_nothing_of_rivals(d, client):
    d.do("guide3", "crm.customer.create", name="欧阳锋", phone="13800001111", **HOUSE)
    a = file(d, "周敏", "138 0000 1111")
    client.post("/sign-in/", {"username": "channel_rep@one", "password": PASSWORD})
    page = client.get(f"/r/filing/filing/{a.pk}/").content.decode()
    assert "周敏" in page and "欧阳" not in page and "evidence" not in page.replace("css", "")
    with pytest.raises(NotFound):
        d.do("channel_rep2", "filing.filing.withdraw", a, reason="not mine")


def test_no_figure_filter_or_line_tells_a_clerk_of_a_conflict(d, client):
    """A claim that meets somebody and one that meets nobody look alike to who filed them."""
    d.do("guide3", "crm.customer.create", name="欧阳锋", phone="13700003333")
    met, free = file(d, "欧阳", "13700003333"), file(d, "吴静", "13600004444")
    d.do("channel_manager", "filing.filing.hold", free, reason="ask the partner first")
    assert (met.state, met.conflict) == ("held", "certain")
    with d.inside():
        row = report.run(FilingStatistics, d.actor("channel_rep"), {}).plain()[0]
    assert (row["filings"], row["conflicts"], row["conflict_rate"]) == (2, None, None)
    client.post("/sign-in/", {"username": "channel_rep@one", "password": PASSWORD})
    assert met.number in client.get("/r/filing/filing/?counted=filings").content.decode()
    assert met.number not in client.get("/r/filing/filing/?counted=conflicts").content.decode()
    for tab in ("", "?tab=verdicts"):
        page = client.get(f"/r/filing/filing/{free.pk}/{tab}").content.decode()
        assert free.number in page and "ask the partner first" not in page
    assert json.loads(body("filing.filing.create", met))["data"]["state"] == "submitted"


def test_a_reviewer_sees_the_sheet_masked_by_scope(d, client):
    d.do("guide3", "crm.customer.create", name="欧阳锋", phone="13800001111", **HOUSE)
    a = file(d, "周敏", "138 0000 1111")
    client.post("/sign-in/", {"username": "region_director@one", "password": PASSWORD})
    page = client.get(f"/r/filing/filing/{a.pk}/").content.decode()
    assert "欧**" in page and "欧阳锋" not in page and "138****1111" in page
    client.post("/sign-out/")
    client.post("/sign-in/", {"username": "channel_manager@one", "password": PASSWORD})
    assert "欧阳锋" in client.get(f"/r/filing/filing/{a.pk}/").content.decode()


def test_bad_numbers_are_told_at_the_field(d):
    with pytest.raises(Invalid) as caught:
        file(d, "周敏", "abc")
    assert "phone" in caught.value.errors
    with pytest.raises(Invalid):
        file(d, "周敏")


def test_extension_release_transfer(d):
    a = approve(d, file(d, "周敏", "13800001111"))
    until = a.protected_until
    assert d.do("channel_manager", "filing.filing.extend", a, reason="travels").protected_until == until + timedelta(days=30)
    with pytest.raises(Refused):
        d.do("channel_manager", "filing.filing.extend", a, reason="again")
    assert d.do("channel_manager", "filing.filing.transfer", a, partner=d.other, reason="moved").partner_id == d.other.pk
    assert d.do("channel_manager", "filing.filing.release", a, reason="agreed").state == "expired"


def test_two_at_the_same_second_see_each_other(live_db):
    dealer = make_dealer()
    with dealer.inside():
        partners = [ChannelPartner.objects.create(code=c, name=c) for c in "AB"]
    start, made, errors = threading.Barrier(2), [], []

    def enter(who, partner):
        from django.db import connection
        try:
            start.wait()
            made.append(dealer.do(who, "filing.filing.create", partner=partner, name="周敏", phone="13800001111"))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=a) for a in (("channel_rep", partners[0]), ("channel_rep2", partners[1]))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors
    assert sorted(f.conflict for f in made) == ["", "certain"]


@pytest.mark.parametrize("filed", [("陈刚", "13900002222"), ("周敏", "13800001111")], ids=["joint owner", "former number"])
def test_a_filing_of_the_other_of_a_couple_or_of_a_former_number_meets_the_customer(d, filed):
    couple = d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", joint_name="陈刚", joint_phone="13900002222")
    d.do("guide", "crm.customer.edit", couple, name="周敏", phone="13700003333", joint_name="陈刚", joint_phone="13900002222")
    made = file(d, *filed)
    assert (made.state, made.conflict) == ("held", "certain")
    assert made.evidence["candidates"][0]["id"] == couple.pk


def test_a_namesake_of_the_joint_owner_is_no_conflict(d):
    d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", joint_name="陈刚", joint_phone="13900002222")
    made = file(d, "陈刚", "13700009999")
    assert (made.state, made.conflict) == ("submitted", "")
