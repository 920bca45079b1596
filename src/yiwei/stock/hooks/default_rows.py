"""What a new dealer starts with: a main warehouse with a bin, and the approval of deliveries in arrears."""

from yiwei.ledger.actions import goods
from yiwei.org.rules.dealers import flow, starter
from yiwei.stock.models.warehouse import Bin, Warehouse

DIRECTOR = {"name": "大区总监", "by": "position", "of": "region_director"}
GENERAL = {"name": "总经理", "by": "position", "of": "general_manager"}


@starter
def warehouses():
    for code, name, kind in (("ZC", "总仓", "main"), ("TH", "退货仓", "returned")):
        house = Warehouse.objects.create(code=code, name=name, kind=kind)
        Bin.objects.create(warehouse=house, code="A-01", location=goods.location(f"{code}/A-01"))


@starter
def flows():
    flow("欠款出库", "stock.issue.hand_over", [DIRECTOR, GENERAL], [{"fact": "arrears", "op": "gt", "value": "0"}], 10)
