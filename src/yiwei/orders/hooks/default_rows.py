"""What a new dealer starts with: contract modules and the approval of discounts and releases."""

from yiwei.orders.models.contract import ContractModule
from yiwei.org.rules.dealers import flow, starter

MODULES = [("cabinet", "橱柜", "cabinet", 30), ("wardrobe", "衣柜", "wardrobe", 35), ("door", "木门", "door", 35),
           ("furniture", "成品", "furniture", 20), ("attached", "配套", "attached", 15)]


@starter
def modules():
    for code, name, group, days in MODULES:
        ContractModule.objects.create(code=code, name=name, group=group, lead_days=days)


def _below(value):
    return [{"fact": "discount", "op": "lt", "value": value}]


@starter
def flows():
    manager, director = ({"name": "店长", "by": "position", "of": "store_manager"},
                         {"name": "大区总监", "by": "position", "of": "region_director"})
    general = {"name": "总经理", "by": "position", "of": "general_manager"}
    name = "orders.subcontract.submit"
    flow("折扣特批（店长）", name, [manager], _below("0.92"), 10)
    flow("折扣特批（总监）", name, [manager, director], _below("0.88"), 20)
    flow("折扣特批（总经理）", name, [manager, director, general], _below("0.85"), 30)
    flow("超出本岗折扣权限", name, [manager], [{"fact": "over", "op": "gt", "value": "0"}], 5)
    flow("赠品特批", name, [manager], [{"fact": "gifts", "op": "gt", "value": "0"}], 6)
    flow("欠款放行", "orders.subcontract.release", [director, general], [{"fact": "short", "op": "gt", "value": "0"}], 10)
