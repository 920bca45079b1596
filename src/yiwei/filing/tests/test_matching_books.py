"""Whole books: the demonstration books with their truth, and books made up with other noise."""

import csv
import time
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import yiwei
from yiwei.filing.rules.matching import evaluate, party
from yiwei.filing.tests import noise, other_noise

BOOKS = Path(yiwei.__file__).parent / "demo" / "books"
TRUTH = Path(yiwei.__file__).parents[2] / "tests" / "data" / "filing_truth.csv"


def rows(name):
    head, *body = CalamineWorkbook.from_path(str(BOOKS / name)).get_sheet_by_index(0).to_python()
    return [(number, dict(zip(head, row, strict=True))) for number, row in enumerate(body, 2)]


def measure(findings, truth):
    """(recall, precision, share of right rows) of findings against {filing row: customer row or None}."""
    found = [f for f in findings if f.verdict != "clear"]
    right = [f for f in found if truth[f.filing_row] is not None]
    recall = len(right) / sum(row is not None for row in truth.values())
    return recall, len(right) / len(found), sum(f.customer_row == truth[f.filing_row] for f in right) / len(right)


@pytest.fixture(scope="module")
def demonstration():
    filings = [party(n, "filing", name=r["客户姓名"], phones=r["客户电话"], community=r["小区"], house=r["地址"], remark=r["备注"])
               for n, r in rows("渠道报备.xlsx")]
    customers = [party(n, "customer", name=r["客户姓名"], phones=[r["电话"], r["备用电话"]], community=r["小区"], house=r["地址"], remark=r["备注"])
                 for n, r in rows("展厅客户登记.xlsx")]
    return filings, customers


@pytest.fixture(scope="module")
def labels():
    with TRUTH.open(encoding="utf-8-sig") as lines:
        return {int(r["filing_row"]): r for r in csv.DictReader(lines)}


def test_demonstration_books(demonstration, labels):
    started = time.perf_counter()
    findings = evaluate(*demonstration)
    took = time.perf_counter() - started
    truth = {row: int(r["customer_row"]) if r["is_conflict"] == "1" else None for row, r in labels.items()}
    recall, precision, right = measure(findings, truth)
    assert recall >= 0.97 and precision >= 0.95 and right >= 0.95, (recall, precision, right)
    assert took < 10


def test_neighbours_and_namesakes_never_conflict(demonstration, labels):
    for found in evaluate(*demonstration):
        if labels[found.filing_row]["label"] in ("neighbour", "namesake"):
            assert found.verdict == "clear", found


@pytest.mark.parametrize("town", [noise, other_noise], ids=["town", "other town"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_books(town, seed):
    made = town.books(seed)
    recall, precision, right = measure(evaluate(made.filings, made.customers), {n: row for n, (_, row) in made.truth.items()})
    assert recall >= 0.97 and precision >= 0.97 and right >= 0.97, (recall, precision, right)


SAME = [(town, kind) for town in (noise, other_noise) for kind in sorted(town.SAME)]
UNLIKE = [(town, kind) for town in (noise, other_noise) for kind in sorted(town.UNLIKE)]


@pytest.mark.parametrize("town, kind", SAME)
def test_one_kind_of_noise(town, kind):
    made = town.books(7, customers=400, filings=60, only=kind)
    mine = {n: row for n, (k, row) in made.truth.items() if k == kind}
    findings = [f for f in evaluate(made.filings, made.customers) if f.filing_row in mine]
    assert sum(f.verdict != "clear" and f.customer_row == mine[f.filing_row] for f in findings) >= 0.93 * len(findings)


@pytest.mark.parametrize("town, kind", UNLIKE)
def test_one_kind_of_look_alike(town, kind):
    made = town.books(8, customers=400, filings=60, only=kind)
    mine = {n for n, (k, _) in made.truth.items() if k == kind}
    assert sum(f.verdict != "clear" for f in evaluate(made.filings, made.customers) if f.filing_row in mine) <= 0.05 * len(mine)
