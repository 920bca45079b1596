"""A new dealer's administrator is led through the first steps, which look at the data."""

import io
import re

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from yiwei.kernel.base import directory, registry
from yiwei.kernel.models import ImportRun
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.exchange import run as imports
from yiwei.kernel.testing import Dealer
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet
from yiwei.platform.hooks import onboarding

from .conftest import signed_in

PASSWORD = "Quite-Another-1"


@pytest.fixture
def fresh(operator, settings, tmp_path):
    """A dealer opened by the console, and its administrator past the change of the first password."""
    settings.MEDIA_ROOT = tmp_path
    target = operator.post(reverse("platform-open"), {"code": "fresh", "name": "Fresh", "admin_name": "Li", "username": ""}).headers["Location"]
    password = re.search(r"<code>(?!admin@)([^<]+)</code>", operator.get(target).content.decode()).group(1)
    client = signed_in("admin@fresh", password)
    client.post(reverse("password"), {"old": password, "new": PASSWORD, "again": PASSWORD})
    made = Dealer(int(target.rstrip("/").split("/")[-1]), "fresh")
    with made.inside():
        made.members["admin"] = Employee.objects.get(number="ADMIN").pk
    return made, client


def done(dealer):
    with dealer.inside("admin"):
        return {s.key for s in onboarding.steps(directory.load(dealer.members["admin"])) if s.done}


def filled(book, *rows):
    """An empty workbook's headings as downloaded, with rows below."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate([book, *rows]):
            sheet.write_row(number, 0, row)
    return io.BytesIO(target.getvalue())


def headings(client, room, slug):
    answer = client.get(reverse("register-template", args=[room, slug]))
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [str(h) for h in book.get_sheet_by_index(0).to_python()[0]], book


def load(dealer, client, room, slug, *rows):
    names, _book = headings(client, room, slug)
    file = filled(names, *rows)
    file.name = "book.xlsx"
    answer = client.post(reverse("register-import", args=[room, slug]), {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:500]
    with dealer.inside("admin"):
        pk = ImportRun.objects.latest("pk").pk
    imports.work(dealer.id, pk)
    client.post(reverse("import-load", args=[pk]), {"load": "1"})
    imports.work(dealer.id, pk)
    with dealer.inside("admin"):
        return ImportRun.objects.get(pk=pk)


def test_the_first_administrator_lands_on_the_first_steps(fresh):
    dealer, client = fresh
    assert client.get("/").headers["Location"] == reverse("start")
    page = client.get(reverse("start")).content.decode()
    assert all(name in page for name in registry.books) and "0 / 6" in page
    assert done(dealer) == set()
    assert client.get("/?stay").status_code == 200 and reverse("start") in client.get("/?stay").content.decode()


def test_an_empty_workbook_has_headings_marks_and_hints(fresh):
    _dealer, client = fresh
    for room, slug in (("org", "employee"), ("catalog", "product"), ("crm", "customer"), ("filing", "filing"), ("stock", "batchreceipt")):
        names, book = headings(client, room, slug)
        header = next(b for b in registry.books.values() if b.register == (room, slug))
        assert [n.rstrip("*") for n in names] == [a[0] for a in header.headers.values()]
        assert [n.endswith("*") for n in names] == [k in header.needed for k in header.headers]
        told = book.get_sheet_by_index(1).to_python()
        assert len(told) == len(names) + 1 and sum(bool(row[3]) for row in told[1:]) == len(header.hints) > 0


@pytest.mark.parametrize("book", [b for b in registry.books.values() if b.register], ids=lambda b: b.__name__)
def test_needed_columns_are_those_that_the_book_refuses_to_miss(fresh, book):
    dealer, _client = fresh
    with dealer.inside("admin"):
        made = book(directory.load(dealer.members["admin"]))
        made.prepare()
        from yiwei.kernel.screens.exchange.book import Refuse
        with pytest.raises(Refuse) as refused:
            made.load(1, {"_labels": {k: f"<{k}>" for k in book.headers}})
    missing = set(re.findall(r"<(\w+)>", " ".join(refused.value.reasons)))
    assert missing == set(book.needed) - ({"guide"} if "guide" in book.needed else set()) - (
        {"outlet"} if book.name == "商场统一收银" else set())


def test_the_steps_are_done_by_the_data(fresh):
    dealer, client = fresh
    staff = load(dealer, client, "org", "employee", ["E1", "王经理", "店长", "华南", "广州店", "13812345678", "2024-03-01"],
                 ["E2", "", "导购", "华南", "广州店", "", ""])
    assert (staff.state, staff.added, staff.refused) == ("done", 1, 1)
    assert done(dealer) == {"outlets"}
    with dealer.inside("admin"):
        member, office = Employee.objects.get(number="E1"), Outlet.objects.get(is_head_office=True)
    client.post(f"/r/org/employee/{member.pk}/do/give_sign_in/", {"username": "wang@fresh", "password": "First-one-9"})
    assert done(dealer) == {"outlets", "people"}
    edited = client.post(f"/r/org/outlet/{office.pk}/do/edit/", {"code": "HQ", "name": "总部", "is_head_office": "on", "address": "天河路 1 号",
                                                                "phone": "020-1234567", "_version": office.version})
    assert edited.status_code == 302
    assert "company" in done(dealer)
    client.post(reverse("start-say", args=["books"]))
    assert "books" not in done(dealer), "without a price list nobody can say that this is all"
    load(dealer, client, "catalog", "product", ["P1", "易", "橱柜", "", "北欧", "", "", "", "", "", 1000, 400, "", ""])
    client.post(reverse("start-say", args=["books"]))
    load(dealer, client, "stock", "batchreceipt", ["主仓", "A-1", "P1", 3, 400, "2025-01-01"])
    assert done(dealer) == {"company", "outlets", "books", "people", "stock"}
    client.post(reverse("start-say", args=["terms"]))
    assert "6 / 6" in client.get(reverse("start")).content.decode()
    assert client.get("/").status_code == 200 and client.get(reverse("start")).status_code == 404


def test_dismissed_it_stays_away(fresh):
    _dealer, client = fresh
    client.post(reverse("start-close"))
    assert client.get("/").status_code == 200 and client.get(reverse("start")).status_code == 404


def test_it_is_for_the_heads_of_a_new_dealer_only(fresh, dealer):
    made, client = fresh
    with context.entered(made.id):
        office = Outlet.objects.get(is_head_office=True)
    load(made, client, "org", "employee", ["E1", "王", "导购", "", "", "", ""])
    with context.entered(made.id):
        member = Employee.objects.get(number="E1")
        assert member.outlet_id == office.pk
        from yiwei.org.rules.dealers import sign_in
        sign_in(member, "guide@fresh", PASSWORD)
    guide = signed_in("guide@fresh", PASSWORD)
    assert guide.get("/").status_code == 200 and guide.get(reverse("start")).status_code == 404
    assert guide.post(reverse("start-close")).status_code == 404
    old = signed_in("tenant_admin@one")
    assert old.get("/").status_code == 200 and old.get(reverse("start")).status_code == 404


def test_only_who_may_load_gets_the_empty_workbook(dealer):
    guide = signed_in("guide@one")
    assert guide.get(reverse("register-template", args=["org", "employee"])).status_code == 404
    assert guide.get(reverse("register-import", args=["org", "employee"])).status_code == 404
    assert Client().get(reverse("register-template", args=["org", "employee"])).status_code == 302
