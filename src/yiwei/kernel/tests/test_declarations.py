"""What is declared wrongly is refused with a word on what to do."""

from copy import copy
from types import SimpleNamespace

import pytest
from django import forms
from django.apps import apps
from django.core.checks import run_checks
from django.db import models
from django.utils.translation import gettext_lazy

from yiwei.kernel.base import registry
from yiwei.kernel.base.flow import Flow, State
from yiwei.kernel.checks import actions, screens
from yiwei.kernel.checks import models as checked
from yiwei.kernel.models import Document, Ref
from yiwei.kernel.records.scope import COMPANY, OUTLET, OWN, PUBLIC, ScopeRule
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.registers.pending import Pending
from yiwei.kernel.screens.registers.register import Column, Register, Tab
from yiwei.kernel.screens.reports.report import Report
from yiwei.kernel.work.actions.action import Action, action
from yiwei.kernel.work.reaction import after


@pytest.fixture
def shelves(monkeypatch):
    """Empty shelves, so that what is declared in a test stays in it."""
    for shelf in ("registers", "reports", "roles", "actions", "reactions"):
        monkeypatch.setattr(registry, shelf, {})
    monkeypatch.setattr(Pending, "kinds", [])


def told(problems):
    return [f"{e.id} {e.msg} {e.hint or ''}" for e in problems]


def test_the_house_itself_is_declared_rightly(db):
    assert [str(e) for e in run_checks() if e.id.startswith("yiwei")] == []


def test_shared_rows_are_seen_by_all_of_the_outlet():
    assert ScopeRule(shared=True).opens_outlet(OWN)
    assert ScopeRule().opens_outlet(OUTLET) and not ScopeRule().opens_outlet(OWN)
    assert not PUBLIC.opens_outlet(COMPANY)


NEVER = Column("x", value=lambda row: "")
REGISTERS = [
    ({"columns": ["number", "kustomer"]}, "E005", "(customer?)"), ({"columns": ["customer__nmae"]}, "E005", "(name?)"),
    ({"columns": [Column("x", value="customer__nmae")]}, "E005", "value=lambda row"), ({"columns": [Column("number", kind="mony")]}, "E005", "(money?)"),
    ({"sections": [("", ["kustomer"])]}, "E005", "`sections`"), ({"filters": ["kustomer"]}, "E005", "Filter(name, label, kind"),
    ({"filters": [Filter("x", "X", "pickr")]}, "E005", "(picker?)"), ({"filters": [Filter("x", "X", "picker")]}, "E005", "model="),
    ({"filters": [Filter("sort", "X")]}, "E005", "another name"), ({"form": ["kustomer"]}, "E005", "`form`"),
    ({"form": ["state"]}, "E005", "editable=False"), ({"order": "-kreated"}, "E005", "`order`"), ({"limit": {"sate": "a"}}, "E005", "(state?)"),
    ({"tabs": [Tab("a", "A", "crm.DesignTask", "kustomer", [NEVER])]}, "E005", "tab a"), ({"lanes": {"ownr": "O"}}, "E005", "(owner?)"),
    ({"tabs": [Tab("a", "A", "crm.DesignTask", "customer", ["nmber"])]}, "E005", "(number?)"), ({"board_columns": ["x"]}, "E005", "`board_columns`"),
    ({"module": "showroom"}, "E007", "'stock'"), ({"label": ""}, "E008", "label"), ({"roles": ""}, "E009", "guide store_manager"),
    ({"colums": ["number"]}, "E016", "(columns?)"), ({"importable": True}, "E017", "“create”"),
]


@pytest.mark.parametrize("wrong, number, word", REGISTERS)
def test_a_register_hears_what_is_wrong(shelves, wrong, number, word):
    right = {"model": apps.get_model("crm.FollowUp"), "main": False, "slug": "wrong", "label": "W", "module": "customers",
             "columns": ["number", "state"], "roles": "guide"}
    type("Right", (Register,), right | {"slug": "right"})
    assert told(screens.problems()) == []
    type("Wrong", (Register,), right | wrong)
    [line] = told(screens.problems())
    assert line.startswith(f"yiwei.{number} Wrong") and word in line


REPORTS = [({"filters": ["outlet"]}, "E005", "write Filter("), ({"columns": ["key"]}, "E005", "write Column("), ({"query": Report.query}, "E008", "query"),
           ({"module": "showroom"}, "E007", "'stock'"), ({"label": ""}, "E008", "label"), ({"roles": ""}, "E009", "guide store_manager"),
           ({"columns": [Column("key", "K", "mony")]}, "E005", "(money?)"), ({"chrat": None}, "E016", "(chart?)")]


@pytest.mark.parametrize("wrong, number, word", REPORTS)
def test_a_report_hears_what_is_wrong(shelves, wrong, number, word):
    right = {"slug": "wrong", "label": "W", "roles": "guide", "columns": [Column("key", "K")], "query": lambda self, actor, params: iter(())}
    type("Wrong", (Report,), right | wrong)
    [line] = told(screens.problems())
    assert line.startswith(f"yiwei.{number} Wrong") and word in line


def test_two_main_registers_of_a_model_are_named(shelves):
    for name in ("One", "Two"):
        type(name, (Register,), {"model": apps.get_model("crm.FollowUp"), "slug": name, "label": "W", "module": "customers", "roles": "guide",
                                 "columns": ["number"]})
    assert told(screens.problems()) == ["yiwei.E015 One, Two: each is the main register of FollowUp Set `main = False` and a `slug` in all but one."]


def test_what_waits_names_states_and_rights_there_are(shelves):
    Pending(apps.get_model("crm.FollowUp"), ("plannd",), "crm.followup.doen", "W")
    registry.grant("crm.followup.done", "guide")
    first, second = told(screens.problems())
    assert "(planned?)" in first and "(crm.followup.done?)" in second


def test_a_class_that_could_not_register_itself_says_so_at_once(shelves):
    type("_Base", (Report,), {})
    with pytest.raises(TypeError, match="Wrong has no `slug`"):
        type("Wrong", (Report,), {"label": "W"})
    with pytest.raises(TypeError, match="Wrong has no `model`"):
        type("Wrong", (Register,), {"label": "W"})


ACTIONS = [
    ({"sources": ("plannd",)}, "E003", "(planned?)"), ({"target": "dne"}, "E003", "(done?)"), ({"sources": "planned"}, "E003", '("planned",)'),
    ({"sources": ("done",), "target": "planned"}, "E004", "FollowUp.flow"), ({"fields": {"reason": forms.CharField()}}, "E014", "does not take ['reason']"),
    ({"fn": lambda actor, obj, *, note: None}, "E014", "wants ['note']"),
    ({"fields": lambda actor, obj: {"photos": forms.FileField()}}, "E014", "does not take ['photos']"),
    ({"fields": lambda actor, obj: {"obj": forms.CharField()}, "fn": lambda actor, obj, **data: None}, "E014", "among what it always takes"),
    ({"fields": lambda actor, obj: {"way": forms.CharField(initial=obj.customer.name)}, "fn": lambda actor, obj, *, way: None}, "E021", "files=False"),
    ({"label": "Done"}, "E019", "state “done”"), ({"label": gettext_lazy("Done")}, "E019", "state “done”"),
]


@pytest.mark.parametrize("wrong, number, word", ACTIONS)
def test_an_action_hears_what_is_wrong(wrong, number, word):
    right = {"model": apps.get_model("crm.FollowUp"), "fn": lambda actor, obj: None, "verb": "wrong", "label": "W"}
    [line] = told(actions.of(Action(**right | wrong)))
    assert line.startswith(f"yiwei.{number} crm.followup.wrong") and word in line


def test_roles_are_those_there_are(shelves):
    [line] = told(actions.roles({"stock.sample.view": {"guide", "store_manger"}}, ["guide", "store_manager"]))
    assert "E009 stock.sample.view" in line and "“store_manger” (store_manager?)" in line
    with pytest.raises(TypeError, match="words in one text"):
        action(SimpleNamespace(_meta=SimpleNamespace(app_label="x", model_name="y")), "W", roles=("guide",))(lambda actor, obj: None)


MODELS = [
    ({"who": models.ForeignKey("org.Employee", models.PROTECT, related_name="+")}, "E010", "Use `Ref`"), ({"who": Ref("kernel.Tenant")}, "E010", "ForeignKey"),
    ({"index": models.Index(fields=["outlet"], name="w_outlet")}, "E011", "w_outlet"), ({"scope": None}, "E001", "PUBLIC"),
    ({"scope": ScopeRule(people=("ownr",))}, "E012", "(owner?)"), ({"scope": ScopeRule(via="parent")}, "E012", "“parent”"),
    ({"masked": {"phne": "phone"}}, "E012", "“phne”"), ({"masked": {"remark": "phon"}}, "E012", "(phone?)"), ({"search": {"nmber": "code"}}, "E012", "(number?)"),
    ({"search": {"number": "cod"}}, "E012", "(code?)"), ({"phone": models.CharField(max_length=9)}, "E020", "says nothing of ['phone']"),
    ({"personal": {"remark": "phon"}}, "E020", "(phone?)"), ({"personal": {"fone": "phone"}}, "E020", "“fone”"), ({"held": {"ownr": {"state": ["a"]}}}, "E012", "(owner?)"), ({"prefix": ""}, "E013", "prefix"),
]


@pytest.mark.parametrize("wrong, number, word", MODELS)
def test_a_model_hears_what_is_wrong(wrong, number, word):
    index = wrong.get("index", models.Index(fields=["tenant", "outlet"], name="w_outlet"))
    right = {"__module__": __name__, "prefix": "WW", "flow": Flow((State("a", "A"),), set()),
             "Meta": type("Meta", (), {"app_label": "crm", "indexes": [index]})}
    try:
        [line] = told(checked.of(type("Wrong", (Document,), right | {n: copy(v) for n, v in wrong.items() if n != "index"})))
    finally:
        del apps.all_models["crm"]["wrong"]
        apps.clear_cache()
    assert line.startswith(f"yiwei.{number} Wrong") and word in line


def test_a_flow_names_the_states_it_has():
    with pytest.raises(ValueError, match=r"\['c'\]: the flow has \['a', 'b'\]"):
        Flow((State("a", "A"), State("b", "B")), {("a", "c")})
    with pytest.raises(ValueError, match="moves are pairs"):
        Flow((State("a", "A"), State("b", "B")), ("a", "b"))


def test_a_reaction_waits_for_an_action():
    with pytest.raises(TypeError, match="name the action itself"):
        after("crm.customer.release")(lambda actor, obj, data: None)


def test_the_second_owner_of_a_name_hears_who_has_it():
    with pytest.raises(registry.Twice, match="'first'.*'second'.*another name"):
        registry.add({"samples": "first"}, "samples", "second")
    with pytest.raises(registry.Twice, match=r"kernel\.base\.flow\.Flow and yiwei\.kernel\.base\.flow\.State"):
        registry.add({"samples": Flow}, "samples", State)
