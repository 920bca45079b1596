"""Names and how they sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwei.kernel.text import BadValue, homophones, person_name, person_names, sound, split_contact


@pytest.mark.parametrize("text, surname, given_name, title", [
    ("周敏", "周", "敏", ""), (" 周 敏 ", "周", "敏", ""), ("周敏女士", "周", "敏", "女士"), ("周敏（业主）", "周", "敏", ""), ("业主周敏", "周", "敏", ""), ("客户：周女士", "周", "", "女士"), ("周太", "周", "", "太"),
    ("周女士", "周", "", "女士"), ("王总", "王", "", "总"), ("陈工", "陈", "", "工"), ("李哥", "李", "", "哥"), ("林总监", "林", "", "总监"),
    ("小周", "周", "", "小"), ("老周", "周", "", "老"), ("小周姐", "周", "", "姐"), ("欧阳丽丽", "欧阳", "丽丽", ""),
    ("欧阳女士", "欧阳", "", "女士"), ("小欧阳", "欧阳", "", "小"), ("張偉", "张", "伟", ""), ("马小红", "马", "小红", ""),
    ("张建工", "张", "建工", ""), ("师畅", "师", "畅", ""), ("师小姐", "师", "", "小姐")])
def test_parts(text, surname, given_name, title):
    name = person_name(text)
    assert (name.surname, name.given, name.title) == (surname, given_name, title)
    assert name.is_title_only == (not given_name)


def test_pinyin():
    name = person_name("單小曾")
    assert (name.pinyin, name.initials) == ("shanxiaoceng", "sxc")
    assert person_name("曾敏").pinyin == "zengmin"
    assert person_name("周敏").sound == person_name("州民").sound == sound("周闵")


@pytest.mark.parametrize("left, right, same", [("周敏", "周闵", True), ("周敏", "周明", True), ("周敏", "周强", False), ("张珊", "章三", True),
                                               ("张三", "张三三", False), ("李行", "李航", True)])
def test_homophones(left, right, same):
    assert homophones(left, right) == homophones(right, left) == same


def test_two_names():
    assert [n.full for n in person_names("周敏/李强")] == [n.full for n in person_names("周敏 李强")] == ["周敏", "李强"]
    with pytest.raises(BadValue):
        person_name("周敏/李强")


def test_a_name_without_parts():
    assert person_name("Tom Smith").full == "Tom Smith"
    assert person_name("阿卜杜拉·买买提").surname == ""


@pytest.mark.parametrize("text", ["", None, "先生", "周3", "13800001111", "<script>alert(1)</script>", "x' OR '1'='1", "###"])
def test_refused(text):
    with pytest.raises(BadValue):
        person_name(text)


@pytest.mark.parametrize("text", ["周敏13800001111", "周敏 电话:138 0000 1111 微信同号", "13800001111（周敏）", "周敏/13800001111"])
def test_a_name_and_a_number_in_one_cell(text):
    name, numbers = split_contact(text)
    assert name.strip("()") == "周敏" and [p.digits for p in numbers] == ["13800001111"]


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    try:
        assert all(n.full for n in person_names(text))
    except BadValue:
        pass
