"""Two at once: one counter, one receipt, one piece of stock, one document; real threads and real commits."""

import threading
import time

import pytest
from django.db import connection

from yiwei.crm.models.customer import Customer
from yiwei.finance.models.receipt import Receipt, ReceiptSplit, Receivable
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.models import ApprovalFlow, Task
from yiwei.kernel.records.document import next_number
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.actions import goods
from yiwei.stock.models.issue import Issue


def at_once(*jobs):
    """Run functions in threads that start together; [(result or None, error or None)] in order."""
    start, out = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(index, job):
        try:
            start.wait(10)
            out[index] = (job(), None)
        except Exception as error:
            out[index] = (None, error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return out


@pytest.fixture
def g1(live_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Journey(make_dealer())


def one_of(results):
    """Exactly one succeeded; the other was refused in words, not by a crash."""
    good = [r for r, e in results if e is None]
    bad = [e for _r, e in results if e is not None]
    assert len(good) == 1 and all(isinstance(e, ActionError) for e in bad), results
    return good[0]


def test_one_counter_gives_no_number_twice_and_leaves_no_gap(g1):
    """D-46."""
    def take():
        with g1.d.inside():
            return [next_number("SJ", g1.d.outlets["S11"]) for _ in range(20)]

    results = at_once(take, take, take, take)
    numbers = sorted(n for r, e in results for n in r)
    tails = [int(n.rsplit("-", 1)[1]) for n in numbers]
    assert len(set(numbers)) == 80 and tails == list(range(tails[0], tails[0] + 80))


def test_two_clicks_make_one_receipt(g1):
    """D-50."""
    g1.sign()
    data = {"customer": g1.customer, "type": g1.types["contract"], "method": g1.methods["cash"], "amount": "100",
            "splits": [{"sub": g1.cabinet.pk, "amount": "100"}], "key": "same-form"}
    results = at_once(*[lambda: g1.d.do("guide", "finance.receipt.create", **data)] * 4)
    assert all(e is None for _r, e in results), results
    assert len({r.pk for r, _e in results}) == 1
    with g1.d.inside():
        assert Receipt.objects.count() == 1


def test_two_cannot_take_from_one_receipt(g1):
    g1.sign()
    g1.upload()
    g1.hand_in(g1.cabinet, "store_manager")
    g1.pay("cash", (g1.cabinet, "1000"))
    with g1.d.inside():
        owed = Receivable.objects.get(sub=g1.cabinet)
    at_once(*[lambda: g1.d.do("accountant", "finance.receivable.write_off", owed)] * 3)
    with g1.d.inside():
        assert ReceiptSplit.objects.get().written_off == 1000
        assert Receivable.objects.get(pk=owed.pk).written_off == 1000


def test_a_receipt_is_approved_once(g1):
    g1.sign()
    receipt = g1.pay("cash", (g1.cabinet, "500"), approve=False)
    g1.d.do("store_manager", "finance.receipt.store_approve", receipt)
    one_of(at_once(lambda: g1.d.do("accountant", "finance.receipt.finance_approve", receipt),
                   lambda: g1.d.do("finance_manager", "finance.receipt.finance_approve", receipt)))
    assert g1.money()[0] == "500.00"


def test_one_piece_of_stock_leaves_once(g1):
    g1.release().buy()
    one_of(at_once(*[lambda: g1.d.do("storekeeper", "stock.issue.create", sub=g1.cabinet)] * 2))
    with g1.d.inside():
        issue = Issue.objects.get()
    g1.d.do("storekeeper", "stock.issue.pick", issue)
    g1.pay("pos", (g1.cabinet, "13789.89"))
    one_of(at_once(*[lambda: g1.d.do("storekeeper", "stock.issue.hand_over", issue)] * 2))
    with g1.d.inside():
        assert goods.on_hand(g1.products["cab"].pk, sub_id=g1.cabinet.pk) == 0


def test_two_issues_do_not_leave_on_the_same_money(g1):
    """Each alone is covered by what was received, both together are not (D-28)."""
    g1.release().buy()
    g1.pay("pos", (g1.wardrobe, "10000"))
    with g1.d.inside():
        body, doors = g1.wardrobe.lines.order_by("id")[:2]
    issues = [g1.d.do("storekeeper", "stock.issue.create", sub=g1.wardrobe, lines=[{"line": line.pk, "qty": str(line.qty)}])
              for line in (body, doors)]
    for issue in issues:
        g1.d.do("storekeeper", "stock.issue.pick", issue)

    def slowly():
        with g1.d.inside():
            gone = g1.d.do("storekeeper", "stock.issue.hand_over", issues[0])
            time.sleep(1)  # not committed yet
        return gone

    def meanwhile():
        time.sleep(0.4)
        return g1.d.do("storekeeper", "stock.issue.hand_over", issues[1])

    first, second = at_once(slowly, meanwhile)
    assert one_of([first, second]).pk == issues[0].pk and "5620.03" in second[1].message.replace(",", "")


def test_two_transfers_of_the_last_piece(g1):
    from yiwei.stock.models.warehouse import Bin
    g1.release().buy()
    with g1.d.inside():
        other = Bin.objects.exclude(pk=g1.bin.pk).first()
    rows = [g1.d.do("storekeeper", "stock.transfer.create", from_bin=g1.bin, to_bin=other,
                    lines=[{"product": g1.products["hardware"].pk, "qty": "1"}]) for _ in range(2)]
    one_of(at_once(*[lambda t=t: g1.d.do("storekeeper", "stock.transfer.send", t) for t in rows]))


def test_two_signatures_at_once_do_it_once(live_db):
    d = make_dealer()
    with d.inside():
        flow = ApprovalFlow.objects.create(name="f", action="crm.customer.create", state="published", steps=[
            {"name": "s", "by": "position", "of": ["store_manager", "region_director"]}])
    case = d.do("guide", "crm.customer.create", name="周敏", phone="13800001111")
    assert case.design_id == flow.pk
    with d.inside():
        Task.objects.create(case=case, step=0, assignee_id=d.members["region_director"])
    one_of(at_once(*[lambda who=who: d.do(who, "kernel.case.approve", case) for who in ("store_manager", "region_director")]))
    with d.inside():
        assert Customer.objects.filter(name="周敏").count() == 1


def test_one_key_with_two_bodies_at_once_does_one_and_refuses_the_other(live_db):
    d = make_dealer()
    one_of(at_once(*[lambda n=n: d.do("guide", "crm.customer.create", key="same", name=f"c{n}", phone=f"1380000111{n}") for n in (1, 2)]))
    with d.inside():
        assert Customer.objects.count() == 1
