"""From the door to the signed contract."""

from .person import DAY, expect

NAME, PHONE_NUMBER, COMMUNITY, ADDRESS = "周敏", "13800001111", "海园", "1栋101"


def file_customer(cast):
    """The guide counts the visitor; two partners claim the house, and the channel manager decides on the evidence."""
    guide, rep, rival, chief = (cast(w) for w in ("guide", "channel_rep", "channel_rep2", "channel_manager"))
    guide.menu("Customers", "Visits").new("register", name="周女士", people="2").sees("周女士")
    rep.menu("Customers", "Channel filings").new(
        "create", partner="华景装饰", name=NAME, phone="138 0000 1111", community=COMMUNITY, address=ADDRESS, filer_name="王经理")
    rep.state("Submitted")
    rival.menu("Customers", "Channel filings").new(
        "create", partner="华景装饰", name="陈刚", phone="13900002222", community=COMMUNITY, address=ADDRESS).state("Submitted")
    chief.todo("陈刚").state("In conflict").sees("Evidence", NAME, "The other was first").shot("01-evidence")
    chief.do("reject", reason="filed later").state("Rejected")
    chief.todo(NAME).do("compare").sees("Nothing stands against").do("approve").state("Approved")
    rival.again().state("Rejected").sees("filed later")
    cast.story.notes["filing"] = rep.again().state("Approved").page.url


def become_customer(cast):
    """The visitor leaves a contact; nothing is typed again, and the filing follows."""
    guide, rep = cast("guide"), cast("channel_rep")
    guide.menu("Customers", "Visits").row("周女士")
    guide.do("to_customer", phone=PHONE_NUMBER, name=NAME, community=COMMUNITY, address=ADDRESS)
    guide.menu("Customers", "Customers").row(NAME).state("Lead").sees(PHONE_NUMBER)
    cast.story.notes["customer"] = guide.page.url
    rep.again().state("Visited")
    stranger = cast("guide2")
    stranger.page.goto(guide.page.url)
    expect(stranger.page.locator("h1")).to_have_text("Nothing found here")
    assert "404" in stranger.visitor.complaints.pop()


def follow_up(cast):
    """A contact with its reminder; the designer measures."""
    guide, designer = cast("guide"), cast("designer")
    guide.menu("Customers", "Follow-ups").new("log_contact", customer=NAME, result="wants a kitchen", intention="A", next_on=DAY)
    guide.menu("Customers", "Customers").row(NAME).sees(DAY).fact("Level", "A")
    guide.menu("Customers", "Designers' tasks").new("assign", customer=NAME, designer="designer")
    designer.todo(NAME).do("accept").state("Accepted").do("done", result="measured").state("Done")
    guide.again().state("Done")
    expect(guide.page.locator(".top .strip")).to_contain_text("100,000.00")
