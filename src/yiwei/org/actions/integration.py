"""Keys for programs, addresses for events, and messages that are sent once more."""

import base64
import secrets
from datetime import datetime, time
from urllib.parse import urlsplit

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.models import ApiToken, Outbox, Webhook
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.api.views import digest
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.notify.webhooks import wants

from ..models.employee import Employee

HEAD = "general_manager tenant_admin"


def _address(actor, hook=None):
    known = hook or Webhook()
    return {"name": forms.CharField(label=_("Name"), max_length=60, initial=known.name),
            "url": forms.URLField(label=_("Address"), assume_scheme="https", initial=known.url),
            "events": forms.CharField(label=_("Events"), max_length=300, initial=known.events,
                                      help_text=_("Patterns, separated by spaces: * for all, orders.*, *.approve"))}


def _new(actor, hook=None):
    return _address(actor) | {"secret": forms.CharField(
        label=_("Secret"), initial=lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        help_text=_("Copy it now: it signs every message and is not shown again."))}


def _check(actor, hook, data):
    """Patterns that no action answers to are a mistake."""
    probe = Webhook()
    for pattern in data["events"].split():
        probe.events = pattern
        if not any(wants(probe, name) for name in registry.actions):
            raise Invalid({"events": [_("Nothing is called “%(name)s”.") % {"name": pattern}]})
    if urlsplit(data["url"]).scheme not in ("http", "https"):
        raise Invalid({"url": [_("The address must begin with https:// or http://.")]})
    secret = data.get("secret", "")
    if secret.startswith("whsec_"):
        try:
            base64.b64decode(secret[6:], validate=True)
        except ValueError:
            raise Invalid({"secret": [_("This is not a secret.")]}) from None
    elif secret or "secret" in data:
        raise Invalid({"secret": [_("This is not a secret.")]})


@action(Webhook, _("New webhook"), verb="create", roles=HEAD, creates=True, fields=_new, check=_check, icon="plus", style="primary",
        done=_("Events are sent from now on."))
def create_webhook(actor, *, name, url, events, secret):
    """Tell a program of events: signed messages (Standard Webhooks) that name the row."""
    return Webhook.objects.create(name=name, url=url, events=events, secret=secret)


@action(Webhook, _("Edit"), verb="edit", roles=HEAD, fields=_address, check=_check, icon="pencil")
def edit_webhook(actor, hook, *, name, url, events):
    """Another address or other events; the secret stays."""
    hook.name, hook.url, hook.events = name, url, events


@action(Webhook, _("Send a test"), verb="ping", roles=HEAD, show=lambda actor, hook: hook.active, icon="send",
        done=_("On its way; see the messages out."))
def ping(actor, hook):
    """A message of the type `ping` to this address."""
    Outbox.objects.create(channel="webhook", receiver=str(hook.pk), template="ping", model=hook._meta.label_lower, object_id=hook.pk,
                          text=f'{{"type": "ping", "timestamp": "{timezone.now().isoformat()}", "data": {{}}}}')


@action(Webhook, _("Disable"), verb="disable", roles=HEAD, show=lambda actor, hook: hook.active, style="danger", icon="ban")
def disable_webhook(actor, hook):
    """Nothing more is sent there."""
    hook.active = False


@action(Webhook, _("Enable"), verb="enable", roles=HEAD, show=lambda actor, hook: not hook.active, icon="check")
def enable_webhook(actor, hook):
    """Events are sent there again from now on; what happened meanwhile is not."""
    hook.active = True


@action(Outbox, _("Send again"), verb="again", roles=HEAD, show=lambda actor, row: row.state == "failed", icon="refresh")
def send_again(actor, row):
    """A message that was given up is tried anew."""
    row.state, row.tries, row.error, row.due_at = "waiting", 0, "", timezone.now()
    row.save(update_fields=["state", "tries", "error", "due_at"])


@action(ApiToken, _("New key"), verb="create", roles=HEAD, creates=True, icon="plus", style="primary",
        fields={"name": forms.CharField(label=_("Name"), max_length=60),
                "member": Pick(Employee, limit={"state": "active"}, related=("position",), label=_("Acts as")),
                "expires_at": forms.DateField(label=_("Good until"), required=False),
                "secret": forms.CharField(label=_("Key"), min_length=32, max_length=120,
                                          initial=lambda: f"yw_{context.tenant_id()}_{secrets.token_urlsafe(32)}",
                                          help_text=_("Copy it now: only its fingerprint is kept."))})
def create_key(actor, *, name, member, expires_at, secret):
    """A key for a program that acts as an employee, within that employee's rights and scope."""
    head, own = f"yw_{context.tenant_id()}_", secret.strip()
    if not own.startswith(head) or len(own) < len(head) + 32:
        raise Invalid({"secret": [_("This is not a key of this dealer.")]})
    if member.pk != actor.id and (member.position.base or member.position.code) in HEAD.split():
        raise Invalid({"member": [_("Only they themselves can make a key for this position.")]})
    until = timezone.make_aware(datetime.combine(expires_at, time.max)) if expires_at else None
    return ApiToken.objects.create(name=name, member=member, digest=digest(own[len(head):]), expires_at=until)
