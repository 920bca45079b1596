"""Packages at arrival by the labels of headquarters, exceptions, claims on the factory (STK-04, BAS-03, BAS-12)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from yiwei.catalog.models.package import PackageLabel, PackageName, ProductPart
from yiwei.catalog.rules.packages import resolve
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base.errors import Forbidden, Invalid
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.notify.models import Notification
from yiwei.ledger.actions import money
from yiwei.stock.rules import packing

from ..models.arrival import Arrival, Kitting
from ..models.claim import FactoryClaim
from ..models.purchase import PurchaseLine, PurchaseOrder
from ..models.warehouse import Bin

COVERS = "STK-04 BAS-03 BAS-12"


@pytest.fixture
def g1(db, settings, tmp_path):
    """The cabinet of G1 is ordered; it comes in two bodies and one bag of screws, which nobody waits for."""
    settings.MEDIA_ROOT = tmp_path
    made = Journey(make_dealer(sign_ins=True)).release()
    d = made.d
    made.body = d.do("storekeeper", "catalog.packagename.create", name="柜身", counts_for_kitting="on", install_critical="on",
                     aliases="柜体，Carcass A")
    made.bag = d.do("storekeeper", "catalog.packagename.create", name="配件袋", counts_for_kitting="", install_critical="", aliases="")
    with d.inside():
        made.order = PurchaseOrder.objects.get(sub=made.cabinet)
        made.bin = Bin.objects.get(warehouse__code="ZC")
        ProductPart.objects.create(product=made.products["cab"], package_name=made.body, count=2)
        ProductPart.objects.create(product=made.products["cab"], package_name=made.bag, count=1)
    d.do("purchaser", "stock.purchaseorder.place", made.order)
    return made


def receive(g1, *packages, **more):
    with g1.d.inside():
        lines = [{"line": ln.pk, "qty": str(ln.qty), "bin": g1.bin.pk} for ln in g1.order.lines.all()]
    g1.d.do("storekeeper", "stock.purchaseorder.receive", g1.order, lines=lines, packages=[
        dict(zip(("label", "expected", "received", "damaged"), row, strict=False)) for row in packages], **more)
    return last_arrival(g1)


def last_arrival(g1):
    with g1.d.inside():
        return Arrival.objects.latest("id")


def kitting(g1):
    with g1.d.inside():
        return Kitting.objects.get(sub=g1.cabinet).state


def claims(g1):
    with g1.d.inside():
        return [(c.kind, c.label, c.packages, c.holds, c.critical) for c in FactoryClaim.objects.order_by("id")]


def browser(who):
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client


@pytest.mark.parametrize("label", ["柜身", " 柜 身 ", "柜体", "柜体-02", "柜身 1/3", "柜身（第3包）", "CARCASS-A", "ｃａｒｃａｓｓ　Ａ"])
def test_a_label_is_found_by_its_name_and_aliases_however_it_is_printed(g1, label):
    with g1.d.inside():
        assert resolve([label, "门板"]) == {label: g1.body, "门板": None}


def test_a_label_means_one_name(g1):
    with pytest.raises(Invalid) as refused:
        g1.d.do("storekeeper", "catalog.packagename.create", name="门板", aliases="门扇、柜 体")
    assert "aliases" in refused.value.errors and "柜身" in str(refused.value.errors)
    with g1.d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        PackageName.objects.create(name="门板", aliases="柜体")
    with g1.d.inside(), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        PackageLabel.objects.create(package_id=g1.bag.pk, key="x")
    g1.d.do("storekeeper", "catalog.packagename.disable", g1.body)
    g1.d.do("storekeeper", "catalog.packagename.create", name="门板", aliases="柜体")
    with pytest.raises(Invalid):
        g1.d.do("storekeeper", "catalog.packagename.enable", g1.body)


def test_the_form_offers_the_packing_list_and_what_is_complete_makes_the_order_complete(g1):
    page = browser("storekeeper").get(f"/r/stock/purchaseorder/{g1.order.pk}/do/receive/").content.decode()
    assert "柜身" in page and "配件袋" in page
    receive(g1, ("柜体 1/2", 2, 2), ("配件袋", 1, 1))
    assert kitting(g1) == "complete" and claims(g1) == []


def test_a_missing_package_is_claimed_and_the_order_waits_until_it_has_come(g1):
    receive(g1, ("柜体", 2, 1), ("配件袋", 1, 0))
    assert claims(g1) == [("short", "柜体", 1, True, True), ("short", "配件袋", 1, False, False)] and kitting(g1) == "partial"
    with g1.d.inside():
        told = Notification.objects.filter(text__contains="cannot be installed yet")
        assert {n.member_id for n in told} == {g1.d.members["guide"], g1.d.members["dispatcher"]}
        made = FactoryClaim.objects.order_by("id").first()
    page = browser("purchaser").get(f"/r/stock/factoryclaim/{made.pk}/")
    assert page.status_code == 200 and "柜体" in page.content.decode()
    g1.d.do("storekeeper", "stock.factoryclaim.made_good", made)
    assert kitting(g1) == "complete"     # the bag is still missing, and nobody waits for it


def test_damaged_and_too_many_are_exceptions_too_and_counts_must_make_sense(g1):
    with pytest.raises(Invalid) as refused:
        receive(g1, ("柜体", 2, 1, 2))
    assert "packages.0.damaged" in refused.value.errors
    receive(g1, ("柜体", 2, 2, 1), ("配件袋", 1, 3))
    assert claims(g1) == [("damaged", "柜体", 1, True, True), ("more", "配件袋", 2, False, False)]
    with g1.d.inside():
        more = FactoryClaim.objects.get(kind="more")
    assert g1.d.do("storekeeper", "stock.factoryclaim.surplus", more, remedy="return").state == "settled"


def test_an_unknown_label_is_told_and_named_by_who_may(g1):
    arrival = receive(g1, ("Karton 7", 2, 1))
    assert claims(g1) == [("short", "Karton 7", 1, True, True)] and kitting(g1) == "partial"
    assert "Karton 7" in browser("storekeeper").get(f"/r/stock/arrival/{arrival.pk}/").content.decode()
    with pytest.raises(Forbidden):
        g1.d.do("dispatcher", "stock.arrival.name_label", arrival, label="Karton 7", package_name=g1.bag)
    g1.d.do("storekeeper", "stock.arrival.name_label", arrival, label="Karton 7", package_name=g1.bag)
    with g1.d.inside():
        assert arrival.packages.get().package_name_id == g1.bag.pk
        assert resolve(["karton-7"])["karton-7"] == g1.bag
    assert claims(g1) == [("short", "Karton 7", 1, False, False)] and kitting(g1) == "complete"


def test_what_comes_with_a_later_truck_is_not_missed_today(g1):
    """Two of four cabinets come: two sets of packages are due, whatever the form proposed for all of them."""
    with g1.d.inside():
        PurchaseLine.objects.filter(purchase=g1.order).update(qty=4)
        line = g1.order.lines.get()
        assert {e["label"]: e["expected"] for e in packing.expected(g1.order)} == {"柜身": 8, "配件袋": 4}

    def come(qty, *packages):
        g1.d.do("storekeeper", "stock.purchaseorder.receive", g1.order, lines=[{"line": line.pk, "qty": qty, "bin": g1.bin.pk}], packages=[
            dict(zip(("label", "expected", "received"), row, strict=True)) for row in packages])

    come("2", ("柜身", 8, 3), ("配件袋", None, 2))
    assert claims(g1) == [("short", "柜身", 1, True, True)]
    with g1.d.inside():
        assert {e["label"]: e["expected"] for e in packing.expected(g1.order)} == {"柜身": 5, "配件袋": 2}
    come("2", ("柜身", 5, 5), ("配件袋", None, 2), ("Folie", None, 1))
    with g1.d.inside():
        assert list(FactoryClaim.objects.values_list("state", flat=True)) == ["settled"]


def test_what_comes_later_settles_its_claim_and_is_not_claimed_twice(g1):
    """Two arrivals of one order: the second brings what the first lacked."""
    with g1.d.inside():
        line = g1.order.lines.get()
    for number, packages in enumerate((("柜体", 2, 1), ("柜身", 1, 1)), 1):
        g1.d.do("storekeeper", "stock.purchaseorder.receive", g1.order, lines=[{"line": line.pk, "qty": "0.5", "bin": g1.bin.pk}],
                packages=[dict(zip(("label", "expected", "received"), packages, strict=True))])
        with g1.d.inside():
            states = list(FactoryClaim.objects.values_list("state", flat=True))
        assert states == [["open"], ["settled"]][number - 1]
    assert kitting(g1) == "complete"


def test_a_credit_is_booked_by_finance_and_the_supplier_shows_what_it_accepts(g1):
    receive(g1, ("柜体", 2, 0))
    g1.d.do("accountant", "stock.arrival.review", last_arrival(g1))
    with g1.d.inside():
        made = FactoryClaim.objects.get()
        maker = money.party(made.supplier)
        before = money.balance("payable", party=maker)
    g1.d.do("purchaser", "stock.factoryclaim.claim", made, claimed="1000")
    with pytest.raises(Invalid):
        g1.d.do("purchaser", "stock.factoryclaim.accept", made, accepted="0", remedy="credit")
    g1.d.do("purchaser", "stock.factoryclaim.accept", made, accepted="600", remedy="credit")
    with pytest.raises(Forbidden):
        g1.d.do("purchaser", "stock.factoryclaim.credit", made)
    assert g1.d.do("accountant", "stock.factoryclaim.credit", made).state == "settled"
    with g1.d.inside():
        assert money.balance("payable", party=maker) - before == 600 and money.balance("variance", sub_id=g1.cabinet.pk) == -600
    page = browser("purchaser").get(f"/r/catalog/supplier/{made.supplier_id}/").content.decode()
    assert "Claims accepted" in page and "100.0 %" in page and "60.0 %" in page
    assert "60.0 %" not in browser("storekeeper").get(f"/r/catalog/supplier/{made.supplier_id}/").content.decode()


def test_a_refused_claim_still_holds_the_order_up(g1):
    receive(g1, ("柜体", 2, 1))
    with g1.d.inside():
        made = FactoryClaim.objects.get()
    with g1.d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        FactoryClaim.objects.filter(pk=made.pk).update(state="accepted")      # without saying how much
    g1.d.do("purchaser", "stock.factoryclaim.refuse", made, reason="packed completely")
    assert kitting(g1) == "partial"
    g1.d.do("purchaser", "stock.factoryclaim.made_good", made, note="bought elsewhere")
    assert kitting(g1) == "complete"
