"""商场统一收银: the mall's statement of what it collected for us."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.finance.models.mall import MallLine
from yiwei.finance.models.receipt import Receipt
from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.exchange.book import Book, Fields, Refuse
from yiwei.kernel.text import clean_text, code, date, same_key, signed_money
from yiwei.org.models.outlet import Outlet


def _tail(value):
    """The last four digits; 123 typed as a number was 0123."""
    text = f"{value:04d}" if isinstance(value, int) else clean_text(value)
    return text[-4:]


class Mall(Book):
    name = "商场统一收银"
    order = 60
    register, roles = ("finance", "mallline"), "accountant finance_manager cashier"
    headers = {"number": ["商场流水号", "流水号", "交易流水号"], "paid_on": ["收款日期", "交易日期", "日期"], "outlet": ["店铺", "门店", "网点"],
               "customer": ["顾客", "客户", "客户姓名"],
               "tail": ["电话尾号", "手机尾号", "尾号"], "amount": ["收款金额", "金额", "交易金额"], "fee": ["手续费"],
               "due": ["应结金额", "结算金额"],
               "way": ["付款方式", "支付方式"],
               "contract": ["合同号"]}
    needed = ("number", "paid_on", "outlet", "amount", "due")
    hints = {
        "number": gettext_lazy("The mall's own number; the same number is loaded once."),
        "due": gettext_lazy("Amount less fee; checked."),
    }

    def prepare(self):
        self.outlets = {same_key(o.name): o for o in Outlet.objects.all()}
        self.known = {code(n): (a, d) for n, a, d in MallLine.objects.values_list("number", "amount", "due")}

    def load(self, number, row):
        f = Fields(row)
        key, day = f.get("number", code, required=True), f.get("paid_on", date, required=True)
        amount, fee = f.get("amount", signed_money, required=True), f.get("fee", signed_money, 0)
        due = f.get("due", signed_money, required=True)
        f.done()
        outlet = self.outlets.get(same_key(f.get("outlet", clean_text, "")))
        if outlet is None:
            raise Refuse(_("There is no outlet “%(name)s”.") % {"name": row.get("outlet")})
        if amount - fee != due:
            raise Refuse(_("%(a)s less the fee %(b)s is not %(c)s.") % {"a": money_text(amount), "b": money_text(fee), "c": money_text(due)})
        if key in self.known:
            if self.known[key] != (amount, due):
                raise Refuse(_("This number is loaded already with another amount: %(a)s, here %(b)s.") % {
                    "a": money_text(self.known[key][0]), "b": money_text(amount)})
            return False
        self.known[key] = (amount, due)
        receipt = Receipt.objects.filter(mall_number=key, reversal_of=None).exclude(state="voided").first()
        cause = "" if receipt and receipt.amount == amount else "amount" if receipt else "no_order"
        line = MallLine(number=key, paid_on=day, outlet=outlet, customer_name=f.text("customer", 60),
                        phone_tail=f.get("tail", _tail, ""), amount=amount, fee=fee, due=due,
                        way=f.text("way", 40), contract_number=f.text("contract", 40),
                        receipt=receipt if not cause else None, cause=cause)
        line.save()
        self.made_row(line)
        return True
