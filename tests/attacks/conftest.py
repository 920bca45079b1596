"""One world for a file of attacks: made once, every test's changes are taken back."""

import logging

import pytest
from django.db import transaction
from django.template import Template
from django.test.utils import _TestState

from .world import World


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.test import override_settings
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        outer = transaction.atomic()
        outer.__enter__()
        instrumented, Template._render = Template._render, _TestState.saved_data.template_render  # contexts are not looked at
        try:
            yield World()
        finally:
            Template._render = instrumented
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture
def world(scene):
    """The scene; what a test changes is undone."""
    inner = transaction.atomic()
    inner.__enter__()
    try:
        yield scene
    finally:
        transaction.set_rollback(True)
        inner.__exit__(None, None, None)
