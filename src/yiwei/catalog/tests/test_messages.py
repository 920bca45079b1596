"""Texts of messages to customers: from draft to use, and what stops one (BAS-10)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from yiwei.catalog.rules.occasions import OCCASIONS, parts
from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.notify.models import Outbox

from ..models.message import SmsTemplate

COVERS = "BAS-10"
TRIP = {"customer": "周敏", "day": "2026-03-01", "slot": "上午", "driver": "刘师傅", "plate": "粤A·1"}


@pytest.fixture
def dealer(db):
    return make_dealer(sign_ins=True)


def signed_in(who):
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client


def written(dealer, text="{customer}您好，货品{day}{slot}送达", **more):
    return dealer.do("service_head", "catalog.smstemplate.create", occasion="delivery", name="送货", text=text, **more)


def sent(dealer, **values):
    with dealer.inside():
        Outbox.objects.all().delete()
        OCCASIONS["delivery"].send("13800001111", cause="d:1", **TRIP | values)
        return Outbox.objects.get()


def test_a_text_goes_from_draft_to_use_on_screen(dealer):
    client = signed_in("service_head")
    client.post("/r/catalog/smstemplate/new/create/", {"occasion": "delivery", "name": "送货", "text": "{customer}您好，{day}送达", "signature": "易维"})
    with dealer.inside():
        template = SmsTemplate.objects.get()
    url = f"/r/catalog/smstemplate/{template.pk}/"
    dealer.do("guide", "crm.customer.create", name="欧阳静怡", phone="13800001111")
    page = client.get(url).content.decode()
    assert "【易维】" in page and "1 SMS, 0.045 yuan" in page and "21:00" in page
    assert "【易维】欧阳静怡您好" in signed_in("general_manager").get(url).content.decode()  # a real customer, of who looks
    client.post(f"{url}do/approve/", {"carrier_id": "SMS_1"})
    assert "您好" not in sent(dealer).text  # not yet in use
    client.post(f"{url}do/activate/")
    row = sent(dealer)
    assert (row.text, row.state) == ("【易维】周敏您好，2026-03-01送达", "waiting")


def test_a_missing_value_stops_the_message_and_says_so(dealer):
    template = written(dealer)
    dealer.do("service_head", "catalog.smstemplate.approve", template)
    dealer.do("service_head", "catalog.smstemplate.activate", template)
    row = sent(dealer, slot="")
    assert row.state == "failed" and "slot" in row.error


def test_an_unknown_variable_is_refused_at_the_text(dealer):
    for text in ("{nobody}您好", "{customer您好"):
        with pytest.raises(Invalid) as refused:
            written(dealer, text)
        assert list(refused.value.errors) == ["text"]


def test_one_text_an_occasion_and_an_edited_one_is_approved_anew(dealer):
    first, second = written(dealer), written(dealer, "{customer}：{day}到货")
    for template in (first, second):
        dealer.do("service_head", "catalog.smstemplate.approve", template)
        dealer.do("service_head", "catalog.smstemplate.activate", template)
    assert sent(dealer).text == "周敏：2026-03-01到货"
    with dealer.inside():
        assert dict(SmsTemplate.objects.values_list("pk", "state")) == {first.pk: "retired", second.pk: "active"}
        with pytest.raises(IntegrityError), transaction.atomic():
            SmsTemplate.objects.create(occasion="delivery", name="x", text="x", state="active")
    with pytest.raises(Refused):
        dealer.do("service_head", "catalog.smstemplate.edit", second, occasion="delivery", name="x", text="x")
    assert dealer.do("service_head", "catalog.smstemplate.edit", first, occasion="delivery", name="x", text="x").state == "draft"
    with pytest.raises(Forbidden):
        dealer.do("guide", "catalog.smstemplate.approve", first)


def test_without_a_template_the_house_has_its_own_text(dealer):
    row = sent(dealer)
    assert "2026-03-01" in row.text and "刘师傅" in row.text and row.state == "waiting"


@pytest.mark.parametrize(("length", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_parts(length, count):
    assert parts("字" * length) == count
