"""Whether a channel has filed a customer: told by the room of filings, asked where a source needs a filing (BAS-08)."""

from django.utils.translation import gettext as _

from yiwei.kernel.base.errors import Invalid

TELLERS = []


def filed(fn):
    """Register the function that knows: `fn(customer)` -> whether a living filing names this customer."""
    TELLERS.append(fn)
    return fn


def refuse_unfiled(customer):
    """A source of channels is given only to customers whom a channel has filed."""
    if customer.source and customer.source.needs_filing and not any(fn(customer) for fn in TELLERS):
        raise Invalid({"source": [_("“%(source)s” needs a channel filing, and none names this customer: have it filed first, or choose"
                                    " another source.") % {"source": customer.source}]})
