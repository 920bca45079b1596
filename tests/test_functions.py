"""docs/functions.md tells the truth about what is there."""

from yiwei.insight.dashboard import PATH, covers, render, screens
from yiwei.insight.functions import FUNCTIONS


def test_the_dashboard_is_as_generated():
    assert PATH.read_text(encoding="utf-8") == render(), "run ./yiwei manage functions"


def test_codes_of_screens_and_tests_are_known():
    assert not {c for c in screens() if c and c not in FUNCTIONS}
    assert not set(covers()) - set(FUNCTIONS)
