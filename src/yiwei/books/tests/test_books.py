"""Workbooks of a dealer: messy cells, refused rows, loading twice, cancelling."""

from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from yiwei.books.loading import load_folder
from yiwei.catalog.models.product import Product
from yiwei.crm.models.customer import Customer, House
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.screens.exchange.book import load_book
from yiwei.kernel.screens.exchange.models import ImportRun
from yiwei.kernel.screens.exchange.run import start, work
from yiwei.kernel.screens.exchange.workbook import write_table
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import goods
from yiwei.org.models.employee import Employee
from yiwei.stock.models.batch import BatchReceipt

pytestmark = pytest.mark.django_db

STAFF = [["001", "王芳", "导购", "华南", "广州天河店", "138 0013-8000", "2024/3/1"],
         ["002", "李强", "店长", "华南", "广州天河店", "13900139000", "2023年5月6日"]]
PRODUCTS = [[" p0001 ", "本厂", "橱柜", "轻奢", "华城A10", "華城A10", "A", "1800*2000", "橡木", "延米", 5013.9, 2714.78, "总部一厂", "柜身"],
            ["P0002", "本厂", "衣柜", "现代", "天庭B2", "", "B", "", "白", "平方米", "¥1,200.50", "600", "总部一厂", ""],
            ["P0003", "本厂", "木门", "现代", "天庭C3", "", "B", "", "白", "樘", 100, 200, "总部一厂", ""],
            ["P0004", "本厂", "木门", "现代", "=HYPERLINK(\"x\")", "", "B", "", "白", "樘", 300, 200, "总部一厂", ""]]
CUSTOMERS = [["2026-01-05", "广州天河店", "王芳", "周先生", "+86 138-1111-2222", "", "云庭花园", "云庭花园12栋2单元804", "110㎡", "三室",
              "水电", "自然进店", "8-10万", "橱柜", "=1+1"],
             ["2026-13-45", "广州天河店", "查无此人", "王五", "abc", "", "", "", "", "", "", "", "", "", ""],
             ["2026-01-06", "没有的店", "王芳", "刘六", "13800000001", "", "", "", "", "", "", "", "", "", ""]]
STOCK = [["中心仓", "A-01", "p0001", 3, 2500, "2026-03-01"], ["中心仓", "A-01", "P0002", "2.5", 600, "2026-03-02"],
         ["中心仓", "A-01", "P9999", 1, 1, "2026-03-02"], ["中心仓", "A-01", "P0002", -3, 600, "2026-03-02"],
         ["中心仓", "A-01", "P0001", 3, 2500, "2026-03-01"]]


def write(folder, name, rows):
    headers = [aliases[0] for aliases in registry.books[name].headers.values()]
    write_table(folder / f"{name}.xlsx", headers, rows)
    return folder / f"{name}.xlsx"


@pytest.fixture
def folder(tmp_path, db):
    for name, rows in (("员工", STAFF), ("产品价目", PRODUCTS), ("展厅客户登记", CUSTOMERS), ("期初库存", STOCK)):
        write(tmp_path, name, rows)
    return tmp_path


@pytest.fixture
def dealer(db):
    return make_dealer()


def load(dealer, folder):
    return {name: (outcome, where) for name, outcome, where in load_folder(dealer.id, folder)}


def test_a_dealer_is_loaded_and_refused_rows_come_back_with_reasons(dealer, folder):
    found = load(dealer, folder)
    assert {n: (o.added, o.known, len(o.refused)) for n, (o, _w) in found.items()} == {
        "员工": (2, 0, 0), "产品价目": (3, 0, 1), "展厅客户登记": (1, 0, 2), "期初库存": (3, 0, 2)}
    with dealer.inside():
        customer = Customer.objects.get()
        assert (customer.phone, customer.budget_low, customer.budget_high) == ("13811112222", 80000, 100000)
        house = customer.houses.get()
        assert (house.area, house.building, house.unit, house.room) == (Decimal("110"), "12", "2", "804")
        assert customer.remark == "=1+1"
        product = Product.objects.get(code="P0001")
        assert goods.on_hand(product.pk) == 6
        assert goods.average(product.pk) == 2500
        assert BatchReceipt.objects.get().amount == 16500
    rows = CalamineWorkbook.from_path(str(found["展厅客户登记"][1])).get_sheet_by_index(0).to_python()
    assert rows[1][-2:][0] == 3 and "查无此人" in rows[1] and "2026-13-45" in rows[1][-1] and "abc" in rows[1][-1]
    assert "没有的店" in rows[2][-1]


def test_loading_the_same_books_twice_adds_nothing(dealer, folder):
    load(dealer, folder)
    again = load(dealer, folder)
    assert all(o.added == 0 for o, _w in again.values())
    with dealer.inside():
        assert Customer.objects.count() == 1 and BatchReceipt.objects.count() == 1


def test_a_mended_refused_row_loads_from_its_own_workbook(dealer, folder):
    outcome, where = load(dealer, folder)["展厅客户登记"]
    rows = CalamineWorkbook.from_path(str(where)).get_sheet_by_index(0).to_python()
    rows[2][1] = "广州天河店"
    write_table(folder / "展厅客户登记.xlsx", rows[0], rows[1:])
    outcome, _where = load(dealer, folder)["展厅客户登记"]
    assert (outcome.added, len(outcome.refused)) == (1, 1)


def test_formulas_stay_text_in_exports_and_pages(dealer, folder, client):
    load(dealer, folder)
    with dealer.inside():
        assert Product.objects.get(code="P0004").style == '=HYPERLINK("x")'


def test_a_cancelled_load_leaves_nothing(dealer, tmp_path):
    rows = [[f"P{n:04}", "本厂", "橱柜", "", "", "", "A", "", "", "延米", 10, 5, "厂", ""] for n in range(120)]
    path = write(tmp_path, "产品价目", rows)
    actor = dealer.actor("tenant_admin")
    outcome = load_book(actor, registry.books["产品价目"](actor), path, progress=lambda o: o.seen < 100)
    assert outcome.cancelled
    with dealer.inside():
        assert not Product.objects.exists()


def test_what_is_no_workbook_and_wrong_headings_are_said_at_once(dealer, tmp_path):
    actor = dealer.actor("tenant_admin")
    book = registry.books["员工"](actor)
    with pytest.raises(Invalid):
        load_book(actor, book, b"MZ not a workbook")
    write_table(tmp_path / "x.xlsx", ["甲", "乙"], [["1", "2"]])
    with pytest.raises(Invalid, match="headings|表头|correct|更正"):
        load_book(actor, book, tmp_path / "x.xlsx")


def test_an_upload_runs_as_a_job_and_gives_refused_rows_back(dealer, folder, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    actor = dealer.actor("tenant_admin")
    register = registry.registers["catalog", "product"]
    with dealer.inside("tenant_admin"):
        run = start(actor, register, "价目.xlsx", (folder / "产品价目.xlsx").read_bytes())
    assert run.total == 4
    work(dealer.id, run.pk)
    run = dealer.get(ImportRun, run)
    assert (run.state, run.added, run.refused) == ("done", 3, 1)
    assert (tmp_path / "media" / run.refused_path).exists()


def test_a_register_without_a_book_imports_through_its_create_action(dealer, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    from yiwei.kernel.screens.exchange.run import book_for
    register = registry.registers["org", "outlet"]
    actor = dealer.actor("tenant_admin")
    with dealer.inside("tenant_admin"):
        book = book_for(register, actor)(actor)
        headers = [a[0] for a in book.headers.values()]
        row = dict.fromkeys(book.headers, "") | {"code": "S99", "name": "新店", "region": "Region 1"}
        bad = row | {"code": "S98", "region": "nowhere"}
        write_table(tmp_path / "outlets.xlsx", headers, [[r[n] for n in book.headers] for r in (row, bad)])
        outcome = load_book(actor, book, tmp_path / "outlets.xlsx")
    assert (outcome.added, len(outcome.refused)) == (1, 1)
    again = load_book(actor, book_for(register, actor)(actor), tmp_path / "outlets.xlsx")
    assert (again.added, again.known) == (0, 1)


def test_staff_keep_their_outlets_and_regions(dealer, folder):
    load(dealer, folder)
    with dealer.inside():
        member = Employee.objects.select_related("outlet__region", "position").get(number="001")
        assert (member.outlet.name, member.outlet.region.name, member.phone) == ("广州天河店", "华南", "13800138000")


def test_a_house_written_in_one_line_is_read_apart(dealer, folder):
    row = [*CUSTOMERS[0]]
    row[6], row[7] = "", "云庭花园二期12栋2单元804"
    write(folder, "展厅客户登记", [row])
    load(dealer, folder)
    with dealer.inside():
        house = House.objects.get()
    assert (house.community, house.building, house.unit, house.room) == ("云庭花园2期", "12", "2", "804")
