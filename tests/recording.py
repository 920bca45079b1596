"""Which actions and reports the tests really perform: `./yiwei test --record` writes them to tests/performed.json.

Only what succeeded counts, and not what the sweeps and attacks do to everything; docs/functions.md is made from it (K14).
"""

import json
import os
from pathlib import Path

import pytest

PATH = Path(__file__).with_name("performed.json")
SWEEPS = ("tests/attacks/", "tests/test_every_register.py", "tests/test_data_out.py")


class Recorder:
    """A plugin: notes names while a test runs, each worker in a file of its own, gathered at the end."""

    def __init__(self, config):
        self.config, self.names, self.counts = config, set(), False

    @pytest.hookimpl
    def pytest_collection_finish(self):
        if os.environ.get("PYTEST_XDIST_WORKER") or not self.config.getoption("numprocesses", None):
            self._listen()

    def _listen(self):
        from yiwei.kernel.screens.reports.report import Result
        from yiwei.kernel.work.actions import action
        done, made = action._perform, Result.__init__

        def performed(act, *args, **kwargs):
            outcome = done(act, *args, **kwargs)
            if "test" not in act.fn.__module__:   # some tests declare actions of their own
                self._note(act.name)
            return outcome

        def ran(result, report, *args, **kwargs):
            made(result, report, *args, **kwargs)
            if "test" not in type(report).__module__:
                self._note(f"report:{report.slug}")

        action._perform, Result.__init__ = performed, ran

    def _note(self, name):
        if self.counts:
            self.names.add(name)

    @pytest.hookimpl
    def pytest_runtest_logstart(self, nodeid):
        self.counts = not nodeid.startswith(SWEEPS)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self):
        worker = os.environ.get("PYTEST_XDIST_WORKER")
        part = PATH.with_name(f".performed-{worker or 'main'}.json")
        if worker or self.names:
            part.write_text(json.dumps(sorted(self.names)))
        if not worker:
            parts = sorted(PATH.parent.glob(".performed-*.json"))
            names = {name for p in parts for name in json.loads(p.read_text())}
            for p in parts:
                p.unlink()
            PATH.write_text(json.dumps(sorted(names), indent=0) + "\n")
