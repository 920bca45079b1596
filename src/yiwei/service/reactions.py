"""What flows into service by itself."""

from yiwei.kernel.reaction import after
from yiwei.orders.actions.review import release

from .actions import install, revisit, site


@after(release)
def dispatch_entry(actor, sub, data):
    """The released order stands in the dispatcher's list without typing (D-25)."""
    install.appear(actor, sub)


@after(site.complete)
def revisit_due(actor, order, data):
    """An installation that is complete is followed by a call."""
    if order.visit == 1:
        revisit.plan(actor, order)
