"""Base data in use is never deleted; what is used nowhere is, with its keys, and its history stays."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.catalog.models.product import Category
from yiwei.kernel.base.errors import Forbidden, Refused
from yiwei.kernel.models import Change, SearchKey, Timeline
from yiwei.kernel.records.usage import references, usage
from yiwei.kernel.testing import PASSWORD, make_dealer


@pytest.fixture
def dealer(db):
    return make_dealer(sign_ins=True)


def page(who, url):
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client.get(url).content.decode()


def test_used_rows_say_where_and_stay(dealer):
    with dealer.inside():
        source = CustomerSource.objects.order_by("id").first()
    for n in range(2):
        dealer.do("guide", "crm.customer.create", name=f"周敏{n}", phone=f"1380000111{n}", source=source)
    with dealer.inside():
        assert usage(source) == [("Customers", 2)] or dict(usage(source))["客户管理"] == 2
    with pytest.raises(Refused) as refused:
        dealer.do("general_manager", "catalog.customersource.delete", source)
    assert " 2" in refused.value.message
    with dealer.inside():
        assert CustomerSource.objects.filter(pk=source.pk).exists()
    text = page("general_manager", f"/r/catalog/customersource/{source.pk}/")
    assert "Used in" in text and "<b>2</b>" in text
    assert "2. It stays there" in page("general_manager", f"/r/catalog/customersource/{source.pk}/do/disable/")
    assert "Used in" not in page("guide", f"/r/catalog/customersource/{source.pk}/")


def test_the_database_keeps_what_is_used(dealer):
    with dealer.inside():
        source = CustomerSource.objects.order_by("id").first()
    dealer.do("guide", "crm.customer.create", name="周敏", phone="13800001111", source=source)
    with dealer.inside():
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("delete from catalog_customersource where id = %s", [source.pk])


def test_what_is_used_nowhere_goes_and_leaves_its_history(dealer):
    category = dealer.do("general_manager", "catalog.category.create", code="x9", name="临时品类")
    with pytest.raises(Forbidden):
        dealer.do("guide", "catalog.category.delete", category)
    client = Client()
    client.post("/sign-in/", {"username": "general_manager@one", "password": PASSWORD})
    answer = client.post(f"/r/catalog/category/{category.pk}/do/delete/")
    assert (answer.status_code, answer.url) == (302, "/r/catalog/category/")
    assert client.get(f"/r/catalog/category/{category.pk}/").status_code == 404
    with dealer.inside():
        assert not Category.objects.filter(pk=category.pk).exists()
        assert not SearchKey.objects.filter(kind="catalog_category", object_id=category.pk).exists()
        assert Timeline.objects.filter(model="catalog.category", object_id=category.pk, action="catalog.category.delete").exists()
        assert Change.objects.filter(table_name="catalog_category", object_id=category.pk, op="D").exists()


def test_another_dealers_uses_are_not_counted(dealer):
    other = make_dealer("two")
    with dealer.inside():
        source = CustomerSource.objects.order_by("id").first()
    with other.inside():
        theirs = CustomerSource.objects.order_by("id").first()
    other.do("guide", "crm.customer.create", name="王强", phone="13900001111", source=theirs)
    with dealer.inside():
        assert usage(source) == []


def test_every_reference_is_found():
    assert {m._meta.label for m, _f in references(CustomerSource)} >= {"crm.Customer", "crm.Visit"}
