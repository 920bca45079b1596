"""An application ends with its payment."""

from django.utils.translation import gettext_lazy as _

from yiwei.filing.actions import filing as filings
from yiwei.kernel.work.actions.action import action

from ..models.application import RebateApplication


@action(RebateApplication, _("Settle"), sources=("approved",), target="settled", show=lambda actor, application: False)
def settle(actor, application):
    """Paid with its settlement; never done by hand."""
    if application.filing.state == "signed":
        filings.settle(actor, application.filing, amount=application.amount)
