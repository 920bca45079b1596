"""Who may hold a stream: a page's ticket, signed, good for a working day and while its session is open."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing

SALT, AGE = "yiwei.live", 12 * 3600


def address(actor, session=None):
    """Where a page of this employee listens; '' where there is no stream."""
    if not settings.YIWEI_LIVE_URL:
        return ""
    return f"{settings.YIWEI_LIVE_URL}?ticket={signing.dumps([actor.tenant_id, actor.id, session], salt=SALT)}"


def bearer(ticket):
    """(tenant, member, session) of a ticket, or None."""
    try:
        tenant, member, session = signing.loads(ticket, salt=SALT, max_age=AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return tenant, member, session


def origin():
    """The other origin that pages must be allowed to connect to; '' where the stream is on their own."""
    parts = urlsplit(settings.YIWEI_LIVE_URL)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
