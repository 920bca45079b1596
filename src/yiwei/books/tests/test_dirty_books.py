"""Dirty workbooks: what a person would load is loaded, nothing is lost, and what is refused can be mended (B1–B18)."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.management import call_command
from django.utils import translation
from python_calamine import CalamineWorkbook

from yiwei.books.loading import load_folder
from yiwei.crm.models.customer import Customer, House
from yiwei.filing.models.filing import Filing
from yiwei.filing.models.partner import ChannelPartner
from yiwei.finance.models.mall import MallLine
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.screens.exchange.book import load_book
from yiwei.kernel.screens.exchange.models import ImportHeading
from yiwei.kernel.screens.exchange.workbook import read_rows, read_sheets
from yiwei.org.models.outlet import Outlet
from yiwei.stock.models.warehouse import Bin

from .test_books import PRODUCTS, write

pytestmark = pytest.mark.django_db
CUSTOMER = ["登记日期", "门店", "导购", "客户姓名", "电话"]
FILING = ["报备时间", "渠道类型", "渠道名称", "客户姓名", "客户电话", "小区", "地址", "备注"]
LINE = ["2026-01-05", "广州天河店", "王芳"]
CLAIM = ["2026-03-01 09:30:00", "家装公司", "华景装饰"]


def workbook(path, *sheets, hidden=(), merged=()):
    """A workbook of (name, rows); `merged`: ranges (first row, first column, last row, last column, value) of the first sheet."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, (dt.date, dt.datetime)):
                    sheet.write_datetime(r, c, value, book.add_format({"num_format": "yyyy-mm-dd"}))
                elif value is not None:
                    sheet.write(r, c, value)
    for *spot, value in merged:
        book.worksheets()[0].merge_range(*spot, value)
    book.close()
    return path


def load(dealer, folder, **how):
    """The last word on each file."""
    return {one.path.stem: one for one in load_folder(dealer.id, folder, **how)}


def customers(dealer, folder, rows, heads=CUSTOMER, **how):
    workbook(folder / "展厅客户登记.xlsx", ("登记", [heads, *rows]))
    return load(dealer, folder, **how)["展厅客户登记"].outcome


def filings(dealer, folder, rows, heads=FILING, **how):
    workbook(folder / "渠道报备.xlsx", ("报备", [heads, *rows]))
    return load(dealer, folder, **how)["渠道报备"].outcome


# --- B1, B8: no cell ends a run -------------------------------------------------------------------------------------

@pytest.mark.parametrize("column, text", [("小区", "长" * 80), ("户型", "长" * 60), ("装修进度", "长" * 60), ("来源", "长" * 60), ("意向品类", "长" * 200)])
def test_a_cell_too_long_is_kept_in_the_remark(dealer, folder, column, text):
    outcome = customers(dealer, folder, [[*LINE, "周敏", "13800001111", text], [*LINE, "吴静", "13800001112", ""]], [*CUSTOMER, column])
    assert (outcome.added, len(outcome.refused), len(outcome.notes)) == (2, 0, 1)
    with dealer.inside():
        assert text in Customer.objects.get(name="周敏").remark


def test_a_needed_cell_too_long_refuses_its_row_alone_and_names_the_column(dealer, folder):
    heads = ["商场流水号", "收款日期", "店铺", "收款金额", "手续费", "应结金额", "付款方式"]
    workbook(folder / "商场统一收银.xlsx", ("s", [heads, ["M1", "2026-01-05", "广州天河店", 100, 0, 100, "微信"], ["M" * 60, "2026-01-05", "广州天河店", 100, 0, 100, ""],
                                                    ["M3", "2026-01-05", "广州天河店", 100, 0, 100, "支" * 60]]))
    outcome = load(dealer, folder)["商场统一收银"].outcome
    assert outcome.added == 2 and [n for n, _c, _r in outcome.refused] == [3]
    assert "商场流水号" in outcome.refused[0][2][0] and "40" in outcome.refused[0][2][0]


@pytest.mark.parametrize("value", [6228480402564890018, 1234567890123456])
def test_numbers_of_sixteen_digits_have_lost_some(dealer, folder, value):
    outcome = filings(dealer, folder, [[*CLAIM, "周敏", "13800001111", "云庭花园", "3-2-501", value], [*CLAIM, "吴静", "13800001112", "", "", "ok"]])
    assert outcome.added == 1 and [n for n, _c, _r in outcome.refused] == [2]


def test_a_number_in_scientific_text_that_has_lost_nothing_is_read(dealer, folder):
    outcome = customers(dealer, folder, [[*LINE, "周敏", "1.3955559001E10"], [*LINE, "吴静", "1.39556E+10"]])
    assert (outcome.added, len(outcome.refused)) == (1, 1)
    with dealer.inside():
        assert Customer.objects.get().phone == "13955559001"


# --- B2, B4, B15: sheets, headings, files ---------------------------------------------------------------------------

def test_every_sheet_with_the_headings_is_read_hidden_and_example_sheets_are_asked_about(dealer, folder):
    def month(m):
        return [CUSTOMER, *[[f"2026-0{m}-05", *LINE[1:], f"周{c}", f"1380000{m}11{n}"] for n, c in enumerate("敏静丽")]]
    workbook(folder / "展厅客户登记.xlsx", ("填写示例", month(9)), ("1月", month(1)), ("2月", month(2)), ("旧", month(3)), hidden=("旧",))
    found = load(dealer, folder)["展厅客户登记"].outcome
    assert (found.added, found.passed) == (6, [("填写示例", 3), ("旧", 3)])
    assert load(dealer, folder, hidden=True)["展厅客户登记"].outcome.known == 6


@pytest.mark.parametrize("heads", [
    ["登记时间", "所属门店", "导购员", "客户名称", "联系电话"], ["登记日期（必填）", "门店*", "导购", "客户姓名：", "手机号码"], ["日期", "展厅", "销售", "姓名", "手机号"],
    ["登 记 日 期", "门店名称", "接待人", "业主姓名", "客户联系电话"], ["進店日期", "門店", "導購", "客戶姓名", "電話"]])
def test_headings_are_known_by_synonyms_and_likeness(dealer, folder, heads):
    outcome = customers(dealer, folder, [[*LINE, "周敏", "13800001111"]], heads)
    assert (outcome.added, outcome.refused, outcome.unknown) == (1, [], {})


def test_doubled_and_unknown_headings_lose_no_number(dealer, folder):
    outcome = customers(dealer, folder, [[*LINE, "周敏", "13800001111", "13900002222", "13700003333", "朝南"]], [*CUSTOMER, "电话", "第二电话", "朝向"])
    assert outcome.unknown == {"登记": ["朝向"]}
    with dealer.inside():
        one = Customer.objects.get()
        assert one.phones == ["13800001111", "13900002222", "13700003333"]


@pytest.mark.parametrize("heading", ["报备人电话", "店长电话", "物业电话"])
def test_another_persons_number_is_never_taken_by_likeness(tmp_path, heading):
    book = registry.books["渠道报备"]
    path = workbook(tmp_path / "x.xlsx", ("s", [["报备时间", "渠道名称", "客户姓名", heading, "小区"], ["2026-01-01", "华景", "周敏", "13800001111", "云庭"]]))
    [sheet] = read_sheets(path, book.headers, book.needed)
    assert sheet.columns.unknown == {3: heading} and "phone" not in sheet.columns.known


def test_headings_in_two_rows_and_merged_cells(dealer, folder):
    rows = [["登记日期", "门店", "导购", "客户", None, "房屋", None], [None, None, None, "姓名", "电话", "小区", "地址"],
            ["2026-01-05", None, "王芳", "周敏", "13800001111", "云庭花园", "3-2-501"], ["2026-01-05", None, "王芳", "吴静", "13800001112", "云庭花园", "3-2-502"],
            ["2026-01-05", None, "王芳", "郑丽", "13800001113", "云庭花园", "3-2-503"]]
    workbook(folder / "展厅客户登记.xlsx", ("s", rows), merged=[(0, 3, 0, 4, "客户"), (0, 5, 0, 6, "房屋"), (2, 1, 4, 1, "广州天河店")])
    assert load(dealer, folder)["展厅客户登记"].outcome.added == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_as_chinese_excel_writes_it(dealer, folder, encoding, separator):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([CUSTOMER, [*LINE, "周敏", "13800001111"], [*LINE, "吴静", "13800001112"]])
    (folder / "展厅客户登记.csv").write_bytes(text.getvalue().encode(encoding))
    assert load(dealer, folder)["展厅客户登记"].outcome.added == 2


@pytest.mark.parametrize("body, word", [
    (b"", "empty"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"), (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
    (b"%PDF-1.7 ...", "no workbook"), (b"\x89PNG\r\n", "no workbook"), (b"PK\x03\x04broken", "not a workbook")])
def test_each_foreign_file_is_told_apart(body, word):
    with translation.override("en"), pytest.raises(Invalid) as caught:
        list(read_rows(body, {"a": ["甲"], "b": ["乙"]}))
    assert word in caught.value.errors["file"][0]


def test_a_renamed_csv_is_read_for_what_it_is(dealer, folder):
    (folder / "展厅客户登记.xlsx").write_text("\n".join(",".join(r) for r in (CUSTOMER, [*LINE, "周敏", "13800001111"])), encoding="utf-8")
    assert load(dealer, folder)["展厅客户登记"].outcome.added == 1


def test_what_somebody_said_of_a_column_is_remembered(dealer, folder):
    actor = dealer.actor("tenant_admin")
    path = workbook(folder / "x.xlsx", ("s", [[*CUSTOMER[:4], "联络簿"], [*LINE, "周敏", "13800001111"]]))
    make = registry.books["展厅客户登记"]
    with pytest.raises(Invalid) as caught:
        load_book(actor, make(actor), path)
    assert "联络簿" in caught.value.errors["file"][0] and "电话" in caught.value.errors["file"][0]
    assert load_book(actor, make(actor), path, learnt={"联络簿": "phone"}).added == 1
    with dealer.inside():
        assert ImportHeading.objects.filter(heading="联络簿", key="phone").exists()
    assert load_book(actor, make(actor), path).known == 1


def test_a_column_that_is_to_be_left_alone_is_asked_about_once(dealer, folder):
    actor = dealer.actor("tenant_admin")
    path = workbook(folder / "x.xlsx", ("s", [[*CUSTOMER, "朝向"], [*LINE, "周敏", "13800001111", "南"]]))
    make = registry.books["展厅客户登记"]
    assert load_book(actor, make(actor), path).unknown == {"s": ["朝向"]}
    assert load_book(actor, make(actor), path, learnt={"朝向": ""}).unknown == {}
    assert load_book(actor, make(actor), path).unknown == {}


# --- B3: what comes back ------------------------------------------------------------------------------------------

def returned(path):
    return [CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()]


def test_the_returned_file_keeps_everything_and_is_never_overwritten_unread(dealer, folder):
    heads = [*CUSTOMER, "朝向"]
    rows = [[*LINE, "周敏", "13800001111", "南"], ["2026-01-05", "没有的店", "王芳", "吴静", "13800001112", "北"], [*LINE[:2], "查无此人", "郑丽", "13800001113", "东"]]
    customers(dealer, folder, rows, heads)
    back = folder / "展厅客户登记-退回.xlsx"
    [[head, first, second]] = returned(back)
    assert head[:6] == heads and first[:6] == rows[1] and (first[6], second[6]) == (3, 4) and "没有的店" in first[7]
    first[1] = "广州天河店"
    workbook(back, ("登记", [head, first, second]))   # mended in place
    found = load(dealer, folder)
    assert found["展厅客户登记-退回"].outcome.added == 1
    [[_head, left]] = returned(back)
    assert left[3:7] == ["郑丽", "13800001113", "东", 4] and "查无此人" in left[7]
    with dealer.inside():
        assert Customer.objects.get(name="吴静").import_row == 3
    left[2] = "王芳"
    workbook(back, ("登记", [head, left]))
    load(dealer, folder)
    assert not back.exists(), returned(back)
    with dealer.inside():
        assert Customer.objects.count() == 3 and Customer.objects.get(name="郑丽").import_row == 4


def test_a_preview_writes_nothing_and_returns_nothing(dealer, folder, capsys):
    rows = [[*LINE, "周敏", "13800001111", "面议"], ["2026-01-05", "没有的店", "王芳", "吴静", "13800001112", ""]]
    workbook(folder / "展厅客户登记.xlsx", ("登记", [[*CUSTOMER, "预算"], *rows]))
    call_command("load_books", folder, tenant=dealer.code, preview=True)
    told = capsys.readouterr().out
    assert "1" in told and "面议" in told and "没有的店" in told
    with dealer.inside():
        assert not Customer.objects.exists()
    assert not list(folder.glob("*退回*"))


# --- B5, B6, B14: which row is which ------------------------------------------------------------------------------

def test_four_filings_of_one_second_in_four_estates_are_four(dealer, folder):
    rows = [[*CLAIM, "周女士", "", estate, "", ""] for estate in ("云庭花园", "海园", "翠湾", "远山庭")]
    assert filings(dealer, folder, rows).added == 4
    assert filings(dealer, folder, rows).known == 4


def test_a_changed_row_is_told_and_written_only_where_asked(dealer, folder):
    heads = [*CUSTOMER, "预算", "备注"]
    customers(dealer, folder, [[*LINE, "周敏", "13800001111", "8-10万", "急"], [*LINE, "吴静", "13800001112", "", ""]], heads)
    new = [[*LINE, "周敏", "13800001111", "12万", "不急"], [*LINE, "吴静", "13800001112", "", ""]]
    outcome = customers(dealer, folder, new, heads)
    assert (outcome.added, outcome.known, [n for n, _c in outcome.changed]) == (0, 1, [2])
    assert ("急", "不急") in [(a, b) for _what, a, b in outcome.changed[0][1]]
    with dealer.inside():
        assert Customer.objects.get(name="周敏").remark == "急"
    assert customers(dealer, folder, new, heads, update=True).updated == 1
    with dealer.inside():
        one = Customer.objects.get(name="周敏")
        assert (one.remark, one.budget_low) == ("不急", 120000)
    assert customers(dealer, folder, new, heads).known == 2


def test_a_corrected_number_makes_no_second_customer(dealer, folder):
    customers(dealer, folder, [[*LINE, "周敏", "13800001111"]])
    outcome = customers(dealer, folder, [[*LINE, "周敏", "13800001112"]])
    assert (outcome.added, outcome.changed[0][1][0][1:]) == (0, ("13800001111", "13800001112"))
    customers(dealer, folder, [[*LINE, "周敏", "13800001112"]], update=True)
    with dealer.inside():
        one = Customer.objects.get()
        assert one.phone == "13800001112" and "13800001111" in one.former_phones


def test_a_changed_remark_of_a_filing_is_told(dealer, folder):
    row = [*CLAIM, "周敏", "13800001111", "云庭花园", "3-2-501"]
    filings(dealer, folder, [[*row, "周末联系"]])
    outcome = filings(dealer, folder, [[*row, "改约周三"]])
    assert outcome.changed == [(2, [(str(Filing._meta.get_field("remark").verbose_name), "周末联系", "改约周三")])] or len(outcome.changed) == 1


@pytest.mark.parametrize("row", [["合计", "", "", "", 5], ["", "", "", "本月共计五户", ""], ["小计：", "", "", "", ""], ["", "", "", "总计3户", ""], ["制表人：王芳", "", "", "", ""]])
def test_sum_rows_are_no_customers(dealer, folder, row):
    outcome = customers(dealer, folder, [[*LINE, "周敏", "13800001111"], row, [*LINE, "吴静", "13800001112"]])
    assert (outcome.added, outcome.refused, [n for s in outcome.sheets for n, _t in s.sums]) == (2, [], [3])


def test_sum_rows_are_no_filings_and_no_partners(dealer, folder):
    outcome = filings(dealer, folder, [[*CLAIM, "周敏", "13800001111", "", "", ""], ["", "", "合计", "共计12户", "", "", "", ""]])
    with dealer.inside():
        assert outcome.added == 1 and list(ChannelPartner.objects.values_list("name", flat=True)) == ["华景装饰"]


def test_a_known_phone_in_another_outlet_is_asked_about_and_may_be_joined(dealer, folder):
    with dealer.inside():
        Outlet.objects.create(code="S91", name="佛山店")
    write(folder, "员工", [["009", "赵强", "导购", "华南", "佛山店", "", ""]])
    heads = [*CUSTOMER, "小区", "地址"]
    customers(dealer, folder, [[*LINE, "周敏", "13800001111", "云庭花园", "3-2-501"]], heads)
    there = ["2026-02-05", "佛山店", "赵强", "周敏", "138 0000 1111", "海园", "1-1-101"]
    outcome = customers(dealer, folder, [there], heads)
    assert outcome.added == 0 and "广州天河店" in outcome.refused[0][2][0]
    assert customers(dealer, folder, [[*there, "是"]], [*heads, "并入已有客户"]).added == 1
    with dealer.inside():
        assert Customer.objects.count() == 1 and House.objects.count() == 2


# --- B7, B10–B13, B16: cells --------------------------------------------------------------------------------------

@pytest.mark.parametrize("heading, text", [
    ("备用电话", "无"), ("备用电话", "-"), ("备用电话", "N/A"), ("备用电话", "待定"), ("备用电话", "wx:lw843"), ("预算", "不限"), ("预算", "面议"), ("预算", "15-20"), ("面积", "大平层")])
def test_an_optional_cell_never_refuses_its_row(dealer, folder, heading, text):
    outcome = customers(dealer, folder, [[*LINE, "周敏", "13800001111", text]], [*CUSTOMER, heading])
    assert (outcome.added, outcome.refused) == (1, [])
    with dealer.inside():
        one = Customer.objects.get()
    empty = text in ("无", "-", "N/A", "待定")
    assert (f"{heading}：{text}" in one.remark) is not empty and bool(outcome.notes) is not empty
    assert (one.budget_low, one.spare_phone) == (None, "")


@pytest.mark.parametrize("text, low, high", [("10万+", 100000, None), ("15-20万", 150000, 200000), ("3000元", 3000, 3000), ("约8万以内", 80000, 80000), ("12w起", 120000, None)])
def test_budgets(dealer, folder, text, low, high):
    customers(dealer, folder, [[*LINE, "周敏", "13800001111", text]], [*CUSTOMER, "预算"])
    with dealer.inside():
        one = Customer.objects.get()
        assert (one.budget_low, one.budget_high) == (low, high)


@pytest.mark.parametrize("text", ["约110平", "建面110㎡", "110平方左右", 110])
def test_areas(dealer, folder, text):
    customers(dealer, folder, [[*LINE, "周敏", "13800001111", text]], [*CUSTOMER, "面积"])
    with dealer.inside():
        assert House.objects.get().area == Decimal(110)


@pytest.mark.parametrize("phone", ["无", "wx:lw843", "1319058889", "微信联系"])
def test_a_filing_needs_no_number_where_the_house_suffices(dealer, folder, phone):
    outcome = filings(dealer, folder, [[*CLAIM, "周敏", phone, "云庭花园", "3-2-501", ""]])
    with dealer.inside():
        one = Filing.objects.get()
    assert (outcome.added, one.phone) == (1, "") and (phone == "无" or phone in one.remark)


@pytest.mark.parametrize("value, day", [
    (46086, dt.date(2026, 3, 5)), (20260305, dt.date(2026, 3, 5)), ("2026/3/5 下午3:20", dt.date(2026, 3, 5)), ("2026-03-05T09:20:00Z", dt.date(2026, 3, 5)),
    ("2026年3月5日 星期四", dt.date(2026, 3, 5)), ("2026.3.5", dt.date(2026, 3, 5)), (dt.date(2026, 3, 5), dt.date(2026, 3, 5))])
def test_days_as_they_are_written(dealer, folder, value, day):
    assert customers(dealer, folder, [[value, *LINE[1:], "周敏", "13800001111"]]).refused == []
    with dealer.inside():
        assert Customer.objects.get().visited_on == day


@pytest.mark.parametrize("value", ["2062-01-05", "1990-01-05", "03/05/2026", "05.03.26"])
def test_days_beyond_reason_or_to_be_guessed_are_refused(dealer, folder, value):
    assert len(customers(dealer, folder, [[value, *LINE[1:], "周敏", "13800001111"]]).refused) == 1


@pytest.mark.parametrize("at, known, hour", [("2026-03-05", "day", 0), ("2026/3/5 下午3:20", "minute", 15), ("2026-03-05 09:20:30", "second", 9), ("2026-03-05T01:20:00Z", "second", 9)])
def test_the_time_of_a_filing_is_known_as_far_as_it_is_written(dealer, folder, at, known, hour):
    filings(dealer, folder, [[at, *CLAIM[1:], "周敏", "13800001111", "", "", ""]])
    with dealer.inside():
        one = Filing.objects.get()
    assert one.filed_known == known and one.filed_at.astimezone(dt.timezone(dt.timedelta(hours=8))).hour == hour


def test_text_of_which_excel_made_a_day_is_read_back(dealer, folder):
    outcome = filings(dealer, folder, [[*CLAIM, "周敏", "13800001111", "云庭花园", dt.date(2026, 3, 2), ""]])
    with dealer.inside():
        assert Filing.objects.get().address == "3-2" and outcome.notes


def test_keys_meet_however_they_are_written(dealer, folder):
    rows = [[*CLAIM[:2], partner, f"周{n}", f"1380000111{n}", "", "", ""] for n, partner in enumerate(["华景装饰", "华景 装饰", "华景装饰 ", "華景裝飾"])]
    filings(dealer, folder, rows)
    write(folder, "产品价目", PRODUCTS[:1])
    write(folder, "期初库存", [["中心仓", "A-01", "p0001", 3, 2500, ""], ["中心仓", "Ａ－01", "P0001", 2, 2500, ""], ["中心仓 ", "a-01", "Ｐ0001", 1, 2500, ""]])
    write(folder, "员工", [["A1", "王一", "导购", "", "广州天河店", "", ""], ["Ａ１", "王一", "导购", "", "广州天河店 ", "", ""]])
    found = load(dealer, folder)
    assert (found["员工"].outcome.added, found["员工"].outcome.known) == (1, 1)
    with dealer.inside():
        assert ChannelPartner.objects.count() == 1 and Bin.objects.filter(warehouse__name="中心仓").count() == 1


@pytest.mark.parametrize("name", ["买买提•艾力", "李😀", "王伟/李娜", "华强公司 张三", "Anna Lee", "陈生13栋"])
def test_names_that_the_screen_takes_are_taken(dealer, folder, name):
    assert customers(dealer, folder, [[*LINE, name, "13800001111"]]).refused == []
    assert filings(dealer, folder, [[*CLAIM, name, "13800001119", "", "", ""]]).refused == []


@pytest.mark.parametrize("amount, kept", [("-500", -500), ("(500.00)", -500), ("￥1,000.00", 1000), ("1.2万", 12000)])
def test_the_mall_takes_back_and_writes_tails_as_numbers(dealer, folder, amount, kept):
    heads = ["商场流水号", "收款日期", "店铺", "电话尾号", "收款金额", "手续费", "应结金额"]
    workbook(folder / "商场统一收银.xlsx", ("s", [heads, ["M1", "2026-01-05", "广州天河店", 123, amount, 0, amount]]))
    assert load(dealer, folder)["商场统一收银"].outcome.added == 1
    with dealer.inside():
        line = MallLine.objects.get()
        assert (line.amount, line.phone_tail) == (kept, "0123")


def test_a_mall_number_with_another_amount_is_refused_with_both(dealer, folder):
    heads = ["商场流水号", "收款日期", "店铺", "收款金额", "应结金额"]
    for amount in (100, 200):
        workbook(folder / "商场统一收银.xlsx", ("s", [heads, ["M1", "2026-01-05", "广州天河店", amount, amount]]))
        outcome = load(dealer, folder)["商场统一收银"].outcome
    assert (outcome.known, len(outcome.refused)) == (0, 1) and "100.00" in outcome.refused[0][2][0] and "200.00" in outcome.refused[0][2][0]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "123", "------", "https://a.b"])
def test_what_is_no_name_is_refused(dealer, folder, name):
    assert len(customers(dealer, folder, [[*LINE, name, "13800001111"]]).refused) == 1
