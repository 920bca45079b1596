"""What leaves the house leaves a trace: exports carry a watermark, phones need a reason, too many of either are told (D-05, D-06)."""

import io
import zipfile

import pytest
from django.test import Client

from yiwei.crm.models.customer import Customer
from yiwei.kernel.models import Disclosure, Notification, Parameter
from yiwei.kernel.testing import PASSWORD, make_dealer

REGISTER = "/r/kernel/disclosure/"


@pytest.fixture
def dealer(db):
    dealer = make_dealer("out", sign_ins=True)
    with dealer.inside():
        dealer.customer = Customer.start(dealer.actor("guide"), name="周敏", phone="13800001111")
    return dealer


def browser(who):
    client = Client(headers={"accept-language": "en"})
    assert client.post("/sign-in/", {"username": f"{who}@out", "password": PASSWORD}).status_code == 302
    return client


def limit(dealer, n):
    with dealer.inside():
        Parameter.objects.update_or_create(name="disclosures_per_day", defaults={"value": n})


def test_an_export_carries_who_when_and_whose_data(dealer):
    answer = browser("region_director").get("/r/crm/customer/export/?state=lead")
    with dealer.inside():
        told = Disclosure.objects.get()
        assert (told.kind, told.source, told.member_id, told.rows, told.query) == (
            "export", "crm.customer", dealer.members["region_director"], 1, "state=lead")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    for word in ("Dealer out", "region_director", told.mark):
        for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/core.xml"):
            assert word in parts[part], (word, part)
    assert "Origin" in parts["xl/workbook.xml"]


def test_a_report_is_written_down_too(dealer):
    browser("general_manager").get("/report/receipts/export/")
    with dealer.inside():
        assert Disclosure.objects.get().source == "report.receipts"


def test_a_phone_is_shown_only_with_a_reason_and_kept_with_who_when_why(dealer):
    """D-05."""
    with dealer.inside():
        from yiwei.org.models.position import Position
        Position.objects.filter(code="cashier").update(allow=["kernel.phone.reveal"])
    client, address = browser("cashier"), f"/r/crm/customer/{dealer.customer.pk}/"
    page = client.get(address).content.decode()
    assert "13800001111" not in page and "data-ask" in page
    refused = client.post(f"{address}reveal/phone/")
    assert refused.status_code == 409 and "13800001111" not in refused.content.decode()
    assert client.post(f"{address}reveal/phone/", {"why": "payment not clear"}).content.decode() == "13800001111"
    with dealer.inside():
        told = Disclosure.objects.get()
        assert (told.kind, told.object_id, told.why, told.member_id) == (
            "reveal", dealer.customer.pk, "payment not clear", dealer.members["cashier"])
    line = browser("general_manager").get(f"{REGISTER}{told.pk}/").content.decode()
    assert "payment not clear" in line and "周敏" in line


def test_more_than_the_day_s_number_is_told_to_director_and_general_manager(dealer):
    """D-06: the limit is a parameter of the dealer; what goes beyond stands marked in the list."""
    limit(dealer, 2)
    client = browser("store_manager")
    with dealer.inside():
        from yiwei.org.models.position import Position
        Position.objects.filter(code="store_manager").update(allow=["crm.customer.export"])
    for _n in range(2):
        assert client.get("/r/crm/customer/export/").status_code == 200
    with dealer.inside():
        assert not Notification.objects.filter(model="kernel.disclosure").exists()
    client.get("/r/crm/customer/export/")
    with dealer.inside():
        told = set(Notification.objects.filter(model="kernel.disclosure").values_list("member_id", flat=True))
        assert told == {dealer.members["region_director"], dealer.members["general_manager"]}
        assert list(Disclosure.objects.order_by("id").values_list("over", flat=True)) == [False, False, True]
    page = browser("region_director").get(f"{REGISTER}?over=1").content.decode()
    assert page.count("store_manager") and "over the limit" in page
    assert "over the limit" not in browser("region_director3").get(REGISTER).content.decode()
    assert browser("store_manager").get(REGISTER).status_code == 403
    assert browser("guide").get(REGISTER).status_code == 403


def test_nobody_wipes_the_traces(dealer):
    from django.db import DatabaseError, transaction
    browser("general_manager").get("/r/crm/customer/export/")
    for change in (lambda: Disclosure.objects.update(why="x"), lambda: Disclosure.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic(), dealer.inside():
            change()
