"""Outside designers: approved with an agreement, one person once, companies over time, an account by two persons (BAS-11)."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.test import Client
from django.utils import timezone

from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.testing import PASSWORD, make_dealer

from ..actions import designermerge
from ..actions.person import valid_id
from ..models.designermerge import DesignerMerge
from ..models.filing import Filing
from ..models.partner import ChannelPartner, DesignerAccount, DesignerPeriod, OutsideDesigner

COVERS = "BAS-11"
ID = "11010519491231002X"


@pytest.fixture
def d(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = make_dealer(sign_ins=True)
    with made.inside():
        made.partner, made.other = (ChannelPartner.objects.create(code=c, name=n) for c, n in (("P1", "一号家装"), ("P2", "二号家装")))
    return made


def client(who):
    found = Client(SERVER_NAME="localhost")
    found.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return found


def enter(d, **more):
    said = {"name": "陈设计", "phone": "135 0000 1111", "partner": d.partner, "since": date(2026, 1, 5), "id_number": ID} | more
    return d.do("channel_rep", "filing.outsidedesigner.create", **said)


def approved(d, made):
    paper = SimpleUploadedFile("agreement.pdf", b"%PDF-1.4 agreement", "application/pdf")
    url = f"/r/filing/outsidedesigner/{made.pk}/do/approve/"
    assert client("channel_manager").post(url, {"agreement": "XY-1", "file": paper}).status_code in (200, 302)
    return fresh(d, made)


def fresh(d, row):
    with d.inside():
        return type(row).objects.get(pk=row.pk)


def test_a_draft_files_nothing_and_is_approved_with_its_agreement(d):
    rep = client("channel_rep")
    answer = rep.post("/r/filing/outsidedesigner/new/create/", {
        "name": "陈设计", "phone": "13500001111", "partner": d.partner.pk, "level": "A", "id_number": ID, "brands": "欧派"})
    assert answer.status_code in (200, 302)
    with d.inside():
        made = OutsideDesigner.objects.get()
    assert made.state == "draft"
    said = {"name": "周敏", "phone": "13800001111", "partner": d.partner.pk, "outside_designer": made.pk}
    assert rep.post("/r/filing/filing/new/create/", said).status_code == 422
    with pytest.raises(Forbidden):
        d.do("channel_rep", "filing.outsidedesigner.approve", made, agreement="XY-1")
    with pytest.raises(Invalid) as refused:
        d.do("channel_manager", "filing.outsidedesigner.approve", made, agreement="XY-1")
    assert "file" in refused.value.errors
    assert approved(d, made).state == "approved"
    assert rep.post("/r/filing/filing/new/create/", said).status_code in (200, 302)
    with d.inside():
        filing = Filing.objects.get()
    d.do("channel_manager", "filing.filing.approve", filing, despite="")
    assert fresh(d, made).state == "active"
    shown = client("channel_manager").get(f"/r/filing/outsidedesigner/{made.pk}/").content.decode()
    assert "一号家装" in shown and "agreement.pdf" in shown


def test_the_same_person_is_found_by_either_phone_and_by_the_id(d):
    made = enter(d, spare_phone="13500002222")
    for twin, field in (({"phone": "13500002222", "id_number": ""}, "phone"),
                        ({"phone": "13500003333", "spare_phone": "13500001111", "id_number": ""}, "spare_phone"),
                        ({"phone": "13500004444"}, "id_number")):
        with pytest.raises(Invalid) as refused:
            enter(d, name="陈工", partner=d.other, **twin)
        assert list(refused.value.errors) == [field] and "陈设计" in str(refused.value.errors[field])
    with pytest.raises(Invalid):
        enter(d, phone="13500005555", id_number="110105194912310021")
    assert valid_id(ID) and not valid_id("12345")
    with d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        OutsideDesigner.objects.create(name="陈工", phone=made.phone)


def test_with_a_new_company_old_filings_stay_unless_the_old_one_agrees(d):
    made = approved(d, enter(d))
    filings = [d.do("channel_rep", "filing.filing.create", name=n, phone=p, partner=d.partner, outside_designer=made)
               for n, p in (("周敏", "13800001111"), ("王强", "13900002222"))]
    d.do("channel_manager", "filing.filing.approve", filings[0], despite="")
    today = timezone.localdate()
    with pytest.raises(Invalid):
        d.do("channel_manager", "filing.outsidedesigner.move", fresh(d, made), partner=d.other, day=date(2026, 1, 5), agreed=False, reason="x")
    d.do("channel_manager", "filing.outsidedesigner.move", fresh(d, made), partner=d.other, day=today, agreed=False, reason="letter")
    assert fresh(d, filings[0]).partner_id == d.partner.pk and fresh(d, made).partner_id == d.other.pk
    with d.inside():
        periods = list(made.periods.order_by("first_on").values_list("partner__name", "first_on", "last_on"))
        assert periods == [("一号家装", date(2026, 1, 5), today - timedelta(days=1)), ("二号家装", today, None)]
        with pytest.raises(IntegrityError), transaction.atomic():
            DesignerPeriod.objects.create(designer=made, partner=d.partner, first_on=date(2026, 2, 1), last_on=date(2026, 2, 9))
    later = today + timedelta(days=30)
    d.do("channel_manager", "filing.outsidedesigner.move", fresh(d, made), partner=d.partner, day=later, agreed=True, reason="back")
    d.do("channel_manager", "filing.outsidedesigner.move", fresh(d, made), partner=d.other, day=later + timedelta(days=1), agreed=True, reason="both agree")
    assert fresh(d, filings[0]).partner_id == d.other.pk
    assert fresh(d, filings[1]).partner_id == d.partner.pk  # still under review: the claim of whoever filed it
    d.do("channel_manager", "filing.outsidedesigner.leave", fresh(d, made), day=later + timedelta(days=9), reason="moved away")
    with pytest.raises(Invalid):
        d.do("channel_rep", "filing.filing.create", name="赵一", phone="13900003333", partner=d.other, outside_designer=fresh(d, made))
    d.do("channel_manager", "filing.outsidedesigner.come_back", fresh(d, made), partner=d.partner, day=later + timedelta(days=20))
    assert fresh(d, made).state == "approved"


def test_the_account_changes_only_by_two_persons(d):
    made = enter(d)
    d.do("channel_rep", "filing.outsidedesigner.ask_bank", made, account="6222 0001", reason="letter")
    with d.inside():
        change = DesignerAccount.objects.get()
    d.do("finance_manager", "filing.designeraccount.confirm", change, called="010-1")
    assert fresh(d, made).account == "6222 0001"
    d.do("channel_manager", "filing.outsidedesigner.ask_bank", fresh(d, made), account="6222 0002", reason="mail")
    with d.inside():
        later = DesignerAccount.objects.get(state="waiting")
    with pytest.raises(Refused):
        d.do("channel_manager", "filing.designeraccount.confirm", later, called="010-1")
    with d.inside("channel_manager"):
        for attempt in (lambda: OutsideDesigner.objects.filter(pk=made.pk).update(account="6222 0002"),
                        lambda: DesignerAccount.objects.filter(pk=later.pk).update(state="confirmed", decided_by_id=d.members["channel_manager"]),
                        lambda: DesignerAccount.objects.filter(pk=later.pk).update(account="mine")):
            with pytest.raises(IntegrityError), transaction.atomic():
                attempt()


def twins(d, **more):
    """One person entered twice, each entry with a filing in force."""
    one = approved(d, enter(d))
    two = approved(d, enter(d, **{"name": "陈工", "phone": "13500009999", "id_number": ""} | more))
    for person, phone in ((one, "13800001111"), (two, "13800002222")):
        made = d.do("channel_rep", "filing.filing.create", name="周敏", phone=phone, partner=d.partner, outside_designer=person)
        d.do("channel_manager", "filing.filing.approve", made)
    return fresh(d, one), fresh(d, two)


def merge(d, one, two, who="channel_manager"):
    return d.do(who, "filing.outsidedesigner.merge", one, other=two, reason="one person")


def test_one_person_entered_twice_becomes_one_with_the_history(d):
    one, two = twins(d, since=date(2025, 3, 1))
    with pytest.raises(Forbidden):
        merge(d, one, two, "channel_rep")
    merge(d, one, two)
    one, two = fresh(d, one), fresh(d, two)
    assert (one.phone, one.spare_phone, one.state) == ("13500001111", "13500009999", "active")
    assert (two.state, two.phone, two.merged_into_id, two.active) == ("merged", "", one.pk, False)
    with d.inside():
        assert set(Filing.objects.values_list("outside_designer_id", flat=True)) == {one.pk}
        assert [(p.first_on, p.last_on) for p in one.periods.all()] == [(date(2025, 3, 1), None)]
        kept = DesignerMerge.objects.get()
        assert kept.rows_moved == 1 and kept.filled["other.phone"] == "13500009999"
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            DesignerMerge.objects.update(reason="other")
        with pytest.raises(IntegrityError), transaction.atomic():
            OutsideDesigner.objects.filter(pk=two.pk).update(state="active")
    manager = client("channel_manager")
    listed = manager.get("/r/filing/outsidedesigner/?q=陈工").content.decode()
    assert f"/outsidedesigner/{one.pk}/" in listed and f"/outsidedesigner/{two.pk}/" not in listed   # found by the other name, too
    assert f"/outsidedesigner/{one.pk}/" in manager.get(f"/r/filing/outsidedesigner/{two.pk}/").content.decode()
    assert manager.get(f"/r/filing/outsidedesigner/{one.pk}/?tab=merges").content.decode().count("陈工") >= 1
    with pytest.raises(Invalid):
        merge(d, one, two)
    with pytest.raises(Invalid):
        enter(d, name="陈工", phone="13500009999", id_number="")   # the number has its bearer


def test_companies_one_after_the_other_become_one_history_and_two_at_once_are_refused(d):
    one = approved(d, enter(d))
    later = approved(d, enter(d, name="陈工", phone="13500009999", id_number="", partner=d.other, since=date(2026, 2, 1)))
    with pytest.raises(Refused):
        merge(d, one, later)
    d.do("channel_manager", "filing.outsidedesigner.leave", one, day=date(2026, 1, 31), reason="left")
    merge(d, fresh(d, one), later)
    with d.inside():
        assert list(fresh(d, one).periods.order_by("first_on").values_list("partner_id", "last_on")) == [
            (d.partner.pk, date(2026, 1, 31)), (d.other.pk, None)]
    assert fresh(d, one).partner_id == d.other.pk


def test_a_waiting_account_is_decided_before_the_merge(d):
    one, two = twins(d)
    d.do("channel_rep", "filing.outsidedesigner.ask_bank", two, account="6222 0001", reason="letter")
    with pytest.raises(Refused):
        merge(d, one, two)


def test_open_rebates_of_both_stop_the_merge_those_of_one_do_not(d, monkeypatch):
    one, two = twins(d)
    owing = {one.pk, two.pk}
    monkeypatch.setattr(designermerge, "OWED", [lambda person: person.pk in owing])
    with pytest.raises(Refused):
        merge(d, one, two)
    owing.discard(two.pk)
    merge(d, one, two)
    assert fresh(d, two).state == "merged"
