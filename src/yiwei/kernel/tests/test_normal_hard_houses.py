"""Houses, numbers and names in ways that were once unread, and others of their kind."""

import pytest

from yiwei.kernel.text import address, addresses, loose_phones, person_names, phone, phones
from yiwei.kernel.text.regions import same_county, split_region


@pytest.mark.parametrize("text", ["013725701654", "0 13725701654", "+86-013725701654", "(86)013725701654", "1 3 7 2 5 7 0 1 6 5 4"])
def test_a_zero_before_a_mobile_number_is_no_area_code(text):
    assert [(p.digits, p.kind) for p in loose_phones(text)] == [("13725701654", "mobile")]


@pytest.mark.parametrize("text, kept", [("138****2237", "138****2237"), ("138*2237", "138****2237"), ("138…2237", "138****2237"), ("138____2237", "138****2237"),
                                        ("138开头尾号2237", "138****2237"), ("1380***2237", "1380***2237"), ("0138****2237", "138****2237")])
def test_masks_are_kept_and_read_again(text, kept):
    found = phone(text)
    assert (found.digits, phone(found.digits)) == (kept, found)
    assert found.last4 == "2237" and found.prefix.startswith("138")


def test_all_numbers_of_a_cell_are_read():
    assert [p.digits for p in phones("13800001111、13900002222或13700003333;13600004444")] == ["13800001111", "13900002222", "13700003333", "13600004444"]


@pytest.mark.parametrize("text, name, lot", [
    ("屿风枫花苑别墅区28栋", "屿风枫花苑", "28"), ("屿风枫花苑别墅28号", "屿风枫花苑", "28"), ("屿风枫花苑28号别墅", "屿风枫花苑", "28"), ("屿风枫花苑联排6号", "屿风枫花苑", "6"),
    ("屿风枫花苑叠墅12栋", "屿风枫花苑", "12"), ("屿风枫花苑88号", "屿风枫花苑", "88")])
def test_villas_have_a_lot_and_no_room(text, name, lot):
    found = address(text)
    assert (found.community.name, found.building, found.room) == (name, lot, "") and found.villa


@pytest.mark.parametrize("text, parts", [
    ("翠湾8栋12-3", ("8", "", "1203")), ("翠湾8栋12层3号", ("8", "", "1203")), ("翠湾3栋1单元17-2", ("3", "1", "1702")), ("翠湾3栋 21/03", ("3", "", "2103")),
    ("翠湾3栋2单元9.01", ("3", "2", "901")), ("翠湾8-12-3", ("8", "", "1203")), ("翠湾3栋-1层02", ("3", "", "-102")), ("翠湾3栋负一层02", ("3", "", "-102")),
    ("翠湾3栋1单元1502 13812349999", ("3", "1", "1502")), ("翠湾3栋1502，电话13812349999", ("3", "", "1502")), ("翠湾3栋1单元1502😀", ("3", "1", "1502")),
    ("翠湾3栋1单元1502（钥匙在物业）", ("3", "1", "1502")), ("翠湾3栋1单元1502精装", ("3", "1", "1502")), ("翠湾3栋1单元(1502)", ("3", "1", "1502")),
    ("2405室 1单元 12栋 翠湾", ("12", "1", "2405")), ("翠湾，2405室1单元12栋", ("12", "1", "2405")), ("2405室12幢翠湾", ("12", "", "2405")),
    ("翠湾A塔804", ("A", "", "804")), ("翠湾T3-1204", ("T3", "", "1204")), ("翠湾3栋甲单元804", ("3", "1", "804")), ("翠湾3栋2单804", ("3", "2", "804")),
    ("翠湾18楼东户", ("", "", "18东")), ("翠湾3号楼东单元18层西户", ("3", "东", "18西")), ("翠湾1号楼二单元三楼302室", ("1", "2", "302")),
    ("翠湾1#楼2单元3楼302", ("1", "2", "302")), ("翠湾3-301(2单元)", ("3", "", "301")), ("301 2单元 3栋 翠湾", ("3", "2", "301")),
    ("翠湾联排3-2", ("3-2", "", ""))])
def test_houses_once_unread(text, parts):
    found = address(text)
    assert (found.community.name, (found.building, found.unit, found.room)) == ("翠湾", parts)


def test_a_storey_and_flat_alone_may_be_either():
    assert [(a.building, a.unit, a.room) for a in addresses("17-2", "翠湾")] == [("17", "2", ""), ("", "", "1702")]


@pytest.mark.parametrize("text", ["翠湾3栋1单元1801/1802", "翠湾3栋1单元1801-1802", "翠湾3-1-1801、1802"])
def test_two_flats_of_one_floor(text):
    assert [str(a) for a in addresses(text)] == ["翠湾-3-1-1801", "翠湾-3-1-1802"]


@pytest.mark.parametrize("text", ["翠湾3栋1502；海园5-2-301", "海园5-2-301/翠湾3栋1502", "翠湾3栋1502和海园5-2-301"])
def test_two_homes_in_one_cell(text):
    assert {str(a) for a in addresses(text)} == {"翠湾-3-1502", "海园-5-2-301"}


@pytest.mark.parametrize("text, name", [("鹿门路123弄5号601室", "鹿门路123弄"), ("鹿门路123弄5-601", "鹿门路123弄"), ("人民路88号3栋501", "人民路88号"), ("人民路88号翠湾3栋501", "翠湾")])
def test_a_street_is_the_estate_only_where_nothing_else_is(text, name):
    assert address(text).community.name == name


@pytest.mark.parametrize("text, region", [
    ("长沙县翠湾", ("长沙", "长沙县")), ("长沙市长沙县翠湾", ("长沙", "长沙县")), ("湖南省长沙市岳麓区翠湾", ("长沙", "岳麓区")), ("襄樊市翠湾", ("襄阳", "")),
    ("集宁市翠湾", ("乌兰察布", "")), ("昆山市翠湾", ("苏州", "昆山市")), ("内蒙古自治区乌兰察布市丰镇市翠湾", ("乌兰察布", "丰镇市")), ("新疆喀什地区莎车县翠湾", ("喀什", "莎车县")),
    ("翠湾", ("", "")), ("上海花园", ("", ""))])
def test_regions_by_the_list_of_divisions(text, region):
    city, county, rest = split_region(text)
    assert (city, county) == region and rest.endswith(text[-2:])


def test_counties_that_became_districts_are_one():
    assert same_county("增城市", "增城区") and same_county("襄阳县", "襄州区") and not same_county("长沙县", "岳麓区")


@pytest.mark.parametrize("text, names", [
    ("买买提•艾力", ["买买提·艾力"]), ("李丽😀", ["李丽"]), ("王伟/李娜", ["王伟", "李娜"]), ("华强公司 张三丰", ["张三丰"]), ("张三丰（华强公司）", ["张三丰"]),
    ("华强装饰张三丰", ["张三丰"]), ("张伟-朋友介绍", ["张伟"]), ("★张伟", ["张伟"]), ("Tom 张伟", ["Tom", "张伟"]), ("Mr.张伟", ["张伟"]), ("张伟 老客户", ["张伟"])])
def test_names_with_what_people_write_beside_them(text, names):
    assert [str(n) for n in person_names(text)] == names
