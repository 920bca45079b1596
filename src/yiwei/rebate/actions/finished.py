"""An application ends with its payment."""

from django.utils.translation import gettext_lazy as _

from yiwei.filing.actions import course
from yiwei.kernel.work.actions.action import action

from ..models.application import RebateApplication


@action(RebateApplication, _("Settle"), approves=True, sources=("approved",), target="settled", internal=True)
def settle(actor, application):
    """Paid with its settlement; never done by hand."""
    if application.filing.state == "signed":
        course.settle(actor, application.filing, amount=application.amount)
