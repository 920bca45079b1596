"""The matcher: the journey of the domain book, symmetry, keys, principles."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yiwei.filing.rules.matching import CONTEXT_KINDS, Rarity, compare, keys, party, rank
from yiwei.filing.rules.matching.keys import MOST_KEYS

HOUSE = "云庭花园12栋2单元804"


def filing(id, name, phone, house="", **more):
    return party(id, name=name, phones=phone, house=house, **more)


A = filing("A", "周敏", "138 0000 1111", HOUSE)
B = filing("B", "陈刚", "139 0000 2222", "云庭花园12-2-804")
C = filing("C", "吴静", "137 0000 3333", "云庭花园12栋2单元805")
D = filing("D", "周敏", "138 0000 1112")


class TestScenario:
    """G3: A files; B is the husband with the same house; C lives next door; D has one digit other and no house."""

    def test_husband(self):
        found = compare(A, B)
        assert (found.verdict, found.cause, found.strength) == ("conflict", "same_house", "strong")

    def test_neighbour(self):
        found = compare(A, C)
        assert (found.verdict, found.cause, found.strength) == ("clear", "neighbour", "")

    def test_one_digit_other(self):
        found = compare(A, D)
        assert (found.verdict, found.cause, found.strength) == ("suspect", "phone_slip", "probable")

    def test_walk_in_registered_earlier(self):
        visit = party("E", "visit", phones="+8613800001111", outlet="2")
        found = compare(A, visit)
        assert (found.verdict, found.cause, found.strength) == ("conflict", "same_phone", "certain")

    def test_all_of_them_are_found_by_keys(self):
        for other in (B, D):
            assert keys(A, context=False) & keys(other, context=False)
        assert {kind for kind, _ in keys(A) & keys(C)} <= CONTEXT_KINDS

    def test_rank(self):
        assert [p.id for p, _ in rank(A, [C, D, B])] == ["B", "D", "C"]

    def test_month(self):
        held = [one.id for one, earlier in ((A, []), (B, [A]), (C, [A, B]), (D, [A, B, C]))
                if any(found.verdict != "clear" for _, found in rank(one, earlier))]
        assert held == ["B", "D"]


@pytest.mark.parametrize("a, b, verdict, cause", [
    (("周敏", "13800001111"), ("王强", "13800001111"), "conflict", "same_phone"),
    (("周女士", "13900002222", HOUSE), ("周敏", "13800001111", HOUSE), "conflict", "same_house"),
    (("周女士", "13900002222", "云庭花园12栋804"), ("周敏", "13800001111", HOUSE), "suspect", "title_name_house"),
    (("周敏", "13900002222", "云庭花园2栋12单元804"), ("周敏", "13800001111", HOUSE), "suspect", "title_name_house"),
    (("周敏", "138****1111"), ("周敏", "13800001111"), "suspect", "masked_phone"),
    (("小周", "尾号1111"), ("周敏", "13800001111"), "suspect", "phone_tail"),
    (("周敏", "1380001111"), ("周敏", "13800001111"), "suspect", "phone_slip"),
    (("周闵", "13800001101"), ("周敏", "13800001111"), "suspect", "phone_slip"),
    (("陈刚", "13900002222", "雲庭花園12棟2單元804"), ("周敏", "13800001111", HOUSE), "conflict", "same_house"),
    (("陈刚", "13900002222", "云亭12栋2单元804"), ("周敏", "13800001111", HOUSE), "conflict", "same_house"),
    (("陈刚 13800001111", ""), ("周敏", "13800001111"), "conflict", "same_phone"),
    (("周敏", "13900002222"), ("周敏", "13800001111"), "clear", "namesake"),
    (("周敏", "13900002222", "云庭花园9栋1单元101"), ("周敏", "13800001111", HOUSE), "clear", "neighbour"),
    (("陈刚", "13900002222", "云庭花园12栋1单元804"), ("周敏", "13800001111", HOUSE), "clear", "neighbour"),
    (("陈刚", "13900002222", "云庭花园"), ("周敏", "13800001111", HOUSE), "clear", "neighbour"),
    (("陈刚", "13900002222", "云庭公馆12栋2单元804"), ("周敏", "13800001111", HOUSE), "clear", "unlike"),
    (("陈刚", "13800001112"), ("周敏", "13800001111"), "clear", "unlike"),
    (("陈刚", "尾号1111"), ("周敏", "13800001111"), "clear", "unlike"),
    (("陈刚", "13900002222", "万科云庭12栋2单元804"), ("周敏", "13800001111", HOUSE), "conflict", "same_house"),
    (("陈刚", "13900002222", "万科云庭花园12-2-804"), ("周敏", "13800001111", "保利云庭花园12-2-804"), "clear", "unlike"),
    (("周敏", "13800110110"), ("周敏", "13801100110"), "suspect", "phone_swap"),
    (("陈刚", "13811110000"), ("周敏", "13801110001"), "clear", "unlike"),
    (("陈刚", "13888888888"), ("周敏", "13888888888"), "clear", "shared_phone"),
    (("周女士", "13888888888", HOUSE), ("周敏", "13888888888", HOUSE), "conflict", "same_house"),
    (("陈刚", "020-88886666"), ("周敏", "02088886666转801"), "clear", "shared_phone"),
    (("周女士", "020-88886666"), ("周敏", "02088886666"), "conflict", "same_phone"),
])
def test_verdicts(a, b, verdict, cause):
    found = compare(filing(1, *a), party(2, "customer", name=b[0], phones=b[1], house=b[2] if len(b) > 2 else ""))
    assert (found.verdict, found.cause) == (verdict, cause), [f.text for f in found.fields]


def test_spare_and_spouse_numbers_count():
    customer = party(2, "customer", name=["周敏", "陈刚"], phones=["13800001111", "13900002222"])
    assert compare(filing(1, "陈先生", "13900002222"), customer).strength == "certain"


def test_a_number_in_the_remark_counts():
    found = compare(party(1, name="周女士", remark="业主电话13800001111"), filing(2, "周敏", "13800001111"))
    assert found.cause == "same_phone"


@pytest.mark.parametrize("cells", [
    {"name": "13800001111", "phones": "周敏"}, {"name": "周敏", "house": f"{HOUSE} 13800001111"}, {"name": "周敏", "community": "云庭花园 13800001111"}])
def test_cells_in_each_others_place_are_read(cells):
    found = party(1, **cells)
    assert [str(p) for p in found.phones] == ["13800001111"] and [str(n) for n in found.names] == ["周敏"]
    if "house" in cells:
        assert str(found.address) == "云庭花园-12-2-804"


def test_estate_and_flat_in_each_others_column():
    assert str(party(1, community="12-2-804", house="云庭花园").address) == "云庭花园-12-2-804"


def test_a_foremans_number_proves_little():
    crowd = [filing(i, f"{name}敏", "13700007777", f"云庭花园{i}栋1单元101") for i, name in enumerate("王李张刘陈杨黄赵吴孙", 1)]
    rarity = Rarity.of(crowd)
    found = compare(crowd[0], crowd[1], rarity)
    assert (found.verdict, found.cause) == ("clear", "shared_phone")
    assert "10 households" in found.fields[0].text
    again = party(99, name="钱平", phones="13700007777", house="云庭花园3栋1单元101")
    assert compare(again, crowd[2], rarity).cause == "same_house"
    assert compare(A, D, Rarity(shared=frozenset({"13800001111"}))).verdict == "clear"


def test_a_rare_name_weighs_more():
    common = Rarity.of([filing(i, "王芳", f"139{i:08d}") for i in range(50)])
    assert common.name_weight("王芳") < common.name_weight("逄玥")


def test_reasons_are_message_ids_with_both_values():
    phone = compare(A, D).fields[0]
    assert (phone.field, phone.grade, phone.reason) == ("phone", "near", "The numbers differ by one slip of a digit.")
    assert (phone.a_value, phone.b_value) == ("13800001111", "13800001112")


NAMES = st.sampled_from(["周敏", "周闵", "周女士", "小周", "周小敏", "王强", "王先生", "周敏/王强", "", "<b>", "欧阳敏", "Tom"])
NUMBERS = st.lists(st.sampled_from(["13800001111", "13800001112", "1380000111", "138****1111", "138*****11", "1111", "尾号1112", "02088886666",
                                    "13900002222", "abc", "13700007777"]), max_size=3)
HOUSES = st.sampled_from(["", HOUSE, "云庭12-2-804", "云庭花园2-12-804", "云庭花园12栋804", "云亭花园12#2#804", "云庭公馆12-2-804", "12-2-804",
                          "云庭花园一期12-2-804", "云庭花园二期12-2-804", "广州市云庭花园12-2-804", "佛山市云庭花园12-2-804", "云庭花园", "云庭花园12栋",
                          "凤凰云庭12-2-804", "x' OR '1'='1"])
PARTIES = st.builds(lambda id, kind, name, phones, house: party(id, kind, name=name, phones=phones, house=house),
                    st.integers(1, 3), st.sampled_from(["filing", "customer"]), NAMES, NUMBERS, HOUSES)


@given(PARTIES, PARTIES)
def test_a_comparison_has_a_mirror(a, b):
    there, back = compare(a, b), compare(b, a)
    assert there == back.mirrored()
    assert (there.score, there.verdict, there.cause) == (back.score, back.verdict, back.cause)
    assert 0 <= there.score <= 1


@given(PARTIES, PARTIES)
@example(party(1, "filing", name="周敏", phones=["13800001111"], house="云庭花园"),
         party(2, "filing", name="王强", phones=["13800001112"], house="凤凰云庭12-2-804"))
def test_what_is_not_clear_shares_a_key(a, b):
    if compare(a, b).verdict != "clear":
        assert keys(a, context=False) & keys(b, context=False)


@given(PARTIES)
def test_keys_are_few_and_fit_their_table(one):
    found = keys(one)
    assert len(found) <= MOST_KEYS
    assert all(len(kind) <= 24 and 0 < len(key) <= 64 for kind, key in found)


@given(PARTIES)
def test_a_party_with_a_number_or_house_meets_itself(one):
    if any(p.full for p in one.phones) or (one.address.has_house and one.address.building):
        assert compare(one, one).verdict == "conflict"
