"""Rebate items and the approval of applications a new dealer starts with."""

from yiwei.org.rules.dealers import flow, starter
from yiwei.rebate.models.policy import RebateItem

ITEMS = [("sales", "销售返利", "sales"), ("outsourced", "外协产品返利", "outsourced"), ("filing", "报备奖励", "filing"),
         ("sample", "样品补贴", "sample"), ("year", "年终返利", "year_end")]


@starter
def items():
    for code, name, kind in ITEMS:
        RebateItem.objects.create(code=code, name=name, kind=kind)


@starter
def flows():
    channel, finance, general = ({"name": "渠道经理", "by": "position", "of": "channel_manager"},
                                 {"name": "财务经理", "by": "position", "of": "finance_manager"},
                                 {"name": "总经理", "by": "position", "of": "general_manager"})
    name = "rebate.rebateapplication.submit"
    flow("返利审批", name, [channel, finance], [], 10)
    flow("返利审批（一万以上）", name, [channel, finance, general], [{"fact": "amount", "op": "ge", "value": "10000"}], 20)
