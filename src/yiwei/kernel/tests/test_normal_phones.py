"""Telephone numbers: every way of writing one, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwei.kernel.text import BadValue, Phone, apart, loose_phones, phone, phones
from yiwei.kernel.text.phones import LANDLINE, MASKED, ODD, SHORT

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize("text", [
    "13800001111", "138 0000 1111", "138-0000-1111", "138.0000.1111", "+8613800001111", "0086 138 0000 1111", "86-13800001111",
    "(+86)13800001111", "'13800001111", "１３８００００１１１１", "13800001111.0", 13800001111, 13800001111.0,
    "13800001111（微信同号）", "电话：13800001111", " 13800001111\u200b"])
def test_one_mobile_in_many_dresses(text):
    assert phone(text) == Phone("13800001111")


@pytest.mark.parametrize("text", ["13800001111/13900002222", "13800001111 13900002222", "13800001111、13900002222",
                                  "13800001111;+8613900002222", "张 13800001111 李 13900002222"])
def test_two_numbers_in_a_cell(text):
    assert [p.digits for p in phones(text)] == ["13800001111", "13900002222"]
    with pytest.raises(BadValue) as caught:
        phone(text)
    assert caught.value.message_id == "“%(value)s” holds more than one telephone number."


@pytest.mark.parametrize("text, digits", [
    ("020-88886666", "02088886666"), ("(020)8888 6666", "02088886666"), ("020-88886666-801", "02088886666"),
    ("010 6552 9988转12", "01065529988"), ("400-800-8888", "4008008888")])
def test_landlines(text, digits):
    assert phone(text) == Phone(digits, LANDLINE)


@pytest.mark.parametrize("text", ["138****1234", "138xxxx1234", "138＊＊＊＊1234", "+86 138****1234"])
def test_masked_numbers_keep_both_ends(text):
    found = phone(text)
    assert (found.kind, found.prefix, found.suffix, found.last4) == (MASKED, "138", "1234", "1234")


@pytest.mark.parametrize("text", ["1234", "尾号1234", "****1234"])
def test_last_four_digits_only(text):
    assert phone(text) == Phone("1234", SHORT)


@pytest.mark.parametrize("text", ["", None, "abc", "0", "138001", "1380000111", "138000011112", "1.38E+10", "23800001111",
                                  "13800001111 12345678", float("nan"), float("inf"), True, "<script>", "1380000****"])
def test_refused(text):
    with pytest.raises(BadValue):
        phone(text)


def test_the_reason_says_how_many_digits():
    with pytest.raises(BadValue, match="has 10 digits; a mobile number has 11"):
        phone("1380000111")


def test_comparing_keeps_what_storing_refuses():
    assert loose_phones("1380000111") == [Phone("1380000111", ODD)]
    assert loose_phones("abc") == []


def test_for_showing():
    assert phone("13800001111").masked == "138****1111"


@given(mobiles, st.sampled_from(["", " ", "-"]), st.sampled_from(["", "+86", "0086", "86-", "'"]), st.sampled_from(["", ".0", "（微信）"]))
def test_any_mobile_in_any_dress(digits, gap, head, tail):
    text = head + (digits if tail == ".0" or not gap else gap.join((digits[:3], digits[3:7], digits[7:]))) + tail
    if tail == ".0" and head:
        text = head + digits
    assert phone(text).digits == digits


@given(mobiles)
def test_reading_again_changes_nothing(digits):
    assert phone(str(phone(digits))) == phone(digits)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        assert phones(text)
    except BadValue:
        pass
    loose_phones(text)


@pytest.mark.parametrize("text", ["138OOOO1111", "l38ooool111", "一三八零零零零一一一一", "幺三八〇〇〇〇一一一一"])
def test_digits_as_letters_or_words_are_read_for_comparing_only(text):
    assert loose_phones(text) == [Phone("13800001111")]
    with pytest.raises(BadValue):
        phone(text)


@pytest.mark.parametrize("text, dummy", [("13800000000", True), ("13888888888", True), ("13800138000", True), ("13912345678", True),
                                         ("12345678900", True), ("11111111111", True), ("13800001111", False), ("13988889999", False),
                                         ("18612344321", False), ("02088888888", False)])
def test_numbers_that_stand_for_none(text, dummy):
    assert loose_phones(text)[0].dummy is dummy


@pytest.mark.parametrize("text, rest, digits", [
    ("雅溪花园3-2-501 13800001111", "雅溪花园3-2-501", ["13800001111"]), ("3栋2单元501，电话138-0000-1111", "3栋2单元501", ["13800001111"]),
    ("13-2-1501", "13-2-1501", []), ("15-2-3102-0155", "15-2-3102-0155", []), ("3-1-101 138****1111", "3-1-101", ["138****1111"])])
def test_a_number_in_an_address_is_told_from_the_houses(text, rest, digits):
    found = apart(text)
    assert (found[0], [p.digits for p in found[1]]) == (rest, digits)
