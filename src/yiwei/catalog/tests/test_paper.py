"""A price list on paper: what stands on it, who may print it, and that it is written down."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from yiwei.catalog.models.price import PriceList
from yiwei.catalog.models.product import Category
from yiwei.catalog.screens.papers import pricelist
from yiwei.kernel.base import registry
from yiwei.kernel.models import Disclosure
from yiwei.kernel.screens.api.views import issue
from yiwei.kernel.screens.paper.paper import render
from yiwei.kernel.testing import PASSWORD, make_dealer

COVERS = "BAS-02"


@pytest.fixture
def d(db):
    with translation.override("en"):
        yield make_dealer(sign_ins=True)


@pytest.fixture
def priced(d):
    """A draft with two categories, two styles and a name that looks like markup."""
    with d.inside():
        above = Category.objects.create(code="k", name="Kitchens", group="cabinet")
        inner = Category.objects.create(code="b", name="Base units", group="cabinet", parent=above)
        wardrobes = Category.objects.create(code="w", name="Wardrobes", group="wardrobe")
    lines = []
    for code, category, style, more in (("w1", wardrobes, "Milan", {}), ("b2", inner, "Roma", {}), ("b1", inner, "Milan", {"width_min": "300", "width_max": "900"}),
                                        ("b3", inner, "Roma", {"name": '#panic("x") *b* $a$ \\ "q"'})):
        made = d.do("price_auditor", "catalog.product.create", **{
            "code": code, "name": f"unit {code}", "brand": "Oppein", "category": category, "style": style, "unit": "m", "method": "metre", "least": "0",
            "list_price": "1000", "dealer_price": "377", "lead_days": "30", "warranty_months": "60", **more})
        lines.append({"product": made.pk, "list_price": "1234.5", "dealer_price": "377"})
    made = d.do("price_auditor", "catalog.pricelist.create", code="S26", name="Spring prices", brand="Oppein",
                valid_from=str(timezone.localdate()), valid_to=str(timezone.localdate() + timedelta(days=90)))
    return d.do("price_auditor", "catalog.pricelist.set_prices", made, lines=lines)


def browser(who):
    made = Client(headers={"accept-language": "en"})
    made.post("/sign-in/", {"username": f"{who}@one", "password": PASSWORD})
    return made


def address(made, **more):
    return registry.registers["catalog", "pricelist"].url("paper", made.pk, name="list", **more)


def test_goods_stand_by_category_and_style_with_their_prices_and_the_validity(d, priced):
    with d.inside():
        data = pricelist(d.actor("guide"), PriceList.objects.get(pk=priced.pk))
    assert [g["title"] for g in data["groups"]] == ["Kitchens / Base units", "Wardrobes"]
    assert [(s["title"], [(r["style"], r["code"]) for r in s["rows"]]) for s in data["groups"][0]["series"]] == [
        ("", [("Milan", "b1"), ("Roma", "b2"), ("Roma", "b3")])]
    row = data["groups"][0]["series"][0]["rows"][0]
    assert (row["price"], row["unit"], row["sizes"]) == ("1,234.50", "m", "W 300–900")
    assert dict(data["facts"])["Valid"] == f"{timezone.localdate()} – {timezone.localdate() + timedelta(days=90)}"
    assert data["stamp"] == "Draft" and "377" not in str(data)      # never a dealer price


def test_a_guide_prints_it_and_that_is_written_down_with_the_mark(d, priced):
    client = browser("guide")
    page = client.get(registry.registers["catalog", "pricelist"].url("detail", priced.pk)).content.decode()
    assert address(priced) in page
    answer = client.get(address(priced))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf" and answer.content[:5] == b"%PDF-"
    with d.inside():
        told = Disclosure.objects.get()
        assert (told.kind, told.source, told.member_id, told.object_id, told.rows) == (
            "export", "catalog.pricelist", d.members["guide"], priced.pk, 4)
        assert len(told.mark) == 8


def test_programs_print_it_too(d, priced):
    with d.inside():
        key = issue(d.members["guide"], "program")
    url = f"/api/v1/catalog/pricelist/{priced.pk}/paper/list"
    answer = Client().get(url, headers={"authorization": f"Bearer {key}"})
    assert answer.content[:5] == b"%PDF-" and Client().get(url).status_code == 401
    assert Client().get(url.replace("/list", "/other"), headers={"authorization": f"Bearer {key}"}).status_code == 404


def test_what_is_not_offered_is_not_printed(d, priced):
    assert browser("driver").get(address(priced)).status_code == 403             # does not open price lists at all
    assert browser("guide").get(address(priced).replace("/list/", "/other/")).status_code == 404
    assert browser("guide").get(address(priced).replace(str(priced.pk), "999999")).status_code == 404
    with d.inside():
        assert not Disclosure.objects.exists()


def test_a_list_is_printed_as_it_is_filtered_by_who_may_export_it(d, priced):
    url = registry.registers["catalog", "product"].url("list-paper")
    assert browser("guide").get(url).status_code == 403
    answer = browser("price_auditor").get(url + "?q=b1&sort=-list_price")
    assert answer.status_code == 200 and answer.content[:5] == b"%PDF-"
    with d.inside():
        told = Disclosure.objects.get()
        assert (told.source, told.rows, told.query) == ("catalog.product", 1, "q=b1&sort=-list_price")


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_values_are_text_whatever_they_look_like(language):
    data = {"title": '#panic("x")', "edition": "*", "dealer": "$", "printed": "#{1/0}", "watermark": "", "columns": ["#a"] * 6, "stamp": "",
            "facts": [["_", "`"]], "notes": ["#include \"/etc/passwd\""], "groups": [{"title": "#1", "count": "", "series": [
                {"title": "款", "rows": [{"code": "#x", "style": "$", "name": "㛃𬭚", "sizes": "", "spec": "<a>", "unit": "樘", "price": "1"}]}]}]}
    with translation.override(language):
        assert render("catalog/pricelist", data)[:5] == b"%PDF-"
