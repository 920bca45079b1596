"""What pages of rows say: the steps that happened, and no code where a word belongs."""

import ast

import pytest
from django.utils.translation import override

from yiwei.filing.models.filing import Filing
from yiwei.filing.models.partner import ChannelPartner
from yiwei.kernel.base import registry
from yiwei.kernel.records.document import TOLD, log
from yiwei.kernel.screens.registers.detail import context
from yiwei.kernel.testing import make_dealer
from yiwei.ops import paths
from yiwei.orders.models.contract import SubContract

from .scene import furnish


def test_what_the_timeline_tells_has_a_name():
    """Every line that is written by hand bears the name of an action or of what else is told."""
    for path in paths.PACKAGE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log" and len(node.args) > 2:
                name = node.args[2]
                if isinstance(name, ast.Constant):
                    assert name.value in registry.actions or name.value in TOLD, (path, name.value)


@pytest.fixture
def dealer(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_dealer()


def steps(dealer, obj, who="general_manager"):
    with dealer.inside(who), override("en"):
        return [(str(s["label"]), s["status"]) for s in context(registry.register_of(type(obj)), dealer.actor(who), obj)["steps"]]


def test_a_drawing_refused_ticks_no_review_that_never_was(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    dealer = furnish("pages").dealer
    with dealer.inside():
        sub = SubContract.objects.filter(state="drawing_review").first()
    refuse = registry.actions["orders.subcontract.reject_drawing"]
    answers = {name: "图纸缺尺寸" for name, field in refuse.inputs(dealer.actor("drawing_auditor"), sub).items() if field.required}
    dealer.do("drawing_auditor", refuse.name, sub, **answers)
    shown = dict(steps(dealer, dealer.get(SubContract, sub)))
    assert shown["Drawing review"] == "done" and shown["Rejected"] == "current"
    assert shown["Price review"] == shown["Finance review"] == shown["Completed"] == "todo"


def filed(dealer, *moves):
    """A filing that went these ways."""
    with dealer.inside():
        partner = ChannelPartner.objects.create(code="Q1", name="装饰公司")
        clerk = dealer.actor("channel_rep")
        filing = Filing.start(clerk, name="陈", phone="13800000001", partner=partner, state="submitted")
        for before, after in moves:
            Filing.objects.filter(pk=filing.pk).update(state=after)
            log(clerk, filing, "filing.filing.approve", from_state=before, to_state=after)
    return dealer.get(Filing, filing)


def test_a_rejected_filing_was_never_approved(dealer):
    filing = filed(dealer, ("", "submitted"), ("submitted", "rejected"))
    assert steps(dealer, filing)[:3] == [("Submitted", "done"), ("Rejected", "current"), ("Approved", "todo")]


def test_a_step_left_out_is_not_ticked(dealer):
    filing = filed(dealer, ("", "submitted"), ("submitted", "approved"), ("approved", "signed"))
    assert steps(dealer, filing)[:4] == [("Submitted", "done"), ("Approved", "done"), ("Visited", "left-out"), ("Signed", "current")]


def test_what_leads_nowhere_has_no_steps_to_come(dealer):
    assert steps(dealer, filed(dealer, ("", "submitted"), ("submitted", "withdrawn"))) == [("Submitted", "done"), ("Withdrawn", "current")]
