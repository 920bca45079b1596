"""Registers without a book, evidence and speed of whole books, and the preview on screen (B10, B17, B18)."""


import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwei.crm.models.customer import Customer
from yiwei.filing.models.filing import Filing
from yiwei.kernel.base import registry
from yiwei.kernel.screens.exchange.book import load_book
from yiwei.kernel.screens.exchange.run import again, book_for, start, work
from yiwei.org.models.outlet import Outlet

from .test_dirty_books import CLAIM, CUSTOMER, LINE, customers, filings, workbook

pytestmark = pytest.mark.django_db


# --- B10: registers without a book --------------------------------------------------------------------------------

def sheet(dealer, room, slug, folder, rows, **how):
    actor = dealer.actor("general_manager")
    with dealer.inside("general_manager"):
        book = book_for(registry.registers[room, slug], actor)(actor)
    heads = [k for k in book.headers if any(k in r for r in rows)]
    workbook(folder / "g.xlsx", ("s", [[str(book.headers[k][0]) for k in heads], *[[r.get(k) for k in heads] for r in rows]]))
    with dealer.inside("general_manager"):
        return load_book(actor, book, folder / "g.xlsx", **how)


def test_registers_without_a_book_read_cells_as_the_books_do(dealer, tmp_path):
    rows = [{"outlet": "广州天河店", "month": m, "amount": a} for m, a in (("2026.3.1", "¥1,000.00"), ("2026年4月1日", "1.2万"), (46143, 500), ("03/05/2026", 1), ("2026-06-01", 6228480402564890018))]
    outcome = sheet(dealer, "catalog", "outlettarget", tmp_path, rows)
    assert (outcome.added, [n for n, _c, _r in outcome.refused]) == (3, [5, 6]), outcome.refused
    again = sheet(dealer, "catalog", "outlettarget", tmp_path, rows[:3])
    assert again.known == 3, again.refused


def test_a_changed_row_of_any_register_is_told_and_written_where_asked(dealer, tmp_path):
    row = {"code": "S95", "name": "新店"}
    assert sheet(dealer, "org", "outlet", tmp_path, [row]).added == 1
    changed = [{"code": "ｓ95", "name": "旧店"}]
    outcome = sheet(dealer, "org", "outlet", tmp_path, changed)
    assert outcome.added == 0 and outcome.changed[0][1][-1][1:] == ("新店", "旧店")
    assert sheet(dealer, "org", "outlet", tmp_path, changed, update=True).updated == 1
    with dealer.inside():
        assert Outlet.objects.get(code__iexact="S95").name == "旧店"


# --- B17, B18 -----------------------------------------------------------------------------------------------------

def test_loading_makes_the_evidence_that_typing_makes(dealer, folder):
    customers(dealer, folder, [[*LINE, "周敏", "13800001111", "云庭花园", "3-2-501"]], [*CUSTOMER, "小区", "地址"])
    filings(dealer, folder, [[*CLAIM, "周敏", "13800001111", "", "", ""], [*CLAIM, "陈刚", "13900002222", "云庭花园", "3-2-501", ""],
                             [*CLAIM, "吴静", "13700003333", "海园", "1-1-101", ""], [*CLAIM[:2], "别家装饰", "吴静", "137****3333", "海园", "", ""]])
    with dealer.inside():
        found = [(f.conflict, f.state, bool(f.evidence["candidates"])) for f in Filing.objects.order_by("import_row")]
    assert [c for c, _s, _e in found] == ["certain", "strong", "probable", "probable"]
    assert {s for _c, s, _e in found} == {"held"}


def test_a_book_takes_few_statements_a_row(dealer, folder):
    rows = [[*LINE, f"周{n}敏", f"138{n:08d}", f"云庭{n}花园", "3-2-501"] for n in range(600)]
    with CaptureQueriesContext(connection) as taken:
        assert customers(dealer, folder, rows, [*CUSTOMER, "小区", "地址"]).added == 600
    assert len(taken) < 120
    rows = [[*CLAIM, f"吴{n}静", f"139{n:08d}", f"云庭{n}花园", "3-2-502", ""] for n in range(600)]
    with CaptureQueriesContext(connection) as taken:
        assert filings(dealer, folder, rows).added == 600
    assert len(taken) < 200


def test_progress_is_told_on_a_pipe(dealer, folder, capsys, monkeypatch):
    from yiwei.books.management.commands import load_books as command
    monkeypatch.setattr(command, "EVERY", 0)
    workbook(folder / "展厅客户登记.xlsx", ("s", [CUSTOMER, *[[*LINE, f"周{n}敏", f"138{n:08d}"] for n in range(120)]]))
    call_command("load_books", folder, tenant=dealer.code)
    assert "展厅客户登记 100" in capsys.readouterr().err


# --- on screen ----------------------------------------------------------------------------------------------------

def test_an_upload_is_tried_first_and_loaded_when_confirmed(dealer, folder, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    actor = dealer.actor("general_manager")
    register = registry.registers["crm", "customer"]
    path = workbook(folder / "up.xlsx", ("s", [[*CUSTOMER, "联络簿"], [*LINE, "周敏", "13800001111", "13900002222"], [*LINE, "吴静", "abc", ""]]))
    with dealer.inside("general_manager"):
        run = start(actor, register, "up.xlsx", path.read_bytes(), preview=True)
    work(dealer.id, run.pk)
    with dealer.inside("general_manager"):
        run.refresh_from_db()
        assert (run.state, run.added, run.refused, Customer.objects.count()) == ("previewed", 1, 1, 0)
        assert [c["heading"] for c in run.report["columns"] if not c["key"]] == ["联络簿"] and run.report["refused"][0][0] == 3
        again(actor, run, preview=False, chosen={"联络簿": "spare"})
    work(dealer.id, run.pk)
    with dealer.inside("general_manager"):
        run.refresh_from_db()
        assert (run.state, run.added) == ("done", 1) and Customer.objects.get().spare_phone == "13900002222"


def test_a_missing_column_is_asked_for_on_screen(dealer, folder, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    actor = dealer.actor("general_manager")
    path = workbook(folder / "up.xlsx", ("s", [[*CUSTOMER[:4], "联络簿"], [*LINE, "周敏", "13800001111"]]))
    with dealer.inside("general_manager"):
        run = start(actor, registry.registers["crm", "customer"], "up.xlsx", path.read_bytes(), preview=True)
        assert run.state == "failed" and "电话" in run.error and run.report["columns"][-1] == {"heading": "联络簿", "key": "", "label": "", "guessed": False, "ignored": False}
        again(actor, run, preview=True, chosen={"联络簿": "phone"})
    work(dealer.id, run.pk)
    with dealer.inside("general_manager"):
        run.refresh_from_db()
        assert (run.state, run.added) == ("previewed", 1)
