"""Addresses of lists, days of filters, rows of reports, and what an import finds by its words."""

from datetime import date

import pytest

from yiwei.crm.models.customer import Customer, House
from yiwei.crm.models.traffic import Visit
from yiwei.kernel.base import registry
from yiwei.kernel.records import search
from yiwei.kernel.records.scope import system
from yiwei.kernel.screens.exchange.sheet import _named
from yiwei.kernel.screens.registers.listing import lookups_of_days
from yiwei.kernel.screens.registers.register import Column, Register
from yiwei.kernel.screens.reports.report import Report, run
from yiwei.kernel.testing import make_dealer
from yiwei.kernel.work.actions.fields import Pick


@pytest.fixture
def dealer(db):
    return make_dealer()


def test_a_list_is_narrowed_only_by_filters_it_has():
    visits = registry.registers["crm", "followup"]
    assert visits.narrowed(state=["planned", "done"], owner=None, when="overdue") == "/r/crm/followup/?state=planned%2Cdone&when=overdue"
    with pytest.raises(LookupError, match=r"no filters \['ownr'\]: it has .*'owner'"):
        visits.narrowed(ownr=3)


def test_days_reach_to_the_end_of_the_last():
    first, last = date(2026, 1, 30), date(2026, 1, 31)
    assert lookups_of_days("on", first, last) == {"on__gte": first, "on__lte": last} and lookups_of_days("on", None, None) == {}
    assert lookups_of_days("at", None, last, stamped=True)["at__lt"].date() == date(2026, 2, 1)


def test_a_report_whose_rows_lack_a_column_says_which(monkeypatch):
    monkeypatch.setattr(registry, "reports", {})
    wrong = type("Wrong", (Report,), {"slug": "wrong", "label": "W", "roles": "guide", "columns": [Column("key", "K"), Column("sum", "S", "money")],
                                      "query": lambda self, actor, params: iter([{"key": "a", "summ": 1}])})
    with pytest.raises(LookupError, match=r"Wrong: no row of `query` has \['sum'\]; they have \['key', 'summ'\]"):
        run(wrong, system(1), {})


def test_an_import_finds_what_has_no_code_as_lists_show_it(dealer):
    def found(text):
        return _named(Pick(House), dealer.actor("guide"), text)

    with dealer.inside("guide"):
        mine, others = (Customer.start(dealer.actor(who), name=who, state="lead") for who in ("guide", "guide2"))
        flat = House.objects.create(customer=mine, community="翠湖花园", building="3", room="201")
        House.objects.create(customer=others, community="翠湖花园", building="4", room="201")
        for house in House.objects.all():
            search.index(house)
        assert (found("翠湖花园 3-201"), found("翠湖花园 4-201"), found("翠湖花园"), found("")) == ([flat.pk], [], [], [])
        House.objects.create(customer=mine, community="翠湖花园", building="3", room="201")
        search.index(House.objects.latest("pk"))
        assert len(found("翠湖花园 3-201")) == 2


def test_a_new_document_belongs_to_the_outlet_of_who_makes_it_unless_he_says_another(dealer, monkeypatch):
    for shelf in ("registers", "actions", "roles"):
        monkeypatch.setattr(registry, shelf, {})
    type("Visits", (Register,), {"model": Visit, "label": "V", "module": "customers", "editors": "guide", "form": ["outlet", "remark"]})
    create = registry.actions["crm.visit.create"]
    assert create.inputs(dealer.actor("guide"))["outlet"].initial == dealer.outlets["S11"]
    for given, outlet in ({}, "S11"), ({"outlet": ""}, "S11"), ({"outlet": dealer.outlets["S12"]}, "S12"):
        made = dealer.do("guide", "crm.visit.create", remark="x", **given)
        assert (made.outlet_id, made.owner_id) == (dealer.outlets[outlet], dealer.members["guide"])
