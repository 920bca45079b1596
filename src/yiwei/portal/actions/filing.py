"""Giving a partner's person the link to file customers without signing in, and taking it back (CRM-02)."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.filing.models.link import FilingLink
from yiwei.filing.models.partner import ChannelPartner, OutsideDesigner
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.options import Option

ROLES = "channel_rep channel_manager"
A_DAY = Option("filings_a_day_by_link", _("Filings a partner's person may enter a day by link"), 20, low=1)


@action(FilingLink, _("New filing link"), creates=True, roles=ROLES, icon="link", style="primary", done=_("Copy the address below."),
        fields=lambda actor, obj=None: {
            "partner": Pick(ChannelPartner, label=_("Channel partner")),
            "person": Pick(OutsideDesigner, label=_("Person"), limit={"state__in": OutsideDesigner.AT_WORK}, required=False,
                           within={"partner": "partner"}),
            "days": forms.IntegerField(label=_("Valid for days"), initial=365, min_value=1, max_value=730, required=False)})
def create(actor, *, partner, person, days):
    """A link for one person of a partner; what comes by it is reviewed like any filing, under the clerk who gave it."""
    if person is not None and person.partner_id != partner.pk:
        raise Invalid({"person": [__("This person works for another partner.")]})
    link = FilingLink(partner=partner, person=person, clerk_id=actor.id, created_by_id=actor.id,
                      expires_at=timezone.now() + timedelta(days=days or 365))
    link.save(force_insert=True)
    return link


@action(FilingLink, _("Revoke"), roles=ROLES, icon="link-off", style="danger", show=lambda actor, link: link.revoked_at is None)
def revoke(actor, link):
    """The link ends at once."""
    link.revoked_at = timezone.now()
