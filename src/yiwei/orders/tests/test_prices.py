"""Contracts priced by the price system: lists, sizes, promotions, packages, authority (D-19 to D-22)."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from yiwei.catalog.models.price import PriceList, PriceListLine
from yiwei.catalog.models.product import Category, Grade, Product
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.approvals import quota
from yiwei.kernel.work.approvals.models import ApprovalFlow, Case, Task
from yiwei.orders.models.contract import Contract, ContractLine, SubContract
from yiwei.orders.models.promotion import PromotionUse
from yiwei.org.models.position import Position

COVERS = "ORD-02 ORD-04 BAS-09"


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield Journey(make_dealer(sign_ins=True))


def client(who):
    made = Client(headers={"accept-language": "en"})
    made.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return made


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def contract(g1, lines, *, module="cabinet", discount="1", who="guide", **more):
    made = g1.d.do(who, "orders.contract.create", customer=g1.customer, module=g1.modules[module], discount=discount, lines=lines, **more)
    return g1.d.get(Contract, made)


def nets(g1, made):
    with g1.d.inside():
        return [ln.net for ln in ContractLine.objects.filter(sub__contract=made).order_by("id")]


def promotion(g1, **more):
    fields = {"code": f"P{len(more)}{more.get('name', '')}", "name": "x", "kind": "reduction", "amount": "0", "valid_from": today(-5),
              "valid_to": today(5), "threshold": "0", "brands_needed": "2", "turn": "100", **more}
    return g1.d.do("price_auditor", "catalog.promotion.create", **fields)


def published(g1, code, prices, **more):
    made = g1.d.do("price_auditor", "catalog.pricelist.create", code=code, name=code, **{"valid_from": today(-5), **more})
    g1.d.do("price_auditor", "catalog.pricelist.set_prices", made, lines=[
        {"product": g1.products[k].pk, "list_price": p} for k, p in prices.items()])
    return g1.d.do("price_auditor", "catalog.pricelist.publish", made)


def test_the_outlets_list_stands_before_the_regions_and_that_before_the_companys(g1):
    from yiwei.org.models.outlet import Outlet
    with g1.d.inside():
        outlet = Outlet.objects.get(code="S11")
    line = [{"product": g1.products["cab"].pk, "qty": 1}]
    assert nets(g1, contract(g1, line)) == [D(42000)]
    published(g1, "company", {"cab": "43000", "body": "1"})
    assert nets(g1, contract(g1, line)) == [D(43000)]
    published(g1, "region", {"cab": "44000"}, region=outlet.region_id)
    assert nets(g1, contract(g1, line)) == [D(44000)]
    published(g1, "outlet", {"body": "2", "cab": "45000"}, outlet=outlet.pk, brand="b")
    assert nets(g1, contract(g1, line)) == [D(45000)]
    with g1.d.inside():
        other = Outlet.objects.get(code="S21")
    published(g1, "elsewhere", {"cab": "1"}, outlet=other.pk)
    published(g1, "later", {"cab": "1"}, outlet=outlet.pk, valid_from=today(3))
    assert nets(g1, contract(g1, line)) == [D(45000)]


def test_sizes_give_quantities_within_what_is_made_in_standard(g1):
    with g1.d.inside():
        Product.objects.filter(code="body").update(method="area", least=1, width_max=1200, unit="㎡", list_price=800)
        g1.products["body"].refresh_from_db()
    body = {"product": g1.products["body"].pk, "width": 1000, "height": 2400, "pieces": 2}
    assert nets(g1, contract(g1, [body, {**body, "width": 300, "height": 600}])) == [D(3840), D(1600)]
    for wrong, cell in (({**body, "width": 1300}, "lines.0.width"), ({"product": body["product"]}, "lines.0.qty")):
        with pytest.raises(Invalid) as refused:
            contract(g1, [wrong])
        assert cell in refused.value.errors
    assert nets(g1, contract(g1, [{**body, "width": 1300, "factor": "1.2"}])) == [D("5990.40")]


def test_promotions_stack_where_they_may_and_each_use_is_kept(g1):
    off = promotion(g1, name="off", amount="1000", threshold="10000", repeat="on", turn="2")
    tenth = promotion(g1, name="tenth", kind="discount", rate="0.9", turn="1")
    alone = promotion(g1, name="alone", amount="1", exclusive="on")
    shy = promotion(g1, name="shy", amount="1", excludes=[tenth.pk])
    line = [{"product": g1.products["cab"].pk, "qty": 1}]
    made = contract(g1, line, promotion=off, stacked=[tenth.pk])
    assert nets(g1, made) == [D(42000) * D("0.9") - 3000] and made.promotion_amount == 7200
    with g1.d.inside():
        assert {u.promotion.name: u.amount for u in made.uses.select_related("promotion")} == {"off": D(3000), "tenth": D(4200)}
    for first, more in ((off, alone), (tenth, shy), (shy, tenth)):
        with pytest.raises(Invalid) as refused:
            contract(g1, line, promotion=first, stacked=[more.pk])
        assert "stacked" in refused.value.errors
    changed = g1.d.do("guide", "orders.contract.change_promotions", made, promotion=tenth, stacked=[])
    assert (changed.net_amount, changed.promotion_amount) == (D(37800), D(4200))
    assert g1.d.do("guide", "orders.contract.change_promotions", made, promotion="", stacked=[]).net_amount == D(42000)


def test_a_promotion_holds_only_in_its_outlets_and_for_its_goods(g1):
    with g1.d.inside():
        other = Category.objects.create(code="o", name="o")
    far = promotion(g1, name="far", amount="9", outlets=[g1.d.outlets["S21"]])
    line = [{"product": g1.products["cab"].pk, "qty": 1}]
    with pytest.raises(Invalid) as refused:
        contract(g1, line, promotion=far)
    assert "promotion" in refused.value.errors
    for scope in ({"categories": [other.pk]}, {"products": [g1.products["body"].pk]}, {"brands": "zzz"}):
        assert nets(g1, contract(g1, line, promotion=promotion(g1, name=next(iter(scope)), amount="9", **scope))) == [D(42000)]
    assert nets(g1, contract(g1, line, promotion=promotion(g1, name="b", amount="9", brands="b，c", categories=[
        g1.products["cab"].category_id]))) == [D(41991)]


def test_the_budget_of_a_promotion_is_kept_by_the_database(g1):
    scarce = promotion(g1, name="scarce", amount="600", budget="1000")
    line = [{"product": g1.products["cab"].pk, "qty": 1}]
    first = contract(g1, line, promotion=scarce)
    with pytest.raises(Refused, match="budget"):
        contract(g1, line, promotion=scarce)
    with g1.d.inside(), pytest.raises(IntegrityError), transaction.atomic():
        PromotionUse.objects.filter(contract=first).update(amount=1001)
    with g1.d.inside():
        sub = first.subs.get()
    g1.d.do("store_manager", "orders.subcontract.drop", sub, reason="off")
    assert nets(g1, contract(g1, line, promotion=scarce)) == [D(41400)]


def test_an_expired_promotion_holds_only_for_whose_deposit_lies_inside(g1):
    """D-22: at the quote and at the signature."""
    old = promotion(g1, name="old", amount="500", valid_from=today(-30), valid_to=today(-10))
    line = [{"product": g1.products["cab"].pk, "qty": 1}]
    with pytest.raises(Invalid):
        contract(g1, line, promotion=old)
    running = promotion(g1, name="now", amount="500")
    drafted = contract(g1, line, promotion=running)
    with pytest.raises(Refused):
        g1.d.do("guide", "orders.contract.sign", drafted, signed_on=today(6))
    g1.contract = contract(g1, line)
    with g1.d.inside():
        sub = SubContract.objects.get(contract=g1.contract)
    g1.pay("transfer", (sub, "2000"), received_on=str(today(-15)), approve=False)
    with pytest.raises(Invalid):
        contract(g1, line, promotion=old)       # not yet approved money counts for nothing
    g1.pay("transfer", (sub, "2000"), received_on=str(today(-15)))
    made = contract(g1, line, promotion=old)
    with g1.d.inside():
        assert made.uses.get().counted_on == today(-15)
    assert g1.d.do("guide", "orders.contract.sign", made).state == "signed"


def package(g1):
    return promotion(g1, name="set", kind="package", amount="60000", goods=[
        {"product": g1.products["cab"].pk, "qty": "1"}, {"product": g1.products["body"].pk, "qty": "1"}])


def test_a_package_is_quoted_in_three_clicks_and_without_a_member_the_rest_is_priced_anew(g1):
    """D-20: the button on the customer's page, the package, save."""
    with g1.d.inside():
        wardrobes = Category.objects.create(code="w", name="w", group="wardrobe")
        Product.objects.filter(code="body").update(category=wardrobes)
    deal, guide = package(g1), Client()
    guide.post("/sign-in/", {"username": "guide@one", "password": PASSWORD})
    customers = registry.registers["crm", "customer"]
    address = customers.url("act", g1.customer.pk, verb="package_quote")
    assert address in guide.get(customers.url("detail", g1.customer.pk)).content.decode()      # one
    assert guide.get(address).status_code == 200
    assert guide.post(address, {"package": deal.pk}).status_code == 302                         # two and three
    with g1.d.inside():
        made = Contract.objects.get(customer=g1.customer)
        subs = {s.module.group: s for s in made.subs.select_related("module")}
        assert set(subs) == {"attached", "wardrobe"}
    assert nets(g1, made) == [D("32101.91"), D("27898.09")] and made.net_amount == 60000
    assert g1.d.do("store_manager", "orders.subcontract.drop", subs["wardrobe"], reason="no") and nets(g1, made)[0] == D(42000)
    assert g1.d.get(Contract, made).net_amount == 42000


def test_no_line_costs_anything_but_what_the_price_system_gives(g1):
    """D-19: what was changed behind the function's back is not handed in, and the database refuses what does not add up."""
    g1.sign()
    g1.upload()
    with g1.d.inside():
        line = ContractLine.objects.filter(sub=g1.wardrobe).first()
        with pytest.raises(IntegrityError), transaction.atomic():
            ContractLine.objects.filter(pk=line.pk).update(net=1)
        ContractLine.objects.filter(pk=line.pk).update(net=line.net - 100, discounted=line.discounted - 100)
    with pytest.raises(Refused, match="price system"):
        g1.d.do("guide", "orders.subcontract.submit", g1.wardrobe)
    assert g1.d.do("guide", "orders.subcontract.change_goods", g1.wardrobe, discount="0.85", lines=[
        {"product": g1.products[k].pk, "qty": 1} for k in ("body", "doors", "hardware")]).net_amount == D("55970.11")
    assert isinstance(g1.d.do("guide", "orders.subcontract.submit", g1.wardrobe), Case)


def sub_of(g1, line, discount="1", **more):
    made = contract(g1, [line], discount=discount, **more)
    g1.d.do("guide", "orders.contract.sign", made)
    g1.contract = made
    if not getattr(g1, "drawn", False):
        g1.upload()
        g1.drawn = True
    with g1.d.inside():
        return SubContract.objects.get(contract=made)


def test_a_price_typed_below_the_list_is_a_discount_and_needs_its_approval(g1):
    """D-21: 21,000 of 42,000 is 0.5 whatever the discount field says; deeper afterwards voids the approval."""
    sub = sub_of(g1, {"product": g1.products["cab"].pk, "qty": 1, "list_price": "21000"})
    case = g1.d.do("guide", "orders.subcontract.submit", sub)
    assert isinstance(case, Case) and case.facts["discount"] == "0.5" and case.facts["net"] == "21000.00"
    g1.d.do("guide", "orders.subcontract.change_goods", sub, discount="1", lines=[
        {"product": g1.products["cab"].pk, "qty": 1, "list_price": "20000"}])
    for signer in ("store_manager", "region_director"):
        g1.d.do(signer, "kernel.case.approve", case)
    with pytest.raises(Refused, match="changed"):
        g1.d.do("general_manager", "kernel.case.approve", case)


def test_the_grade_shifts_the_floor_of_what_was_quoted_with_it(g1):
    with g1.d.inside():
        grade = Grade.objects.create(code="C", name="C", floor_shift="0.0300")
        Product.objects.filter(code="cab").update(grade=grade)
    line = {"product": g1.products["cab"].pk, "qty": 1}
    shifted = sub_of(g1, line, "0.94")
    with g1.d.inside():
        Grade.objects.filter(pk=grade.pk).update(floor_shift=0)
    case = g1.d.do("guide", "orders.subcontract.submit", shifted)
    assert isinstance(case, Case) and case.facts["discount"] == "0.91"      # 0.94 less the shift of 0.03
    assert g1.d.do("guide", "orders.subcontract.submit", sub_of(g1, line, "0.94")).state == "drawing_review"


def test_a_gift_needs_approval_by_its_value_unless_a_promotion_gives_it(g1):
    cab, gift = ({"product": g1.products[k].pk, "qty": 1} for k in ("cab", "hardware"))
    sub = sub_of(g1, {**gift, "gift": True})
    case = g1.d.do("guide", "orders.subcontract.submit", sub)
    assert isinstance(case, Case) and case.facts["gifts"] == "6500.00"
    granted = promotion(g1, name="gift", kind="gift", threshold="40000", goods=[{"product": g1.products["hardware"].pk, "qty": "1"}])
    made = contract(g1, [cab, gift], promotion=granted)
    assert nets(g1, made) == [D(42000), D(0)]


def test_beyond_authority_without_a_flow_nothing_is_handed_in(g1):
    sub = sub_of(g1, {"product": g1.products["cab"].pk, "qty": 1}, "0.5")
    with g1.d.inside():
        ApprovalFlow.objects.filter(action="orders.subcontract.submit").update(state="stopped")
    with pytest.raises(Refused, match="authority"):
        g1.d.do("guide", "orders.subcontract.submit", sub)


def test_what_passed_review_keeps_its_amount_when_goods_are_added(g1):
    g1.sign()
    g1.upload()
    g1.hand_in(g1.cabinet, "store_manager")
    g1.d.do("guide", "orders.contract.add_goods", g1.contract, module=g1.modules["attached"], discount="1",
            lines=[{"product": g1.products["hardware"].pk, "qty": 1}])
    assert g1.d.get(SubContract, g1.cabinet).net_amount == D("35789.89")
    with g1.d.inside():
        assert sum(s.promotion_amount for s in g1.contract.subs.all()) == 3000


def test_a_line_says_why_it_costs_what_it_costs(g1):
    published(g1, "spring", {"cab": "43000"})
    made = contract(g1, [{"product": g1.products["cab"].pk, "qty": 1, "factor": "1.1"}], discount="0.9", promotion=g1.promotion)
    with g1.d.inside():
        line = ContractLine.objects.get(sub__contract=made)
    guide = Client()
    guide.post("/sign-in/", {"username": "guide@one", "password": PASSWORD})
    page = guide.get(registry.registers["orders", "contractline"].url("detail", line.pk), headers={"accept-language": "en"})
    text = page.content.decode()
    for part in ("spring", "43,000.00", "4,300.00", "-4,730.00", "-3,000.00", "39,570.00", "9折", "店长"):
        assert part in text, part
    assert "18,900" not in text
    answer = guide.get(f"/api/v1/orders/contractline/{line.pk}").json()
    body = answer.get("data", answer)
    assert sum(D(s["amount"]) for s in body["why"]) == D(body["costs"]) == D("39570.00")


def test_a_contract_of_five_lines_takes_few_statements(g1):
    lines = [{"product": g1.products["cab"].pk, "qty": n} for n in range(1, 6)]
    contract(g1, lines)
    with CaptureQueriesContext(connection) as plain:
        g1.d.do("guide", "orders.contract.create", customer=g1.customer, module=g1.modules["cabinet"], lines=lines)
    with CaptureQueriesContext(connection) as promoted:
        g1.d.do("guide", "orders.contract.create", customer=g1.customer, module=g1.modules["cabinet"], lines=lines, promotion=g1.promotion)
    assert len(plain) <= 28 and len(promoted) <= len(plain) + 2, (len(plain), len(promoted))


def test_price_lists_never_overlap_and_are_frozen_once_published(g1):
    first = published(g1, "a", {"cab": "1"}, valid_to=today(10))
    with pytest.raises(Refused, match="holds there"):
        published(g1, "b", {"cab": "2"}, valid_from=today(10))
    with g1.d.inside():
        other = PriceList.objects.get(code="b")
        for change in ({"state": "published"}, ):
            with pytest.raises(IntegrityError, match="catalog_pricelist_overlap"), transaction.atomic():
                PriceList.objects.filter(pk=other.pk).update(**change)
        line = PriceListLine.objects.get(price_list=first)
        for attempt in (lambda: PriceListLine.objects.filter(pk=line.pk).update(list_price=2), line.delete,
                        lambda: PriceListLine.objects.create(price_list=first, product=g1.products["body"], list_price=1),
                        lambda: PriceList.objects.filter(pk=first.pk).update(valid_from=today(-50))):
            with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
                attempt()


def test_special_approvals_are_counted_by_the_month_and_pass_on_when_they_are_used_up(g1):
    """SYS-02: the manager of G1 may approve one beyond his own authority; the second goes to the director by itself, at once."""
    g1.sign()
    g1.upload()
    with g1.d.inside():
        position = Position.objects.get(code="store_manager")
    g1.d.do("general_manager", "org.position.edit", position, code="store_manager", name=position.name, data_scope="outlet", allow=[],
            scopes={}, masks=position.masks, discount_floor="0.9", special_quota="1")
    cases = [g1.d.do("guide", "orders.subcontract.submit", sub) for sub in (g1.cabinet, g1.wardrobe)]
    page = client("store_manager").get(registry.registers["kernel", "case"].url("detail", cases[0].pk)).content.decode()
    assert "0 of 1 used" in page
    g1.d.do("store_manager", "kernel.case.approve", cases[0])
    with pytest.raises(Refused, match="used up"):      # asked before, used up since
        g1.d.do("store_manager", "kernel.case.approve", cases[1])
    g1.d.do("guide", "kernel.case.withdraw", cases[1])
    again = g1.d.do("guide", "orders.subcontract.submit", g1.wardrobe)
    with g1.d.inside():
        assert [t.assignee_id for t in again.tasks.all()] == [g1.d.members["region_director"]]
    g1.d.do("region_director", "kernel.case.approve", again)
    assert g1.d.get(SubContract, g1.wardrobe).state == "drawing_review"
    with g1.d.inside():
        Task.objects.filter(verdict="approved").update(decided_at=timezone.now() - timedelta(days=32))
        assert not quota.spent(again, g1.d.members["store_manager"])     # a new month
        Position.objects.filter(code="store_manager").update(discount_floor="0.85")
        assert quota.limit(again, g1.d.members["store_manager"]) is None   # within his own authority nothing is counted
