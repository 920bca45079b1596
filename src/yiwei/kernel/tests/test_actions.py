"""Actions: rights, states, versions, idempotency."""

import pytest

from yiwei.kernel.base.errors import Forbidden, Invalid, Refused, Stale
from yiwei.kernel.models import Timeline
from yiwei.kernel.testing import make_dealer
from yiwei.org.models.outlet import Region


@pytest.fixture
def dealer(db):
    return make_dealer()


def test_the_same_key_does_a_thing_once(dealer):
    first = dealer.do("general_manager", "org.region.create", key="k", code="A", name="A")
    again = dealer.do("general_manager", "org.region.create", key="k", code="A", name="A")
    assert first.pk == again.pk
    with dealer.inside():
        assert Region.objects.filter(code="A").count() == 1


def test_a_key_is_not_taken_for_something_else(dealer):
    dealer.do("general_manager", "org.region.create", key="k", code="A", name="A")
    with pytest.raises(Refused):
        dealer.do("general_manager", "org.outlet.create", key="k", code="A", name="A")


def test_a_failed_attempt_does_not_use_up_its_key(dealer):
    with pytest.raises(Invalid):
        dealer.do("general_manager", "org.region.create", key="k", code="", name="A")
    assert dealer.do("general_manager", "org.region.create", key="k", code="A", name="A").pk


def test_a_position_without_the_right_is_refused(dealer):
    with pytest.raises(Forbidden):
        dealer.do("guide", "org.region.create", code="A", name="A")


def test_a_stale_tab_is_told_who_changed_the_row(dealer):
    region = dealer.do("general_manager", "org.region.create", code="A", name="A")
    dealer.do("tenant_admin", "org.region.edit", region, code="A", name="B", version=1)
    with pytest.raises(Stale) as caught:
        dealer.do("general_manager", "org.region.edit", region, code="A", name="C", version=1)
    assert "tenant_admin" in caught.value.message
    assert dealer.get(Region, region).name == "B"


def test_a_wrong_state_is_refused(dealer):
    with pytest.raises(Refused):
        dealer.do("general_manager", "org.employee.resume", dealer.members["guide"])


def test_unique_rules_are_named_at_the_field(dealer):
    dealer.do("general_manager", "org.region.create", code="A", name="A")
    with pytest.raises(Invalid) as caught:
        dealer.do("general_manager", "org.region.create", code="A", name="Other")
    assert list(caught.value.errors) == ["code"]


def test_the_timeline_says_who_did_what(dealer):
    member = dealer.members["guide"]
    dealer.do("general_manager", "org.employee.suspend", member, reason="holiday")
    with dealer.inside():
        line = Timeline.objects.get(model="org.employee", object_id=member)
    assert (line.actor_name, line.action, line.from_state, line.to_state, line.text) == (
        "general_manager", "org.employee.suspend", "active", "suspended", "holiday")
