"""docs/functions.md tells the truth about what is there."""

from yiwei.insight.rules.dashboard import PATH, covers, performed, render, screens
from yiwei.insight.rules.functions import FUNCTIONS
from yiwei.kernel.base import registry


def test_the_dashboard_is_as_generated():
    assert PATH.read_text(encoding="utf-8") == render(), "run ./yiwei manage functions"


def test_what_was_performed_is_still_there():
    """A record of an action that is gone flatters nobody, but says that it is old: `./yiwei test --record`."""
    known = set(registry.actions) | {f"report:{slug}" for slug in registry.reports}
    assert performed() <= known


def test_codes_of_screens_and_tests_are_known():
    stray = ({c for c in screens() if c} | set(covers())) - set(FUNCTIONS)
    assert not stray, f"unknown function codes {sorted(stray)}: take one of insight/rules/functions.py, or none for a screen of no named function"
