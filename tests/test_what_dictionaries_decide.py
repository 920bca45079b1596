"""What the dictionaries decide in the documents, and the order people give them (BAS-03 to -06, BAS-08)."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from yiwei.catalog.models.dictionary import CompletenessItem, CustomerSource, LiabilityReason, UnfinishedItem
from yiwei.catalog.models.package import PackageName
from yiwei.catalog.models.product import Product
from yiwei.crm.models.customer import Customer
from yiwei.filing.models.partner import ChannelPartner
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, Invalid
from yiwei.kernel.models import Timeline
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.actions.action import perform
from yiwei.orders.models.contract import SubContract
from yiwei.orders.models.design import ReviewRound
from yiwei.stock.rules import goods

COVERS = "BAS-03 BAS-04 BAS-05 BAS-06 BAS-08"


@pytest.fixture
def dealer(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_dealer(sign_ins=True)


@pytest.fixture
def g1(dealer):
    journey = Journey(dealer).sign()
    journey.upload()
    return journey


def signed_in(who):
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client


def picture(name="plan.png"):
    body = io.BytesIO()
    Image.new("RGB", (8, 8)).save(body, "PNG")
    return SimpleUploadedFile(name, body.getvalue(), "image/png")


def files_do(dealer, who, name, obj, files, **raw):
    return perform(registry.actions[name], dealer.actor(who), obj.pk, {k: getattr(v, "pk", v) for k, v in raw.items()}, files).obj


def names(client, address):
    return [row["text"] for row in client.get(address).json()["results"]]


def test_lists_and_pickers_follow_the_order_people_chose(dealer):
    client = signed_in("general_manager")
    with dealer.inside():
        first, second, third = list(UnfinishedItem.objects.order_by("place"))[:3]
    assert names(client, "/r/catalog/unfinisheditem/pick/")[:3] == [str(first), str(second), str(third)]
    client.post(f"/r/catalog/unfinisheditem/{third.pk}/do/up/")
    client.post(f"/r/catalog/unfinisheditem/{first.pk}/do/up/")
    assert names(client, "/r/catalog/unfinisheditem/pick/")[:3] == [str(first), str(third), str(second)]
    client.post(f"/r/catalog/unfinisheditem/{first.pk}/do/down/")
    assert names(client, "/r/catalog/unfinisheditem/pick/")[:3] == [str(third), str(first), str(second)]
    text = client.get("/r/catalog/unfinisheditem/").content.decode()
    assert text.index(f"/{third.pk}/") < text.index(f"/{first.pk}/") < text.index(f"/{second.pk}/")
    made = dealer.do("general_manager", "catalog.unfinisheditem.create", name="最后一项", default_days=1)
    with dealer.inside():
        assert UnfinishedItem.objects.order_by("-place").first() == made
    with pytest.raises(Forbidden):
        dealer.do("guide", "catalog.unfinisheditem.up", made)


def test_a_must_stops_the_hand_in_until_it_is_ticked_proved_and_written(g1):
    d = g1.d
    with d.inside():
        CompletenessItem.objects.update(active=False)
        tick = CompletenessItem.objects.create(name="电器清单", group="cabinet", who="guide", proof="tick")
        photo = CompletenessItem.objects.create(name="现场照片", proof="photo")
        value = CompletenessItem.objects.create(name="台面厚度", proof="field")
        should = CompletenessItem.objects.create(name="色板", must=False)
        CompletenessItem.objects.create(name="门洞尺寸", group="door")
    answer = signed_in("guide").get(f"/r/orders/subcontract/{g1.cabinet.pk}/do/submit/").content.decode()
    assert "Written values" in answer
    with pytest.raises(Invalid) as refused:
        d.do("guide", "orders.subcontract.submit", g1.cabinet, items=[])
    said = refused.value.errors
    assert "电器清单" in said["items"][0] and "现场照片" in said["items"][1] and "台面厚度" in said["answers"][0]
    assert "门洞尺寸" not in str(said) and "色板" not in str(said)
    with pytest.raises(Invalid):
        d.do("guide", "orders.subcontract.submit", g1.cabinet, items=[tick.pk], answers=[{"item": value.pk, "value": "40 mm"}])
    files_do(d, "guide", "orders.subcontract.prove", g1.cabinet, {"file": picture()}, item=photo)
    case = d.do("guide", "orders.subcontract.submit", g1.cabinet, items=[tick.pk],
                answers=[{"item": value.pk, "value": "40 mm"}])
    d.do("store_manager", "kernel.case.approve", case)
    with d.inside():
        assert SubContract.objects.get(pk=g1.cabinet.pk).state == "drawing_review"
        kept = ReviewRound.objects.get(sub=g1.cabinet, kind="hand_in")
    assert {r["item"]: r["done"] for r in kept.items} == {"电器清单": True, "现场照片": True, "台面厚度": True, should.name: False}
    assert next(r["value"] for r in kept.items if r["item"] == "台面厚度") == "40 mm"
    text = signed_in("drawing_auditor").get(f"/r/orders/subcontract/{g1.cabinet.pk}/").content.decode()
    assert "Handed in without: 色板" in text


def test_what_proves_one_item_proves_no_other_and_the_page_says_who_attached_it(g1):
    d, page = g1.d, f"/r/orders/subcontract/{g1.cabinet.pk}/"
    with d.inside():
        CompletenessItem.objects.update(active=False)
        plan, board = (CompletenessItem.objects.create(name=n, proof="file") for n in ("平面图签字", "色板签字"))
        photo = CompletenessItem.objects.create(name="现场照片", proof="photo", must=False)
        foreign = CompletenessItem.objects.create(name="门洞图", proof="file", group="door")
    client = signed_in("guide")
    text = client.get(page).content.decode()
    assert all(f"do/prove/?item={i.pk}" in text for i in (plan, board, photo)) and f"item={foreign.pk}" not in text
    assert client.post(f"{page}do/prove/", {"item": plan.pk, "file": picture("plan.png")}).status_code in (204, 302)
    text = client.get(page).content.decode()
    assert "plan.png" in text and "guide" in text
    answer = client.post(f"{page}do/submit/", {})
    said = answer.content.decode()
    assert answer.status_code == 422 and "色板签字" in said and "Attach at “Checklist”: 色板签字" in said
    for item, upload, field in ((foreign, picture(), "item"), (photo, SimpleUploadedFile("a.pdf", b"%PDF-1.4 x", "application/pdf"), "file")):
        with pytest.raises(Invalid) as refused:
            files_do(d, "guide", "orders.subcontract.prove", g1.cabinet, {"file": upload}, item=item)
        assert list(refused.value.errors) == [field]
    files_do(d, "guide", "orders.subcontract.prove", g1.cabinet, {"file": picture("board.png")}, item=board)
    case = d.do("guide", "orders.subcontract.submit", g1.cabinet)
    d.do("store_manager", "kernel.case.approve", case)
    with d.inside():
        kept = ReviewRound.objects.get(sub=g1.cabinet, kind="hand_in")
    assert {r["item"]: r["file"] for r in kept.items} == {"平面图签字": "plan.png", "色板签字": "board.png", "现场照片": ""}


def test_the_auditor_passes_only_with_the_checklist_of_the_drawing(g1):
    d = g1.d
    with d.inside():
        must = CompletenessItem.objects.get(name="水电位置")
        CompletenessItem.objects.filter(pk=must.pk).update(must=True)
    case = d.do("guide", "orders.subcontract.submit", g1.cabinet)
    d.do("store_manager", "kernel.case.approve", case)
    with pytest.raises(Invalid) as refused:
        d.do("drawing_auditor", "orders.subcontract.pass_drawing", g1.cabinet)
    assert "水电位置" in refused.value.errors["items"][0]
    d.do("drawing_auditor", "orders.subcontract.pass_drawing", g1.cabinet, items=[must.pk])
    with d.inside():
        kept = ReviewRound.objects.get(sub=g1.cabinet, kind="drawing")
    assert {r["item"] for r in kept.items if r["done"]} == {"水电位置"} and len(kept.items) == 3


def test_reasons_form_a_tree_and_some_need_a_photo(g1):
    d = g1.d
    with d.inside():
        design = LiabilityReason.objects.get(code="S01")
    below = d.do("general_manager", "catalog.liabilityreason.create", code="S011", name="尺寸标错", stage="design", parent=design,
                 photo_needed="on", counts_for="designer")
    with pytest.raises(Invalid) as refused:
        d.do("general_manager", "catalog.liabilityreason.edit", design, code="S01", name="设计错误", stage="design", parent=below)
    assert "parent" in refused.value.errors
    with d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        LiabilityReason.objects.filter(pk=design.pk).update(parent=design)
    assert "尺寸标错" in signed_in("guide").get(f"/r/catalog/liabilityreason/{design.pk}/").content.decode()
    d.do("store_manager", "kernel.case.approve", d.do("guide", "orders.subcontract.submit", g1.cabinet))
    with pytest.raises(Invalid) as refused:
        d.do("drawing_auditor", "orders.subcontract.reject_drawing", g1.cabinet, reason="wrong size", cause=below)
    assert "photos" in refused.value.errors
    back = files_do(d, "drawing_auditor", "orders.subcontract.reject_drawing", g1.cabinet, {"photos": [picture()]},
                    reason="wrong size", cause=below)
    assert back.state == "rejected"
    with d.inside():
        assert ReviewRound.objects.get(sub=g1.cabinet, verdict="rejected").reason == below


def test_packages_that_do_not_count_are_not_waited_for(g1):
    with g1.d.inside():
        free = PackageName.objects.create(name="赠品袋", counts_for_kitting=False)
        assert goods.completeness(g1.cabinet) == "none"
        Product.objects.filter(pk=g1.products["cab"].pk).update(package_name=PackageName.objects.create(name="柜身"))
        assert goods.completeness(g1.cabinet) == "none"
        line = g1.wardrobe.lines.get(product=g1.products["doors"])
        waited = goods.waited_for(g1.wardrobe)
        Product.objects.filter(pk=line.product_id).update(package_name=free)
        assert set(waited) - set(goods.waited_for(g1.wardrobe)) == {line}


def test_after_signing_only_the_director_changes_the_source(g1):
    d = g1.d
    with d.inside():
        walk, channel = CustomerSource.objects.get(name="自然进店"), CustomerSource.objects.get(name="设计师")
    early = d.do("guide", "crm.customer.create", name="王强", phone="13900002222", source=walk)
    with d.inside():
        online = CustomerSource.objects.get(name="线上")
    d.do("guide", "crm.customer.edit", early, name="王强", phone="13900002222", source=online)
    with d.inside():
        g1.customer.refresh_from_db()
    assert g1.customer.state == "to_pay"
    with pytest.raises(Invalid) as refused:
        d.do("guide", "crm.customer.edit", g1.customer, name="周敏", phone="13800001111", source=channel)
    assert "source" in refused.value.errors
    d.do("guide", "crm.customer.edit", g1.customer, name="周小敏", phone="13800001111")
    with pytest.raises(Forbidden):
        d.do("guide", "crm.customer.change_source", g1.customer, source=channel, reason="x")
    client = signed_in("region_director")
    client.post(f"/r/crm/customer/{g1.customer.pk}/do/change_source/", {"source": channel.pk, "reason": "filing found"})
    with d.inside():
        g1.customer.refresh_from_db()
        assert g1.customer.source == channel
        told = Timeline.objects.filter(action="crm.customer.change_source", object_id=g1.customer.pk).values_list("text", flat=True)
        assert any("→" in text and "filing found" in text for text in told)
    assert json.loads(client.get(f"/api/v1/crm/customer/{g1.customer.pk}").content)["source"]


def test_a_source_of_channels_is_given_only_to_customers_whom_a_channel_has_filed(dealer):
    with dealer.inside():
        channel, walk = (CustomerSource.objects.get(name=n) for n in ("家装公司", "自然进店"))
        partner = ChannelPartner.objects.create(code="P1", name="一号家装")
    client = signed_in("guide")
    said = {"name": "郑欣怡", "phone": "13911112222", "source": channel.pk, "level": "B"}
    page = client.post("/r/crm/customer/new/create/", said)
    assert page.status_code == 422 and "needs a channel filing" in page.content.decode()
    with dealer.inside():
        assert not Customer.objects.filter(phone="13911112222").exists()
    filing = dealer.do("channel_rep", "filing.filing.create", partner=partner, name="郑欣怡", phone="13911112222")
    assert client.post("/r/crm/customer/new/create/", said).status_code in (200, 302)
    with dealer.inside():
        made = Customer.objects.get(phone="13911112222")
        assert made.source == channel
    dealer.do("channel_manager", "filing.filing.reject", filing, reason="twice")
    other = dealer.do("guide", "crm.customer.create", name="何平", phone="13911113333", source=walk)
    with pytest.raises(Invalid) as refused:
        dealer.do("guide", "crm.customer.edit", other, name="何平", phone="13911113333", source=channel)
    assert "source" in refused.value.errors
    dealer.do("guide", "crm.customer.edit", made, name="郑欣怡", phone="13911112222", source=channel, wechat="zxy")  # unchanged: nobody asks again


def test_a_source_of_mouth_needs_the_referrer(dealer):
    with dealer.inside():
        mouth = CustomerSource.objects.get(name="老带新")
    client = signed_in("guide")
    said = {"name": "孙丽", "phone": "13911114444", "source": mouth.pk, "level": "B"}
    page = client.post("/r/crm/customer/new/create/", said)
    assert page.status_code == 422 and "needs the name of who recommended us" in page.content.decode()
    assert client.post("/r/crm/customer/new/create/", said | {"referrer": "周敏 13800001111"}).status_code in (200, 302)
    visit = dealer.do("guide", "crm.visit.register", phone="13911115555", name="陆一", source=mouth)  # at the door it is not yet known
    with pytest.raises(Invalid) as refused:
        dealer.do("guide", "crm.visit.to_customer", visit, phone="", name="陆一", source=mouth)
    assert "referrer" in refused.value.errors
    dealer.do("guide", "crm.visit.to_customer", visit, phone="", name="陆一", source=mouth, referrer="员工小李")
    with dealer.inside():
        assert Customer.objects.get(name="孙丽").referrer == "周敏 13800001111" and Customer.objects.get(name="陆一").referrer == "员工小李"


def test_other_asks_for_a_new_reason_where_it_is_given_too_often(g1):
    d = g1.d
    with d.inside():
        other, known = LiabilityReason.objects.get(other=True), LiabilityReason.objects.get(code="S01")

    def rounds(reason, n, **more):
        with d.inside():
            first = ReviewRound.objects.filter(kind="price").count()
            for turn in range(first, first + n):
                ReviewRound.objects.create(sub=g1.cabinet, kind="price", turn=turn + 1, reviewer_id=d.members["price_auditor"],
                                           verdict="rejected", reason=reason, **more)

    def said(page):
        return signed_in("general_manager").get(f"/r/catalog/liabilityreason/{page}").content.decode()

    rounds(known, 19)
    rounds(other, 1)
    assert "of the cases" not in said("") and "make a reason of it" not in said(f"{other.pk}/")
    rounds(other, 5, created_at=timezone.now() - timedelta(days=91))
    assert "of the cases" not in said("")
    rounds(other, 1)
    assert "9.5 % of the cases" in said("") and "Given in 2 of 21 cases of the last 90 days (9.5 %)" in said(f"{other.pk}/")


def test_the_party_by_default_is_one_of_the_trade(g1):
    d = g1.d
    made = {"code": "Z01", "name": "新原因", "stage": "site", "default_party": "工厂"}
    with pytest.raises(Invalid) as refused:
        d.do("general_manager", "catalog.liabilityreason.create", **made)
    assert list(refused.value.errors) == ["default_party"]
    d.do("general_manager", "catalog.liabilityreason.create", **made | {"default_party": "factory"})
    with d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        LiabilityReason.objects.update(default_party="工厂")
