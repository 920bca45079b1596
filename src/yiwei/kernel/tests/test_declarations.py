"""What is declared wrongly is refused with a word on what to do."""

from types import SimpleNamespace

import pytest

from yiwei.kernel import checks, registry
from yiwei.kernel.scope import COMPANY, OUTLET, OWN, PUBLIC, ScopeRule


def test_shared_rows_are_seen_by_all_of_the_outlet():
    assert ScopeRule(shared=True).opens_outlet(OWN)
    assert ScopeRule().opens_outlet(OUTLET) and not ScopeRule().opens_outlet(OWN)
    assert not PUBLIC.opens_outlet(COMPANY)


def test_an_unknown_module_is_named_with_those_there_are(monkeypatch):
    wrong = SimpleNamespace(__name__="Samples", module="showroom")
    monkeypatch.setattr(registry, "reports", {"samples": wrong})
    [error] = [e for e in checks.declarations(None) if e.id == "yiwei.E007"]
    assert "showroom" in error.msg and "'stock'" in error.hint


def test_the_second_owner_of_a_name_hears_who_has_it():
    with pytest.raises(registry.Twice, match="'first'.*'second'.*another name"):
        registry.add({"samples": "first"}, "samples", "second")
