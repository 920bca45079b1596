"""Numbers, days and texts as they come from forms and programs: read as people write them, refused beyond reason."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from yiwei.kernel.base import registry
from yiwei.kernel.work.actions.fields import clean
from yiwei.kernel.work.actions.values import value_of
from yiwei.kernel.work.approvals import design

MONEY, WHOLE, DAY = forms.DecimalField(max_digits=14, decimal_places=2), forms.IntegerField(), forms.DateField()
QUANTITY, TEXT = forms.DecimalField(decimal_places=3), forms.CharField()


@pytest.mark.parametrize("raw, read", [
    ("1,000.00", "1000.00"), ("12,345,678.9", "12345678.9"), (" 10 ", "10"), ("１２．５", "12.5"), (".5", "0.5"), ("-3", "-3"), (7, "7"), (0.1, "0.1"),
])
def test_numbers_as_people_write_them(raw, read):
    assert value_of(MONEY, raw) == Decimal(read)


@pytest.mark.parametrize("raw", ["1_0", "1e3", "1E400", "NaN", "Infinity", "²", "٣", "1,00", "1,0000", "--1", ".", "-", "0x10", 1e30, float("nan"), True])
@pytest.mark.parametrize("field", [MONEY, WHOLE, QUANTITY])
def test_what_only_python_would_read_is_no_number(field, raw):
    with pytest.raises(ValidationError):
        value_of(field, raw)


@pytest.mark.parametrize("field, raw", [
    (MONEY, "100,000,000,000.00"), (MONEY, "-10000000000"), (QUANTITY, "10000001"), (WHOLE, "2147483648"),
    (DAY, "0001-01-01"), (DAY, "9999-12-31"), (DAY, "1899-12-31"), (forms.DateTimeField(), "0001-01-01 10:00"),
])
def test_nothing_beyond_reason_is_taken(field, raw):
    with pytest.raises(ValidationError):
        value_of(field, raw)
    assert value_of(DAY, "1950-02-03") == date(1950, 2, 3)


def test_text_loses_what_cannot_be_seen():
    assert value_of(TEXT, " 周\u200b敏\u202e\u2066x\u00ad ") == "周敏x"
    assert value_of(forms.CharField(strip=False), " p\u200bw ") == " p\u200bw "  # a password is what was typed


@pytest.mark.parametrize("raw", ["[" * 100_000, '{"a":' * 50_000, "[[]]", "1", '"x"'])
def test_lines_that_are_none_are_refused_in_words(raw):
    from yiwei.kernel.work.actions.fields import Lines
    _cleaned, errors = clean({"lines": Lines({"qty": QUANTITY})}, {"lines": raw}, None, None)
    assert errors["lines"]


def test_json_without_end_is_refused_in_words():
    with pytest.raises(ValidationError):
        value_of(forms.JSONField(), "[" * 100_000)


def test_every_action_that_takes_files_is_known_and_no_flow_stands_before_it():
    known = {a.name for a in registry.actions.values() if design.takes_files(a)}
    assert {"service.delivery.sign", "crm.followup.done", "orders.subcontract.reject_finance", "orders.subcontract.prove"} <= known
    assert not any(design.gateable(registry.actions[name]) for name in known)
    assert design.gateable(registry.actions["orders.subcontract.submit"])
