"""Whoever leaves hands over everything in one action (D-08), whatever models there are."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from yiwei.kernel.models import Timeline
from yiwei.kernel.records import holdings
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.org.models.employee import Employee

from .world import Side

COVERS = "SYS-01"


@pytest.fixture
def full(db):
    """A dealer whose guide holds one of everything an employee can hold."""
    dealer = make_dealer("leaving", sign_ins=True)
    side = Side(dealer, "here", "guide", "S11")
    with dealer.inside():
        for h in sorted(holdings.holdings(), key=lambda h: h.name):
            row = side.row(h.model)
            if h.model is not Employee:
                state = {c: values[0] for c, values in h.where if c == "state" and row.state not in values}
                h.model.objects.filter(pk=row.pk).exclude(**{h.field: side.member}).update(**{h.field: side.member}, **state)
        Employee.objects.filter(pk=dealer.members["guide1b"]).update(superior=side.member)
        for h in holdings.holdings():
            for column, values in h.where:
                if column != "state":
                    h.model.objects.filter(**{h.field: side.member}).update(**{column: values[0]})
    return dealer


def press(who, path, **data):
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"username": f"{who}@leaving", "password": PASSWORD})
    return client.post(path, data) if data else client.get(path)


def test_every_reference_to_an_employee_is_decided(full):
    """A new model is covered the day it is born: it passes on, ends, or is said to stay."""
    found = {(h.model, h.field) for h in holdings.holdings()}
    for model, field in holdings.references():
        assert (model, field) in found or model.append_only or model.held.get(field) == holdings.STAYS, (model, field)
    with full.inside():
        assert {h.name for h, _n in holdings.counts(full.members["guide"])} == {h.name for h in holdings.holdings()}


def test_nothing_open_stays_with_who_leaves(full):
    """D-08: preview on the form, refusal at the field, one action, and no open row with a disabled owner."""
    guide, heir = full.members["guide"], full.members["guide1b"]
    address = f"/r/org/employee/{guide}/do/leave/"
    page = press("general_manager", address).content.decode()
    assert "Customers: 2" in page and "Holds now" in page
    refused = press("general_manager", address, left_on="2026-11-30")
    assert refused.status_code == 422 and "Name who takes over" in refused.content.decode()
    with full.inside():
        before = Timeline.objects.filter(actor_id=guide).count()
    assert press("general_manager", address, left_on="2026-11-30", successor=heir).status_code == 302
    with full.inside():
        assert Employee.objects.get(pk=guide).state == "left"
        assert holdings.counts(guide) == []
        assert Timeline.objects.filter(actor_id=guide).count() == before
        for h in holdings.holdings():
            if not h.ends and h.field == "owner":
                moved = h.model.objects.filter(**{h.field: heir}).exclude(created_by=heir).first()
                assert moved is not None, h.name
                assert Timeline.objects.filter(model=h.model._meta.label_lower, object_id=moved.pk, action="handed").exists(), h.name


def test_by_kind(full):
    guide, heir, other = (full.members[n] for n in ("guide", "guide1b", "store_manager"))
    press("tenant_admin", f"/r/org/employee/{guide}/do/leave/", left_on="2026-11-30", successor=heir, crm_customer_owner=other)
    with full.inside():
        assert holdings.counts(guide) == []
        from yiwei.crm.models.customer import Customer, Handover
        moved = Customer.objects.filter(owner=other)
        assert len(moved) == 2 and all(Handover.objects.get(customer=c, after=other).before_id == guide for c in moved)


def test_the_database_itself_keeps_it(full):
    guide = full.members["guide"]
    with pytest.raises(IntegrityError, match="still holds"), transaction.atomic(), full.inside():
        Employee.objects.filter(pk=guide).update(state="left")
    press("general_manager", f"/r/org/employee/{guide}/do/leave/", left_on="2026-11-30", successor=full.members["guide1b"])
    from yiwei.crm.models.customer import Customer
    with full.inside():
        open_ones = [(h, row) for h in holdings.holdings() if not h.ends
                     and (row := h.open().exclude(pk=guide).first())]
    assert len(open_ones) > 20
    for h, row in open_ones:
        with pytest.raises(IntegrityError, match="has left"), transaction.atomic(), full.inside():
            h.model.objects.filter(pk=row.pk).update(**{h.field: guide})
    with full.inside():
        assert not Customer.objects.filter(owner=guide).exists()
