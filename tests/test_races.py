"""Every pair of actions that touch the same money or goods, done at the same moment: what holds before holds after.

One scene is made and kept as a database; each pair runs in a fresh copy of it, with real threads and real commits.
"""

from collections import defaultdict
from decimal import Decimal
from itertools import combinations_with_replacement

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from yiwei.finance.models.receipt import Receipt, ReceiptSplit, Receivable, WriteOff
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.testing import make_dealer
from yiwei.ledger.models.goods import GoodsMove, StockBalance
from yiwei.ledger.models.money import MoneyBalance
from yiwei.ops import database
from yiwei.orders.models.contract import ContractLine
from yiwei.stock.models.issue import OPEN_STATES, Issue, IssueLine, IssueReturn, IssueReturnLine

from .test_concurrency import at_once

pytestmark = pytest.mark.slow
ZERO = Decimal(0)


def sums(rows, key, amount="amount"):
    found = defaultdict(lambda: ZERO)
    for name, value in rows.order_by().values_list(key).annotate(s=Sum(amount)):
        found[name] += value or ZERO
    return {k: v for k, v in found.items() if v}


def less(a, b):
    return {k: v for k in {*a, *b} if (v := a.get(k, ZERO) - b.get(k, ZERO))}


def money_holds():
    booked = ReceiptSplit.objects.filter(receipt__state__in=("finance_approved", "reversed"))
    assert sums(MoneyBalance.objects.filter(account="received"), "sub_id") == {k: -v for k, v in sums(booked, "sub_id").items()}
    assert sums(ReceiptSplit.objects, "receipt_id") == sums(Receipt.objects, "pk")
    assert sums(ReceiptSplit.objects, "pk", "written_off") == sums(WriteOff.objects, "split_id")
    assert sums(Receivable.objects, "pk", "written_off") == sums(WriteOff.objects, "receivable_id")
    assert not WriteOff.objects.exclude(split__receipt__state="finance_approved").exists()
    for row in Receivable.objects.all():
        assert row.state == ("closed" if not row.balance else "partly" if row.written_off else "open")


def goods_hold():
    moves, held = GoodsMove.objects, ("product_id", "sub_id")
    for product, sub in {*moves.values_list(*held)}:
        mine = moves.filter(product_id=product, sub_id=sub)
        have = less(sums(mine, "to_location_id", "qty"), sums(mine, "from_location_id", "qty"))
        assert sums(StockBalance.objects.filter(product_id=product, sub_id=sub), "location_id", "qty") == have
    left = IssueLine.objects.filter(issue__state="approved")
    back = IssueReturnLine.objects.filter(document__state="approved")
    assert sums(ContractLine.objects, "pk", "issued_qty") == less(
        sums(left, "contract_line_id", "qty"), sums(back, "issue_line__contract_line_id", "qty"))
    waiting = sums(IssueLine.objects.filter(issue__state__in=OPEN_STATES), "contract_line_id", "qty")
    for line in ContractLine.objects.all():
        assert line.issued_qty + waiting.get(line.pk, ZERO) <= line.qty
    returned = IssueReturnLine.objects.exclude(document__state="rejected")
    assert sums(IssueLine.objects, "pk", "returned_qty") == sums(returned, "issue_line_id", "qty")
    delivered = less(sums(Issue.objects.filter(state="approved"), "sub_id", "net"),
                     sums(IssueReturn.objects.filter(state="approved"), "issue__sub_id", "net"))
    assert sums(MoneyBalance.objects.filter(account="delivered"), "sub_id") == delivered


def money_scene(g):
    """A receivable with an effective receipt, and receipts in each state before."""
    g.sign()
    g.upload()
    g.hand_in(g.cabinet, "store_manager")
    with g.d.inside():
        owed = Receivable.objects.get(sub=g.cabinet)
    effective = g.pay("cash", (g.cabinet, "1000"))
    checked, fresh, back = (g.pay("cash", (g.cabinet, a), approve=False) for a in ("500", "300", "200"))
    g.d.do("store_manager", "finance.receipt.store_approve", checked)
    g.d.do("store_manager", "finance.receipt.return", back, reason="r")
    sub, more = g.cabinet, {"slip": "", "mall_number": "", "note": ""}
    return {
        "write off": ("accountant", "finance.receivable.write_off", owed, {}),
        "promise": ("guide", "finance.receivable.promise", owed, {"promised_on": "2030-01-01"}),
        "reverse": ("accountant", "finance.receipt.reverse", effective, {"reason": "r"}),
        "make effective": ("accountant", "finance.receipt.finance_approve", checked, {}),
        "return the checked": ("cashier", "finance.receipt.return", checked, {"reason": "r"}),
        "check": ("store_manager", "finance.receipt.store_approve", fresh, {}),
        "return the fresh": ("accountant", "finance.receipt.return", fresh, {"reason": "r"}),
        "hand in again": ("guide", "finance.receipt.resubmit", back, more),
        "void": ("guide", "finance.receipt.void", back, {"reason": "r"}),
        "release": ("accountant", "orders.subcontract.release", sub, {}),
        "send back": ("accountant", "orders.subcontract.reject_finance", sub, {"reason": "r"}),
    }


def goods_scene(g):
    """A picked issue, one that is out, an approved one with a return, and a piece of batch stock."""
    g.release().buy()
    g.pay("pos", (g.cabinet, "20000"), (g.wardrobe, "40000"))
    with g.d.inside():
        from yiwei.stock.models.warehouse import Bin
        other = Bin.objects.exclude(pk=g.bin.pk).first()
        body, doors, hardware = g.wardrobe.lines.order_by("id")
    picked = g.d.do("storekeeper", "stock.issue.create", sub=g.cabinet)
    g.d.do("storekeeper", "stock.issue.pick", picked)
    given = []
    for line in (doors, body):
        issue = g.d.do("storekeeper", "stock.issue.create", sub=g.wardrobe, lines=[{"line": line.pk, "qty": "1"}])
        g.d.do("storekeeper", "stock.issue.pick", issue)
        given.append(g.d.do("storekeeper", "stock.issue.hand_over", issue))
    out, done = given
    g.d.do("accountant", "stock.issue.approve", done)
    with g.d.inside():
        line = done.lines.get()
    back = {"issue": done.pk, "reason": "r", "lines": [{"line": line.pk, "qty": "0.5", "bin": g.bin.pk}]}
    returned = g.d.do("storekeeper", "stock.issuereturn.create", **back)
    sent = g.d.do("storekeeper", "stock.transfer.create", from_bin=g.bin, to_bin=other,
                  lines=[{"product": g.products["hardware"].pk, "qty": "1"}])
    return {
        "hand over": ("storekeeper", "stock.issue.hand_over", picked, {}),
        "cancel": ("storekeeper", "stock.issue.cancel", picked, {"reason": "r"}),
        "suspend": ("dispatcher", "orders.subcontract.suspend", g.cabinet, {"reason": "r"}),
        "approve": ("accountant", "stock.issue.approve", out, {}),
        "reject": ("accountant", "stock.issue.reject", out, {"reason": "r"}),
        "return": ("storekeeper", "stock.issuereturn.create", None, back),
        "book the return": ("accountant", "stock.issuereturn.approve", returned, {}),
        "refuse the return": ("accountant", "stock.issuereturn.reject", returned, {"reason": "r"}),
        "transfer": ("storekeeper", "stock.transfer.send", sent, {}),
        "issue": ("storekeeper", "stock.issue.create", None, {"sub": g.wardrobe.pk, "lines": [{"line": hardware.pk, "qty": "1"}]}),
    }


@pytest.fixture
def stage(live_db, settings, tmp_path):
    """Keeps the scene as a database of its own; `again()` brings it back."""
    settings.MEDIA_ROOT = tmp_path
    name = connections["default"].settings_dict["NAME"]

    def copied(source, target):
        connections.close_all()
        database.drop_database(target)
        database.create_database(target, template=source)

    def keep():
        copied(name, f"{name}_scene")
        return lambda: copied(f"{name}_scene", name)

    yield keep
    connections.close_all()
    database.drop_database(f"{name}_scene")


def journey():
    return Journey(make_dealer())


@pytest.mark.parametrize("scene", [money_scene, goods_scene])
def test_every_pair_at_once_keeps_what_holds(stage, scene):
    g = journey()
    doers = scene(g)
    again = stage()
    wrong, good = [], 0
    for a, b in combinations_with_replacement(doers, 2):
        again()
        results = at_once(*[lambda d=d: g.d.do(d[0], d[1], d[2], **d[3]) for d in (doers[a], doers[b])])
        good += sum(e is None for _r, e in results)
        wrong += [(a, b, repr(e)) for _r, e in results if e is not None and not isinstance(e, ActionError)]
        with g.d.inside():
            try:
                money_holds()
                goods_hold()
            except AssertionError as error:
                wrong.append((a, b, str(error)[:400]))
    assert not wrong, wrong
    assert good > len(doers) * 5  # the doers do something


def refused(rule, sql, *values):
    """A statement that slips past the actions meets the rule."""
    with pytest.raises(Exception, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_database_refuses_what_the_locks_should_have_prevented(stage):
    g = journey()
    doers = money_scene(g)
    effective, owed = doers["reverse"][2], doers["write off"][2]
    g.d.do("accountant", "finance.receivable.write_off", owed)
    with g.d.inside():
        split = ReceiptSplit.objects.get(receipt=effective)
        pair = ("insert into finance_writeoff (tenant_id, version, created_at, updated_at, receivable_id, split_id, amount)"
                " values (%s, 1, now(), now(), %s, %s, %s)")
        refused("cannot be reversed", "update finance_receipt set state = 'reversed' where id = %s", effective.pk)
        refused("more is written off", pair, g.d.id, owed.pk, split.pk, "0.01")
        refused("finance_split_written", "update finance_receiptsplit set written_off = 1000.01 where id = %s", split.pk)
        refused("more than the receipt", "update finance_receiptsplit set amount = 1000.01 where id = %s", split.pk)
        early = ReceiptSplit.objects.get(receipt=doers["check"][2])
        refused("only an effective receipt", pair, g.d.id, owed.pk, early.pk, "1")
