"""docs/functions.md tells the truth about what is there."""

from yiwei.insight.rules.dashboard import PATH, covers, render, screens
from yiwei.insight.rules.functions import FUNCTIONS


def test_the_dashboard_is_as_generated():
    assert PATH.read_text(encoding="utf-8") == render(), "run ./yiwei manage functions"


def test_codes_of_screens_and_tests_are_known():
    stray = ({c for c in screens() if c} | set(covers())) - set(FUNCTIONS)
    assert not stray, f"unknown function codes {sorted(stray)}: take one of insight/rules/functions.py, or none for a screen of no named function"
