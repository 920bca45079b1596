"""Programs of the dealer: who is told of events, and what has left the house."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.models import Outbox, Webhook
from yiwei.kernel.screens.registers.register import Column, Register

HEAD = "general_manager tenant_admin"


class Webhooks(Register):
    """Addresses that are told of events as they happen."""

    model = Webhook
    label = _("Webhooks")
    module, icon, position = "system", "webhook", 81
    roles = HEAD
    columns = [Column("name", _("name"), "text", link=True), "url", "events", "active", "created_at"]
    sections = [(_("Webhook"), ["name", "url", "events", "active"])]


class Messages(Register):
    """What has left the house or waits to: e-mails, SMS, WeChat messages and events, with why one did not arrive."""

    model = Outbox
    label = _("Messages out")
    module, icon, position = "system", "send", 82
    roles = HEAD
    columns = ["created_at", "channel", "receiver", "template", "state", "tries", "sent_at", "error"]
    filters = ["channel", "state", "created_at"]
    sections = [(_("Message"), ["channel", "receiver", "template", "text", "state", "tries", "due_at", "sent_at", "error"])]
