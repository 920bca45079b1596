"""Pages without sign-in. The link's signature says whose they are; everything is read inside that tenant."""

from functools import wraps

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yiwei.kernel.files.views import response_for
from yiwei.kernel.tenancy import context
from yiwei.kernel.web.middleware import stranger

from . import links, page


def by_link(view):
    """Open the tenant of a signed link and hand its row to the view; anything else is a plain 404."""
    @stranger
    @require_GET
    @wraps(view)
    def opened(request, token, **more):
        named = links.tenant_of(token)
        if named is None:
            return gone(request)
        tenant, pk, nonce = named
        with context.entered(tenant, action="portal"):
            link = links.find(pk, nonce)
            if link is None:
                return gone(request)
            answer = view(request, link, token=token, **more) or gone(request)
            answer["Cache-Control"] = "private, no-store"
            answer["Referrer-Policy"] = "no-referrer"
            answer["X-Robots-Tag"] = "noindex, nofollow"
            return answer
    return opened


def gone(request):
    """The same answer for a false, foreign, revoked and expired link."""
    return render(request, "portal/gone.html", status=404)


@by_link
def show(request, link, token):
    """The customer's own page."""
    type(link).objects.filter(pk=link.pk).update(opened=link.opened + 1, opened_at=timezone.now())
    return render(request, "portal/page.html", {**page.context_of(link.customer), "token": token, "dealer": link.tenant.name,
                                                "until": link.expires_at})


@by_link
def design(request, link, token, pk):
    """The current design of the customer's house."""
    found = page.design_file(link.customer, pk)
    return response_for(found) if found else None
