"""Who was first and with what, numbers that prove little, one partner in force for one house, discreet verdicts (CRM-02, CRM-03)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.traffic import Visit
from yiwei.kernel.base.errors import Invalid, NotFound, Refused
from yiwei.kernel.models import Notification, Timeline
from yiwei.kernel.records import search
from yiwei.kernel.screens.reports import report
from yiwei.kernel.work.options import Parameter
from yiwei.org.models.employee import Employee

from ..actions.course import sign
from ..models.filing import Filing
from ..models.partner import OutsideDesigner
from ..reports.filings import FilingStatistics
from .test_filing import HOUSE, approve, file
from .test_verdicts import browser, joint, rivals

COVERS = "CRM-02, CRM-03, CRM-04"


def ago(d, model, row, **span):
    """The row as if it had been made before."""
    name = {Visit: "at", Filing: "filed_at", Customer: "created_at"}[model]
    with d.inside():
        model.objects.filter(pk=row.pk).update(**{name: timezone.now() - timedelta(**span)})


def test_a_walk_in_that_became_a_customer_later_was_there_first(d):
    """Visit on Monday, filing on Tuesday, entered as customer on Wednesday: the visit is the proof."""
    visit = d.do("guide", "crm.visit.register", name="周女士", phone="13800001111")
    ago(d, Visit, visit, days=2)
    a = file(d, "陈刚", "139 0000 2222", **HOUSE)
    ago(d, Filing, a, days=1)
    d.do("guide", "crm.visit.to_customer", visit, spare_phone="", **HOUSE)
    a = d.do("channel_manager", "filing.filing.compare", a)
    first = a.evidence["candidates"][0]
    assert (first["kind"], first["strength"], first["first"]) == ("crm.customer", "strong", "other")
    assert [code for _at, code, *_more in first["events"]][0] == "visit_contact"
    page = browser("channel_manager").get(f"/r/filing/filing/{a.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "The other was first" in page and "In the showroom, left a phone" in page


@pytest.mark.parametrize("minutes, paid", [(40, True), (10, False)])
def test_who_comes_before_the_verdict_has_visited_once_it_is_given(d, minutes, paid):
    a = file(d, "周敏", "138 0000 1111", **HOUSE)
    visit = d.do("guide", "crm.visit.register", name="周敏", phone="13800001111")
    made = d.do("guide", "crm.visit.to_customer", visit, **HOUSE)
    ago(d, Filing, a, minutes=minutes + 60)
    ago(d, Visit, visit, minutes=60)
    a = approve(d, a, despite="came an hour after the filing")
    a = d.get(Filing, a)
    assert (a.state, a.customer_id) == ("visited", d.get(Visit, visit).customer_id)
    assert bool(a.no_rebate) is not paid and made.pk == visit.pk
    with d.inside():
        assert Customer.objects.get(pk=a.customer_id).channel_text == "华景装饰"


def test_the_minutes_count_from_the_door_not_from_the_desk(d):
    a = approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
    ago(d, Filing, a, minutes=20)
    visit = d.do("guide", "crm.visit.register", name="周敏", phone="13800001111")
    ago(d, Filing, a, minutes=90)
    d.do("guide", "crm.visit.to_customer", visit, **HOUSE)
    a = d.get(Filing, a)
    assert a.state == "visited" and "20" in a.no_rebate and a.customer_id


def test_two_partners_are_never_in_force_side_by_side(d):
    a, b = rivals(d)
    with pytest.raises(Refused) as caught:
        approve(d, b, despite="I like them better")
    assert a.number in caught.value.message
    d.do("channel_manager", "filing.filing.supersede", a, by=b, reason="the chat of 13800001111 proves it")
    assert approve(d, b, despite="see the chat").state == "approved"


def test_a_second_house_of_the_same_customer_may_go_to_another_partner(d):
    approve(d, file(d, "周敏", "138 0000 1111", **HOUSE))
    b = file(d, "周敏", "138 0000 1111", who="channel_rep2", partner=d.other, community="海园", address="1-1-101")
    assert b.conflict == "certain" and approve(d, b, despite="another house").state == "approved"


def test_a_joint_verdict_is_still_possible(d):
    a, b = rivals(d)
    assert joint(d, b, a).state == "approved"


def test_verdicts_tell_no_numbers_and_the_side_that_gives_way_hears_it(d):
    a, b = rivals(d)
    d.do("channel_manager", "filing.filing.supersede", a, by=b, reason="139 0000 2222 was there first")
    c = file(d, "吴静", "137 0000 3333")
    d.do("channel_manager", "filing.filing.reject", c, reason="guide3 has 13700003333 since May")
    with d.inside():
        told = [str(n) for n in Notification.objects.filter(member_id=d.members["channel_rep"])]
        kept = [*Timeline.objects.values_list("text", flat=True), *Filing.objects.values_list("verdict_text", flat=True)]
    assert any("139****2222" in t for t in told) and any("137****3333" in t for t in told)
    assert not any(n in t for t in [*told, *kept] for n in ("13900002222", "139 0000 2222", "13700003333"))


def test_numbers_of_our_people_and_partners_identify_no_customer(d):
    with d.inside():
        Employee.objects.filter(pk=d.members["guide"]).update(phone="13600001111")
        one = Employee.objects.get(pk=d.members["guide"])
        one.save()
        person = OutsideDesigner.objects.create(state="approved", name="小陈", phone="13500001111", partner=d.partner)
        for row in (one, person):
            search.index(row)
    for number in ("13600001111", "13500001111"):
        d.do("guide2", "crm.visit.register", name="李强", phone=number)
        made = file(d, "周敏", number, community="海园", address=f"1-1-{number[2]}01")
        assert (made.state, made.conflict) == ("submitted", "")
        assert "shared_phone" in {c["cause"] for c in made.evidence["candidates"]}     # shown, with both times, and blocks nothing


@pytest.mark.parametrize("number", ["13800000000", "13888888888", "020-88886666"])
def test_made_up_numbers_and_office_lines_are_shown_and_block_nothing(d, number):
    first = file(d, "李强", number, community="海园", address="1-1-101")
    other = file(d, "周敏", number, who="channel_rep2", partner=d.other, community="远山", address="9-9-901")
    assert (first.state, other.state, other.conflict) == ("submitted", "submitted", "")
    assert [c["id"] for c in other.evidence["candidates"]] == [first.pk]


def test_a_foremans_number_is_known_by_its_households(d):
    for n, name in enumerate(("王敏", "李强", "陈刚", "吴静")):
        file(d, name, "13700007777", community="海园", address=f"{n + 1}-1-101")
    last = file(d, "周敏", "13700007777", who="channel_rep2", partner=d.other, community="海园", address="9-1-101")
    assert last.conflict == "" and {c["cause"] for c in last.evidence["candidates"]} == {"shared_phone"}


def test_a_clerk_is_not_told_that_somebody_has_the_customer(d):
    """CRM-02: the answer is neutral on every screen and by the API; reviewers see the conflict."""
    d.do("guide3", "crm.customer.create", name="欧阳锋", phone="13800001111", **HOUSE)
    known, fresh = file(d, "周敏", "138 0000 1111"), file(d, "吴静", "137 0000 3333")
    assert (known.state, fresh.state) == ("held", "submitted")
    clerk, judge = browser("channel_rep"), browser("channel_manager")
    english = {"accept-language": "en"}
    for url in (f"/r/filing/filing/{known.pk}/", "/r/filing/filing/", "/search/?q=周敏", "/report/filings/?by=state"):
        assert "In conflict" not in clerk.get(url, headers=english).content.decode(), url
    assert "In conflict" in judge.get(f"/r/filing/filing/{known.pk}/", headers=english).content.decode()
    assert clerk.get(f"/api/v1/filing/filing/{known.pk}").json()["state"] == "submitted"
    assert judge.get(f"/api/v1/filing/filing/{known.pk}").json()["state"] == "held"

    def listed(client, state):
        return {r["id"] for r in client.get("/api/v1/filing/filing", {"state": state}).json()["results"]}
    assert listed(clerk, "held") == set() and listed(clerk, "submitted") == {known.pk, fresh.pk}
    assert listed(judge, "held") == {known.pk} and listed(judge, "submitted") == {fresh.pk}
    rows = clerk.get("/api/v1/filing/filing", {"conflict": "certain"}).json()["results"]
    assert {r["id"] for r in rows} == {known.pk, fresh.pk}    # no such filter for clerks


def test_who_was_filed_has_visited_at_the_door_and_the_guide_hears_the_source(d):
    """CRM-02: the protection runs from the visit, whether or not the guide makes a customer of it."""
    a = approve(d, file(d, "周敏", "138 0000 1111", spare_phone="139 0000 2222"))
    other = approve(d, file(d, "吴静", "137 0000 3333"))
    ago(d, Filing, a, hours=2)
    visit = d.do("guide2", "crm.visit.register", name="陈先生", phone="13900002222")
    found = d.get(Filing, a)
    assert (found.state, found.visit_id, found.customer_id, found.no_rebate) == ("visited", visit.pk, None, "")
    assert found.protected_until >= visit.at + timedelta(days=30) and d.get(Filing, other).state == "approved"
    with d.inside():
        assert "华景装饰" in str(Notification.objects.get(member_id=d.members["guide2"]))
    d.do("guide2", "crm.visit.to_customer", visit)
    with d.inside():
        made = Customer.objects.get(phone="13900002222")
        assert made.channel_text == "华景装饰" and Filing.objects.get(pk=a.pk).customer_id == made.pk


def test_a_phone_learnt_later_at_the_door_counts_and_a_shared_number_does_not(d):
    a = approve(d, file(d, "周敏", "138 0000 1111"))
    b = approve(d, file(d, "李强", "020-88886666"))
    visit = d.do("guide", "crm.visit.register", name="周女士")
    d.do("guide", "crm.visit.edit", visit, name="周女士", phone="13800001111")
    d.do("guide", "crm.visit.register", name="王伟", phone="02088886666")
    assert (d.get(Filing, a).state, d.get(Filing, b).state) == ("visited", "approved")


def test_what_differs_is_marked_and_the_second_is_shown(d):
    file(d, "周敏", "138 0000 1111")
    b = file(d, "周敏", "138 0000 1112", who="channel_rep2", partner=d.other)
    page = browser("channel_manager").get(f"/r/filing/filing/{b.pk}/").content.decode()
    assert "1380000111<mark>1</mark>" in page and "1380000111<mark>2</mark>" in page
    assert timezone.localtime(b.filed_at).strftime("%H:%M:%S") in page
    assert [(f["a"], f["b"], f["grade"]) for f in b.evidence["candidates"][0]["fields"] if f["field"] == "channel"] == [("其他装饰", "华景装饰", "differ")]


def test_a_draft_protects_nothing_until_it_is_sent(d):
    a = d.do("channel_rep", "filing.filing.draft", partner=d.partner, name="周敏")
    b = file(d, "周敏", "138 0000 1111", who="channel_rep2", partner=d.other)
    assert (a.state, a.filed_at, b.conflict) == ("draft", None, "")
    with pytest.raises(Invalid):
        d.do("channel_rep", "filing.filing.submit", a)
    d.do("channel_rep", "filing.filing.edit", a, partner=d.partner, name="周敏", phone="13800001111")
    with pytest.raises(NotFound):
        d.do("channel_rep2", "filing.filing.submit", a)
    a = d.do("channel_rep", "filing.filing.submit", a)
    assert (a.state, a.conflict, a.evidence["candidates"][0]["first"]) == ("held", "certain", "other")
    with pytest.raises(Refused):
        d.do("channel_rep", "filing.filing.edit", a, partner=d.partner, name="吴静", phone="13800001111")


def test_a_clerk_has_a_cap_a_day(d):
    with d.inside():
        Parameter.objects.create(name="filings_a_day", value=2)
    for n in range(2):
        file(d, "周敏", f"1380000111{n}", community="海园", address=f"{n + 1}-1-101")
    with pytest.raises(Refused):
        file(d, "吴静", "13700003333")
    assert file(d, "吴静", "13700003333", who="channel_rep2").pk


def test_who_signs_without_a_counted_visit_has_come_and_the_chart_shows_the_way(d):
    """CRM-04: signed ÷ visited never exceeds the whole; funnel and league stand side by side."""
    a = approve(d, file(d, "周敏", "138 0000 1111"))
    with d.inside():
        one = Filing.objects.select_for_update(of=("self",)).get(pk=a.pk)
        sign(d.actor("guide"), one, amount=Decimal("50000"))
        found = report.run(FilingStatistics, d.actor("channel_manager"), {})
        row, chart = found.rows[0], FilingStatistics().chart(found.rows)
    assert (row["visited"], row["signed"], row["signing_rate"]) == (1, 1, Decimal("100.0"))
    funnel, league = chart["series"]
    assert (funnel["type"], [step["value"] for step in funnel["data"]]) == ("funnel", [1, 1, 1, 1])
    assert (league["type"], league["data"], chart["yAxis"]["data"]) == ("bar", [50000.0], ["华景装饰"])
