"""Making and reading signed links. The signature names tenant and link; the row decides whether it still holds."""

from django.core import signing
from django.urls import reverse

from yiwei.filing.models.link import FilingLink
from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records.tenancy import context
from yiwei.portal.models.link import PortalLink

SALT, FILING = "portal", "portal.filing"


def path_of(link):
    """The address of a link's page, without host."""
    return reverse("portal-page", args=[signing.dumps([link.tenant_id, link.pk, link.nonce], salt=SALT, compress=True)])


def filing_path(link):
    """The address at which a partner's person files, without host."""
    return reverse("portal-filing", args=[signing.dumps([link.tenant_id, link.pk, link.nonce], salt=FILING, compress=True)])


def tenant_of(token, salt=SALT):
    """(tenant id, link id, nonce) of a token, or None if it was not made here."""
    try:
        tenant, pk, nonce = signing.loads(token, salt=salt)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (tenant, pk, nonce) if id_of(tenant) and id_of(pk) and isinstance(nonce, str) else None


def find(pk, nonce):
    """The valid link inside the tenant in force, or None."""
    if context.tenant_id() is None:
        return None
    link = PortalLink.objects.select_related("tenant", "customer__owner", "customer__designer", "customer__outlet").filter(
        pk=pk, nonce=nonce).first()
    return link if link is not None and link.valid and link.tenant.active else None


def find_filing(pk, nonce):
    """The valid filing link inside the tenant in force, or None."""
    if context.tenant_id() is None:
        return None
    link = FilingLink.objects.select_related("tenant", "partner", "person", "clerk").filter(pk=pk, nonce=nonce).first()
    return link if link is not None and link.valid and link.tenant.active else None
