"""The positions a new dealer starts with. Names are the dealer's data, hence in the dealer's language."""

# code: (name, data scope, scope by kind, hidden fields, discount floor, special approvals a month, deviations)
POSITIONS = {
    "general_manager": ("总经理", "company", {}, [], "0.0000", 999, ["*"]),
    "region_director": ("大区总监", "region", {}, ["cost"], "0.8500", 20, []),
    "store_manager": ("店长", "outlet", {}, ["cost", "margin", "rebate"], "0.8800", 5, []),
    "guide": ("导购", "own", {}, ["cost", "margin", "rebate"], "0.9200", 0, []),
    "designer": ("设计师", "own", {}, ["cost", "margin", "rebate"], "1.0000", 0, []),
    "channel_rep": ("渠道专员", "own", {}, ["cost", "margin"], None, 0, []),
    "channel_manager": ("渠道经理", "company", {}, ["cost", "margin"], None, 0, []),
    "drawing_auditor": ("审图员", "company", {}, ["phone", "cost", "margin", "rebate"], None, 0, []),
    "price_auditor": ("审价员", "company", {}, ["phone", "rebate"], None, 0, []),
    "finance_manager": ("财务经理", "company", {}, ["phone"], None, 0, []),
    "accountant": ("会计", "company", {}, ["phone"], None, 0, []),
    "cashier": ("出纳", "company", {}, ["phone", "cost", "margin", "rebate"], None, 0, []),
    "purchaser": ("采购", "company", {}, ["phone", "margin", "rebate"], None, 0, []),
    "storekeeper": ("库管", "company", {}, ["phone", "cost", "margin", "rebate"], None, 0, []),
    "dispatcher": ("派单员", "company", {}, ["cost", "margin", "rebate"], None, 0, []),
    "driver": ("司机", "own", {}, ["cost", "margin", "rebate"], None, 0, []),
    "installer": ("安装工", "own", {}, ["cost", "margin", "rebate"], None, 0, []),
    "service_head": ("客服主管", "company", {}, ["cost", "margin", "rebate"], None, 0, []),
    "service_agent": ("客服", "company", {}, ["cost", "margin", "rebate"], None, 0, []),
    "tenant_admin": ("系统管理员", "company", {}, ["phone", "cost", "margin", "rebate"], None, 0,
                     ["org.*", "catalog.*", "kernel.*"]),
}

OUTLETS_MAY_NAME = {"总部", "公司"}


def code_of(name):
    """The position code of a name such as 店长, or None."""
    return next((code for code, preset in POSITIONS.items() if preset[0] == name), None)
