"""Buying, receiving and delivering the goods."""

from .ordering import CABINET, WARDROBE, pay
from .person import DAY, photo
from .selling import NAME


def buy(cast):
    """Hardware from stock; two factories' orders placed, received, reviewed; then everything is there."""
    keeper, buyer, accountant = cast("storekeeper"), cast("purchaser"), cast("accountant")
    keeper.menu("Stock", "Batch receipts").new("create", kind="opening", lines=[
        {"product": "hardware", "bin": "A-01", "qty": "1", "price": "2795"}])
    accountant.todo("2,795.00").do("review").state("Reviewed")
    for factory in ("总厂", "总厂", "五金厂"):
        buyer.todo("Draft", factory).do("place", factory_number=f"F-{factory}").state("Placed")
        keeper.at("stock/purchasetracking").row(factory).do("receive").sees("A-01")
    while accountant.waits("Purchase receipts to review"):
        accountant.do("review").state("Reviewed")
    keeper.menu("Stock", "Goods of orders").sees(CABINET).shot("04-kitting")


def hand_over(cast, module, *codes):
    """An issue of some of the order's goods, picked."""
    keeper = cast("storekeeper")
    keeper.menu("Stock", "Order issues").new("create", sub=module, lines=[{"line": code, "qty": "1"} for code in codes])
    return keeper.state("Waiting").do("pick").state("Picked")


def drive(cast, module):
    """The trip: planned by the dispatcher, loaded, on the way, signed on the driver's phone with a photo."""
    cast("dispatcher").menu("After-sales", "Deliveries").new("create", sub=module, slot_on=DAY, driver="driver")
    driver = cast("driver").todo(NAME)
    driver.state("Planned").do("load").do("depart").state("On the way")
    driver.do("sign", signed_by=NAME, photos=[photo("sign.png")]).state("Signed").sees("sign.png")
    cast("accountant").todo(NAME, "Handed over").do("approve").state("Approved")
    return driver


def deliver(cast):
    """Cabinet, then the wardrobe in arrears with two approvals, then the rest; the receivables are written off."""
    keeper = cast("storekeeper")
    cast("dispatcher").menu("After-sales", "Drivers").new("create", name="driver", employee="driver")
    pay(cast, "合同款", "POS", (CABINET, "13789.89"), (WARDROBE, "10000"), slip="S1")
    hand_over(cast, CABINET, "地柜").do("hand_over").state("Handed over")
    drive(cast, CABINET)
    hand_over(cast, WARDROBE, "衣柜柜体", "吸塑柜门").refused("hand_over", "5620.03")
