"""Pages without sign-in. The link's signature says whose they are; everything is read inside that tenant."""

from functools import wraps

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.files import response_for
from yiwei.kernel.signin.middleware import stranger

from .rules import links, page


def by_link(salt=links.SALT, find=links.find, methods=("GET",)):
    """Open the tenant of a signed link and hand its row to the view; anything else is a plain 404."""
    def declare(view):
        @stranger
        @require_http_methods(methods)
        @wraps(view)
        def opened(request, token, **more):
            named = links.tenant_of(token, salt)
            if named is None:
                return gone(request)
            tenant, pk, nonce = named
            with context.entered(tenant, action="portal"):
                link = find(pk, nonce)
                if link is None:
                    return gone(request)
                answer = view(request, link, token=token, **more) or gone(request)
                answer["Cache-Control"] = "private, no-store"
                answer["Referrer-Policy"] = "same-origin" if "POST" in methods else "no-referrer"
                answer["X-Robots-Tag"] = "noindex, nofollow"
                return answer
        return opened
    return declare


def gone(request):
    """The same answer for a false, foreign, revoked and expired link."""
    return render(request, "portal/gone.html", status=404)


@by_link()
def show(request, link, token):
    """The customer's own page."""
    type(link).objects.filter(pk=link.pk).update(opened=link.opened + 1, opened_at=timezone.now())
    return render(request, "portal/page.html", {**page.context_of(link.customer), "token": token, "dealer": link.tenant.name,
                                                "until": link.expires_at})


@by_link()
def design(request, link, token, pk):
    """The current design of the customer's house."""
    found = page.design_file(link.customer, pk)
    return response_for(found) if found else None
