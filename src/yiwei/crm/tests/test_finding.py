"""Searching customers: rare words by their ids, common ones row by row, always within the scope, by a bounded number of statements."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from yiwei.crm.models.customer import Customer, CustomerShare
from yiwei.kernel.base import deferred
from yiwei.kernel.records import scope, search

PEOPLE = [("周敏", "13800001111", "雅溪花园"), ("周明", "13800001112", "云庭"), ("吴敏", "13900002222", "雅溪花园")]


@pytest.fixture
def people(house):
    return [house.do("guide", "crm.customer.create", name=name, phone=phone, community=community, address="3-2-501", anyway="on")
            for name, phone, community in PEOPLE]


def found(house, words, who="guide"):
    with house.inside(who):
        return [c.name for c in search.match(scope.rows(Customer, house.actor(who)), words).order_by("id")]


@pytest.mark.parametrize("few", [5000, 1, 0])
@pytest.mark.parametrize("words, names", [
    ("周", ["周敏", "周明"]), ("zm", ["周敏", "周明"]), ("wum", ["吴敏"]), ("1111", ["周敏"]), ("13900002222", ["吴敏"]), ("雅溪", ["周敏", "吴敏"]),
    ("周 雅溪", ["周敏"]), ("zhou 云庭", ["周明"]), ("周 2222", []), ("9999", []), ("雅溪花园", ["周敏", "吴敏"]), ("", ["周敏", "周明", "吴敏"])])
def test_the_same_is_found_however_common_a_word_is(house, people, monkeypatch, few, words, names):
    monkeypatch.setattr(search, "FEW", few)
    assert found(house, words) == names
    assert found(house, words, "guide2") == []


@pytest.fixture
def names(house):
    for name, phone in (("欧阳娜娜", "13912345601"), ("單雄信", "13700000002"), ("尉迟恭", "13700000003")):
        house.do("guide", "crm.customer.create", name=name, phone=phone, community="海園", address="3-2-501", anyway="on")


@pytest.mark.parametrize("words", ["%", "🔥", "_%", "？ ！", "%%% 🔥"])
def test_signs_find_nothing(house, names, words):
    assert found(house, words) == []


@pytest.mark.parametrize("words", ["139 1234 5601", "+8613912345601", "8613912345601", "+86 139-1234-5601", "0086 13912345601", "１３９１２３４５６０１"])
def test_a_phone_is_found_however_it_is_written(house, names, words):
    assert found(house, words) == ["欧阳娜娜"]


@pytest.mark.parametrize("words, name", [
    ("歐陽娜娜", "欧阳娜娜"), ("欧阳 %", "欧阳娜娜"), ("单雄信", "單雄信"), ("單雄", "單雄信"), ("sxx", "單雄信"), ("shanxiongxin", "單雄信"),
    ("dxx", "單雄信"), ("yuchigong", "尉迟恭"), ("ycg", "尉迟恭")])
def test_characters_old_and_new_and_surnames_with_readings_of_their_own(house, names, words, name):
    assert found(house, words) == [name]


def test_communities_are_found_in_either_characters(house, names):
    assert len(found(house, "海园")) == len(found(house, "海園")) == 3


def test_many_words_ask_no_more_statements(house, people):
    with house.inside("guide"):
        for words in ("周", "周 雅溪花园 zm 1111"):
            with CaptureQueriesContext(connection) as asked:
                list(search.match(Customer.objects.all(), words))
            assert len(asked) == 2


def test_a_row_made_by_the_running_action_is_found(house):
    """Keys that are gathered to be written at the end of an action are written before somebody looks."""
    with house.inside("guide"), deferred.together():
        Customer.start(house.actor("guide"), name="郑一", phone="13700003333")
        assert [c.name for c in search.match(Customer.objects.all(), "郑一")] == ["郑一"]


def test_ids_of_a_query_or_a_list_by_index(house, people):
    first, second, third = people
    with house.inside("guide"):
        rows = Customer.objects.order_by("id")
        CustomerShare.objects.create(customer=third, member_id=house.members["guide2"])
        shared = CustomerShare.objects.order_by("-id").values("customer_id")
        assert list(rows.filter(pk__any=[first.pk, third.pk])) == [first, third]
        assert list(rows.filter(pk__any=[])) == []
        assert list(rows.filter(Q(pk__any=shared) | Q(name="周明"))) == [second, third]
        assert list(rows.filter(pk__any=Customer.objects.filter(name="周敏"))) == [first]
        assert CustomerShare.objects.filter(customer__pk__any=[third.pk]).count() == 1
        assert "= any(array(SELECT" in str(rows.filter(pk__any=shared).query)
    assert found(house, "吴敏", "guide2") == ["吴敏"]
