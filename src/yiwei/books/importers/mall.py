"""商场统一收银: the mall's statement of what it collected for us."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.finance.models.mall import MallLine
from yiwei.finance.models.receipt import Receipt
from yiwei.kernel.base.money import money_text
from yiwei.kernel.screens.exchange.book import Book, Fields, Refuse
from yiwei.kernel.text import clean_text, code, date, money
from yiwei.org.models.outlet import Outlet


class Mall(Book):
    name = "商场统一收银"
    order = 60
    register, roles = ("finance", "mallline"), "accountant finance_manager cashier"
    headers = {"number": ["商场流水号"], "paid_on": ["收款日期"], "outlet": ["店铺", "门店"], "customer": ["顾客"],
               "tail": ["电话尾号"], "amount": ["收款金额"], "fee": ["手续费"], "due": ["应结金额"], "way": ["付款方式"],
               "contract": ["合同号"]}
    needed = ("number", "paid_on", "outlet", "amount", "due")
    hints = {
        "number": gettext_lazy("The mall's own number; the same number is loaded once."),
        "due": gettext_lazy("Amount less fee; checked."),
    }

    def prepare(self):
        self.outlets = {o.name: o for o in Outlet.objects.all()}
        self.known = set(MallLine.objects.values_list("number", flat=True))

    def load(self, number, row):
        f = Fields(row)
        key, day = f.get("number", code, required=True), f.get("paid_on", date, required=True)
        amount, fee = f.get("amount", money, required=True), f.get("fee", money, 0)
        due = f.get("due", money, required=True)
        f.done()
        outlet = self.outlets.get(f.get("outlet", clean_text, ""))
        if outlet is None:
            raise Refuse(_("There is no outlet “%(name)s”.") % {"name": row.get("outlet")})
        if amount - fee != due:
            raise Refuse(_("%(a)s less the fee %(b)s is not %(c)s.") % {"a": money_text(amount), "b": money_text(fee), "c": money_text(due)})
        if key in self.known:
            return False
        self.known.add(key)
        receipt = Receipt.objects.filter(mall_number=key, reversal_of=None).exclude(state="voided").first()
        cause = "" if receipt and receipt.amount == amount else "amount" if receipt else "no_order"
        line = MallLine(number=key, paid_on=day, outlet=outlet, customer_name=f.get("customer", clean_text, ""),
                        phone_tail=f.get("tail", clean_text, "")[-4:], amount=amount, fee=fee, due=due,
                        way=f.get("way", clean_text, ""), contract_number=f.get("contract", clean_text, ""),
                        receipt=receipt if not cause else None, cause=cause)
        line.save()
        self.made_row(line)
        return True
