"""What a position does not see, it sees nowhere: lists, details, forms, sorting, search, exports, reports, API."""

import base64
import json

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from yiwei.catalog.models.product import Product, Supplier
from yiwei.crm.models.customer import Customer, House
from yiwei.kernel.base import registry
from yiwei.kernel.models import Change, Timeline
from yiwei.kernel.screens.registers.columns import Column
from yiwei.kernel.screens.registers.forms import initial_of
from yiwei.kernel.screens.registers.listing import filters_of
from yiwei.kernel.screens.reports.report import Report, run
from yiwei.stock.models.purchase import PurchaseOrder

from .world import HIDDEN_MONEY, PHONES, body_of, leaks, pages_of


def addresses(world):
    """Every page of the house that shows rows, for one who may open all of them."""
    for register in registry.registers.values():
        base, api = register.url(), f"/api/v1/{register.room}/{register.slug}"
        every = "?cols=" + ",".join(c.name for c in register.all_columns())
        yield from (base + every, register.url("export") + every, api)
        yield from (f"{base}?sort={c.name}" for c in register.all_columns() if c.mask)
        if register.board:
            yield register.url("board")
        if not register.main:
            continue
        row = world.row(world.one, "here", register.model)
        if row is not None:
            yield from pages_of(register, row.pk)
            yield from (register.url("act", row.pk, verb=a.verb) for a in register.actions() if not a.creates and fills_in(world, a, row))
    for report in registry.reports.values():
        yield from (report.url(), reverse("report-export", args=[report.slug]), f"/api/v1/report/{report.slug}")
    yield from (reverse(name) for name in ("home", "todo", "notifications"))
    yield f"{reverse('search')}?q=Qxhere"


def fills_in(world, act, row):
    """Whether the form of an action comes with anything in it for who sees everything."""
    actor = world.one.actor("general_manager")
    with world.one.inside():
        return bool(initial_of(act, actor, row, {}))


def test_a_number_in_a_text_is_read_only_by_who_may_see_numbers(world):
    """Comments, remarks and names; who edits such a text without seeing the number does not lose it."""
    row = world.row(world.one, "here", Customer)
    page, said = f"/r/crm/customer/{row.pk}/", "please call 13812345678 (new), not 138 0000 9999"
    world.client("guide").post(f"{page}comment/", {"text": said})
    for who, sees in (("guide", True), ("accountant", False), ("masked_spy", False)):
        answer = world.client(who).get(page).content.decode()
        assert ("13812345678" in answer, "138****5678" in answer) == (sees, not sees), who
        assert ("138 0000 9999" in answer) is sees
    edit = {"name": "Qx 13812345678", "remark": "wife 13987654321"}
    world.one.do("general_manager", "crm.customer.edit", row, phone=row.phone, **edit)
    assert world.one.get(Customer, row).remark == "wife 13987654321"
    form = world.client("masked_spy").get(f"{page}do/edit/").content.decode()
    assert "139****4321" in form and "13987654321" not in form
    world.one.do("masked_spy", "crm.customer.edit", row, name="Qx 138****5678", remark="wife 139****4321")
    kept = world.one.get(Customer, row)
    assert (kept.name, kept.remark) == ("Qx 13812345678", "wife 13987654321")


@pytest.fixture(scope="module")
def crawled(scene):
    """{address: (status, hidden words on it)} for one with every right and every mask."""
    customer = scene.row(scene.one, "here", Customer)
    scene.one.do("general_manager", "crm.customer.edit", customer, name="Qxhereonename", phone=PHONES["here"], wechat="Zq7Hidden2")
    client = scene.client("masked_spy")
    answers = ((url, client.get(url, headers={"HX-Request": "true"})) for url in addresses(scene))
    return {url: (a.status_code, leaks(body_of(a))) for url, a in answers}


def test_nothing_hidden_is_on_any_page(crawled):
    assert len(crawled) > 500
    assert {u: found for u, (_s, found) in crawled.items() if found and "/ledger/money" not in u} == {}  # finance's own books


def test_every_page_answers(crawled):
    assert {u: s for u, (s, _f) in crawled.items() if s not in (200, 409)} == {}


def test_the_hidden_words_are_there_for_who_may_see_them(world):
    client = world.client("general_manager")
    for name, verb in (("crm.customer", "edit"), ("catalog.product", "reprice"), ("stock.purchaseorder", ""), ("rebate.rebatepolicy", "")):
        register = registry.register_of(apps.get_model(name))
        pk = world.row(world.one, "here", register.model).pk
        page = register.url("act", pk, verb=verb) if verb else register.url("detail", pk)
        for url in (page, f"/api/v1/{name.replace('.', '/')}/{pk}"):
            assert leaks(body_of(client.get(url))), url


def test_a_hidden_field_left_empty_is_kept_and_a_new_value_taken(world):
    product = world.row(world.one, "here", Product)
    given = {"valid_from": timezone.localdate(), "list_price": "99"}
    world.one.do("masked_spy", "catalog.product.reprice", product, **given)
    kept = world.one.get(Product, product)
    assert kept.dealer_price == HIDDEN_MONEY and str(kept.list_price) == "99.00"
    world.one.do("masked_spy", "catalog.product.reprice", product, **given, dealer_price="5.5")
    assert str(world.one.get(Product, product).dealer_price) == "5.50"


def test_sorting_by_a_hidden_column_is_ignored(world):
    with world.one.inside():
        for price in ("3", "1", "2"):
            PurchaseOrder.objects.create(number=f"P{price}", state="draft", amount=price, supplier=Supplier.objects.first())
    url = "/api/v1/stock/purchaseorder?limit=1&sort=amount"
    seen = world.client("general_manager").get(url).json()
    assert json.loads(base64.urlsafe_b64decode(seen["next"] + "==="))[0] == "1.00"
    hidden = world.client("masked_spy").get(url).json()
    assert json.loads(base64.urlsafe_b64decode(hidden["next"] + "===")) == [hidden["results"][0]["id"]] * 2


def test_the_change_log_tells_the_masked_nothing(world):
    customer = world.row(world.one, "here", Customer)
    with world.one.inside():
        Customer.objects.filter(pk=customer.pk).update(phone="13500009999", name="Qxchanged")
        change = Change.objects.filter(table_name="crm_customer").latest("id")
    for who, shown in (("general_manager", True), ("tenant_admin", False), ("masked_spy", False)):
        client = world.client(who)
        for url in (f"/r/kernel/change/{change.pk}/", f"/api/v1/kernel/change/{change.pk}", "/r/kernel/change/"):
            text = body_of(client.get(url))
            assert "Qxchanged" in text and ("13500009999" in text) is shown, (who, url)
        if who != "tenant_admin":
            assert ("13500009999" in body_of(client.get("/r/kernel/change/export/"))) is shown


def test_customers_of_the_pool_cannot_be_rung_before_they_are_claimed(world):
    customer = world.row(world.one, "here", Customer)
    with world.one.inside():
        Customer.objects.filter(pk=customer.pk).update(state="public_pool", owner=None)
    client = world.client("guide1b")
    url = f"/r/crm/customer/{customer.pk}/"
    for page in (url, f"{url}do/edit/", f"{url}do/claim/", f"/api/v1/crm/customer/{customer.pk}", "/r/crm/pool/", f"/r/crm/pool/{customer.pk}/"):
        answer = client.get(page)
        assert answer.status_code in (200, 409) and leaks(body_of(answer)) == [], page


def test_a_report_masks_phones_in_the_api_too(world):
    class _Phones(Report):
        columns = [Column("phone", "Phone", "phone")]

        def query(self, actor, params):
            yield {"phone": PHONES["here"]}

    assert run(_Phones, world.one.actor("masked_spy"), {}).plain() == [{"phone": "135****4321"}]
    assert run(_Phones, world.one.actor("general_manager"), {}).plain() == [{"phone": PHONES["here"]}]


def test_no_filter_compares_a_hidden_field():
    for register in registry.registers.values():
        for entry in filters_of(register):
            assert entry.name not in register.model.masked, (register, entry.name)


def test_a_password_stands_nowhere(world):
    world.one.do("tenant_admin", "org.employee.give_sign_in", world.one.members["driver"], username="driver@one", password="Very-first-9")
    with world.one.inside():
        kept = str(list(Timeline.objects.values("action", "data"))) + str(list(Change.objects.values("old", "new")))
    assert "Very-first-9" not in kept and "org.employee.give_sign_in" in kept


def test_lines_do_not_tell_whose_id_was_typed(world):
    there = world.row(world.one, "there", apps.get_model("orders.SubContract"))
    lines = json.dumps([{"sub": there.pk, "amount": "x"}])
    client = world.client("own_spy")
    url = registry.register_of(apps.get_model("finance.Receipt")).url("new", verb="create")
    for answer in (client.get(url, {"splits": lines}), client.post(url, {"splits": lines})):
        assert answer.status_code in (200, 422) and there.number not in answer.content.decode()


def test_a_house_of_which_only_the_address_is_known_is_not_named_by_it(world):
    customer = world.row(world.one, "here", Customer)
    with world.one.inside("guide"):
        house = House(customer=customer, address="Zq7Lane 12")
        house.save(force_insert=True)
    client, register = world.client("masked_spy"), registry.registers["crm", "customer"]
    seen = registry.registers["crm", "house"].url()
    for address in (seen, register.url("detail", customer.pk) + "?tab=houses", f"/api/v1/crm/customer/{customer.pk}", "/api/v1/crm/house",
                    f"/r/orders/contract/new/create/pick/house/?customer={customer.pk}", f"/r/crm/house/{house.pk}/"):
        assert "Zq7Lane" not in body_of(client.get(address)), address
    assert "Zq7Lane 12" in body_of(world.client("general_manager").get(seen))
