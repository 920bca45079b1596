"""The database itself keeps every document on the paths of its flow, whoever writes to it."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwei.finance.tests.journey import Journey
from yiwei.kernel.testing import make_dealer

WITH_STATE = {"crm.Customer": lambda row, state: {"merged_into": row.pk if state == "merged" else None}}  # what a check ties to the state
MODELS = [m for m in apps.get_models() if getattr(m, "flow", None)]


@pytest.fixture
def rows(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    journey = Journey(make_dealer()).release().buy()
    journey.pay("pos", (journey.cabinet, "13789.89"))
    journey.issue(journey.cabinet)
    with journey.d.inside():
        found = [m.objects.order_by("id").first() for m in MODELS]
        yield [row for row in found if row is not None]


def test_only_the_ways_of_the_flow_are_open(rows):
    assert len(rows) >= 9

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def attack(data):
        row = data.draw(st.sampled_from(rows))
        model, flow = type(row), row.flow
        point = transaction.savepoint()
        state = model.objects.values_list("state", flat=True).get(pk=row.pk)
        for _step in range(5):
            target = data.draw(st.sampled_from([s.code for s in flow.states]))
            allowed = target == state or (state, target) in flow.moves
            try:
                with transaction.atomic():
                    more = WITH_STATE.get(model._meta.label, lambda row, state: {})(row, target)
                    model.objects.filter(pk=row.pk).update(state=target, **more)
                done = True
            except IntegrityError:
                done = False
            assert done == allowed, (model, state, target)
            state = target if done else state
        transaction.savepoint_rollback(point)

    attack()


def test_an_unknown_state_is_refused(rows):
    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(state="nonsense")
