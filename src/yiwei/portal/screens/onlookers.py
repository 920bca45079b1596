"""Links in force show among those who can see a customer."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.crm.models.customer import Customer
from yiwei.kernel.screens.registers import beside

from ..models.link import PortalLink


@beside.onlookers(Customer)
def by_link(actor, customer):
    """The customer, by links to the own pages that still hold."""
    until = PortalLink.objects.filter(customer=customer, revoked_at=None, expires_at__gt=timezone.now()).order_by("-expires_at").values_list(
        "expires_at", flat=True).first()
    if until:
        yield customer.name, _("The own page, by link until %(day)s") % {"day": timezone.localtime(until).date()}
