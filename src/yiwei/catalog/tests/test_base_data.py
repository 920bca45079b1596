"""Grades, products, aliases, promotions and suppliers through their screens, and against the database."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from yiwei.catalog.importers.pricelists import PriceLists
from yiwei.catalog.jobs import aliases_of_the_day
from yiwei.catalog.models.package import PackageName
from yiwei.catalog.models.price import PriceChange, PriceList, PriceListLine
from yiwei.catalog.models.product import Category, Product, StyleAlias, Supplier
from yiwei.catalog.models.promotion import Promotion
from yiwei.catalog.models.supplier import BankChange
from yiwei.catalog.rules import styles
from yiwei.catalog.rules.prices import prices
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.records import search
from yiwei.kernel.screens.exchange.book import load_book
from yiwei.kernel.screens.exchange.run import book_for
from yiwei.kernel.screens.exchange.workbook import read_rows, write_table
from yiwei.kernel.testing import PASSWORD, make_dealer

COVERS = "BAS-01 BAS-02 BAS-07 BAS-09 BAS-12"


@pytest.fixture
def d(db):
    with translation.override("en"):
        yield make_dealer(sign_ins=True)


@pytest.fixture
def category(d):
    with d.inside():
        return Category.objects.create(code="c", name="wardrobes", group="wardrobe")


def client(who):
    made = Client(headers={"accept-language": "en"})
    made.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return made


def page(who, slug, view="list", pk=None, query="", **more):
    return client(who).get(registry.registers["catalog", slug].url(view, pk, **more) + query)


def product(d, category, code="w1", **more):
    raw = {"code": code, "name": f"wardrobe {code}", "brand": "Oppein", "category": category, "style": "Milan", "unit": "㎡", "method": "area",
           "list_price": "1000", "dealer_price": "400", "least": "0.8", "width_min": "300", "width_max": "1200", "lead_days": "30",
           "warranty_months": "60", **more}
    return d.do("price_auditor", "catalog.product.create", **raw)


def test_a_grade_is_kept_by_the_head_and_moves_floor_commission_and_rebate(d, category):
    """BAS-01."""
    made = d.do("general_manager", "catalog.grade.create", code="A", name="high", floor_shift="-0.02", commission_factor="1.2",
                rebate_factor="0.5")
    with pytest.raises(Forbidden):
        d.do("guide", "catalog.grade.create", code="B", name="low", floor_shift="0", commission_factor="1", rebate_factor="1")
    with pytest.raises(Invalid):
        d.do("general_manager", "catalog.grade.create", code="A", name="again", floor_shift="0", commission_factor="1", rebate_factor="1")
    product(d, category, grade=made)
    text = page("guide", "grade", "detail", made.pk).content.decode()
    assert "high" in text and "wardrobe w1" in text
    d.do("general_manager", "catalog.grade.disable", made)
    with pytest.raises(Invalid):
        product(d, category, "w2", grade=made)     # what is disabled is offered no more
    assert page("price_auditor", "grade", "export").status_code == 200


def test_a_product_keeps_the_history_of_its_price_its_sizes_and_its_packages(d, category):
    """BAS-02."""
    made = product(d, category)
    with pytest.raises(Invalid) as refused:
        product(d, category, width_min="900", width_max="800")
    assert set(refused.value.errors) == {"width_max", "code"}
    today = timezone.localdate()
    with d.inside():
        Product.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=30))
    d.do("price_auditor", "catalog.product.reprice", made, valid_from=today, list_price="1100", dealer_price="450")
    d.do("price_auditor", "catalog.product.reprice", made, valid_from=today + timedelta(days=9), list_price="1200", dealer_price="500")
    with d.inside():
        made.refresh_from_db()
        assert [prices([made], today + timedelta(days=n))[made.pk].list_price for n in (-1, 0, 8, 9)] == [1000, 1100, 1100, 1200]
        assert made.list_price == 1100 and PriceChange.objects.count() == 3
        box = PackageName.objects.create(name="body")
    d.do("price_auditor", "catalog.product.parts", made, parts=[{"package_name": box.pk, "count": 3}])
    with pytest.raises(Invalid):
        d.do("price_auditor", "catalog.product.parts", made, parts=[{"package_name": box.pk, "count": 3}] * 2)
    for tab, wanted in (("parts", "body"), ("prices", "1,200.00")):
        assert wanted in page("purchaser", "product", "detail", made.pk, f"?tab={tab}").content.decode()
    seen = page("guide", "product", "detail", made.pk, "?tab=prices").content.decode()
    assert "1,200.00" in seen and "500.00" not in seen.replace("1,500.00", "")
    with d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=made.pk).update(width_min=5000)
    d.do("price_auditor", "catalog.product.edit", made, code="w1", name="new name", brand="Oppein", category=category, unit="㎡", method="area",
         least="1")
    with d.inside():
        made.refresh_from_db()
        assert (made.name, made.least, made.list_price) == ("new name", 1, 1100)


def test_a_category_is_never_part_of_itself(d, category):
    inner = d.do("general_manager", "catalog.category.create", code="i", name="sliding", group="wardrobe", parent=category)
    with pytest.raises(Invalid):
        d.do("general_manager", "catalog.category.edit", category, code="c", name="wardrobes", group="wardrobe", parent=inner)


def workbook(place, head, *rows):
    write_table(place / "list.xlsx", head, rows)
    return (place / "list.xlsx").read_bytes()


HEAD = ["价目表编码", "价目表名称", "大区", "生效日期", "失效日期", "产品编码", "品牌", "款型", "零售价", "结算价"]


def test_a_price_list_is_imported_with_its_error_rows_and_published(d, category, tmp_path):
    """BAS-02: rows that are wrong say why; the others fill the draft; styles are known by any name of the day."""
    one, other = product(d, category), product(d, category, "w2", style="Roma")
    d.do("price_auditor", "catalog.stylealias.create", brand="Oppein", style="Roma", alias="Old Rome", kind="old")
    with d.inside():
        region = "Region 1"
        outcome = load_book(d.actor("price_auditor"), PriceLists(d.actor("price_auditor")), workbook(
            tmp_path, HEAD,
            ["S26", "Spring", region, "2026-01-01", "2099-12-31", "w1", "", "", "1300", "500"],
            ["S26", "Spring", region, "2026-01-01", "2099-12-31", "", "oppein", "old rome", "¥1,400", ""],
            ["S26", "Spring", region, "2026-01-01", "2099-12-31", "zzz", "", "", "1", ""],
            ["S26", "Spring", region, "2026-02-01", "2099-12-31", "w1", "", "", "1", ""],
            ["S26", "Spring", region, "2026-01-01", "2099-12-31", "w1", "", "", "100", "500"],
            ["S27", "Spring", "Atlantis", "2026-01-01", "", "w1", "", "", "1", ""],
            ["S26", "Spring", region, "2026-01-01", "2099-12-31", "w1", "", "", "1300", "500"]))
        assert (outcome.added, outcome.known, [n for n, _v, _r in outcome.refused]) == (2, 1, [4, 5, 6, 7])
        assert all(reasons for _n, _v, reasons in outcome.refused)
        made = PriceList.objects.get()
        assert dict(made.lines.values_list("product__code", "list_price")) == {"w1": 1300, "w2": 1400}
    d.do("price_auditor", "catalog.pricelist.publish", made)
    with d.inside():
        found = prices([one, other], date(2026, 6, 1), d.outlets["S11"])
        assert found[one.pk].list_price == 1300 and "Region 1" in found[one.pk].why
        assert found[other.pk].dealer_price == 400       # the list says nothing of it
        assert prices([one], date(2026, 6, 1), d.outlets["S21"])[one.pk].list_price == 1000
        outcome = load_book(d.actor("price_auditor"), PriceLists(d.actor("price_auditor")), workbook(
            tmp_path, HEAD, ["S26", "Spring", region, "2026-01-01", "2099-12-31", "w1", "", "", "9", ""]))
        assert len(outcome.refused) == 1
    draft = client("price_auditor").post(registry.registers["catalog", "pricelist"].url("act", made.pk, verb="renew"),
                                         {"valid_from": "2027-01-01", "factor": "1.1"})
    assert draft.status_code == 302
    with d.inside():
        second = PriceList.objects.get(revision=2)
        assert sorted(second.lines.values_list("list_price", flat=True)) == [1430, 1540]
    with pytest.raises(Refused):
        d.do("price_auditor", "catalog.pricelist.publish", second)     # the first has a last day of its own
    d.do("price_auditor", "catalog.pricelist.end", made, valid_to=str(date(2026, 12, 31)))
    assert d.do("price_auditor", "catalog.pricelist.publish", second).state == "published"
    with pytest.raises(Forbidden):
        d.do("guide", "catalog.pricelist.publish", second)
    seen = page("guide", "pricelist", "detail", made.pk).content.decode()
    assert "1,300.00" in seen and "500.00" not in seen


def test_the_prices_of_a_list_are_taken_out_and_loaded_into_the_next_draft(d, category, tmp_path):
    """BAS-02: what the export writes, the import reads; the changed price is the draft's."""
    one, two = product(d, category), product(d, category, "w2", style="Roma")
    made = d.do("price_auditor", "catalog.pricelist.create", code="S26", name="Spring", valid_from="2026-01-01")
    d.do("price_auditor", "catalog.pricelist.set_prices", made, lines=[{"product": one.pk, "list_price": "1300", "dealer_price": "500"},
                                                                       {"product": two.pk, "list_price": "1400"}])
    address = registry.registers["catalog", "pricelistline"].url() + f"?price_list={made.pk}"
    assert address.replace("&", "&amp;") in page("price_auditor", "pricelist", "detail", made.pk).content.decode()
    chinese = client("price_auditor")
    chinese.cookies["yiwei_language"] = "zh-hans"
    body = chinese.get(registry.registers["catalog", "pricelistline"].url("export") + f"?price_list={made.pk}").content
    with d.inside():
        rows = [cells for _n, cells in read_rows(body, PriceLists.headers)]
        assert {(r["list"], r["code"], r["list_price"]) for r in rows} == {("S26", "w1", 1300), ("S26", "w2", 1400)}
        made.lines.filter(product=one).update(list_price=1)
        outcome = load_book(d.actor("price_auditor"), PriceLists(d.actor("price_auditor")), body)
        assert (outcome.added, outcome.known, outcome.refused) == (1, 1, [])
        assert made.lines.get(product=one).list_price == 1300


def test_the_next_version_ends_an_open_one_and_the_dealer_price_is_masked(d, category):
    made = product(d, category)
    first = d.do("price_auditor", "catalog.pricelist.create", code="L", name="L", valid_from="2026-01-01")
    d.do("price_auditor", "catalog.pricelist.fill", first, factor="1.05")
    d.do("price_auditor", "catalog.pricelist.publish", first)
    second = d.do("price_auditor", "catalog.pricelist.renew", first, valid_from="2026-07-01", factor="1") and None
    with d.inside():
        second = PriceList.objects.get(revision=2)
    d.do("price_auditor", "catalog.pricelist.publish", second)
    with d.inside():
        first.refresh_from_db()
        assert first.valid_to == date(2026, 6, 30)
        assert [prices([made], day)[made.pk].revision for day in (date(2026, 6, 30), date(2026, 7, 1))] == [1, 2]
        assert PriceListLine.objects.first().list_price == D("1050.00")
    body = client("guide").get(f"/api/v1/catalog/pricelist/{first.pk}").content.decode()
    assert "400" not in body


def test_the_price_check_explains_a_product_on_a_day(d, category):
    made = product(d, category)
    asked = f"?product={made.pk}&width=1000&height=2400&qty=2&factor=1.2&discount=0.9"
    text = client("guide").get(f"/report/price-check/{asked}").content.decode()
    for part in ("4,800.00", "960.00", "-576.00", "5,184.00", "4.8 ㎡", "9折", "0.92", "店长"):
        assert part in text, part
    assert client("guide").get("/report/price-check/?product=x&width=-&qty=1e99&day=foo&discount=nan").status_code == 200
    assert client("storekeeper").get("/report/price-check/").status_code == 403
    answer = client("guide").get("/report/price-check/export/" + asked)
    assert answer.status_code in (200, 403)


def test_an_alias_means_one_style_of_a_brand_on_any_day(d, category):
    """BAS-07: searched, resolved by day, and kept apart by the database."""
    def day(n):
        return timezone.localdate() + timedelta(days=n)

    milan, roma = product(d, category), product(d, category, "w2", style="Roma")
    alias = d.do("price_auditor", "catalog.stylealias.create", brand="Oppein", style="Milan", alias="月影", kind="marketing",
                 valid_from=day(-90), valid_to=day(30))
    d.do("price_auditor", "catalog.stylealias.create", brand="Oppein", style="Roma", alias="月影", kind="marketing", valid_from=day(31))
    for first, last in ((day(30), ""), ("", ""), (day(-9), day(-8))):
        with pytest.raises(Invalid) as refused:
            d.do("price_auditor", "catalog.stylealias.create", brand="oppein", style="Other", alias="月影", kind="old", valid_from=first, valid_to=last)
        assert "alias" in refused.value.errors
    with d.inside():
        assert [styles.resolve("Oppein", "月影", day(n)) for n in (-99, 0, 40)] == ["月影", "Milan", "Roma"]
        for first in (day(30), None):
            with pytest.raises(IntegrityError, match="catalog_stylealias_once"), transaction.atomic():
                StyleAlias.objects.create(brand="OPPEIN", style="x", alias="月影", valid_from=first)
        assert set(search.match(Product.objects.all(), "月影")) == {milan}
    found = client("guide").get(registry.registers["orders", "contract"].url("new-pick", verb="create", field="lines.product") + "?q=月影").json()
    assert {r["id"] for r in found["results"]} == {milan.pk}
    d.do("price_auditor", "catalog.stylealias.create", brand="Oppein", style="Roma", alias="星河", kind="store")
    d.do("price_auditor", "catalog.stylealias.disable", alias)
    with d.inside():
        assert not search.match(Product.objects.all(), "月影").exists() and set(search.match(Product.objects.all(), "星河")) == {roma}
    assert "月影" in page("guide", "stylealias").content.decode()


def test_an_alias_finds_products_only_on_its_days(d, category):
    """BAS-07: one alias means another style from tomorrow on; the night between them moves it."""
    today = timezone.localdate()
    product(d, category, style="Milan")
    product(d, category, "w2", style="Roma")

    def found():
        with d.inside():
            return [p.code for p in search.match(Product.objects.order_by("code"), "Sunshine")]

    d.do("price_auditor", "catalog.stylealias.create", brand="Oppein", style="Milan", alias="Sunshine", kind="old", valid_to=today)
    later = d.do("price_auditor", "catalog.stylealias.create", brand="Oppein", style="Roma", alias="Sunshine", kind="old",
                 valid_from=today + timedelta(days=1))
    assert found() == ["w1"]
    with d.inside():      # a day goes by
        StyleAlias.objects.exclude(pk=later.pk).update(valid_to=today - timedelta(days=1))
        StyleAlias.objects.filter(pk=later.pk).update(valid_from=today)
        aliases_of_the_day()
    assert found() == ["w2"]


def test_a_promotion_is_made_on_screen_with_scope_and_goods(d, category):
    """BAS-09."""
    made = product(d, category)
    form = {"code": "P1", "name": "May", "kind": "package", "threshold": "0", "amount": "888", "brands_needed": "2", "turn": "1",
            "valid_from": "2026-05-01", "valid_to": "2026-05-31", "outlets": [d.outlets["S11"]], "brands": "Oppein, Sofia",
            "goods": f'[{{"product": {made.pk}, "qty": 1}}]'}
    auditor, home = client("price_auditor"), registry.registers["catalog", "promotion"]
    for wrong in ({"goods": "[]"}, {"amount": "0"}, {"valid_to": "2026-04-01"}, {"rate": "1.5"}, {"repeat": "on"}):
        assert auditor.post(home.url("new", verb="create"), {**form, **wrong}).status_code == 422, wrong
    assert auditor.post(home.url("new", verb="create"), form).status_code == 302
    with d.inside():
        promotion = Promotion.objects.get()
        assert (promotion.brands, promotion.outlets, promotion.items.count()) == (["Oppein", "Sofia"], [d.outlets["S11"]], 1)
    text = page("guide", "promotion", "detail", promotion.pk).content.decode()
    for part in ("888.00", "Showroom 11", "Sofia", "wardrobe w1"):
        assert part in text
    assert auditor.get(home.url("act", promotion.pk, verb="edit")).status_code == 200
    assert client("guide").get(home.url("new", verb="create")).status_code == 403
    for bad in ({"rate": 2}, {"amount": -1}, {"valid_to": date(2020, 1, 1)}):
        with d.inside(), pytest.raises(IntegrityError), transaction.atomic():
            Promotion.objects.filter(pk=promotion.pk).update(**bad)


def test_promotions_are_imported_and_unused_ones_deleted(d, category, tmp_path):
    """BAS-09: refused rows say why; what no contract uses goes with its goods."""
    with d.inside(), translation.override("zh-hans"):
        actor = d.actor("price_auditor")
        book = book_for(registry.registers["catalog", "promotion"], actor)(actor)
        head = [book.headers[n][0] for n in ("code", "name", "kind", "threshold", "amount", "rate", "valid_from", "valid_to", "outlets")]
        outcome = load_book(actor, book, workbook(
            tmp_path, head,
            ["P1", "满减", "满减", 10000, 500, None, date(2026, 3, 1), date(2026, 3, 31), "Showroom 11、Showroom 12"],
            ["P2", "折扣", "折扣", None, None, None, date(2026, 3, 1), date(2026, 3, 31), None],
            ["P1", "满减", "满减", 10000, 500, None, date(2026, 3, 1), date(2026, 3, 31), None]))
        assert (outcome.added, outcome.known, [n for n, _row, _why in outcome.refused]) == (1, 1, [3])
        made = Promotion.objects.get(code="P1")
        assert sorted(made.outlets) == sorted((d.outlets["S11"], d.outlets["S12"])) and made.amount == 500
    d.do("price_auditor", "catalog.promotion.delete", made)
    with d.inside():
        assert not Promotion.objects.exists()


def test_the_matrix_shows_which_promotions_stand_together_in_their_order(d, category):
    """BAS-09."""
    today = timezone.localdate()
    base = {"kind": "reduction", "amount": "100", "threshold": "0", "brands_needed": "2", "valid_from": today, "valid_to": today + timedelta(days=5)}

    def made(code, turn, **more):
        return d.do("price_auditor", "catalog.promotion.create", code=code, name=code, turn=turn, **base | more)

    free, second = made("C", 30), made("A", 10)
    against = made("B", 20, excludes=[free.pk])
    alone, over = made("D", 40, exclusive="on"), made("E", 50, valid_from=today - timedelta(days=9), valid_to=today - timedelta(days=1))
    rows = client("guide").get("/api/v1/report/promotion-matrix").json()["rows"]
    assert [r["name"][0] for r in rows] == ["A", "B", "C", "D"] and f"p{over.pk}" not in rows[0]
    signs = {(r["name"][0], c): r[f"p{p.pk}"] for r in rows for c, p in (("A", second), ("B", against), ("C", free), ("D", alone))}
    assert signs["A", "B"] == signs["A", "C"] == "✓" and signs["B", "C"] == signs["C", "B"] == signs["A", "D"] == "✕" and signs["A", "A"] == "—"
    page_ = client("guide").get("/report/promotion-matrix/")
    assert page_.status_code == 200 and "✕" in page_.content.decode()
    assert client("guide").get("/report/promotion-matrix/paper/").status_code == 403
    assert client("general_manager").get("/report/promotion-matrix/paper/").content[:5] == b"%PDF-"


def test_a_bank_account_changes_only_by_two_persons(d):
    """BAS-12: through the screen and with plain writes."""
    made = d.do("purchaser", "catalog.supplier.create", code="HQ", name="Oppein HQ", kind="hq", lead_days="20", terms="monthly", terms_days="30")
    d.do("accountant", "catalog.supplier.ask_bank", made, account="6222 0001", reason="letter")
    with pytest.raises(Refused):
        d.do("purchaser", "catalog.supplier.ask_bank", made, account="6222 0002", reason="mail")
    with d.inside():
        change = BankChange.objects.get()
    with pytest.raises(Refused):
        d.do("accountant", "catalog.bankchange.confirm", change, called="010-1")
    with pytest.raises(Forbidden):
        d.do("purchaser", "catalog.bankchange.confirm", change, called="010-1")
    with d.inside("accountant"):
        for attempt in (lambda: Supplier.objects.filter(pk=made.pk).update(account="6222 0001"),
                        lambda: BankChange.objects.filter(pk=change.pk).update(state="confirmed", decided_by_id=d.members["accountant"]),
                        lambda: BankChange.objects.filter(pk=change.pk).update(state="confirmed", decided_by_id=d.members["guide"]),
                        lambda: BankChange.objects.filter(pk=change.pk).update(account="mine"),
                        lambda: BankChange.objects.create(supplier=made, account="x", reason="x", state="confirmed")):
            with pytest.raises(IntegrityError), transaction.atomic():
                attempt()
    warned = page("finance_manager", "supplier", "detail", made.pk).content.decode()
    assert "second person" in warned
    d.do("finance_manager", "catalog.bankchange.confirm", change, called="010-1")
    with d.inside():
        made.refresh_from_db()
        assert made.account == "6222 0001"
    assert "6222 0001" in page("finance_manager", "supplier", "detail", made.pk).content.decode()
    assert "6222 0001" not in page("storekeeper", "supplier", "detail", made.pk).content.decode()
    d.do("finance_manager", "catalog.supplier.ask_bank", made, account="6222 0009", reason="mail")
    with d.inside():
        later = BankChange.objects.get(state="waiting")
    assert d.do("finance_manager", "catalog.bankchange.refuse", later, reason="fraud").state == "refused"


def test_a_supplier_shows_contacts_and_how_often_it_is_on_time(d, category):
    """BAS-12."""
    from yiwei.stock.models.purchase import PurchaseOrder
    made = d.do("purchaser", "catalog.supplier.create", code="F", name="Factory", kind="factory", lead_days="20", terms="prepaid", terms_days="0")
    d.do("general_manager", "catalog.supplier.contacts", made, contacts=[{"purpose": "claims", "name": "Li", "phone": "13800009999"}])
    with d.inside():
        for late in (0, 0, 3):
            PurchaseOrder.start(d.actor("purchaser"), supplier=made, placed_on=date(2026, 1, 1), promised_on=date(2026, 1, 20),
                                arrived_on=date(2026, 1, 20 + late))
    text = page("general_manager", "supplier", "detail", made.pk).content.decode()
    assert "66.7 %" in text and "Li" in text
    assert page("guide", "supplier").status_code == 403
