"""Every action, from every state it starts from, through its form: it is done or refused in words, never a crash."""

from collections import deque
from datetime import timedelta

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.utils import timezone

from yiwei.kernel.base import registry
from yiwei.kernel.work.actions.fields import Lines, Pick

WHO = "full"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture(scope="module")
def doer(scene):
    """A browser of somebody who may do everything everywhere."""
    from yiwei.kernel.records.tenancy import context

    from .world import fresh_client
    with context.entered(scene.one.id):
        scene._spy(scene.one, WHO, "company", [])
    client = fresh_client(WHO, scene.one)
    client.raise_request_exception = True
    return client


def paths_of(flow):
    """{state: [states on the way]} from the first one, by the moves there are."""
    found, waiting = {flow.initial: []}, deque([flow.initial])
    while waiting:
        at = waiting.popleft()
        for a, b in sorted(flow.moves):
            if a == at and b not in found:
                found[b] = [*found[a], b]
                waiting.append(b)
    return found


def brought_to(row, way):
    """Move a row along by hand, as far as the database lets it."""
    try:
        with transaction.atomic():
            for state in way:
                type(row).objects.filter(pk=row.pk).update(state=state)
        return True
    except Error:
        return False


def typed(name, field, actor, all_of_it):
    """{input: value} that somebody might type into a field."""
    if isinstance(field, forms.FileField):
        return {name: SimpleUploadedFile("a.png", PNG)} if all_of_it or field.required else {}
    if not field.required and not all_of_it:
        return {}
    if isinstance(field, Lines):
        import json
        line = {}
        for column, inner in field.fields.items():
            line.update(typed(column, inner, actor, all_of_it))
        return {name: json.dumps([line])}
    if isinstance(field, Pick):
        found = field.query(actor).first()
        return {name: [str(found.pk)] if field.many else str(found.pk)} if found is not None else {}
    if isinstance(field, forms.ChoiceField):
        codes = [str(c) for c, label in field.choices if c not in ("", None) and not isinstance(label, (list, tuple))]
        return {name: codes[:1] if isinstance(field, forms.MultipleChoiceField) else codes[0]} if codes else {}
    if isinstance(field, forms.BooleanField):
        return {name: "on"}
    return {name: _plain(name, field)}


def _plain(name, field):
    day = timezone.localdate() + timedelta(days=1)
    for kind, value in ((forms.DateTimeField, f"{day}T10:00"), (forms.DateField, str(day)), (forms.TimeField, "10:00"), (forms.IntegerField, None),
                        (forms.EmailField, "a@example.com"), (forms.URLField, "https://example.com/"), (forms.JSONField, "[]")):
        if isinstance(field, kind):
            return value or str(max(1, field.min_value or 1))
    return "13911112222" if "phone" in name else "Text"


def tries(scene):
    """(action, row or None, the way to the state)."""
    for register in registry.registers.values():
        for act in register.actions() if register.main else ():
            row = None if act.creates else scene.row(scene.one, "here", register.model)
            if act.creates:
                yield register, act, None, []
            elif row is not None:
                ways = paths_of(act.model.flow) if act.model.flow else {"": []}
                for state, way in ways.items():
                    if not act.sources or state in act.sources:
                        yield register, act, row, way


def test_every_action_from_every_state_is_done_or_refused_in_words(world, doer):
    done, asked, wrong, stuck = set(), set(), [], set()
    actor = world.one.actor(WHO)
    for register, act, row, way in tries(world):
        for all_of_it in (False, True):
            with transaction.atomic():
                try:
                    with world.one.inside(WHO):
                        if row is not None and not brought_to(row, way):
                            stuck.add((act.model.__name__, way[-1]))
                            continue
                        at = type(row).objects.get(pk=row.pk) if row is not None else None
                        raw = {}
                        for name, field in act.inputs(actor, at).items():
                            raw.update(typed(name, field, actor, all_of_it))
                    url = register.url("new", verb=act.verb) if row is None else register.url("act", row.pk, verb=act.verb)
                    form = doer.get(url)
                    answer = doer.post(url, raw)
                    asked.add(act.name)
                    if answer.status_code in (204, 302):
                        done.add(act.name)
                    if form.status_code >= 500 or answer.status_code >= 500:
                        wrong.append((act.name, way, answer.status_code))
                except Exception as error:  # noqa: BLE001 all of them are told together
                    wrong.append((act.name, way[-1:], all_of_it, repr(error)[:300]))
                finally:
                    transaction.set_rollback(True)
    assert not wrong, f"{len(wrong)}: {wrong}"
    assert len(asked) > 380 and len(done) > 180, (len(asked), len(done))
    assert len(stuck) < 25, stuck  # states that the database refuses to a row that was made by hand
