"""Making and reading signed links. The signature names tenant and link; the row decides whether it still holds."""

from django.core import signing
from django.urls import reverse

from yiwei.kernel.ids import id_of
from yiwei.kernel.tenancy import context

from .models.link import PortalLink

SALT = "portal"


def path_of(link):
    """The address of a link's page, without host."""
    return reverse("portal-page", args=[signing.dumps([link.tenant_id, link.pk, link.nonce], salt=SALT, compress=True)])


def tenant_of(token):
    """(tenant id, link id, nonce) of a token, or None if it was not made here."""
    try:
        tenant, pk, nonce = signing.loads(token, salt=SALT)
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
