"""Contract, design, money before the goods, and the reviews until the release."""

from .person import plan
from .selling import NAME

HOUSE = "海园"
CABINET, WARDROBE = "橱柜", "衣柜"


def sign_contract(cast):
    """Two sub-contracts with their discounts and a promotion: 91,760.00."""
    guide = cast("guide")
    guide.menu("Orders", "Contracts").new(
        "create", customer=NAME, promotion="套餐立减", module=CABINET, discount="0.88", lines=[{"product": "cab", "qty": "1"}])
    guide.do("add_goods", module=WARDROBE, discount="0.85", lines=[
        {"product": "body", "qty": "1"}, {"product": "doors", "qty": "1"}, {"product": "hardware", "qty": "1", "from_stock": True}])
    guide.do("sign").state("Signed").fact("Contract net", "91,760.00").sees("35,789.89", "20,577.25")
    guide.tab("Sub-contracts").sees("55,970.11").shot("02-contract")
    cast("channel_rep").again().state("Signed")


def upload_design(cast, version):
    """The designer's file; from the second on it says which one it is based on."""
    cast("designer").menu("Orders", "Designs").new(
        "upload", house=HOUSE, file=plan(version), **({"seen": str(version - 1)} if version > 1 else {})).sees(f"plan-{version}.pdf")


def pay(cast, kind, method, *parts, **more):
    """A receipt split over the sub-contracts, checked by the store and made effective by finance."""
    total = f"{sum(round(float(amount) * 100) for _sub, amount in parts) / 100:.2f}"
    guide, shown = cast("guide"), f"{float(total):,.2f}"
    guide.menu("Finance", "Receipts").new("create", customer=NAME, amount=total, type=kind, method=method, **more,
                                          splits=[{"sub": sub, "amount": amount} for sub, amount in parts])
    guide.state("Submitted").sees("opens no gate")
    cast("store_manager").todo(shown).do("store_approve").state("Checked by store")
    cast("accountant").todo(shown).do("finance_approve").state("Effective")


def sub(cast, who, module):
    return cast(who).menu("Orders", "Sub-contracts").row(module)


def approve(cast, asker, *signers):
    """What waits for signatures is in the to-do list of those who may give them, one after the other."""
    number = asker.state("Waiting").page.locator("h1").inner_text().split()[0]
    for who in signers:
        cast(who).todo(number).do("approve", comment="granted")
    cast(who).state("Approved")


def hand_in(cast, module, *signers):
    """A discount beyond the guide's authority: those who may grant it find it in their to-do list."""
    approve(cast, sub(cast, "guide", module).do("submit"), *signers)
    cast("drawing_auditor").todo(module, kind="Drawings to review").state("Drawing review")


def pass_reviews(cast):
    """Both sub-contracts handed in; the cabinet's drawing comes back once; prices pass."""
    hand_in(cast, CABINET, "store_manager")
    auditor = cast("drawing_auditor")
    auditor.do("reject_drawing", reason="sink is missing").state("Rejected")
    upload_design(cast, 2)
    sub(cast, "guide", CABINET).tab("Reviews").sees("sink is missing")
    hand_in(cast, CABINET, "store_manager")
    hand_in(cast, WARDROBE, "store_manager", "region_director")
    for module in (CABINET, WARDROBE):
        auditor.todo(module).do("pass_drawing").state("Price review")
        cast("price_auditor").todo(module).do("pass_price").state("Finance review")


def release(cast):
    """Too little money: the reason is on the screen. After the transfer both may be bought."""
    accountant = cast("accountant")
    accountant.todo(CABINET).sees("Purchase gate 21,473.93, received 2,000.00")
    accountant.refused("release", "the purchase gate needs 21,473.93").shot("03-gate")
    pay(cast, "合同款", "转账", (CABINET, "20000"), (WARDROBE, "32000"))
    for module in (CABINET, WARDROBE):
        accountant.todo(module).do("release").state("Released")
    accountant.prepayments("57,000.00")
