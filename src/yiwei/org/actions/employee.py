"""What administrators do with employees and sign-ins."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import ApiToken
from yiwei.kernel.signin import throttle
from yiwei.kernel.work.actions.action import action
from yiwei.org.rules.dealers import sign_in

from ..models.employee import Employee
from ..models.user import User
from .handover import same_person

HEAD = "general_manager tenant_admin"


@action(Employee, _("Give sign-in"), roles=HEAD, sources=("active",), icon="key",
        fields=lambda actor, obj: {
            "username": forms.CharField(label=_("Sign-in name"), max_length=80,
                                    initial=(obj.phone if actor.sees("phone") else obj.number) if obj else ""),
            "password": forms.CharField(label=_("First password"), min_length=8, initial=lambda: secrets.token_urlsafe(8)),
        }, done=_("The first password must be changed at the first sign-in."))
def give_sign_in(actor, member, *, username, password):
    """A sign-in name and a first password that must be changed."""
    user = _of(member)
    if user is None:
        sign_in(member, username, password, must_change=True)
        return
    user.username = username
    user.change_password(password)
    user.must_change = True
    user.save(update_fields=["must_change"])
    throttle.forget([throttle.named(username)])


def _of(member):
    return User.objects.filter(member=member).first()


def _waits(actor, member):
    user = _of(member)
    return user is not None and bool(throttle.wait([throttle.named(user.username)]))


def _has_two_steps(actor, member):
    user = _of(member)
    return user is not None and user.two_step


@action(Employee, _("Unlock sign-in"), roles=HEAD, sources=("active",), icon="lock-open", show=_waits,
        done=_("The sign-in is open again."))
def unlock(actor, member):
    """End the wait that too many wrong passwords with this name have brought about."""
    throttle.forget([throttle.named(_of(member).username)])


@action(Employee, _("Turn off two-step sign-in"), roles=HEAD, icon="lock-open", show=_has_two_steps,
        fields={"reason": forms.CharField(label=_("Reason"))})
def two_step_off(actor, member, *, reason):
    """For an employee whose phone is lost; the password stays."""
    _of(member).two_step_off()


@action(Employee, _("End all sessions"), roles=HEAD, icon="logout", show=lambda actor, member: _of(member) is not None)
def end_sessions(actor, member):
    """Sign an employee out on every device."""
    _of(member).end_sessions()


@action(Employee, _("Suspend"), roles=HEAD, sources=("active",), target="suspended", icon="lock",
        fields={"reason": forms.CharField(label=_("Reason"))})
def suspend(actor, member, *, reason):
    """Close the sign-in for a while."""
    same_person(actor, member)


@action(Employee, _("Resume"), roles=HEAD, sources=("suspended",), target="active", icon="lock-open")
def resume(actor, member):
    """Open the sign-in again."""


@action(ApiToken, _("Revoke"), roles=HEAD, show=lambda actor, token: token.active, style="danger", icon="trash")
def revoke(actor, token):
    """The key stops at once."""
    token.active = False
    token.save(update_fields=["active"])
