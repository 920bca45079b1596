"""Messages to employees, and the outbox of everything that leaves the house."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.message import spoken
from yiwei.kernel.records.holdings import STAYS
from yiwei.kernel.records.scope import PUBLIC, ScopeRule
from yiwei.kernel.records.tenancy.models import Ref, TenantModel
from yiwei.kernel.work.live import CHANNEL


class Notification(TenantModel):
    """One message to one employee inside the house."""

    audited = False
    scope = ScopeRule(people=("member",), outlet="")
    held = {"member": STAYS}
    database_functions = f"""
create or replace function kernel_live() returns trigger language plpgsql as $$
begin
  perform pg_notify('{CHANNEL}', new.tenant_id || ':' || new.member_id);
  return null;
end $$"""
    triggers = {"kernel_live": "after insert or update of read_at {on} for each row execute function kernel_live()"}

    member = Ref(settings.KERNEL_MEMBER_MODEL, verbose_name=_("to"))
    text = models.CharField(_("text"), max_length=300)
    values = models.JSONField(null=True)   # of a text that is translated for its reader; see base.message
    model = models.CharField(max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("notification")
        indexes = [
            models.Index(fields=["tenant", "member", "-id"], name="kernel_notification_mine"),
            models.Index(fields=["tenant", "member"], name="kernel_notification_unread",
                         condition=models.Q(read_at=None)),
        ]

    def __str__(self):
        return spoken(self.text, self.values)


class Outbox(TenantModel):
    """A message on its way out: e-mail, SMS or WeChat. Sent by a job, tried again, never twice."""

    scope = PUBLIC
    masked = {"receiver": "phone"}

    channel = models.CharField(_("channel"), max_length=10,
                               choices=[("email", _("E-mail")), ("sms", _("SMS")), ("wechat", _("WeChat")), ("webhook", _("Webhook"))])
    receiver = models.CharField(_("receiver"), max_length=120)
    template = models.CharField(_("template"), max_length=60, blank=True, default="")
    text = models.TextField(_("text"))
    cause = models.CharField(_("cause"), max_length=120, blank=True, default="")
    model = models.CharField(max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(null=True)
    state = models.CharField(_("state"), max_length=10, default="waiting",
                             choices=[("waiting", _("Waiting")), ("sent", _("Sent")), ("failed", _("Failed"))])
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("outgoing message")
        constraints = [models.UniqueConstraint(fields=["tenant", "channel", "receiver", "cause"],
                                               condition=~models.Q(cause=""), name="kernel_outbox_cause")]
        indexes = [models.Index(fields=["tenant", "state", "id"], name="kernel_outbox_waiting")]

    def __str__(self):
        return f"{self.get_channel_display()} {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"
