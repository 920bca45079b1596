"""Joint verdicts, the frozen snapshot, the clock, what earns no rebate, and statistics that equal their rows."""

import re
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from yiwei.filing.rules.counting import COUNTED
from yiwei.filing.rules.evidence import candidates
from yiwei.filing.rules.matching import compare, party
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.models import Notification
from yiwei.kernel.screens.reports import report
from yiwei.kernel.testing import PASSWORD
from yiwei.kernel.work.options import Parameter

from ..jobs import let_expire
from ..models.filing import Filing
from ..models.partner import OutsideDesigner
from ..models.verdict import FilingVerdict
from ..reports.filings import FilingStatistics
from .test_filing import HOUSE, approve, file

COVERS = "CRM-02, CRM-03, CRM-04"


def browser(who):
    client = Client()
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client


def rivals(d):
    """Two partners who filed one household; the second is held."""
    a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
    return a, file(d, "陈刚", "139 0000 2222", who="channel_rep2", partner=d.other, **HOUSE)


def joint(d, filing, other, percent="40"):
    return d.do("channel_manager", "filing.filing.joint", filing, other=other, percent=percent, reason="both brought them")


def test_a_joint_verdict_divides_the_customer(d):
    a, b = rivals(d)
    b = joint(d, b, a)
    a = d.get(Filing, a)
    assert (a.state, b.state, a.share, b.share) == ("approved", "approved", D(60), D(40))
    assert b.protected_until and b.joint_id == a.pk
    with d.inside():
        assert [f.pk for f in a.together()] == [f.pk for f in b.together()] == [a.pk, b.pk]
        assert {(v.filing_id, v.decision, v.share) for v in FilingVerdict.objects.filter(decision="joint")} == {
            (a.pk, "joint", D(60)), (b.pk, "joint", D(40))}


def test_a_joint_verdict_needs_two_partners_one_customer_and_shares_that_fit(d):
    a, b = rivals(d)
    stranger = approve(d, file(d, "欧阳锋", "137 0000 9999", partner=d.other))
    for other, percent, field in ((a, "100", "percent"), (stranger, "40", "other"), (b, "40", "other")):
        with pytest.raises(Invalid) as caught:
            d.do("channel_manager", "filing.filing.joint", b, other=other, percent=percent, reason="x")
        assert field in caught.value.errors


def test_what_an_expired_filing_held_goes_to_the_other(d):
    a, b = rivals(d)
    joint(d, b, a)
    with d.inside():
        Filing.objects.filter(pk=b.pk).update(protected_until=timezone.now() - timedelta(minutes=1))
        assert let_expire() == 1
    assert d.get(Filing, a).share == 100


def test_both_sign_with_their_part_and_nothing_is_lost(d):
    a, b = rivals(d)
    joint(d, b, a, "33.33")
    from ..actions.course import sign
    with d.inside():
        one = Filing.objects.select_for_update(of=("self",)).get(pk=a.pk)
        sign(d.actor("guide"), one, amount=D("91760.01"))
    a, b = d.get(Filing, a), d.get(Filing, b)
    assert (a.state, b.state) == ("signed", "signed") and a.signed_amount + b.signed_amount == D("91760.01")
    assert b.signed_amount == D("30583.61")


def test_every_verdict_stays_readable_as_it_was(d):
    """D-11: the evidence, the rules and the reason, whatever is compared afterwards; the database refuses a change."""
    a, b = rivals(d)
    d.do("channel_manager", "filing.filing.reject", b, reason="A was first")
    d.do("channel_rep2", "filing.filing.appeal", b, reason="here is the chat")
    d.do("channel_rep", "filing.filing.create", partner=d.partner, name="周敏", phone="13900002222")
    d.do("channel_manager", "filing.filing.compare", b)
    with d.inside():
        kept = FilingVerdict.objects.get(filing=b, decision="rejected")
        assert kept.reason == "A was first" and kept.rules and [c["id"] for c in kept.evidence["candidates"]] == [a.pk]
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            FilingVerdict.objects.filter(pk=kept.pk).update(reason="other")
    page = browser("channel_manager").get(f"/r/filing/filingverdict/{kept.pk}/").content.decode()
    assert "A was first" in page and a.number in page
    assert kept.rules in browser("channel_manager").get(f"/r/filing/filing/{b.pk}/?tab=verdicts").content.decode()


def test_the_sheet_says_who_was_first_and_shows_both_sides(d):
    a, b = rivals(d)
    page = browser("channel_manager").get(f"/r/filing/filing/{b.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "The other was first, by" in page and "Side by side" in page and "Judged" in page and "Proof" in page
    assert "grade-agree" in page and a.number in page


def test_any_duplicate_phone_is_shown_at_review_with_both_times(d):
    """D-09: main and spare numbers, of customers, visits and filings of every outlet."""
    d.do("guide3", "crm.customer.create", name="王伟", phone="13700008888", spare_phone="13800001111", address="9-9-901", community="远山")
    d.do("guide2", "crm.visit.register", name="李强", phone="13600005555")
    a = file(d, "周敏", "138 0000 1111", spare_phone="136 0000 5555")
    kinds = {c["kind"]: c for c in a.evidence["candidates"]}
    assert set(kinds) == {"crm.customer", "crm.visit"} and all(c["strength"] == "certain" and c["when"] for c in kinds.values())
    page = browser("channel_manager").get(f"/r/filing/filing/{a.pk}/").content.decode()
    for c in kinds.values():
        assert timezone.localtime(timezone.datetime.fromisoformat(c["when"])).strftime("%Y-%m-%d %H:%M:%S") in page


def test_neighbours_and_namesakes_are_offered_and_never_block(d):
    """D-10."""
    file(d, "周敏", "138 0000 1111", **HOUSE)
    neighbour = file(d, "吴静", "137 0000 3333", community="云庭花园", address="12栋2单元805")
    namesake = file(d, "周敏", "136 0000 4444", community="海园", address="1-1-101")
    for one in (neighbour, namesake):
        assert (one.state, one.conflict) == ("submitted", "") and one.evidence["candidates"]
        assert {c["verdict"] for c in one.evidence["candidates"]} == {"clear"}
        assert approve(d, one).state == "approved"


def test_protection_ends_without_anyones_action(d):
    """D-12: by the clock alone; the same household is then free for another partner."""
    a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
    with d.inside():
        assert let_expire(a.protected_until - timedelta(seconds=1)) == 0 and let_expire(a.protected_until) == 1
    assert file(d, "周敏", "138 0000 1111", who="channel_rep2", partner=d.other, **HOUSE).conflict == ""


@pytest.mark.parametrize("of", ["filed", "decided"])
@pytest.mark.parametrize("by", ["partner", "owner", "outlet", "month", "person", "state"])
def test_figures_equal_the_rows_they_drill_to(d, of, by):
    """D-14: for every grouping and period, every figure is the number of rows in the list behind it."""
    with d.inside():
        person = OutsideDesigner.objects.create(state="approved", name="小陈", partner=d.partner)
    a, b = rivals(d)
    c = approve(d, file(d, "吴静", "137 0000 3333", outside_designer=person))
    file(d, "欧阳锋", "135 0000 1111")
    d.do("guide", "crm.customer.create", name="吴静", phone="13700003333")
    d.do("channel_manager", "filing.filing.supersede", a, by=c, reason="double")
    d.do("channel_manager", "filing.filing.approve", b, despite="agreed")
    client = browser("channel_manager")
    with d.inside():
        rows = report.run(FilingStatistics, d.actor("channel_manager"), {"by": by, "of": of}).rows
    assert sum(r["filings"] for r in rows) == (3 if of == "filed" else 2)
    for row in rows:
        for code, _label, _q in COUNTED:
            page, _q, query = FilingStatistics().drill({"drill": row["drill"] | {"counted": code}}).partition("?")
            found = client.get(f"{page.replace('/r/', '/api/v1/').rstrip('/')}?{query}").json()["results"]
            if by == "person" and row["key"] == "–":
                found = [f for f in found if not d.get(Filing, f["id"]).outside_designer_id]
            assert len(found) == row[code], (by, row["key"], code)


def test_the_statistics_show_averages_and_dashes(d):
    a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
    with d.inside():
        Filing.objects.filter(pk=a.pk).update(filed_at=timezone.now() - timedelta(days=3))
    d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", **HOUSE)
    page = browser("channel_manager").get("/report/filings/?date=2020-01-01")
    assert page.status_code == 200
    with d.inside():
        row = report.run(FilingStatistics, d.actor("channel_manager"), {"date": "2020-01-01"}).rows[0]
    assert (row["to_visit"], row["to_sign"], row["visit_rate"], row["signing_rate"]) == (3.0, "–", D("100.0"), D("0.0"))


def test_a_visit_too_soon_after_the_filing_earns_no_rebate_unless_a_judge_says_so(d):
    a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
    d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", **HOUSE)
    a = d.get(Filing, a)
    assert a.state == "visited" and "30" in a.no_rebate
    assert a.no_rebate in browser("channel_rep").get(f"/r/filing/filing/{a.pk}/").content.decode()
    assert d.do("channel_manager", "filing.filing.allow_rebate", a, reason="seen on the chat").no_rebate == ""


def test_an_order_below_the_minimum_earns_no_rebate_with_the_reason(d):
    from ..actions.course import sign
    a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
    with d.inside():
        Parameter.objects.create(name="filing_minimum_order", value=5000)
        one = Filing.objects.select_for_update(of=("self",)).get(pk=a.pk)
        sign(d.actor("guide"), one, amount=D("4999.99"))
    assert "4,999.99" in d.get(Filing, a).no_rebate


def test_clean_filings_are_approved_in_one_go_and_held_ones_are_named(d):
    a, b = file(d, "周敏", "138 0000 1111"), file(d, "吴静", "137 0000 3333")
    held = file(d, "周敏", "138 0000 1111", who="channel_rep2", partner=d.other)
    client = browser("channel_manager")
    clean = client.get("/api/v1/filing/filing-review", {"conflicts": "none"}).json()["results"]
    assert {r["id"] for r in clean} == {a.pk, b.pk}
    client.post("/r/filing/filing-review/bulk/approve/", {"ids": [a.pk, b.pk, held.pk]})
    # each of the first two now also meets the third; the certain one stays for a person to judge
    assert d.get(Filing, b).state == "approved" and d.get(Filing, held).state == "held"


def test_the_clock_of_the_review(d):
    a = file(d, "周敏", "138 0000 1111")
    client = browser("channel_manager")
    over = {"clock": "over"}
    assert client.get("/api/v1/filing/filing-review", over).json()["results"] == []
    with d.inside():
        Filing.objects.filter(pk=a.pk).update(filed_at=timezone.now() - timedelta(hours=25))
    assert [r["id"] for r in client.get("/api/v1/filing/filing-review", over).json()["results"]] == [a.pk]
    page = client.get("/r/filing/filing-review/", headers={"accept-language": "en"}).content.decode()
    assert re.search(r"data-label=\"Waiting h\">\s*25\b", page) or re.search(r">\s*25\s*<", page)
    assert "flag c-red" in page


def test_the_losing_side_hears_why_and_nothing_of_the_other(d):
    a, b = rivals(d)
    d.do("channel_manager", "filing.filing.reject", b, reason="filed later")
    with d.inside():
        told = [str(n) for n in Notification.objects.filter(member_id=d.members["channel_rep2"])]
    assert any("filed later" in t for t in told) and not any("1380000" in t or "周敏" in t for t in told)


def test_who_changes_the_employer_leaves_old_filings_with_the_old_company(d):
    with d.inside():
        person = OutsideDesigner.objects.create(state="approved", name="小陈", phone="13500001111", partner=d.partner)
    a = approve(d, file(d, "周敏", "138 0000 1111", outside_designer=person))
    with d.inside():
        OutsideDesigner.objects.filter(pk=person.pk).update(partner=d.other)
    assert d.get(Filing, a).partner_id == d.partner.pk
    with pytest.raises(Invalid) as caught:
        file(d, "吴静", "137 0000 3333", outside_designer=person)
    assert "outside_designer" in caught.value.errors
    assert file(d, "吴静", "137 0000 3333", outside_designer=person, partner=d.other).partner_id == d.other.pk


NAMES, PHONES = st.sampled_from(["周敏", "周女士", "陈刚", "欧阳锋", ""]), st.sampled_from(
    ["13800001111", "13800001112", "138****1111", "尾号1111", "13900002222", ""])
HOUSES = st.sampled_from([("云庭花园", "12-2-804"), ("云庭花园", "12-2-805"), ("云亭花园", "12栋2单元804"), ("海园", ""), ("", "")])


@given(NAMES, PHONES, HOUSES, NAMES, PHONES, HOUSES)
def test_matching_is_symmetric(n1, p1, h1, n2, p2, h2):
    one = party(1, name=n1, phones=[p1], community=h1[0], house=h1[1])
    two = party(2, name=n2, phones=[p2], community=h2[0], house=h2[1])
    there, back = compare(one, two), compare(two, one)
    assert (there.verdict, there.score, there.cause) == (back.verdict, back.score, back.cause) and there == back.mirrored()


def test_candidates_are_found_from_both_sides(d):
    a, b = rivals(d)
    with d.inside():
        sides = [{o.pk: c.verdict for o, c in candidates(Filing.objects.get(pk=x.pk))} for x in (a, b)]
    assert sides == [{b.pk: "conflict"}, {a.pk: "conflict"}]
