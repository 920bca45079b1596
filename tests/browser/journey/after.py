"""Installation, the call afterwards, the complaint, the partner's rebate and the customer's own page."""

from django.utils import timezone

from ..conftest import PHONE
from .ordering import WARDROBE, approve
from .person import DAY, LATER, expect, photo, picture
from .selling import NAME


def install(cast):
    """Booked and dispatched; reported from the phone with a photo and one leftover; complete only after a second visit."""
    dispatcher, installer = cast("dispatcher"), cast("installer")
    dispatcher.menu("After-sales", "Crews").new(
        "create", name="crew", leader="installer", rate_area="35", rate_metre="80", rate_door="120",
        members=[{"employee": "installer", "share": "60"}, {"employee": "mate", "share": "40"}])
    dispatcher.menu("After-sales", "Installation dispatch").row(WARDROBE)
    dispatcher.do("book", crew="crew", planned_on=DAY).state("Booked").do("dispatch").state("Dispatched")
    report(installer, [("area", "25.0"), ("metre", "4.2")], leftovers=[{"item": "做错", "note": "one door"}])
    installer.fact("Piece pay", "1,211.00").sees("photo.png", "installer 60%、mate 40%").shot("07-installer")
    dispatcher.again().refused("complete", "Still open").tab("Left over").row("做错")
    dispatcher.do("send", crew="crew", planned_on=LATER, payer="factory")
    dispatcher.todo(NAME, kind="Installations to dispatch").do("dispatch")
    report(installer, [("area", "3.4"), ("call_out", "1")], finished=True)
    installer.fact("Piece pay", "269.00")
    for _visit in (1, 2):
        dispatcher.menu("After-sales", "Installation dispatch").row("Reported").do("complete").state("Completed")


def report(installer, done, **more):
    installer.todo(NAME).do("accept").do("arrive").state("On site")
    installer.do("report", work=[{"basis": basis, "qty": qty} for basis, qty in done], photos=[photo("photo.png")], **more)
    installer.state("Reported")


def look_after(cast):
    """A red answer becomes a ticket; whoever is responsible answers it, the desk closes it."""
    agent, head, installer = cast("service_agent"), cast("service_head"), cast("installer")
    agent.todo(NAME).do("answer", q_damage="yes", q_crew="4", note="a scratch").sees("Red flag")
    head.todo(NAME, kind="Tickets to assign").sees("a scratch").do("assign", responsible="installer", department="安装部").state("Assigned").shot("08-ticket")
    installer.todo(NAME).do("accept").do("answer", answer="polished").state("Answered")
    agent.todo(NAME, kind="Answers to confirm").sees("polished").do("confirm", how="call").do("close").state("Closed")


def rebate(cast):
    """Policies, the partner's application with its approvals, and the settlement that is paid."""
    chief, finance = cast("channel_manager"), cast("finance_manager")
    since = timezone.localdate().replace(month=1, day=1).isoformat()
    chief.menu("Channel rebates", "Rebate policies").new("create", name="A", item="销售返利", level="A", valid_from=since, tiers=[
        {"limit": "100000", "rate": "5"}, {"limit": "300000", "rate": "7"}, {"limit": "", "rate": "9"}])
    chief.menu("Channel rebates", "Rebate policies").new(
        "create", name="外协", item="外协产品返利", valid_from=since, tiers=[{"limit": "", "rate": "3"}])
    rep = cast("channel_rep").menu("Channel rebates", "Rebate applications").new("create", contract=NAME)
    rep.state("Draft").fact("Rebate", "7,137.39").shot("09-rebate")
    approve(cast, rep.do("submit"), "channel_manager", "finance_manager")
    chief.menu("Channel rebates", "Rebate settlements").new("create", partner="华景装饰").sees("7,137.39")
    chief.do("confirm", note="signed").state("Confirmed by payee")
    finance.todo("华景装饰").do("approve").state("Approved")
    cast("cashier").todo("华景装饰").do("pay", voucher="V1").state("Paid")
    finance.again().do("close").state("Closed")
    rep.visitor.go(cast.story.notes["filing"])
    rep.state("Settled")


def own_page(cast):
    """The customer opens the signed link in a browser that knows nobody."""
    guide = cast("guide").menu("Customers", "Customers' page links").new("create", customer=NAME)
    address = guide.page.locator(".note a", has_text="/c/").evaluate("link => link.href")
    stranger = cast.visit(None, size=PHONE)
    page = stranger.go(address)
    expect(page.locator("h1")).to_contain_text(NAME)
    expect(page.locator(".money b")).to_have_text(["¥91,760.00", "¥91,760.00", "¥0.00"])
    picture(stranger, "10-own-page")
