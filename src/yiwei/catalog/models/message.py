"""Texts of messages to customers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base.flow import FAILED, Flow, State
from yiwei.kernel.models import Record
from yiwei.kernel.records.scope import PUBLIC


class SmsTemplate(Record):
    """Text of a message to customers (短信模板): drafted, approved (by the carrier too), then used. One is active per occasion."""

    scope = PUBLIC
    flow = Flow(
        states=(State("draft", _("Draft"), "secondary"), State("approved", _("Passed by the carrier"), "blue"), State("active", _("In use"), "green"),
                State("retired", _("Retired"), "secondary", FAILED)),
        moves={("draft", "approved"), ("approved", "draft"), ("approved", "active"), ("active", "retired"), ("retired", "draft")})

    occasion = models.CharField(_("occasion"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    text = models.TextField(_("text"))
    signature = models.CharField(_("signature"), max_length=20, blank=True, default="")
    wechat_id = models.CharField(_("WeChat template"), max_length=80, blank=True, default="")
    carrier_id = models.CharField(_("approved by carrier under"), max_length=60, blank=True, default="", editable=False)
    state = models.CharField(_("state"), max_length=24, default="draft", editable=False)

    class Meta:
        verbose_name = _("SMS template")
        constraints = [models.UniqueConstraint(fields=["tenant", "occasion"], condition=models.Q(state="active"),
                                               name="catalog_smstemplate_active")]

    def __str__(self):
        return self.name

    def get_state_display(self):
        return self.flow.state(self.state).label
