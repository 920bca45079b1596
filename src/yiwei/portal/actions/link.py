"""Giving a customer the link to the own pages, and taking it back."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick

from ..models.link import PortalLink

ROLES = "guide store_manager designer service_agent service_head dispatcher"


@action(PortalLink, _("New link"), creates=True, roles=ROLES, icon="link", style="primary", done=_("Copy the address below."),
        fields=lambda actor, obj=None: {
            "customer": Pick(Customer, label=_("Customer")),
            "days": forms.IntegerField(label=_("Valid for days"), initial=90, min_value=1, max_value=730, required=False)})
def create(actor, *, customer, days):
    """A link to the customer's pages, valid for some days."""
    link = PortalLink(customer=customer, expires_at=timezone.now() + timedelta(days=days or 90), created_by_id=actor.id)
    link.save(force_insert=True)
    return link


@action(PortalLink, _("Revoke"), roles=ROLES, icon="link-off", style="danger", show=lambda actor, link: link.valid)
def revoke(actor, link):
    """The link ends at once."""
    link.revoked_at = timezone.now()
