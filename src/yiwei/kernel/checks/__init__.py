"""Wrong declarations fail at start-up, not at a click: each is named, with what to write instead."""

from django.core.checks import register

from . import actions, models, screens


@register()
def declarations(app_configs, **kwargs):
    """Every model, action, register, report and reminder names real things."""
    return [*models.problems(), *actions.problems(), *screens.problems()]
