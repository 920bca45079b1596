"""An application ends with its payment."""

from django.utils.translation import gettext_lazy as _

from yiwei.kernel.action.core import action

from ..models.application import RebateApplication


@action(RebateApplication, _("Settle"), sources=("approved",), target="settled", show=lambda actor, application: False)
def settle(actor, application):
    """Paid with its settlement; never done by hand."""
