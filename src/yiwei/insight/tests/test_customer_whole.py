"""A customer with everything of every room: merged and taken apart exactly, the story on one line, who sees it and why."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client

from yiwei.crm.hooks.watchers import seen_by
from yiwei.crm.models.customer import Customer, House
from yiwei.crm.models.merge import CustomerMerge
from yiwei.crm.rules import merging
from yiwei.filing.models.partner import ChannelPartner
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid, NotFound, Refused, Stale
from yiwei.kernel.models import Notification, SearchKey
from yiwei.kernel.records import scope
from yiwei.kernel.records.tenancy.guards import tenant_models
from yiwei.kernel.records.usage import references
from yiwei.kernel.screens.registers import beside
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.notify.send import post

COVERS = "CRM-05"


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    journey = Journey(make_dealer(sign_ins=True))
    journey.release()
    return journey


def browser(who):
    client = Client()
    client.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return client


def duplicate(g1, who="guide1b"):
    """A second entry of the household, with rows of its own in several rooms."""
    d = g1.d
    other = d.do(who, "crm.customer.create", name="周敏敏", phone="13900002222", community="海园", address="1-1-102", wechat="zm")
    d.do(who, "crm.followup.plan", customer=other, due_on="2099-01-01")
    d.do(who, "crm.followup.log_contact", customer=other, result="likes oak")
    d.do(who, "crm.designtask.assign", customer=other, designer=d.members["designer2"])
    d.do("service_agent", "service.ticket.create", customer=other, text="late", kind="complaint")
    d.do(who, "portal.portallink.create", customer=other)
    d.do("store_manager", "crm.customer.share", other, member=d.members["guide2"], percent="10")
    d.do("store_manager", "crm.customer.share", g1.customer, member=d.members["guide2"], percent="20")
    return d.get(Customer, other.pk)


def world(dealer, *models):
    """Every reference in the house: {(model, id): {field: value}}, without what an undone merge leaves behind on purpose."""
    out, every = {}, [(m, f) for target in tenant_models() for m, f in references(target)]
    with dealer.inside():
        for model in tenant_models():
            refs = [f.attname for m, f in every if m is model]
            if refs and model not in models:
                out |= {(model._meta.label, pk): values for pk, *values in model.objects.order_by("pk").values_list("pk", *refs)}
    return out


def plain(customer):
    return {f.attname: getattr(customer, f.attname) for f in Customer._meta.fields if f.name not in ("version", "updated_at")}


def test_everything_moves_and_comes_back_exactly(g1):
    d, kept = g1.d, g1.customer
    gone = duplicate(g1)
    before, keys = world(d, CustomerMerge, Notification), None
    with d.inside():
        rows = {c.pk: plain(c) for c in Customer.objects.all()}
        keys = set(SearchKey.objects.filter(kind="crm_customer").values_list("object_id", "key"))
    d.do("store_manager", "crm.customer.merge", kept, other=gone, keep_access="on", reason="couple")
    with d.inside():
        for model, field in merging.belongings():
            left = model.objects.filter(**{field.name: gone.pk})
            assert left.count() == (1 if model.__name__ == "CustomerShare" else 0), model
        now = Customer.objects.get(pk=kept.pk)
        assert (now.spare_phone, now.wechat) == ("13900002222", "zm") and now.follow_ups.count() >= 2
        assert Customer.objects.get(pk=gone.pk).state == "merged"
        row = CustomerMerge.objects.get()
        assert row.rows_moved >= 6
    d.do("store_manager", "crm.customermerge.undo", row, reason="two families")
    assert world(d, CustomerMerge, Notification) == before
    with d.inside():
        assert {c.pk: plain(c) for c in Customer.objects.all()} == rows
        assert set(SearchKey.objects.filter(kind="crm_customer").values_list("object_id", "key")) == keys


def test_a_new_model_would_be_covered_by_being_there(g1):
    """What moves is read off the references: all of them, but for those that say why not."""
    with g1.d.inside():
        walked = {(m, f.name) for m, f in merging.belongings()}
        declared = {(m, f.name) for m in tenant_models() for f in m._meta.local_fields if f.related_model is Customer}
    assert declared - walked == {(CustomerMerge, "kept"), (CustomerMerge, "gone"), (Customer, "merged_into")}
    assert len(walked) >= 9


def test_what_was_added_since_goes_back_with_what_it_hangs_on(g1):
    d, kept = g1.d, g1.customer
    gone = duplicate(g1)
    d.do("store_manager", "crm.customer.merge", kept, other=gone, reason="couple")
    with d.inside():
        house = House.objects.get(room="102")
        row = CustomerMerge.objects.get()
    new = d.do("guide", "crm.designtask.assign", customer=kept, house=house, kind="remeasure", designer=d.members["designer"])
    own = d.do("guide", "crm.designtask.assign", customer=kept, house=g1.house, kind="remeasure", designer=d.members["designer"])
    d.do("store_manager", "crm.customermerge.undo", row, reason="two families")
    assert d.get(type(new), new.pk).customer_id == gone.pk and d.get(type(own), own.pk).customer_id == kept.pk


def test_an_undo_refuses_what_belongs_to_both_and_what_is_stale(g1):
    d, kept = g1.d, g1.customer
    gone = duplicate(g1)
    contract = d.do("guide1b", "orders.contract.create", customer=gone, module=g1.modules["cabinet"], discount="1",
                    lines=[{"product": g1.products["cab"].pk, "qty": 1}])
    d.do("guide1b", "orders.contract.sign", contract)
    d.do("store_manager", "crm.customer.transfer", gone, owner=d.members["guide"], reason="x")
    with d.inside():
        sub = contract.subs.get()
        kept, gone = Customer.objects.get(pk=kept.pk), Customer.objects.get(pk=gone.pk)
    d.do("store_manager", "crm.customer.merge", kept, other=gone, reason="couple")
    with d.inside():
        row = CustomerMerge.objects.get()
    g1.pay("transfer", (sub, "100"), (g1.cabinet, "200"), approve=False)
    with pytest.raises(Refused) as caught:
        d.do("store_manager", "crm.customermerge.undo", row, reason="x")
    assert "200.00" in caught.value.message
    with pytest.raises(Stale):
        d.do("store_manager", "crm.customermerge.undo", row, version=99, reason="x")
    with pytest.raises(NotFound):
        d.do("region_director3", "crm.customermerge.undo", row, reason="x")


def test_an_undo_happens_once_and_nobody_rewrites_what_was_moved(g1):
    d, gone = g1.d, duplicate(g1)
    d.do("store_manager", "crm.customer.merge", g1.customer, other=gone, reason="couple")
    with d.inside():
        row = CustomerMerge.objects.get()
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            CustomerMerge.objects.update(moved={"orders.contract.customer": [1]})
    d.do("store_manager", "crm.customermerge.undo", row, reason="x")
    with pytest.raises(Refused):
        d.do("store_manager", "crm.customermerge.undo", row, reason="again")


def test_merged_entries_cannot_be_used_and_lead_to_the_one_that_is(g1):
    d, gone = g1.d, duplicate(g1)
    d.do("store_manager", "crm.customer.merge", g1.customer, other=gone, reason="couple")
    with pytest.raises(Invalid):
        d.do("guide1b", "orders.contract.create", customer=gone, module=g1.modules["cabinet"], discount="1", lines=[])
    with pytest.raises(Invalid) as caught:
        d.do("guide", "crm.customer.create", name="x", phone="13900002222")
    assert g1.customer.number in str(caught.value.errors)
    page = browser("store_manager").get(f"/r/crm/customer/{gone.pk}/").content.decode()
    assert f"/r/crm/customer/{g1.customer.pk}/" in page
    listed = browser("store_manager").get("/r/crm/customer/").content.decode()
    assert f"/r/crm/customer/{gone.pk}/" not in listed
    with pytest.raises(Invalid):
        d.do("store_manager", "crm.customer.merge", g1.customer, other=gone, reason="twice")


def test_the_one_further_on_is_kept(g1):
    gone = duplicate(g1)
    with pytest.raises(Invalid):
        g1.d.do("store_manager", "crm.customer.merge", gone, other=g1.customer, reason="wrong way")


def test_the_header_shows_the_money_and_the_story_all_rooms(g1):
    client = browser("store_manager")
    page = client.get(f"/r/crm/customer/{g1.customer.pk}/", headers={"accept-language": "en"}).content.decode()
    for shown in ("¥91,760.00", "¥57,000.00", "¥34,760.00", "Next action"):
        assert shown in page, shown
    story = client.get(f"/r/crm/customer/{g1.customer.pk}/?tab=story&fragment=tab", headers={"hx-request": "true"}).content.decode()
    for number in (g1.contract.number, "5,000.00", "52,000.00", "v1"):
        assert number in story, number
    only = client.get(f"/r/crm/customer/{g1.customer.pk}/?tab=story&kind=money&fragment=tab", headers={"hx-request": "true"}).content.decode()
    assert "52,000.00" in only and g1.contract.number not in only
    assert client.get(f"/r/crm/customer/{g1.customer.pk}/?tab=story&before=x").status_code == 200


def test_a_filing_meets_the_contract_that_is_signed_already(g1):
    """CRM-03: the sheet names the contract, in whatever outlet it was signed."""
    with g1.d.inside():
        partner = ChannelPartner.objects.create(code="NEW", name="新伙伴装饰")
    made = g1.d.do("channel_rep", "filing.filing.create", partner=partner, name="周敏", phone=g1.customer.phone)
    mine = next(c for c in made.evidence["candidates"] if c["kind"] == "crm.customer")
    assert mine["strength"] == "certain" and g1.contract.number in [e[2] for e in mine["events"] if e[1] == "contract"]
    page = browser("channel_manager").get(f"/r/filing/filing/{made.pk}/").content.decode()
    assert g1.contract.number in page


def test_messages_of_every_room_to_the_customer_stand_on_the_story(g1):
    with g1.d.inside():
        post("sms", g1.customer.phone, "您的货品明天送达", template="delivery", cause="delivery:1", obj=g1.cabinet)
        post("sms", "13711110000", "不是给他的", template="delivery", cause="delivery:2", obj=g1.cabinet)
    story = browser("store_manager").get(f"/r/crm/customer/{g1.customer.pk}/?tab=story&kind=messages&fragment=tab",
                                         headers={"hx-request": "true"}).content.decode()
    assert "您的货品明天送达" in story and "不是给他的" not in story


def test_the_story_asks_once_for_each_kind(g1, django_assert_max_num_queries):
    with g1.d.inside():
        actor = g1.d.actor("general_manager")
        with django_assert_max_num_queries(len(beside.chapters(Customer, actor)) + 1):
            beside.story(Customer.objects.get(pk=g1.customer.pk), actor)


def test_the_story_shows_nobody_more_than_the_lists_do(g1):
    with g1.d.inside():
        for who in g1.d.members:
            actor = g1.d.actor(who)
            for entry in beside.story(g1.customer, actor)[0]:
                chapter = next(c for c in beside.STORIES[Customer] if c.key == entry["key"])
                home = registry.register_of(chapter.model)
                assert chapter.shared or home is None or home.allowed(actor), (who, entry["key"])


@pytest.mark.parametrize("state", ["owned", "shared", "pooled", "designed"])
def test_the_panel_names_exactly_those_who_see_it(db, state):
    """D-01 to D-04: for every employee, the panel says yes if and only if the page opens."""
    d = make_dealer(sign_ins=True)
    made = d.do("guide", "crm.customer.create", name="周敏", phone="13800001111", community="海园", address="1-1-101")
    if state == "shared":
        d.do("store_manager", "crm.customer.share", made, member=d.members["guide3"], percent="0")
    if state == "pooled":
        d.do("guide", "crm.customer.release", made, reason="no time")
    if state == "designed":
        d.do("guide", "crm.customer.assign_designer", made, designer=d.members["designer3"])
    with d.inside():
        named = {a.id: why for a, why in seen_by(Customer.objects.get(pk=made.pk))}
    for who, member in d.members.items():
        with d.inside():
            actor = d.actor(who)
            seen = scope.visible(actor, made) and registry.register_of(Customer).allowed(actor)
        assert (member in named) is seen, (who, state)
        assert (browser(who).get(f"/r/crm/customer/{made.pk}/").status_code == 200) is seen, who
    if state == "shared":
        assert named[d.members["guide3"]] == ["share"]
    page = browser("store_manager").get(f"/r/crm/customer/{made.pk}/?tab=who", headers={"accept-language": "en"}).content.decode()
    assert "Answers for the outlet Showroom 11" in page
    assert ("Shared by store_manager" in page) is (state == "shared")
    assert ("Designer by task" in page) is (state == "designed")
