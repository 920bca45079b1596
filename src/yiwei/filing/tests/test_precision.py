"""Who was first, only as precisely as it is known; names of estates learnt from verdicts; rivals among the filings (F1–F9)."""

import csv
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from yiwei.crm.models.customer import Customer
from yiwei.filing.models.estate import EstateAlias
from yiwei.filing.models.filing import Filing
from yiwei.filing.rules import evidence, precision, sheet
from yiwei.filing.rules.matching import compare, party
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.records import search

from .test_filing import HOUSE, file

COVERS = "CRM-03"
DAY, MINUTE, SERVER = precision.DAY, precision.MINUTE, precision.SERVER


@pytest.mark.parametrize("a, b, first", [
    ((datetime(2026, 3, 1, 0, 0), DAY), (datetime(2026, 3, 1, 9, 30), SERVER), ""),
    ((datetime(2026, 3, 1, 12, 0), DAY), (datetime(2026, 3, 2, 0, 0), SERVER), "a"),
    ((datetime(2026, 3, 1, 9, 30), MINUTE), (datetime(2026, 3, 1, 9, 30, 20), SERVER), ""),
    ((datetime(2026, 3, 1, 9, 31), MINUTE), (datetime(2026, 3, 1, 9, 30, 59), SERVER), "b"),
    ((datetime(2026, 3, 1, 9, 30, 1), SERVER), (datetime(2026, 3, 1, 9, 30, 2), SERVER), "a"),
    ((datetime(2026, 3, 1), DAY), (datetime(2026, 3, 1), DAY), "")])
def test_who_was_first_is_said_only_where_it_is_known(a, b, first):
    assert precision.first(a, b) == first
    assert precision.first(b, a) == {"a": "b", "b": "a"}.get(first, "")


def test_no_more_is_shown_than_is_known():
    when = datetime(2026, 3, 1, 12, 0)
    assert [precision.stamp(when, k) for k in (DAY, MINUTE, SERVER)] == ["2026-03-01", "2026-03-01 12:00", "2026-03-01 12:00:00"]
    assert precision.stamp(date(2026, 3, 1), precision.known_of(date(2026, 3, 1))) == "2026-03-01"


def imported(d, customer, day):
    """As a book makes it: the day is known, noon is not."""
    with d.inside():
        Customer.objects.filter(pk=customer.pk).update(created_at=timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=12),
                                                       entered_known=DAY)


@pytest.mark.parametrize("days, first, told", [(0, "", "not known"), (3, "other", "only the day is known"), (-2, "this", "clock")])
def test_an_imported_day_has_no_hour(d, days, first, told):
    made = d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", **HOUSE)
    imported(d, made, timezone.localdate() - timedelta(days=days))
    a = file(d, "周敏", "138 0000 1111")
    one = a.evidence["candidates"][0]
    with d.inside(), translation.override("en"):
        shown = sheet.shown(a.evidence, d.actor("channel_manager"))[0]
    assert one["first"] == first and told in shown["who_first"], shown["who_first"]
    assert shown["when"].count(":") == 0 and str(timezone.localdate().year) in shown["side_by_side"][0]["stamp"]


def test_a_contract_of_the_same_day_wins_no_hours(d, monkeypatch):
    made = d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", **HOUSE)
    monkeypatch.setattr(evidence, "WITNESSES", [lambda ids: [(made.pk, timezone.localdate(), "contract", "HT1")]])
    with d.inside():
        Customer.objects.filter(pk=made.pk).update(created_at=timezone.now() + timedelta(hours=1))
    assert file(d, "周敏", "138 0000 1111").evidence["candidates"][0]["first"] == ""


@pytest.mark.parametrize("typed, number, how, cause", [
    ("13800001234", "13800002134", "turned", "phone_swap"), ("13800001234", "13800001243", "turned", "phone_swap"), ("13800001234", "13800001235", "slip", "phone_slip")])
def test_swapped_digits_are_called_so(typed, number, how, cause):
    found = compare(party(1, name="周敏", phones=typed), party(2, "customer", name="周敏", phones=number))
    assert (found.fields[0].how, found.cause) == (how, cause)


@pytest.mark.parametrize("a, b", [("王先生", "王女士"), ("王总", "王太太"), ("老王哥", "王姐")])
def test_a_man_and_a_woman_of_one_surname(a, b):
    assert compare(party(1, name="王先生"), party(2, "customer", name="王女士")).fields[1].how == "sexes"


@pytest.mark.parametrize("here, there, verdict", [("长沙市", "昆明市", "clear"), ("长沙市", "长沙市", "conflict"), ("长沙县", "长沙市", "conflict"), ("襄樊市", "襄阳市", "conflict"),
                                                  ("长沙市", "", "conflict")])
def test_the_same_name_in_another_city_is_another_estate_and_the_city_is_shown(here, there, verdict):
    found = compare(party(1, name="周敏", house=f"{here}云庭花园3-2-501"), party(2, "customer", name="陈刚", house=f"{there}云庭花园3-2-501"))
    assert found.verdict == verdict
    assert found.fields[2].a_value.split()[0] == {"襄樊市": "襄阳"}.get(here, "长沙")


@pytest.mark.parametrize("a, b", [("云庭花园别墅区28栋", "云庭花园别墅28号"), ("云庭花园88号", "云庭花园别墅88号"), ("云庭花园8栋12-3", "云庭花园8栋1203"), ("云庭花园17-2", "云庭花园3栋1702"),
                                  ("2405室 1单元 12栋 云庭花园", "云庭花园12-1-2405")])
def test_homes_that_never_met(a, b):
    assert compare(party(1, name="周敏", house=a), party(2, "customer", name="周敏", house=b)).verdict != "clear"


@pytest.mark.parametrize("a, b, verdict", [("南京翠湖花园3-1-501", "翠湖花园3-1-501", "conflict"), ("南京翠湖花园3-1-501", "沈阳翠湖花园3-1-501", "clear"),
                                           ("上海花园3-1-501", "北京花园3-1-501", "clear")])
def test_a_city_before_an_estate_may_be_left_out_but_not_be_another(a, b, verdict):
    assert compare(party(1, name="周敏", house=a), party(2, "customer", name="陈刚", house=b)).verdict == verdict


def test_a_cellar_is_not_a_flat():
    assert compare(party(1, name="周敏", house="云庭花园3栋-1层02"), party(2, "customer", name="陈刚", house="云庭花园3栋102")).verdict == "clear"


def test_the_third_number_is_kept_and_found(d):
    a = file(d, "周敏", "13800001111/13900002222", spare_phone="13700003333", community="海园", address="1-1-101")
    assert (a.phone, a.spare_phone, a.more_phones) == ("13800001111", "13900002222", "13700003333")
    b = file(d, "陈刚", "13700003333", who="channel_rep2", partner=d.other)
    assert b.conflict == "certain" and b.evidence["candidates"][0]["id"] == a.pk


def test_a_masked_number_is_kept_and_met_by_its_twin(d):
    a = file(d, "周敏", "138****2237", community="海园")
    b = file(d, "周敏", "138****2237", who="channel_rep2", partner=d.other, community="海园")
    assert a.phone == "138****2237" and (b.conflict, b.evidence["candidates"][0]["cause"]) == ("probable", "masked_phone")


def test_names_of_an_estate_are_compared_as_one_and_verdicts_propose_them(d):
    first = d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", community="云庭花园", address="12-2-804")
    a = file(d, "周敏", "13800001111", community="御景湾", address="12-2-804")
    a = d.do("channel_manager", "filing.filing.reject", a, reason="entered before")
    with d.inside():
        proposed = EstateAlias.objects.get()
    assert (proposed.alias, proposed.estate, proposed.state, proposed.filing_id) == ("御景湾", "云庭花园", "proposed", a.pk)
    assert file(d, "陈刚", "13900002222", community="御景湾", address="12-2-804").conflict == ""
    d.do("channel_manager", "filing.estatealias.keep", proposed)
    again = file(d, "陈刚", "13700003333", community="御景湾", address="12-2-804")
    assert again.conflict == "strong" and first.pk in {c["id"] for c in again.evidence["candidates"]}


@pytest.mark.parametrize("mine, theirs", [("云庭花园", "御景湾"), ("御景湾", "云庭花园"), ("御景湾", "翠微里")])
def test_rows_written_under_any_name_of_an_estate_meet(d, mine, theirs):
    with d.inside():
        for alias in ("御景湾", "翠微里"):
            EstateAlias.objects.create(alias=alias, estate="云庭花园")
    d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", community=theirs, address="12-2-804")
    assert file(d, "陈刚", "13900002222", community=mine, address="12-2-804").conflict == "strong"


def test_what_is_not_understood_is_shown_so(d):
    a = file(d, "周敏", "13800001111", community="云庭花园", address="靠河那排最里面")
    assert a.evidence["unread"] == [["address", "靠河那排最里面"]]
    with d.inside():
        assert sheet.unread(a.evidence, d.actor("channel_manager"))[0].endswith("靠河那排最里面")


def test_the_database_keeps_names_of_estates_apart(d):
    with d.inside():
        EstateAlias.objects.create(alias="御景湾", estate="云庭花园")
        for bad in ({"alias": "御景湾", "estate": "海园"}, {"alias": "海园", "estate": "海园"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                EstateAlias.objects.create(**bad)


def test_a_customers_third_number_is_refused_to_others_and_finds_the_filing(d):
    d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", more_phones="13700003333 13600004444")
    with pytest.raises(Invalid):
        d.do("guide", "crm.customer.create", name="吴静", phone="13600004444")
    assert file(d, "陈刚", "13700003333").conflict == "certain"


def test_the_evidence_of_books_tells_rivals_among_filings_in_the_readers_language(d, tmp_path):
    with d.inside():
        for row, (name, number) in enumerate([("周敏", "138****2237"), ("吴静", "13700003333"), ("周敏", "138****2237")], 2):
            made = Filing(number=f"BB-{row}", state="submitted", name=name, phone=number, community="海园", partner=d.partner, import_row=row, filed_at=timezone.now())
            made.save()
            search.index(made)
    for language, word in (("zh-hans", "电话"), ("en", "number")):
        call_command("filing_evidence", tenant=d.code, out=tmp_path / "e.csv", language=language)
        rows = list(csv.DictReader((tmp_path / "e.csv").open(encoding="utf-8")))
        assert [r["rival_filing_row"] for r in rows] == ["", "", "2"] and rows[2]["rival_verdict"] == "suspect"
        if language == "en":
            assert word in rows[2]["rival_reasons"] and "138****2237" in rows[2]["rival_reasons"]
