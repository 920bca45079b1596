"""The dictionaries through their screens, and what they do elsewhere (BAS-03, BAS-04, BAS-05, BAS-06, BAS-08)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.screens.exchange.models import ImportRun
from yiwei.kernel.screens.exchange.run import start, work
from yiwei.kernel.screens.exchange.workbook import write_table
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.actions.action import perform

from ..models.dictionary import CompletenessItem, CustomerSource

COVERS = "BAS-03 BAS-04 BAS-05 BAS-06 BAS-08"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c63000100000500010d0a2db40000000049454e44ae426082")
SLUGS = {"packagename": {"name": "加急柜身", "counts_for_kitting": "on"}, "completenessitem": {"name": "色板签字", "stage": "hand_in", "proof": "file"},
         "liabilityreason": {"code": "Z9", "name": "其他原因", "stage": "site"}, "unfinisheditem": {"name": "踢脚线未装", "default_days": "3"},
         "customersource": {"name": "直播间", "group": "线上", "needs_filing": "on"}}


@pytest.fixture
def dealer(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_dealer(sign_ins=True)


def signed_in(who):
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client


@pytest.mark.parametrize("slug", SLUGS)
def test_an_entry_is_made_changed_disabled_and_exported(dealer, slug):
    data, client = SLUGS[slug], signed_in("general_manager")
    register = registry.registers["catalog", slug]
    assert client.post(f"/r/catalog/{slug}/new/create/", data).status_code == 302
    again = client.post(f"/r/catalog/{slug}/new/create/", data)
    assert again.status_code == 422 and "already in use" in again.content.decode()
    with dealer.inside():
        row = register.model.objects.get(name=data["name"])
    url = f"/r/catalog/{slug}/{row.pk}/"
    assert client.post(f"{url}do/edit/", data | {"name": "改名后"}).status_code == 302
    page = client.get(url).content.decode()
    assert "改名后" in page and "general_manager" in page  # the timeline says who
    assert client.post(f"{url}do/disable/").status_code == 302
    with dealer.inside():
        assert not register.model.objects.get(pk=row.pk).active
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/r/catalog/{slug}/export/").content))
    assert any("改名后" in cells for cells in book.get_sheet_by_index(0).to_python())
    assert signed_in("guide").post(f"/r/catalog/{slug}/new/create/", data).status_code == 403


def test_sources_are_imported_and_refused_rows_named(dealer, tmp_path):
    path = tmp_path / "来源.xlsx"
    fields = registry.actions["catalog.customersource.create"].inputs(dealer.actor("general_manager"))
    write_table(path, [str(f.label) for f in fields.values()], [["小红书", "线上", "", "是"], ["", "线上", "", ""], ["自然进店", "", "", ""]])
    with dealer.inside("general_manager"):
        run = start(dealer.actor("general_manager"), registry.registers["catalog", "customersource"], path.name, path.read_bytes())
    work(dealer.id, run.pk)
    with dealer.inside():
        run = ImportRun.objects.get(pk=run.pk)
        assert (run.added, run.known, run.refused) == (1, 1, 1)
        assert CustomerSource.objects.get(name="小红书").needs_referrer


def test_a_must_blocks_the_hand_in_until_it_is_ticked_and_proved(dealer):
    g1 = Journey(dealer)
    g1.sign()
    g1.upload()
    item = dealer.do("general_manager", "catalog.completenessitem.create", name="现场照片", stage="hand_in", proof="photo", must="on")
    dealer.do("general_manager", "catalog.completenessitem.create", name="只管木门", stage="hand_in", proof="tick", must="on", group="door")

    def hand_in():
        return dealer.do("store_manager", "orders.subcontract.submit", g1.cabinet)

    def photo():
        return SimpleUploadedFile("a.png", PNG, "image/png")

    with dealer.inside("store_manager"):
        attach(dealer.actor("store_manager"), g1.cabinet, photo())
    with pytest.raises(Invalid) as refused:
        hand_in()
    assert "现场照片" in refused.value.errors["items"][0]
    prove = registry.actions["orders.subcontract.prove"]
    perform(prove, dealer.actor("store_manager"), g1.cabinet.pk, {"item": item.pk}, {"file": photo()})
    assert hand_in().state == "drawing_review"
    with dealer.inside():
        assert CompletenessItem.objects.filter(must=True).count() == 2


def test_what_is_disabled_is_no_longer_offered(dealer):
    with dealer.inside():
        source = CustomerSource.objects.order_by("id").first()
    new = {"name": "周敏", "phone": "13800001111", "source": source.pk}
    assert dealer.do("guide", "crm.customer.create", **new).source_id == source.pk
    dealer.do("tenant_admin", "catalog.customersource.disable", source)
    with pytest.raises(Invalid) as refused:
        dealer.do("guide", "crm.customer.create", **new | {"phone": "13900001111"})
    assert list(refused.value.errors) == ["source"]
