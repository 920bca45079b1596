"""Addresses and estates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwei.kernel.text import Address, BadValue, address, community, community_key, sound


@pytest.mark.parametrize("text", [
    "翠湾14座1单元804", "翠湾14-1-804", "翠湾14#1#804", "翠湾 14幢 1单元 804房", "翠湾十四号楼一单元八〇四室", "翠湾14栋1单元804室",
    "翠湾14号楼1门804户", "翠湾１４栋１单元８０４", "翠湾14栋一单元8楼04室", "翠湾14#楼1-804", "翠湾14栋-1-0804", "翠湾14幢1单元8层04",
    "翠湾14-1-8-04", "翠湾 14 1 804", "翠湾14楼1单元804", "翠湾14座1梯804", "翠湾14栋1单元804（业主自住）", "翠湾14棟1單元804",
    "翠湾第14栋第1单元804室", "翠湾14栋1单元804室周姐", "翠湾14-1-804 老周", "翠湾壹拾肆栋壹单元捌零肆室",
    "广东省广州市天河区翠湾14栋1单元804", "天河区翠湾14栋1单元804", "广州天河区翠湾14栋1单元804"])
def test_one_house_in_many_dresses(text):
    found = address(text)
    assert (found.community.base, found.building, found.unit, found.room) == ("翠湾", "14", "1", "804")


@pytest.mark.parametrize("text, parts", [
    ("翠湾4#3105", ("4", "", "3105")), ("翠湾30幢 905房", ("30", "", "905")), ("翠湾27-803", ("27", "", "803")),
    ("翠湾5-2301", ("5", "", "2301")), ("翠湾11栋二单元", ("11", "2", "")), ("翠湾2804户", ("", "", "2804")), ("翠湾8楼01", ("", "", "801")),
    ("翠湾A座1201", ("A", "", "1201")), ("翠湾A3栋12B", ("A3", "", "12B")), ("翠湾5号1201室", ("5", "", "1201")), ("翠湾3栋", ("3", "", "")),
    ("翠湾二号楼", ("2", "", "")), ("翠湾1单元804", ("", "1", "804")), ("翠湾27-1", ("27", "1", "")), ("翠湾8楼804", ("8", "", "804")),
    ("翠湾12栋8楼01", ("12", "", "801")), ("翠湾", ("", "", ""))])
def test_houses_in_part(text, parts):
    found = address(text)
    assert (found.community.base, (found.building, found.unit, found.room)) == ("翠湾", parts)


@pytest.mark.parametrize("text, city, district, name", [
    ("重庆市渝北区绿峰公馆25栋3单元202室", "重庆", "渝北区", "绿峰公馆"), ("苏州工业园区湖东花园3栋", "苏州", "工业园区", "湖东花园"),
    ("御城小区11幢", "", "", "御城小区"), ("高新区御城小区 11幢 1903房", "", "高新区", "御城小区"), ("新城小区3栋", "", "", "新城小区"),
    ("上海市浦东新区世纪大道100号翠湾花园5号1201室", "上海", "浦东新区", "翠湾花园"), ("城市之光3栋", "", "", "城市之光"),
    ("成都市武侯区人民南路四段12号翠湾3栋", "成都", "武侯区", "翠湾"), ("天悦8号12栋1单元801", "", "", "天悦8号")])
def test_regions(text, city, district, name):
    found = address(text)
    assert (found.city, found.district, found.community.name) == (city, district, name)


def test_the_estate_of_another_column_counts():
    found = address("3栋2单元801", "翠湾花园二期")
    assert (found.community.base, found.phase, found.room) == ("翠湾", "2", "801")
    assert address("翠湾二期3栋801", "翠湾").phase == "2"
    assert address("", "翠湾") == Address(community=community("翠湾"))


@pytest.mark.parametrize("text", ["翠湾一期", "翠湾1期", "翠湾I期", "翠湾Ⅰ期", "翠湾（一期）", "翠湾 １期", "翠灣一期"])
def test_phases(text):
    assert (community(text).base, community(text).phase) == ("翠湾", "1")


@pytest.mark.parametrize("text", ["翠湾", "翠湾花园", "翠湾公馆", "翠湾小区", "翠灣花園", "翠湾花园二期", "广州市天河区翠湾花园", "翠 湾", "翠湾A区", "翠湾东区"])
def test_spellings_of_an_estate_meet(text):
    assert community_key(text) == "翠湾"


def test_homophones_meet():
    assert community("翠湾花园").sound == community("脆弯花园").sound == sound("翠弯")
    assert community("锦龙新诚").suffix == "新城"


@pytest.mark.parametrize("text", ["", None, "<script>alert(1)</script>", "x' OR '1'='1"])
def test_refused(text):
    with pytest.raises(BadValue):
        address(text)


@given(st.integers(1, 120), st.sampled_from(["", "1", "2", "12"]), st.integers(1, 40), st.integers(1, 12),
       st.sampled_from(["{b}栋{u}单元{r}室", "{b}-{u}-{r}", "{b}#{u}#{r}", "{b}号楼{u}单元{r}", " {b}幢 {u}单元 {r}房", "{b}座{u}门{r}"]))
def test_any_house(building, unit, floor, flat, form):
    room = f"{floor}{flat:02d}"
    if not unit:
        form = form.replace("{u}单元", "").replace("{u}门", "").replace("{u}-", "").replace("{u}#", "")
    found = address("翠湾花园二期" + form.format(b=building, u=unit, r=room))
    assert (found.community.base, found.phase) == ("翠湾", "2")
    assert (found.building, found.unit, found.room) == (str(building), unit, room)


@given(st.text(max_size=40), st.text(max_size=10))
def test_any_text_is_read_or_refused(text, name):
    try:
        address(text, name)
    except BadValue:
        pass
    community(text)
