"""Changing what holds for the whole house (SYS-04)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.options import Parameter


def _fields(actor, parameter=None):
    option = parameter.option if parameter else None
    return {"value": forms.IntegerField(label=_("Value"), min_value=option.low if option else 0, max_value=option.high if option else 3650,
                                        initial=parameter.value if parameter else None),
            "reason": forms.CharField(label=_("Reason"), max_length=200)}


@action(Parameter, _("Change"), roles="tenant_admin general_manager", icon="pencil", style="primary", fields=_fields, done=_("Saved."))
def change(actor, parameter, *, value, reason):
    """Another value for the whole dealer; it holds from now on, and the timeline keeps who changed it and why."""
    parameter.value = value
