"""Buying, receiving and delivering the goods."""

from .ordering import CABINET, WARDROBE, approve, pay
from .person import DAY, LATER, photo
from .selling import ADDRESS, COMMUNITY, NAME


def buy(cast):
    """Hardware from stock; two factories' orders placed, received, reviewed; then everything is there."""
    keeper, buyer, accountant = cast("storekeeper"), cast("purchaser"), cast("accountant")
    keeper.menu("Stock", "Batch receipts").new("create", kind="opening", lines=[
        {"product": "hardware", "bin": "A-01", "qty": "1", "price": "2795"}])
    accountant.todo("2,795.00").do("review").state("Reviewed")
    for factory in ("总厂", "总厂", "五金厂"):
        buyer.todo(factory).do("place", factory_number=f"F-{factory}").state("Placed")
        keeper.todo(factory).do("receive").state("Arrived")
        accountant.todo(factory).do("review").state("Reviewed")
    keeper.menu("Stock", "Goods of orders").states("Complete", "Complete")


def pick(cast, module, *goods):
    """An issue of some of the order's goods, picked."""
    keeper = cast("storekeeper")
    keeper.menu("Stock", "Order issues").new("create", sub=module, lines=[{"line": name, "qty": "1"} for name in goods])
    return keeper.state("Waiting").do("pick").state("Picked")


def drive(cast, module, goods):
    """Planned by the dispatcher; loaded, on the way and signed on the driver's phone with a photo; finance approves the issue."""
    cast("dispatcher").menu("After-sales", "Deliveries").new("create", sub=module, slot_on=DAY, driver="driver")
    driver = cast("driver").todo(NAME).sees(f"{COMMUNITY} {ADDRESS}", goods)
    driver.state("Planned").do("load").state("Loaded").do("depart").state("On the way")
    driver.do("sign", signed_by=NAME, photos=[photo("sign.png")]).state("Signed for").sees("sign.png")
    cast("accountant").todo(NAME).do("approve").state("Approved")


def deliver_cabinet(cast):
    cast("dispatcher").menu("After-sales", "Drivers").new("create", name="driver", employee="driver")
    pay(cast, "合同款", "POS", (CABINET, "13789.89"), (WARDROBE, "10000"), slip="S1")
    pick(cast, CABINET, "地柜").do("hand_over").state("Handed out")
    drive(cast, CABINET, "地柜")


def deliver_wardrobe(cast):
    """In arrears: refused without the customer's promise, handed over with it and two signatures."""
    keeper = pick(cast, WARDROBE, "衣柜柜体", "吸塑柜门").refused("hand_over", "the customer owes 5,620.03")
    approve(cast, keeper.do("hand_over", promise_on=LATER).shot("04-approval"), "region_director", "general_manager")
    keeper.menu("Stock", "Order issues").row("Handed out").fact("Arrears after issue", "5,620.03").shot("05-arrears")
    drive(cast, WARDROBE, "吸塑柜门")
    cast("driver").shot("06-driver")
    cast("accountant").prepayments("5,620.03")


def deliver_rest(cast):
    """The last money, the last goods, and what was owed is written off."""
    pay(cast, "尾款", "现金", (WARDROBE, "10970.11"))
    pick(cast, WARDROBE, "阻尼铰链").do("hand_over").state("Handed out")
    drive(cast, WARDROBE, "阻尼铰链")
    cast("accountant").menu("Finance", "Receivables").all("Write off").states("Closed", "Closed")
