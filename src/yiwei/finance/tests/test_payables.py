"""What suppliers are owed, is asked for, approved and paid; invoices to customers (FIN-09, FIN-12, FIN-13, FIN-15)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from yiwei.catalog.models.product import Supplier
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Forbidden, Invalid, Refused
from yiwei.kernel.screens.reports.report import run
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import money
from yiwei.stock.tests.test_without_order import Store

from ..models.invoice import Invoice
from ..models.payable import Payable, PaymentRequest
from ..models.terms import PaymentMethod
from ..rules.due import due_day
from .journey import Journey

COVERS = "FIN-09 FIN-12 FIN-13 FIN-15"
LATER = timezone.localdate() + timedelta(days=400)


@pytest.fixture
def store(db):
    return Store()


def cash(d, code="transfer"):
    with d.inside():
        return PaymentMethod.objects.get(code=code)


def payables(store):
    with store.d.inside():
        return list(Payable.objects.order_by("id"))


def request(store, **more):
    return store.d.do("accountant", "finance.paymentrequest.create", supplier=store.maker, pay_on=more.pop("pay_on", LATER), **more)


def pay(store, asked):
    store.d.do("finance_manager", "finance.paymentrequest.approve", asked)
    return store.d.do("cashier", "finance.paymentrequest.pay", asked, method=cash(store.d), paid_on=timezone.localdate())


def statistics(store, **params):
    with store.d.inside("accountant"):
        return run(registry.reports["payable-writeoffs"], store.d.actor("accountant"), params).rows


@pytest.mark.parametrize(("terms", "days", "billed", "due"), [
    ("monthly", 30, date(2026, 2, 3), date(2026, 3, 30)), ("monthly", 0, date(2024, 2, 29), date(2024, 2, 29)),
    ("quarterly", 15, date(2026, 4, 1), date(2026, 7, 15)), ("quarterly", 0, date(2026, 12, 31), date(2026, 12, 31)),
    ("cash", 30, date(2026, 5, 5), date(2026, 5, 5)), ("prepaid", 30, date(2026, 5, 5), date(2026, 5, 5))])
def test_the_terms_say_when_a_bill_is_due(terms, days, billed, due):
    assert due_day(terms, days, billed) == due


def test_what_is_received_is_owed_and_what_is_paid_is_not(store):
    first, second = payables(store)
    assert (first.amount, second.amount) == (D("4300.00"), D("9200.00")) and first.due_on > timezone.localdate()
    asked = request(store, lines=[{"payable": first.pk, "amount": "4300"}, {"payable": second.pk, "amount": "5000"}])
    assert asked.amount == D("9300.00") and store.owed() == D("-13500.00")     # nothing is booked by asking
    pay(store, asked)
    first, second = payables(store)
    assert (first.state, first.balance, second.state, second.balance) == ("closed", 0, "partly", D("4200.00"))
    assert store.owed() == D("-4200.00")
    with store.d.inside():
        assert money.balance("cash") == D("-9300.00")


def test_a_credit_note_is_deducted_by_itself(store):
    back = store.shipped(2)
    store.d.do("accountant", "stock.purchasereturn.credit", back, credited="920", note="CN")
    asked = request(store)
    assert asked.amount == D("12580.00")
    pay(store, asked)
    assert store.owed() == 0 and {p.state for p in payables(store)} == {"closed"}


def test_nothing_is_asked_for_twice_and_a_refusal_frees_it(store):
    asked = request(store)
    with pytest.raises(Invalid):
        request(store)
    store.d.do("finance_manager", "finance.paymentrequest.refuse", asked, reason="wait")
    again = request(store)
    assert again.amount == D("13500.00")
    store.d.do("accountant", "finance.paymentrequest.cancel", again)
    assert request(store).amount == D("13500.00")


def test_only_what_is_due_by_the_day_is_proposed(store):
    with pytest.raises(Invalid):
        request(store, pay_on=timezone.localdate())


def test_more_than_is_owed_the_wrong_supplier_and_the_wrong_sign_are_refused(store):
    first, _second = payables(store)
    with store.d.inside():
        stranger = Supplier.objects.create(code="s", name="stranger")
    for lines in ([{"payable": first.pk, "amount": "4300.01"}], [{"payable": first.pk, "amount": "-1"}],
                  [{"payable": first.pk, "amount": "1"}, {"payable": first.pk, "amount": "1"}]):
        with pytest.raises(Invalid):
            request(store, lines=lines)
    with pytest.raises(Invalid):
        store.d.do("accountant", "finance.paymentrequest.create", supplier=stranger, pay_on=LATER, lines=[{"payable": first.pk, "amount": "1"}])


def test_who_asks_does_not_approve_not_even_past_the_door(store):
    asked = store.d.do("finance_manager", "finance.paymentrequest.create", supplier=store.maker, pay_on=LATER)
    with pytest.raises((Refused, Forbidden)):
        store.d.do("finance_manager", "finance.paymentrequest.approve", asked)
    with store.d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        PaymentRequest.objects.filter(pk=asked.pk).update(state="approved", approved_by_id=store.d.members["finance_manager"])
    with store.d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        PaymentRequest.objects.filter(pk=asked.pk).update(state="approved")


def test_a_new_account_of_the_payee_stops_the_payment(store):
    asked = request(store)
    store.d.do("finance_manager", "finance.paymentrequest.approve", asked)
    with store.d.inside():
        PaymentRequest.objects.filter(pk=asked.pk).update(account="6222 0000 9999")
    with pytest.raises(Refused):
        store.d.do("cashier", "finance.paymentrequest.pay", asked, method=cash(store.d), paid_on=timezone.localdate())
    with pytest.raises(Invalid):
        store.d.do("cashier", "finance.paymentrequest.pay", _fresh(store, asked), method=cash(store.d), paid_on=LATER)


def _fresh(store, asked):
    """Refuse the old request, ask anew and approve."""
    store.d.do("finance_manager", "finance.paymentrequest.refuse", asked, reason="account")
    return store.d.do("finance_manager", "finance.paymentrequest.approve", request(store))


def test_the_database_lets_nothing_be_paid_twice(store):
    first, _second = payables(store)
    with store.d.inside():
        for change in ({"paid": "4300.01"}, {"paid": "-1"}, {"paid": "4300", "asked": "1"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Payable.objects.filter(pk=first.pk).update(**change)


def test_two_at_once_ask_for_the_same_bill_once(live_db):
    store = Store()

    def once(_n):
        try:
            request(store)
            return "made"
        except Invalid:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, range(2))) == ["made", "told"]


def test_two_at_once_pay_one_request_once(live_db):
    store = Store()
    asked = request(store)
    store.d.do("finance_manager", "finance.paymentrequest.approve", asked)
    method = cash(store.d)

    def once(_n):
        try:
            store.d.do("cashier", "finance.paymentrequest.pay", asked, method=method, paid_on=timezone.localdate())
            return "paid"
        except Refused:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, range(2))) == ["paid", "told"]
    assert store.owed() == 0


def test_the_statistics_tie_to_the_ledger(store):
    back = store.shipped(2)
    store.d.do("accountant", "stock.purchasereturn.credit", back, credited="920", note="CN")
    pay(store, request(store, lines=[{"payable": payables(store)[0].pk, "amount": "4000"}]))
    today = timezone.localdate().isoformat()
    (row,) = statistics(store, date=today, date_to=today)
    assert {k: row[k] for k in ("opening", "accrued", "paid", "credited", "closing")} == {
        "opening": 0, "accrued": D("13500.00"), "paid": D("4000.00"), "credited": D("920.00"), "closing": D("8580.00")}
    assert row["closing"] == -store.owed() == sum(p.balance for p in payables(store))
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    (row,) = statistics(store, date=tomorrow, date_to=tomorrow)
    assert (row["opening"], row["accrued"], row["closing"]) == (D("8580.00"), 0, D("8580.00"))


def test_the_calendar_and_the_file_for_the_bank(store):
    asked = request(store)
    with store.d.inside("accountant"):
        (week,) = run(registry.reports["payment-calendar"], store.d.actor("accountant"), {}).rows
        assert (week["n"], week["amount"], week["asked"]) == (2, D("13500.00"), D("13500.00"))
        assert run(registry.reports["bank-file"], store.d.actor("accountant"), {}).rows == []
    store.d.do("finance_manager", "finance.paymentrequest.approve", asked)
    with store.d.inside("accountant"):
        (row,) = run(registry.reports["bank-file"], store.d.actor("accountant"), {}).rows
    assert (row["payee"], row["amount"]) == ("maker", D("13500.00"))


def test_an_invoice_of_the_supplier_is_noted(store):
    noted = store.d.do("accountant", "finance.payable.note_invoice", payables(store)[0], invoice_number="24312000000012345678")
    assert noted.invoice_number == "24312000000012345678"


def test_a_claim_on_an_employee_is_paid_and_never_more_than_it_is(store):
    guide = store.d.members["guide"]
    store.d.do("accountant", "stock.batchissue.book", store.give("internal", 2, buyer=guide, price="500"))
    entered = [store.d.do("cashier", "finance.claimsettlement.create", employee=guide, amount=a, method=cash(store.d, "cash"),
                          received_on=timezone.localdate()) for a in ("600", "400.01", "400")]
    store.d.do("accountant", "finance.claimsettlement.confirm", entered[0])
    with pytest.raises(Refused):
        store.d.do("accountant", "finance.claimsettlement.confirm", entered[1])
    store.d.do("accountant", "finance.claimsettlement.reject", entered[1], reason="typo")
    store.d.do("accountant", "finance.claimsettlement.confirm", entered[2])
    with store.d.inside():
        assert money.balance("claims") == 0 and money.balance("cash") == D("1000.00")
    for who in ({}, {"employee": guide, "supplier": store.maker}):
        with pytest.raises(Invalid):
            store.d.do("cashier", "finance.claimsettlement.create", amount="1", method=cash(store.d, "cash"), received_on=timezone.localdate(), **who)


# -- invoices to customers


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer()).release()


def invoice(g1, amount=None, **more):
    return g1.d.do("guide", "finance.invoice.create", customer=g1.customer, amount=amount, **more)


def issue(g1, made, number):
    g1.d.do("accountant", "finance.invoice.review", made)
    return g1.d.do("accountant", "finance.invoice.issue", made, official_number=number)


def test_only_effective_money_that_is_not_invoiced_yet_is_invoiced(g1):
    assert g1.money()[0] == "57000.00"
    first = issue(g1, invoice(g1, "50000"), "24312000000000000001")
    assert first.issued_on == timezone.localdate()
    with pytest.raises(Invalid) as told:
        invoice(g1, "7000.01")
    assert "amount" in told.value.errors
    rest = invoice(g1)
    assert rest.amount == D("7000.00") and rest.buyer == "周敏"
    g1.d.do("accountant", "finance.invoice.refuse", rest, reason="later")
    assert invoice(g1).amount == D("7000.00")                       # what was refused may be asked for again


def test_a_red_invoice_frees_its_amount_and_comes_before_a_red_receipt(g1):
    receipt = g1.pay("cash", (g1.cabinet, "1000"))
    made = issue(g1, invoice(g1), "24312000000000000002")
    with pytest.raises(Refused):
        g1.d.do("accountant", "finance.receipt.reverse", receipt, reason="wrong customer")
    with pytest.raises(Invalid):
        g1.d.do("accountant", "finance.invoice.reverse", made, official_number="24312000000000000002", reason="x")
    g1.d.do("accountant", "finance.invoice.reverse", made, official_number="24312000000000000003", reason="wrong buyer")
    with g1.d.inside():
        assert sorted(Invoice.objects.values_list("state", "amount")) == [("issued", D("-58000.00")), ("reversed", D("58000.00"))]
    g1.d.do("accountant", "finance.receipt.reverse", receipt, reason="wrong customer")
    assert invoice(g1).amount == D("57000.00")


def test_a_company_needs_its_tax_number_and_a_number_is_used_once(g1):
    for wrong, field in (({"company": True}, "tax_number"), ({"kind": "special"}, "tax_number"),
                         ({"kind": "special", "tax_number": "91310000MA1FL0XX0A"}, "company")):
        with pytest.raises(Invalid) as told:
            invoice(g1, "10", **wrong)
        assert field in told.value.errors
    issue(g1, invoice(g1, "10", kind="special", company=True, buyer="上海海园置业有限公司", tax_number="91310000MA1FL0XX0A"), "A-000001")
    other = invoice(g1, "10")
    with pytest.raises(Invalid):
        issue(g1, other, "A-000001")


def test_who_asks_for_an_invoice_does_not_review_it(g1):
    made = g1.d.do("accountant", "finance.invoice.create", customer=g1.customer, amount="10")
    with pytest.raises((Refused, Forbidden)):
        g1.d.do("accountant", "finance.invoice.review", made)


def test_the_database_counts_too(g1):
    with g1.d.inside("accountant"), pytest.raises(IntegrityError, match="finance_invoiceable"), transaction.atomic():
        Invoice.start(g1.d.actor("accountant"), customer=g1.customer, buyer="x", amount=D("57000.01"))
    with g1.d.inside("accountant"), pytest.raises(IntegrityError), transaction.atomic():
        Invoice.start(g1.d.actor("accountant"), customer=g1.customer, buyer="x", amount=D("-1"))


def test_two_at_once_invoice_the_same_money_once(live_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    g1 = Journey(make_dealer()).release()

    def once(_n):
        try:
            invoice(g1)
            return "made"
        except Invalid:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, range(2))) == ["made", "told"]
