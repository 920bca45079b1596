"""期初库存: opening stock by bin; one batch receipt a warehouse, in the goods ledger at the counted price."""

from collections import Counter
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.catalog.models.product import Product
from yiwei.kernel.base.money import ZERO, round2
from yiwei.kernel.screens.exchange.book import Book, Fields
from yiwei.kernel.text import clean_text, code, date, money, quantity, same_key
from yiwei.ledger.actions import goods
from yiwei.stock.models.batch import BatchReceipt, BatchReceiptLine
from yiwei.stock.models.warehouse import Bin, Warehouse

KINDS = {"样品": "sample", "退货": "returned", "报废": "scrap", "门店": "outlet"}


class OpeningStock(Book):
    name = "期初库存"
    order = 50
    register, roles = ("stock", "batchreceipt"), "general_manager tenant_admin storekeeper"
    headers = {"warehouse": ["仓库", "库房"], "bin": ["货位"], "product": ["产品编码", "编码"], "qty": ["数量"],
               "price": ["单价"], "day": ["入库日期"]}
    needed = ("warehouse", "bin", "product", "qty", "price")
    hints = {
        "warehouse": gettext_lazy("A warehouse that is not there yet is made."),
        "bin": gettext_lazy("A bin that is not there yet is made."),
        "product": gettext_lazy("A code of the price list; load that first."),
        "price": gettext_lazy("Purchase price of one piece, in yuan."),
    }

    def prepare(self):
        self.products = {code(p.code): p for p in Product.objects.all()}
        self.warehouses = {same_key(w.name): w for w in Warehouse.objects.all()}
        self.bins = {(b.warehouse_id, same_key(b.code)): b for b in Bin.objects.select_related("location")}
        rows = BatchReceiptLine.objects.filter(receipt__kind="opening")
        self.known = Counter((b, p, q.normalize(), v.normalize()) for b, p, q, v in rows.values_list(
            "bin_id", "product_id", "qty", "price"))
        self.lines = {}

    def load(self, number, row):
        f = Fields(row)
        house, place = f.get("warehouse", clean_text, "", required=True), f.get("bin", clean_text, "", required=True)
        key = f.get("product", code, "", required=True)
        qty, price = f.get("qty", quantity, required=True), f.get("price", money, required=True)
        day = f.soft("day", date)
        product = self.products.get(key)
        if key and product is None:
            f.reasons.append(_("There is no product “%(code)s”.") % {"code": key})
        if qty is not None and qty <= 0:
            f.reasons.append(_("A quantity must be above zero."))
        f.done()
        target = self._bin(house, place)
        mark = (target.pk, product.pk, qty.normalize(), price.normalize())
        if self.known[mark]:
            self.known[mark] -= 1
            return False
        self.lines.setdefault(target.warehouse_id, []).append((target, product, qty, price, day))
        return True

    def finish(self):
        actor = self.actor
        for lines in self.lines.values():
            receipt = BatchReceipt.start(actor, kind="opening", remark=self.name)
            receipt.save()
            rows = [BatchReceiptLine(receipt=receipt, bin=b, product=p, qty=q, price=v, value=round2(v * q))
                    for b, p, q, v, _day in lines]
            BatchReceiptLine.objects.bulk_create(rows, batch_size=2000)
            by_day = {}
            for row, line in zip(rows, lines, strict=True):
                by_day.setdefault(line[4], []).append(row)
            for day, some in by_day.items():
                at = timezone.make_aware(datetime.combine(day, time(9))) if day else None
                goods.move(actor, "batch_receipt", receipt, [goods.Move(
                    r.product, r.qty, goods.virtual("opening"), r.bin.location, 0, r.value) for r in some], at=at)
            receipt.amount = sum((r.value for r in rows), ZERO)
            receipt.save()
            self.made_row(receipt)
        super().finish()

    def _bin(self, house, place):
        name, shelf = same_key(house), same_key(place)
        if name not in self.warehouses:
            kind = next((k for part, k in KINDS.items() if part in house), "main")
            made = Warehouse(code=f"W{len(self.warehouses) + 1:02d}", name=house, kind=kind)
            made.save()
            self.made_row(made)
            self.warehouses[name] = made
        warehouse = self.warehouses[name]
        if (warehouse.pk, shelf) not in self.bins:
            made = Bin(warehouse=warehouse, code=place, zone=place.split("-")[0][:20],
                       location=goods.location(f"{house} {place}"))
            made.save()
            self.made_row(made)
            self.bins[warehouse.pk, shelf] = made
        return self.bins[warehouse.pk, shelf]
