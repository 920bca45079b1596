"""Payment types and methods a new dealer starts with."""

from decimal import Decimal

from yiwei.finance.models.terms import PaymentMethod, PaymentType, SettlementMethod
from yiwei.org.rules.dealers import starter

TYPES = [("earnest", "定金", True, "20"), ("deposit", "订金", True, None), ("first", "首付款", True, None),
         ("contract", "合同款", True, None), ("balance", "尾款", True, None), ("supplement", "增补款", True, None),
         ("service", "服务费", False, None)]
METHODS = [("cash", "现金", "cash", "0", False, False), ("pos", "POS机收", "cash", "0.6", False, False),
           ("transfer", "转账", "cash", "0", False, False), ("wechat", "微信", "cash", "0.3", False, False),
           ("alipay", "支付宝", "cash", "0.3", False, False), ("mall", "建材城代收", "mall", "1", False, True),
           ("deco", "家装代收", "deco", "0", True, False), ("voucher", "消费券", "cash", "0", False, False)]
SETTLEMENTS = [("once", "即时结清", "once", 0), ("mall", "商场月结", "monthly", 30), ("deco", "家装月结对抵", "monthly", 30),
               ("hq", "总部预存扣款", "prepaid", 0), ("supplier", "供应商月结", "monthly", 30)]


@starter
def terms():
    PaymentType.objects.bulk_create([
        PaymentType(code=c, name=n, opens_gate=g, cap_percent=Decimal(cap) if cap else None) for c, n, g, cap in TYPES])
    PaymentMethod.objects.bulk_create([
        PaymentMethod(code=c, name=n, account=a, fee_percent=Decimal(f), needs_slip=s, needs_mall_number=m)
        for c, n, a, f, s, m in METHODS])
    SettlementMethod.objects.bulk_create([
        SettlementMethod(code=c, name=n, cycle=cy, due_days=d, offset_allowed=c == "deco")
        for c, n, cy, d in SETTLEMENTS])
